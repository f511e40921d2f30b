# Matrices of predictors: what is taken as one.
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

unname_rows <- function(x) {
  rownames(x) <- NULL
  x
}
