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
