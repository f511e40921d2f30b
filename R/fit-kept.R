# What a fit keeps of its training rows: fitted values, residuals and names.

# Fitted values or residuals, checked.
kept <- function(fit, what) {
  value <- fit[[what]]
  if (is.null(value)) {
    stop_argument(
      "The fit has no `", what, "`: they are not stored for large or interrupted fits, ",
      "or were removed; use `predict(fit, x)`."
    )
  }
  check_na_action_of(fit)
  V <- n_values(fit)
  shaped <- if (V == 1L) is.null(dim(value)) else identical(dim(value), c(fit$n, V))
  if (!is.double(value) || length(value) != fit$n * V || is.object(value) || !shaped) {
    stop_field(
      what, "must have ", if (V == 1L) "one number" else paste(V, "numbers"),
      " for each of the ", fit$n, " rows."
    )
  }
  if (!are_possible(value, fit, what)) {
    stop_field(what, "must have numbers that this outcome can have, none missing.")
  }
  if (what == "fitted") value else named_answer(value, kept_ids(fit))
}

# Times may have an infinite mean, and none where they are censored; so rows without
# trials have no residual.
are_possible <- function(value, fit, what) {
  share <- answer_of(fit) == "share"
  above <- families[[fit$family]]$above
  lacking <- is.na(value)
  if (any(lacking) && !(what == "residuals" && (share || above))) return(FALSE)
  value <- value[!lacking]
  if (!above && !all(is.finite(value))) return(FALSE)
  if (answer_of(fit) == "number" || !length(value)) return(TRUE)
  max(value) <= 1 + 1e-6 && min(value) >= (if (what == "fitted") 0 else -1) - 1e-6
}

check_na_action_of <- function(fit) {
  rows <- fit$na_action
  if (is.null(rows)) return(invisible())
  ok <- is.integer(rows) && inherits(rows, c("omit", "exclude")) &&
    length(rows) && !anyNA(rows) && min(rows) >= 1L &&
    max(rows) <= fit$n + length(rows) && !anyDuplicated(unclass(rows))
  if (!ok) {
    stop_field("na_action", "must be the rows that `na.omit()` or `na.exclude()` left out.")
  }
}

# ---- names of rows -----------------------------------------------------------

#
# As of lm(): the row names of a data frame, also "1", "2" and so on, and those of a
# matrix that has some. They are ids, strings or whole numbers, until they are used: R
# makes strings of a sequence only where they are looked at.

row_ids <- function(x) {
  if (inherits(x, "bbb_frame")) x <- x$frame
  if (is.data.frame(x)) return(attr(x, "row.names"))
  if (is_of_Matrix(x)) return(x@Dimnames[[1L]])
  if (length(dim(x)) == 2L) rownames(x)
}

# What training is given, with them.
with_ids <- function(data, x) {
  data["ids"] <- list(row_ids(x))
  data
}

# An answer with a row, an element or, for draws, a column for each id.
named_answer <- function(answer, ids, type = "") {
  if (!length(ids)) return(answer)
  rows <- if (type == "draws") ncol(answer) else NROW(answer)
  if (length(ids) != rows || is.factor(answer)) return(answer)
  if (is.data.frame(answer)) {
    if (!anyDuplicated(ids)) attr(answer, "row.names") <- ids
  } else if (is.null(dim(answer))) {
    names(answer) <- as.character(ids)
  } else {
    at <- if (type == "draws") 2L else 1L
    if (is.null(dimnames(answer))) dimnames(answer) <- vector("list", length(dim(answer)))
    dimnames(answer)[[at]] <- as.character(ids)
  }
  answer
}

# Those of the training rows, which the fitted values have, and nothing else.
kept_ids <- function(fit) {
  ids <- if (is.null(dim(fit$fitted))) names(fit$fitted) else rownames(fit$fitted)
  if (!is.null(ids) && (!is.double(fit$fitted) || NROW(fit$fitted) != fit$n)) {
    stop_field("fitted", "must have numbers for each of the ", fit$n, " rows.")
  }
  ids
}

# Those that were left out, by the names of the rows of x, for naresid().
with_names_of_rows <- function(na_action, x) {
  ids <- row_ids(x)
  if (length(ids) && length(na_action)) names(na_action) <- as.character(ids)[na_action]
  na_action
}
