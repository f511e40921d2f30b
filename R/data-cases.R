# Cases: what a user gives beside predictors and outcome, a number for each row,
#   weights  how often a row counts in the likelihood, or NULL: once
#   offset   added to the network's first output, on the scale of the link, or NULL

# list(weights, offset) of n rows, checked.
check_cases <- function(weights, offset, n) {
  list(weights = check_weights(weights, n), offset = check_offset(offset, n))
}

# A plain vector of n numbers.
case_numbers <- function(x, arg, n) {
  ok <- NCOL(x) == 1L && !is.data.frame(x) && type_of(x) == "numeric"
  if (!ok) {
    odd <- is.atomic(x) && is.object(x) && type_of(x) != "numeric"
    stop_data(
      "`", arg, "` must be a numeric vector",
      if (odd) paste0(", not ", odd_name(x), way_out(x, arg)), "."
    )
  }
  x <- as.vector(x)
  if (length(x) != n) {
    stop_data("`", arg, "` has ", length(x), " values for ", n, " rows.")
  }
  as.double(x)
}

# The core holds them in single precision.
check_weights <- function(weights, n, arg = "weights") {
  if (is.null(weights)) return(NULL)
  weights <- case_numbers(weights, arg, n)
  positive <- weights[!is.na(weights) & weights > 0]
  if (anyNA(weights) || any(weights < 0) || !length(positive) || max(positive) > 1e9 ||
        min(positive) < 1e-20) {
    stop_data(
      "`", arg, "` must be 0 or from 1e-20 to 1e9, none missing, at least one above 0."
    )
  }
  weights
}

check_offset <- function(offset, n) {
  if (is.null(offset)) return(NULL)
  offset <- case_numbers(offset, "offset", n)
  if (!all(is.finite(offset))) stop_data("`offset` must be finite.")
  offset
}

# ---- class weights -----------------------------------------------------------

# The weight of each level: list(weights, levels), or NULL.
check_class_weights <- function(class_weights, y, family, weights) {
  if (is.null(class_weights)) return(NULL)
  classes <- families[[family]]$answer == "class" && !is_outcome_matrix(y)
  if (!classes) {
    stop_argument("`class_weights` are for an outcome of classes only.")
  }
  levels <- levels_of(y)
  if (identical(class_weights, "balanced")) {
    each <- class_totals(y, levels, weights)
    seen <- levels %in% as.character(as_vector(y))
    if (any(each == 0 & seen)) {
      stop_data(
        "`class_weights` cannot be balanced: the weights of class ",
        quoted(levels[each == 0 & seen], "\""), " are all 0."
      )
    }
    # a class without rows has nothing to weigh
    balanced <- ifelse(seen, sum(each) / (sum(seen) * each), 1)
    return(stats::setNames(balanced, levels))
  }
  ok <- is.numeric(class_weights) && !is.null(names(class_weights)) &&
    setequal(names(class_weights), levels) && !anyDuplicated(names(class_weights)) &&
    all(is.finite(class_weights)) && all(class_weights > 0)
  if (!ok) {
    stop_argument(
      "`class_weights` must be \"balanced\" or positive numbers with the names ",
      quoted(levels, "\"", 10L), "."
    )
  }
  class_weights[levels]
}

# Case weights, times those of the classes of y.
with_class_weights <- function(weights, class_weights, y) {
  if (is.null(class_weights)) return(weights)
  each <- unname(class_weights[as.character(as_vector(y))])
  if (!is.null(weights)) each <- weights * each
  check_weights(each, length(each), "class_weights")
}

# ---- offsets -----------------------------------------------------------------

# The offset of new data, as the fit was given one: in the formula, as a variable of
# the data, or else as an argument. Rows where it is not known have NA.
new_offset <- function(fit, newdata, offset, n, arg) {
  if (!fit$outcome$has_offset) {
    if (!is.null(offset)) stop_argument("`offset` must not be given: the fit was made without one.")
    return(NULL)
  }
  if (is.null(offset)) offset <- offset_in(fit$predictors, newdata)
  if (is.null(offset)) {
    stop_argument(
      "`offset` is missing: a number for each row of `", arg, "`, as in the fit."
    )
  }
  if (length(offset) == 1L) offset <- rep(offset, n)
  replace_infinite(case_numbers(offset, "offset", n))
}

replace_infinite <- function(x) replace(x, !is.finite(x), NA)

# The weights of training data that are given again, those of classes included.
new_weights <- function(fit, data, weights, y, n) {
  outcome <- fit$outcome
  if (!outcome$has_weights && !is.null(weights)) {
    stop_argument("`weights` must not be given: the fit was made without them.")
  }
  if (outcome$has_weights) {
    weights <- called_weights(fit, data, weights)
    if (is.null(weights)) {
      stop_argument("`weights` are missing: one for each row of `x`, as in the fit.")
    }
    weights <- check_weights(weights, n)
  }
  with_class_weights(weights, outcome$class_weights, y)
}

# As given, or else as the call of a fit by formula says it of the columns of `data`.
called_weights <- function(fit, data, weights) {
  recipe <- fit$predictors
  if (!is.null(weights) || is.null(recipe$beside$weights)) return(weights)
  stop_if_bound(recipe, "weights", "x")
  data <- as.data.frame(data)
  stop_if_lacking(recipe$weighting, names(data), "x")
  value_in(recipe$beside$weights, data[recipe$weighting], recipe)
}

# Sum of what the formula and the argument say, or NULL.
offset_in <- function(recipe, newdata) {
  at <- attr(recipe$terms, "offset")
  # added up as model.offset() does
  parts <- c(
    if (!is.null(recipe$beside$offset)) list(recipe$beside$offset),
    as.list(attr(recipe$terms, "variables"))[at + 1L]
  )
  if (!length(parts)) return(NULL)
  stop_if_bound(recipe, "offset", "newdata")
  data <- as.data.frame(newdata)
  # other columns are none of the fit's, whatever their names
  data <- data[intersect(names(data), names(recipe_columns(recipe)))]
  wanted <- intersect(variables_of(as.call(c(quote(list), parts))), names(data))
  check_types(data, recipe_columns(recipe)[wanted], "newdata")
  Reduce(`+`, lapply(parts, value_in, data, recipe))
}
