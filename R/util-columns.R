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

is_of_Matrix <- function(x) {
  isS4(x) && (identical(attr(class(x), "package"), "Matrix") || inherits(x, "Matrix"))
}

type_words <- list(
  numeric = "numeric", logical = "logical", class = "a factor or character",
  date = "a date", time = "a time", duration = "a time difference",
  other = "of another type"
)

# Dates as days, times and durations as seconds, whatever their units were; of a matrix
# of logicals model.matrix() would make one factor.
as_numbers <- function(frame) {
  kind <- vapply(frame, type_of, "")
  for (i in which(kind == "logical")) {
    if (length(dim(frame[[i]])) == 2L) storage.mode(frame[[i]]) <- "double"
  }
  for (i in which(kind %in% c("date", "time"))) frame[[i]] <- as.double(frame[[i]])
  for (i in which(kind == "duration")) {
    frame[[i]] <- as.double(frame[[i]], units = "secs")
  }
  frame
}

take_rows <- function(v, rows) {
  if (length(dim(v)) == 2L) v[rows, , drop = FALSE] else v[rows]
}

has_rows <- function(v) {
  (is.atomic(v) || is.data.frame(v) || is_of_Matrix(v)) && length(dim(v)) <= 2L
}
