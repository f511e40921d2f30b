# Matrices of predictors: what is taken as one, and how its columns are standardised.
# The core reads doubles, integers, logicals, bytes and sparse columns as they are, so
# that no copy of them is made here.

encode_matrix <- function(x) {
  what <- class(x)[1L]
  if (what == "matrix") what <- paste("a matrix of", typeof(x))
  given <- x
  x <- as_matrix(x)
  if (is.null(x)) {
    stop_data(
      "`x` must be a numeric matrix, a data frame or a formula, not ", what,
      if (is.object(given)) way_out(given, "x"), "."
    )
  }
  stop_if_empty(x)
  names <- colnames(x)
  named <- !is.null(names)
  if (!named) names <- paste0("x", seq_len(ncol(x)))
  list(x = x, recipe = list(kind = "matrix", names = names, named = named))
}

# A matrix of numbers, a vector as its only column; NULL of what is neither.
as_matrix <- function(x) {
  if (is_number_vector(x)) return(matrix(x, dimnames = NULL))
  if (is_of_Matrix(x)) return(as_core_matrix(x))
  # asS4() sets a bit that says nothing of numbers
  if (is.matrix(x) && has_numbers(x)) asS4(x, FALSE)
}

has_numbers <- function(x) is.raw(x) || type_of(x) %in% c("numeric", "logical")

is_number_vector <- function(x) length(dim(x)) < 2L && !isS4(x) && has_numbers(x)

is_of_Matrix <- function(x) {
  isS4(x) && (identical(attr(class(x), "package"), "Matrix") || inherits(x, "Matrix"))
}

# A Matrix::dgCMatrix, or, where it is not sparse, a matrix.
as_core_matrix <- function(x) {
  if (!requireNamespace("Matrix", quietly = TRUE)) {
    stop_argument("The package Matrix must be installed for a sparse `x`.")
  }
  if (inherits(x, "dgCMatrix")) return(x)
  if (!inherits(x, "sparseMatrix")) return(as.matrix(x))
  for (class in c("dMatrix", "generalMatrix", "CsparseMatrix")) {
    x <- methods::as(x, class)
  }
  x
}

# ---- standardisation ---------------------------------------------------------

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

# Mean and population standard deviation of each column; a constant column gets
# scale 1.
standardisation <- function(x, weights = NULL) {
  native_standard(x, weights)[c("center", "scale")]
}

unname_rows <- function(x) {
  rownames(x) <- NULL
  x
}
