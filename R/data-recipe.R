# Recipes of the package recipes: prepared for the fit, and baked for it and for each
# prediction.

need_recipes <- function() {
  if (!requireNamespace("recipes", quietly = TRUE)) {
    stop_argument("The package recipes must be installed for a recipe `x`.")
  }
}

# An error of a recipe's as one sentence.
by_recipe <- function(expr) {
  tryCatch(expr, error = function(e) {
    if (inherits(e, "bbb_error")) stop(e)
    stop_data("The recipe fails: ", gsub("[[:space:]]+", " ", conditionMessage(e)), ".")
  })
}

# One outcome as a vector, several as a matrix.
outcome_columns <- function(columns) {
  if (length(columns) == 1L) columns[[1L]] else as.matrix(as.data.frame(columns))
}

# New data as the fit's encoding takes them.
baked <- function(fit, newdata) {
  if (is.null(fit$recipe)) return(newdata)
  need_recipes()
  if (!is.data.frame(newdata)) stop_data("New data must be a data frame, for a recipe.")
  as.data.frame(by_recipe(
    recipes::bake(fit$recipe, new_data = newdata, recipes::all_predictors())
  ))
}

baked_outcome <- function(fit, newdata) {
  need_recipes()
  outcome_columns(by_recipe(
    recipes::bake(fit$recipe, new_data = newdata, recipes::all_outcomes())
  ))
}
