# Kinds of fields of a fit, for the checks in R/fit-valid.R and beside it.

stop_field <- function(field, ..., at = "fit$") {
  stop_argument("`", at, field, "` ", ...)
}

# A list that has these fields.
check_list <- function(x, fields, name, at = "fit$") {
  if (!is.list(x)) {
    stop_field(name, "must be a list, as `bbb_fit()` makes it.", at = at)
  }
  lacks <- is.na(match(fields, names(x)))
  if (any(lacks)) {
    stop_field(
      name, "must be as `bbb_fit()` makes it; it lacks ", quoted(fields[lacks]), ".",
      at = at
    )
  }
}

# ---- kinds of fields ---------------------------------------------------------

is_string <- function(x) is.character(x) && length(x) == 1L && !is.na(x)

is_strings <- function(x, n = length(x)) {
  is.character(x) && length(x) == n && !anyNA(x) && is.null(dim(x))
}

is_one_of <- function(x, choices) {
  is.character(x) && length(x) == 1L && match(x, choices, 0L) > 0L
}

is_true_or_false <- function(x) is.logical(x) && length(x) == 1L && !is.na(x)

is_integers <- function(x, n = length(x)) {
  is.integer(x) && length(x) == n && is.null(dim(x)) && !is.object(x) && !anyNA(x)
}

# n numbers from -most to most, as a plain vector.
is_within <- function(x, n, most = .Machine$double.xmax) {
  is.double(x) && length(x) == n && is.null(dim(x)) && !is.object(x) &&
    (n == 0L || isTRUE(min(x) >= -most && max(x) <= most))
}

# What is wrong with a vector that should have n numbers within bounds.
problem_of_numbers <- function(x, n, most) {
  if (is.list(x)) return("it is a list.")
  if (!is.numeric(x) || is.object(x)) return(paste0("it is ", class(x)[1L], "."))
  if (length(x) != n) return(paste0("it has ", length(x), "."))
  if (length(dim(x))) return("it has dimensions.")
  bad <- sum(is.na(x) | abs(x) > most)
  if (bad) return(paste(bad, "of them", if (bad == 1L) "is" else "are", "not so."))
  "they must be double."
}

check_field_numbers <- function(x, n, field, what, most = .Machine$double.xmax,
                          at = "fit$") {
  if (is_within(x, n, most)) return(invisible())
  stop_field(
    field, "must be ", if (n == 1L) "one finite number" else paste(n, "finite numbers"),
    if (most < 1e300) paste(" from", -most, "to", most), what, "; ",
    problem_of_numbers(x, n, most), at = at
  )
}
