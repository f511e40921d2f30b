# New data, as a fit's recipe turns them into numbers: see R/data-frame.R.

# New rows to predict: list(x, offset), with NA in those that cannot be predicted; or
# without these, where `na_action` says so.
new_rows <- function(fit, newdata, offset, na_action, new_levels) {
  newdata <- baked(fit, newdata)
  x <- encode_new(fit$predictors, newdata, "newdata", new_levels)
  offset <- new_offset(fit, newdata, offset, nrow(x), "newdata")
  na_action <- check_na_action(na_action)
  if (identical(na_action, stats::na.pass)) return(list(x = x, offset = offset))
  ok <- complete_rows(x, list(offset = offset))
  kept <- rows_kept(ok, na_action)
  # na.exclude() leaves rows out of a fit only
  if (inherits(attr(kept, "na.action"), "exclude")) return(list(x = x, offset = offset))
  list(x = x[kept$row, , drop = FALSE], offset = offset[kept$row], row = kept$row)
}

# Rows of numbers that are all there, and whose offset in `how` is.
complete_rows <- function(x, how) {
  ok <- native_complete(x)
  if (is.null(how$offset)) ok else ok & !is.na(how$offset)
}

# A numeric matrix, with NA in the rows that cannot be predicted. `arg` is what the
# user calls the new data; `new_levels` is as in predict().
encode_new <- function(recipe, newdata, arg = "newdata", new_levels = "error") {
  if (recipe$kind == "matrix") {
    new_matrix(recipe, newdata, arg)
  } else {
    new_matrix_of_frame(recipe, newdata, arg, new_levels)
  }
}

new_matrix <- function(recipe, newdata, arg) {
  D <- length(recipe$names)
  if (D > 1L && length(newdata) == D && is_number_vector(newdata)) {
    # a vector is one row of all predictors, or the only predictor
    newdata <- matrix(newdata, 1L, dimnames = list(NULL, names(newdata)))
  }
  by_name <- recipe$named && !is.null(colnames(newdata)) &&
    !anyDuplicated(recipe$names)
  if (by_name) stop_if_lacking(recipe$names, colnames(newdata), arg)
  if (is.data.frame(newdata)) {
    newdata <- as.data.frame(newdata)
    if (by_name) newdata <- newdata[recipe$names]
    check_number_columns(newdata, arg)
    newdata <- as.matrix(newdata)
  }
  newdata <- as_matrix(newdata)
  if (is.null(newdata)) {
    stop_data("`", arg, "` must be a numeric matrix with the columns of the fit.")
  }
  if (by_name) {
    same <- identical(colnames(newdata), recipe$names)
    if (!same) newdata <- newdata[, recipe$names, drop = FALSE]
  } else if (ncol(newdata) != D) {
    stop_data(
      "`", arg, "` must have ", D, if (D == 1L) " column" else " columns",
      " as in the fit, not ", ncol(newdata), "."
    )
  }
  newdata
}

new_matrix_of_frame <- function(recipe, newdata, arg, new_levels) {
  if (is.matrix(newdata) && !is.null(colnames(newdata))) {
    newdata <- as.data.frame(newdata)
  }
  if (!is.data.frame(newdata)) {
    stop_data("`", arg, "` must be a data frame with the predictors of the fit.")
  }
  stop_if_bound(recipe, "terms", arg)
  wanted <- predictor_columns(recipe)
  stop_if_lacking(wanted, names(newdata), arg)
  newdata <- as_in_fit(recipe, newdata, arg, wanted)
  check_types(newdata, recipe_columns(recipe)[wanted], arg)
  n <- nrow(newdata)
  if (!n) return(matrix(0, 0L, length(recipe$names), dimnames = list(NULL, recipe$names)))
  # other columns are none of the formula's, whatever their names
  given <- as.data.frame(newdata)[wanted]
  terms <- without_offset(recipe_terms(recipe))
  frame <- frame_of_new(recipe, terms, given, arg)
  frame <- as_numbers(as_training_levels(frame, recipe$xlev, arg, new_levels))
  rows <- which(stats::complete.cases(frame))
  if (!length(rows)) {
    return(matrix(
      NA_real_, n, length(recipe$names), dimnames = list(NULL, recipe$names)
    ))
  }
  # of the complete rows only: model.matrix() would drop the others
  made <- encode_terms(terms, frame, recipe$contrasts, rows)
  at <- places_of(recipe$names, made$names, arg)
  x <- if (identical(at, seq_along(made$names))) made$x else made$x[, at, drop = FALSE]
  if (nrow(x) == n) x else x[seq_len(n), , drop = FALSE]
}

# A single row may come twice, as the first of two.
frame_of_new <- function(recipe, terms, given, arg) {
  if (has_columns_only(recipe)) return(given)
  n <- nrow(given)
  # of one row of a matrix R makes a vector, as in m[, 1:2]
  calls <- any(vapply(as.list(attr(terms, "variables"))[-1L], is.call, NA))
  if (n == 1L && calls) given <- given[c(1L, 1L), , drop = FALSE]
  frame <- tryCatch(
    stats::model.frame(terms, given, na.action = stats::na.pass),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  if (nrow(frame) != nrow(given)) {
    stop_data("The formula makes ", nrow(frame), " rows of ", n, " of `", arg, "`.")
  }
  frame
}

# Offsets are evaluated apart, unless they are given.
without_offset <- function(terms) {
  at <- attr(terms, "offset")
  if (is.null(at)) return(terms)
  variables <- seq_len(length(attr(terms, "variables")) - 1L)
  keep_variables(terms, !variables %in% at)
}

# The columns of data that the predictors are made of; the argument `offset` may be made
# of others.
predictor_columns <- function(recipe) {
  if (has_columns_only(recipe)) return(wide_columns(recipe))
  variables <- attr(without_offset(recipe_terms(recipe)), "variables")
  intersect(names(recipe$columns), variables_of(variables))
}

# Where a row lacks a number: the user's own columns are named first. `beside` are
# outcome and offset.
stop_if_incomplete <- function(recipe, given, encoded, beside) {
  n <- nrow(encoded)
  beside <- beside[vapply(beside, NROW, 0L) == n]
  lacks <- lapply(beside, lack_of)
  ok <- native_complete(encoded)
  if (!all(ok)) {
    own <- if (recipe$kind == "frame") {
      lapply(as.data.frame(given)[predictor_columns(recipe)], lack_of)
    }
    found <- any(vapply(own, function(one) one$count > 0, NA))
    lacks <- c(lacks, if (found) own else lacks_of_predictors(encoded))
  }
  stop_lacking_values(lacks, n)
}

# Data as in the fit, with outcomes: list(x, y, cases). For a formula the outcome is in
# the data frame, unless it is given; so are weights, which are wanted for training
# only, and the offset.
encode_pair <- function(fit, x, y, offset = NULL, weights = NULL, training = TRUE) {
  if (missing(x)) stop_argument("`x` is missing: predictors as in the fit.")
  recipe <- fit$predictors
  given <- x
  x <- baked(fit, x)
  encoded <- encode_new(recipe, x, "x")
  n <- nrow(encoded)
  if (!n) stop_data("`x` has no rows.")
  if (missing(y)) y <- outcome_in(fit, given)
  offset <- new_offset(fit, x, offset, n, "x")
  label <- if (is.null(fit$formula)) "y" else deparse1(fit$formula[[2L]])
  beside <- c(by_column(y, label), list(offset = offset))
  stop_if_incomplete(recipe, x, encoded, beside)
  y <- as_outcome_of(fit, y, x, weights)
  if (isTRUE(fit$outcome$shares)) weights <- NULL
  columns <- encode_new_outcome(y, fit$outcome, n)
  weights <- if (training) new_weights(fit, x, weights, y, n)
  list(x = encoded, y = columns, cases = list(weights = weights, offset = offset))
}
