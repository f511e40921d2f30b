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

stop_control <- function(...) {
  stop_field("control", "must be as `bbb_control()` makes it", ..., ".")
}

# Weights beyond this leave single precision.
most_weight <- 1e30

# Logs of noise and the like, far beyond where training holds them; a noise that was
# given may be of any size.
most_auxiliary <- 51
