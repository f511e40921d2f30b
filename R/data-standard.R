# How the columns of predictors are standardised.

# The recipe with the center and scale of each column of x; an error where a number
# is missing. Rows count by their weights. `standardise` is as in bbb_control().
with_standard <- function(recipe, x, weights, standardise) {
  standard <- native_standard(x, weights)
  if (any(standard$missing > 0)) {
    rows <- sum(!native_complete(x))
    stop_missing(recipe$names, standard$missing, rows, nrow(x), na_hint(list(x)))
  }
  as_is <- !which_standardised(standardise, recipe$names)
  recipe$center <- replace(standard$center, as_is, 0)
  recipe$scale <- replace(standard$scale, as_is, 1)
  recipe
}

which_standardised <- function(standardise, names) {
  if (is.character(standardise)) {
    unknown <- setdiff(standardise, names)
    if (length(unknown)) {
      stop_argument(
        "`standardise` names no column of the predictors: ", quoted(unknown), "."
      )
    }
    return(names %in% standardise)
  }
  if (!length(standardise) %in% c(1L, length(names))) {
    stop_argument(
      "`standardise` must be one value or one for each of the ", length(names),
      " columns of the predictors, not ", length(standardise), "."
    )
  }
  rep(standardise, length.out = length(names))
}

check_standardise <- function(x) {
  ok <- (is.logical(x) || is.character(x)) && length(x) >= 1L && !anyNA(x)
  if (!ok) {
    stop_argument(
      "`standardise` must be TRUE or FALSE, for all columns or for each, or names ",
      "of columns."
    )
  }
  x
}
