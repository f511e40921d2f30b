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

# Training data given again, without the rows that the fit left out.
without_left_out <- function(fit, v) {
  left_out <- length(fit$na_action)
  if (!left_out || NROW(v) != fit$n + left_out) return(v)
  take_rows(v, -as.integer(fit$na_action))
}

# ---- the error that counts them ----------------------------------------------

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
