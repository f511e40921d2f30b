# Missing values: where they are, and the error that counts them by column.

is_missing <- function(v) {
  if (is.data.frame(v)) return(Reduce(`|`, lapply(v, is_missing), rep(FALSE, nrow(v))))
  number <- is.numeric(v) || inherits(v, c("Date", "POSIXct", "difftime"))
  bad <- if (number) !is.finite(unclass(v)) else is.na(v)
  if (length(dim(bad)) == 2L) rowSums(bad) > 0 else as.vector(bad)
}

# How many values are missing, in which rows.
lack_of <- function(v) {
  rows <- is_missing(v)
  list(count = sum(rows), rows = rows)
}

# The columns of an outcome that have names; else the outcome.
by_column <- function(y, label) {
  named <- is.matrix(y) && !inherits(y, "Surv") && !is.null(colnames(y)) &&
    all(nzchar(colnames(y)))
  if (named) {
    columns <- lapply(seq_len(ncol(y)), function(j) y[, j])
    of_formula <- label != "y"
    names(columns) <- if (of_formula) colnames(y) else sprintf("y[, \"%s\"]", colnames(y))
    return(columns)
  }
  if (!has_rows(y)) return(list())
  stats::setNames(list(y), label)
}

# What the user calls them: by formula as written there.
labels_of <- function(rows) {
  labels <- list(y = "y", weights = "weights", offset = "offset")
  if (!inherits(rows$x, "bbb_frame")) return(labels)
  said <- c(list(y = rows$x$formula[[2L]]), rows$x$beside)
  lapply(stats::setNames(nm = names(labels)), function(name) {
    if (is.null(said[[name]])) NA else deparse1(said[[name]])
  })
}

has_na <- function(v) {
  if (inherits(v, "bbb_frame")) v <- v$frame
  if (is.data.frame(v)) return(any(vapply(v, anyNA, NA)))
  if (is_of_Matrix(v)) anyNA(v@x) else anyNA(v)
}

# The way out, where `na.action` is one: not of infinite values.
na_hint <- function(values) {
  if (any(vapply(values, has_na, NA))) "; `na.action = na.omit` leaves these rows out"
}

# `count` of each column, in so many of n rows; `hint` ends the sentence.
stop_missing <- function(names, count, rows, n, hint = NULL) {
  shown <- count > 0 & !duplicated(names)
  what <- paste0("`", names, "` (", count, ")")[shown]
  stop_data(
    "Missing or infinite values in ", rows, " of ", n, if (n == 1L) " row" else " rows",
    ": ", quoted(what, ""), hint, "."
  )
}

# Each element of `columns` is a column, named as the user knows it.
stop_if_missing <- function(columns, hint = NULL) {
  lacks <- lapply(columns, lack_of)
  stop_lacking_values(lacks, NROW(columns[[1L]]), hint)
}

# `lacks` of each column, by name.
stop_lacking_values <- function(lacks, n, hint = NULL) {
  rows <- Reduce(`|`, lapply(lacks, `[[`, "rows"), logical(n))
  count <- vapply(lacks, function(one) as.double(one$count), 0)
  if (any(count > 0)) stop_missing(names(lacks), count, sum(rows), n, hint)
}
