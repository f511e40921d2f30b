# Columns of the training data: what a formula does with those whose class carries a
# meaning, and what the fit keeps of it.

# contr.poly() of more levels has lost its digits, and R stops there too.
check_ordered <- function(frame, contrasts) {
  for (name in setdiff(names(frame), names(contrasts))) {
    v <- frame[[name]]
    by_poly <- is.ordered(v) && is.null(attr(v, "contrasts")) &&
      identical(getOption("contrasts")[[2L]], "contr.poly")
    if (by_poly && nlevels(v) > 95L) {
      stop_data(
        "Column `", name, "` is an ordered factor of ", nlevels(v), " levels, too many ",
        "for polynomials: write `as.integer(", name, ")` for its rank, or `factor(",
        name, ", ordered = FALSE)` for a column for each level."
      )
    }
  }
}

# ---- what a formula does with it ---------------------------------------------

# R's own functions that know the class of what they are given, or take none.
class_aware <- c(
  "as.numeric", "as.double", "as.character", "as.factor", "factor", "format", "is.na",
  "lapply", "sapply", "vapply", "lengths"
)

# An odd column may be converted in a formula. Other functions of R's see the numbers
# inside, which mean another thing: log() of a Period is that of its seconds only.
# `columns` are the values of the variables, `exprs` expressions of the formula.
check_uses <- function(exprs, columns, env) {
  odd <- names(columns)[vapply(columns, is_odd_number, NA)]
  if (!length(odd)) return(invisible())
  for (expr in exprs) {
    use <- misread_in(expr, odd, env)
    if (!is.null(use)) {
      v <- columns[[use$column]]
      stop_data(
        "Column `", use$column, "` is ", odd_name(v), ", which `", use$by,
        "()` may misread", way_out(v, use$column), "."
      )
    }
  }
}

is_odd_number <- function(v) {
  type_of(v) == "other" && (isS4(v) && !is_of_Matrix(v) || is.numeric(v)) &&
    length(dim(v)) <= 2L
}

# The first call of a function of R's that is given an odd column: list(column, by).
misread_in <- function(expr, odd, env) {
  if (!is.call(expr)) return(NULL)
  args <- as.list(expr)[-1L]
  # those of x[, 1] are not all there
  here <- vapply(seq_along(args), function(i) !identical(args[[i]], quote(expr = )), NA)
  args <- args[here]
  given <- vapply(args, function(a) is.name(a) && as.character(a) %in% odd, NA)
  by <- deparse1(expr[[1L]])
  if (any(given) && is_of_r(expr[[1L]], env) && !by %in% class_aware) {
    return(list(column = as.character(args[given][[1L]]), by = by))
  }
  for (arg in args[!given]) {
    found <- misread_in(arg, odd, env)
    if (!is.null(found)) return(found)
  }
}

is_of_r <- function(f, env) {
  f <- tryCatch(eval(f, env), error = function(e) NULL)
  if (is.primitive(f)) return(TRUE)
  home <- if (is.function(f)) environmentName(topenv(environment(f)))
  isTRUE(home %in% c("base", "stats", "splines", "utils", "methods"))
}

# ---- the units of the fit's own data -----------------------------------------

# Columns of a data frame that are POSIXlt as POSIXct, which is the same time.
with_times <- function(data) {
  if (!is.data.frame(data)) return(data)
  lt <- vapply(data, inherits, NA, "POSIXlt")
  if (!any(lt)) return(data)
  data <- as.data.frame(data)
  data[lt] <- lapply(data[lt], as.POSIXct)
  data
}

# What a formula's functions see beside the numbers: the units of time differences, the
# time zone of times, class and units of others. Of each column that has them.
marks_of <- function(columns) {
  marks <- lapply(columns, mark_of)
  marks[!vapply(marks, is.null, NA)]
}

mark_of <- function(v) {
  type <- type_of(v)
  switch(type,
    duration = list(type = type, units = attr(v, "units")),
    time = list(type = type, tzone = attr(v, "tzone")),
    other = list(type = type, class = class(v), units = units_in(v))
  )
}

units_in <- function(v) if (inherits(v, "units")) as.character(attr(v, "units"))
