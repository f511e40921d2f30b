# Formulas: what they say of the predictors and of the outcome.

# A formula and its data: list(frame, y).
frame_of_formula <- function(formula, data) {
  if (length(formula) != 3L) {
    stop_argument("The formula must have an outcome: `y ~ x1 + x2`.")
  }
  if (!is.null(data) && !is.data.frame(data) && !is.environment(data)) {
    stop_argument("`data` must be a data frame.")
  }
  frame <- tryCatch(
    stats::model.frame(
      formula, data, na.action = stats::na.pass, drop.unused.levels = TRUE
    ),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  terms <- stats::terms(frame)
  if (!is.null(stats::model.offset(frame))) {
    stop_argument("An offset in the formula is not supported.")
  }
  if (!length(attr(terms, "term.labels"))) {
    stop_argument("The formula must have at least one predictor.")
  }
  stop_if_empty(frame)
  y <- stats::model.response(frame)
  predictors <- frame[-attr(terms, "response")]
  check_columns(predictors)
  attr(predictors, "terms") <- stats::delete.response(terms)
  columns <- column_types(terms, data, nrow(frame))
  several <- is_outcome_matrix(y) && !inherits(y, "Surv")
  y <- if (several) unname_rows(y) else unname(y)
  list(frame = new_frame(predictors, columns, formula), y = y)
}

# Type of each variable of the terms that has a value for each of n rows: found in
# the data or where the formula was written. Others are constants, as k in x^k.
column_types <- function(terms, data, n) {
  values <- lapply(
    stats::setNames(nm = all.vars(terms)),
    function(name) tryCatch(
      eval(as.name(name), data, environment(terms)), error = function(e) NULL
    )
  )
  vapply(values[vapply(values, NROW, 0L) == n], type_of, "")
}

# Formulas keep the environment that they were written in, and with it all its
# data. The fit keeps one that has only what the formula needs from there beside
# its columns: constants and functions that cannot be found without it.
lean_environment <- function(formula, from, columns) {
  lean <- new.env(parent = globalenv())
  for (name in setdiff(all.names(formula, unique = TRUE), columns)) {
    holder <- local_holder(name, from)
    if (!is.null(holder)) assign(name, get(name, holder), lean)
  }
  if (length(ls(lean, all.names = TRUE))) lean else globalenv()
}

# The environment that has `name`, going up from `from`, before those that are
# there in each session.
local_holder <- function(name, from) {
  while (is.environment(from) && !identical(from, globalenv()) &&
           !identical(from, emptyenv())) {
    base <- identical(from, baseenv()) || identical(from, .BaseNamespaceEnv)
    if (!base && exists(name, from, inherits = FALSE)) return(from)
    from <- parent.env(from)
  }
}

# The outcome in new data.
outcome_of_formula <- function(fit, data) {
  if (is.null(fit$formula)) {
    stop_argument("`y` is missing: the outcome of each row of `x`.")
  }
  data <- as.data.frame(data)
  stop_if_lacking(fit$predictors$response, names(data), "x")
  tryCatch(
    unname(eval(fit$formula[[2L]], data, environment(fit$formula))),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
}

# An error of base R's as one sentence.
sentence <- function(message) {
  message <- sub("\n.*", "", message)
  paste0(toupper(substr(message, 1L, 1L)), substring(message, 2L), ".")
}
