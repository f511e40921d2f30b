# Recipes of the package recipes, where it is installed: prepared for the fit, and baked
# for it and for each prediction.

#' @rdname bbb_fit
#' @export
bbb_fit.recipe <- function(x, data, ...) {
  started <- seconds_now()
  need_recipes()
  if (missing(data) || !is.data.frame(data)) {
    stop_argument("`data` must be a data frame, beside a recipe.")
  }
  call <- made_call(arguments_given(c("x", "data", "...")))
  keeping_fit({
    preparing({
      prepared <- by_recipe(recipes::prep(x, training = data))
      made <- by_recipe(recipes::bake(prepared, new_data = NULL))
      info <- summary(prepared)
      columns <- function(role) info$variable[info$role %in% role]
      if (!length(columns("outcome"))) stop_data("The recipe `x` has no outcome.")
      if (length(columns("case_weights"))) {
        stop_data(
          "The recipe `x` has case weights, ", quoted(columns("case_weights")),
          ": leave them out of it, and give their numbers as `weights`."
        )
      }
    })
    # what bake() of new data does not need: the training data
    prepared$template <- prepared$template[0L, ]
    frame <- made_of(
      as.data.frame(made[columns("predictor")]), call = call, recipe = prepared
    )
    bbb_fit.default(
      since(started, frame), outcome_columns(made[columns("outcome")]), ...
    )
  })
}

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
