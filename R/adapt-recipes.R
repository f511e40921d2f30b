# A fit by a recipe of the package recipes, where it is installed.

#' @order 4
#' @rdname bbb_fit
#' @export
bbb_fit.recipe <- function(x, data, ...) {
  started <- seconds_now()
  need_recipes()
  if (missing(data) || !is.data.frame(data)) {
    stop_argument("`data` must be a data frame when `x` is a recipe.")
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
