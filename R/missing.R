# Missing values: the rows that `na.action` leaves out, of a fit and of new data. For a
# formula model.frame() does it.

check_na_action <- function(na_action) {
  if (is.null(na_action)) return(stats::na.pass)
  if (is.character(na_action) && length(na_action) == 1L && !is.na(na_action)) {
    na_action <- get0(na_action, mode = "function")
  }
  if (!is.function(na_action)) {
    stop_argument("`na.action` must be a function such as `na.omit`.")
  }
  na_action
}

# The places of the rows that it keeps, in a data frame with its mark on those left out.
rows_kept <- function(ok, na_action) {
  kept <- tryCatch(
    na_action(data.frame(row = replace(seq_along(ok), !ok, NA))),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  if (!is.data.frame(kept)) {
    stop_argument("`na.action` must return rows of the data frame that it is given.")
  }
  kept
}

# list(x, y, weights, offset, na_action) of the rows that are kept to be fitted. What has
# not a value for each row of x, or cannot have one, is left to the checks that follow.
kept_cases <- function(x, y, weights, offset, na_action) {
  na_action <- check_na_action(na_action)
  if (is_of_Matrix(x)) x <- as_core_matrix(x)
  x <- with_times(x)
  cases <- list(x = x, y = y, weights = weights, offset = offset)
  some <- !vapply(cases, is.null, NA)
  of_rows <- all(vapply(cases[some], function(v) has_rows(v) && NROW(v) == NROW(x), NA))
  if (identical(na_action, stats::na.pass) || !of_rows) return(cases)
  ok <- !Reduce(`|`, lapply(cases[some], lacks_value))
  kept <- rows_kept(ok, na_action)
  cases[some] <- lapply(cases[some], take_rows, kept$row)
  cases$na_action <- attr(kept, "na.action")
  cases
}

has_rows <- function(v) {
  (is.atomic(v) || is.data.frame(v) || is_of_Matrix(v)) && length(dim(v)) <= 2L
}

# Whether each row has a value that is NA. As for model.frame() an infinite one is none
# of these: it is an error later on.
lacks_value <- function(v) {
  n <- NROW(v)
  if (is.data.frame(v)) return(Reduce(`|`, lapply(v, lacks_value), rep(FALSE, n)))
  if (is_of_Matrix(v)) return(seq_len(n) %in% (v@i[is.na(v@x)] + 1L))
  if (!is.atomic(v) || !anyNA(v)) return(rep(FALSE, n))
  bad <- is.na(v)
  if (length(dim(bad)) == 2L) rowSums(bad) > 0 else as.vector(bad)
}

take_rows <- function(v, rows) {
  if (length(dim(v)) == 2L) v[rows, , drop = FALSE] else v[rows]
}

# Training data given again, without the rows that the fit left out.
without_left_out <- function(fit, v) {
  left_out <- length(fit$na_action)
  if (!left_out || NROW(v) != fit$n + left_out) return(v)
  take_rows(v, -as.integer(fit$na_action))
}

# ---- the error that counts them ----------------------------------------------

is_missing <- function(v) {
  if (is.data.frame(v)) return(Reduce(`|`, lapply(v, is_missing), rep(FALSE, nrow(v))))
  number <- is.numeric(v) || inherits(v, c("Date", "POSIXct", "difftime"))
  bad <- if (number) !is.finite(unclass(v)) else is.na(v)
  if (length(dim(bad)) == 2L) rowSums(bad) > 0 else as.vector(bad)
}

# Before they are encoded, so that one error tells of all: `rows` is as of kept_cases().
# Where predictors alone lack values their encoding finds it. What has not a value for
# each row, or is no predictor, is left to the checks that follow.
check_complete <- function(rows) {
  x <- rows$x
  labels <- labels_of(rows)
  n <- NROW(if (inherits(x, "bbb_frame")) x$frame else x)
  whole <- function(columns) columns[vapply(columns, NROW, 0L) == n]
  y <- whole(by_column(rows$y, labels$y))
  cases <- rows[c("weights", "offset")]
  names(cases) <- c(labels$weights, labels$offset)
  # an offset of the formula is among the columns of its frame
  cases <- whole(cases[!is.na(names(cases))])
  if (!any(vapply(c(y, cases), function(v) any(is_missing(v)), NA))) return(invisible())
  lacks <- c(lapply(y, lack_of), lacks_of_predictors(x), lapply(cases, lack_of))
  hint <- na_hint(c(list(x), y, cases))
  stop_lacking_values(lacks, n, hint)
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

# How many values are missing, in which rows.
lack_of <- function(v) {
  rows <- is_missing(v)
  list(count = sum(rows), rows = rows)
}

# The same of each predictor, by name, or none of what has no columns.
lacks_of_predictors <- function(x) {
  if (inherits(x, "bbb_frame")) return(lapply(x$frame, lack_of))
  if (is.data.frame(x)) {
    check_columns(x)
    return(lapply(x, lack_of))
  }
  made <- encode_matrix(x)
  count <- native_standard(made$x)$missing
  lacks <- lapply(count, function(n) list(count = n, rows = FALSE))
  names(lacks) <- made$recipe$names
  c(lacks, list(list(count = 0, rows = !native_complete(made$x))))
}

# The way out, where `na.action` is one: not of infinite values.
na_hint <- function(values) {
  if (any(vapply(values, has_na, NA))) "; `na.action = na.omit` leaves these rows out"
}

has_na <- function(v) {
  if (inherits(v, "bbb_frame")) v <- v$frame
  if (is.data.frame(v)) return(any(vapply(v, anyNA, NA)))
  if (is_of_Matrix(v)) anyNA(v@x) else anyNA(v)
}

# `lacks` of each column, by name.
stop_lacking_values <- function(lacks, n, hint = NULL) {
  rows <- Reduce(`|`, lapply(lacks, `[[`, "rows"), logical(n))
  count <- vapply(lacks, function(one) as.double(one$count), 0)
  if (any(count > 0)) stop_missing(names(lacks), count, sum(rows), n, hint)
}

# Each element of `columns` is a column, named as the user knows it.
stop_if_missing <- function(columns, hint = NULL) {
  lacks <- lapply(columns, lack_of)
  stop_lacking_values(lacks, NROW(columns[[1L]]), hint)
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
