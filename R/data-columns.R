# Columns: which kinds are taken, in every role and the same way at the fit and later.
#
# A class says what a value means. So a column with a class is taken only where the
# class is known here; every other one is refused by name. A class that somebody writes
# tomorrow is then an error and not a wrong number.

# Of numbers and logicals: these classes say nothing about the single value.
plain_classes <- c(
  "AsIs", "array", "integer", "labelled", "logical", "matrix", "mts", "noquote",
  "numeric", "table", "ts", "xtabs"
)

# Matrices of basis functions, as of poly(), ns() and the package splines2.
basis_classes <- c("basis", "poly", "splines2")

# A name of `type_words`.
type_of <- function(v) {
  if (is_s4_object(v) || is_coded(v) || length(dim(v)) > 2L) return("other")
  if (is_class(v)) return(if (NCOL(v) == 1L) "class" else "other")
  if (inherits(v, "Date")) return("date")
  if (inherits(v, "POSIXct")) return("time")
  if (inherits(v, "difftime")) return("duration")
  plain <- all(oldClass(v) %in% plain_classes) || inherits(v, basis_classes)
  if (!plain) return("other")
  if (is.logical(v)) "logical" else if (is.numeric(v)) "numeric" else "other"
}

# base functions set the bit of S4 on objects without a class too
is_s4_object <- function(v) isS4(v) && !is.null(attr(v, "class"))

# Codes with a label for each, some of them for a missing value: package haven.
is_coded <- function(v) {
  inherits(v, c("haven_labelled", "labelled")) && !is.null(attr(v, "labels"))
}

is_class <- function(v) is.factor(v) || is.character(v)

n_classes <- function(v) length(unique(v[!is.na(v)]))

# ---- what is refused ---------------------------------------------------------

check_columns <- function(frame) {
  odd <- vapply(frame, type_of, "") == "other"
  if (any(odd)) stop_odd(names(frame)[odd][1L], frame[[which(odd)[1L]]])
}

stop_odd <- function(name, v) {
  stop_data(
    "Column `", name, "` is ", odd_name(v), "; predictors must be numeric, logical, ",
    "factors, character, or dates and times", way_out(v, name), "."
  )
}

odd_name <- function(v) {
  class <- setdiff(class(v), "AsIs")[1L]
  if (is.data.frame(v)) return("a data frame")
  if (is_of_Matrix(v)) return(paste0("a ", class, " of the package Matrix"))
  if (length(dim(v)) > 2L) return(paste("an array of", length(dim(v)), "dimensions"))
  if (is_class(v) && NCOL(v) > 1L) return("a matrix of words")
  if (is.list(v) && (is.na(class) || class == "list")) "a list" else class
}

# What converts it, a call for each class.
conversions <- c(
  POSIXlt = "as.POSIXct(%s)", Date = "as.numeric(%s)", POSIXct = "as.numeric(%s)",
  difftime = "as.numeric(%s, units = \"secs\")", units = "units::drop_units(%s)",
  Period = "as.numeric(%s, \"hours\")", Duration = "as.numeric(%s, \"hours\")",
  Interval = "as.numeric(%s, \"days\")", complex = "Re(%s)", raw = "as.integer(%s)",
  haven_labelled = "haven::as_factor(%s)", labelled = "haven::as_factor(%s)"
)

# The end of a sentence.
way_out <- function(v, name) {
  if (is.data.frame(v) || is_class(v) && NCOL(v) > 1L) {
    return("; give its columns one by one")
  }
  if (is_of_Matrix(v)) return(paste0(": write `as.matrix(", name, ")`"))
  if (isS4(v) && is.matrix(v)) return(paste0(": write `", name, "@.Data`"))
  known <- intersect(class(v), names(conversions))
  call <- if (length(known)) {
    conversions[[known[1L]]]
  } else if (typeof(v) %in% c("integer", "double") && !is.factor(v) && is.null(dim(v))) {
    "as.numeric(%s)"
  }
  if (is.null(call)) return("")
  paste0(": write `", sprintf(call, name), "`")
}

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

# New data with the units and time zones of the fit's in the columns that are `needed`;
# what cannot have them is an error.
as_in_fit <- function(recipe, data, arg, needed) {
  data <- with_times(data)
  columns <- recipe_columns(recipe)
  for (name in intersect(needed, names(data))) {
    v <- data[[name]]
    mark <- recipe$marks[[name]]
    if (!is.null(mark)) {
      data[[name]] <- as_marked(v, mark, name, arg)
    } else if (!is.null(recipe$formula) && type_of(v) %in% c("other", "duration", "time")) {
      is_predictor <- name %in% names(columns)
      before <- if (is_predictor) type_words[[columns[[name]]]] else "a plain column"
      stop_other_type(name, arg, v, before)
    }
  }
  data
}

as_marked <- function(v, mark, name, arg) {
  if (all(is.na(v)) || identical(mark, mark_of(v))) return(v)
  same <- type_of(v) == mark$type &&
    (mark$type != "other" || identical(class(v), mark$class))
  if (!same) {
    what <- if (mark$type == "other") mark$class[1L] else type_words[[mark$type]]
    stop_other_type(name, arg, v, what)
  }
  if (mark$type == "duration") units(v) <- mark$units
  if (mark$type == "time") attr(v, "tzone") <- mark$tzone
  if (!identical(units_in(v), mark$units) && mark$type == "other") {
    stop_data(
      "Column `", name, "` of `", arg, "` is in ", units_in(v),
      "; in the fit it was in ", mark$units, "."
    )
  }
  v
}

stop_other_type <- function(name, arg, v, before) {
  type <- type_of(v)
  stop_data(
    "Column `", name, "` of `", arg, "` is ",
    if (type == "other") odd_name(v) else type_words[[type]], "; in the fit it was ",
    before, "."
  )
}
