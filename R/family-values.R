# Values of an outcome as all families check them, before each reads them.

# One-column matrices and data frames are vectors; what is no outcome is refused.
as_vector <- function(y) {
  if (is.data.frame(y) && ncol(y) == 1L) y <- y[[1L]]
  if (length(dim(y)) == 2L && ncol(y) == 1L || length(dim(y)) == 1L) {
    y <- as.vector(y)
  }
  if (!type_of(y) %in% c("numeric", "logical", "class") && is_odd_outcome(y)) {
    stop_data(
      "`y` must be numeric, logical, a factor or character, not ", odd_name(y),
      way_out(y, "y"), "."
    )
  }
  if (inherits(y, "Surv")) {
    stop_data("`y` is censored; families \"weibull\" and \"loglogistic\" take such times.")
  }
  if (!is.atomic(y) || is.null(y) || !is.null(dim(y))) {
    stop_data("`y` must be a vector: one outcome a row.")
  }
  y
}

# A vector of something else; the rest is no vector.
is_odd_outcome <- function(y) {
  inherits(y, "POSIXlt") || is.atomic(y) && !is.null(y) && length(dim(y)) < 2L &&
    !inherits(y, "Surv")
}

# An outcome for each of n rows, none of them missing.
outcome_values <- function(y, n) {
  y <- as_vector(y)
  check_rows(length(y), "values", n)
  stop_if_missing(list(y = y))
  y
}

check_rows <- function(rows, what, n) {
  if (rows != n) {
    stop_data("`y` has ", rows, " ", what, " for ", n, " rows of `x`.")
  }
}

is_outcome_matrix <- function(y) {
  is.matrix(y) && ncol(y) > 1L && type_of(y) %in% c("numeric", "logical")
}

# The same of a numeric matrix of several columns.
outcome_matrix <- function(y, n) {
  check_rows(nrow(y), "rows", n)
  stop_if_missing(list(y = y))
  matrix(as.double(y), nrow(y), dimnames = list(NULL, colnames(y)))
}

# A numeric outcome; the sentence is of the fit or of the family.
numbers <- function(y, n, family, outcome) {
  y <- outcome_values(y, n)
  if (!is.numeric(y)) {
    stop_data(
      "`y` must be numeric",
      if (is.null(outcome)) paste0(" for family \"", family, "\"") else ", as in the fit",
      "."
    )
  }
  as.double(y)
}

stop_unless_above <- function(y, family, what = "") {
  low <- which(!(y > 0))
  if (!length(low)) return(invisible())
  stop_data(
    "`y` must be above 0 for family \"", family, "\", and ", length(low), " of ",
    length(y), if (length(y) == 1L) " row" else " rows",
    if (length(low) == 1L) " is" else " are", " not (",
    if (length(low) == 1L) "row " else "rows ", quoted(low, "", 3L),
    "): leave ", if (length(low) == 1L) "it" else "them", " out", what, "."
  )
}
