# Checks of single arguments. Each says in one sentence what must hold, and
# returns the value in the type that the code behind it wants.

is_number <- function(x) {
  is.numeric(x) && length(x) == 1L && is.null(dim(x)) && !is.na(x)
}

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

is_named_list <- function(x) {
  is.null(x) || is.list(x) && (!length(x) || is_strings(names(x)))
}

check_number <- function(x, arg, least = -Inf, above = -Inf, most = Inf,
                         below = Inf) {
  ok <- is_number(x) && is.finite(x) && x >= least && x > above && x <= most &&
    x < below
  if (!ok) {
    bounds <- c(
      if (least > -Inf) paste("at least", format(least)),
      if (above > -Inf) paste("above", format(above)),
      if (most < Inf) paste("at most", format(most)),
      if (below < Inf) paste("below", format(below))
    )
    stop_argument(
      "`", arg, "` must be one finite number",
      if (length(bounds)) paste0(", ", paste(bounds, collapse = " and ")), "."
    )
  }
  as.double(x)
}

check_count <- function(x, arg, least = 1, most = .Machine$integer.max) {
  ok <- is_number(x) && x >= least && x <= most && x == trunc(x)
  if (!ok) {
    stop_argument(
      "`", arg, "` must be one whole number, at least ", format(least),
      if (most < .Machine$integer.max) paste(" and at most", format(most)), "."
    )
  }
  as.integer(x)
}

check_flag <- function(x, arg) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    stop_argument("`", arg, "` must be TRUE or FALSE.")
  }
  x
}

# One of the choices; a function's own default, all choices, means the first.
check_choice <- function(x, choices, arg) {
  if (identical(x, choices)) return(choices[1L])
  ok <- is.character(x) && length(x) == 1L && x %in% choices
  if (!ok) {
    stop_argument("`", arg, "` must be one of ", quoted(choices, "\"", 20L), ".")
  }
  x
}

check_hidden <- function(hidden) {
  ok <- is.numeric(hidden) && !anyNA(hidden) && all(hidden >= 1) &&
    all(hidden <= 2^24) && all(hidden == trunc(hidden))
  if (!ok && !is.null(hidden)) {
    stop_argument(
      "`hidden` must be whole numbers from 1 to 2^24: the units of each hidden ",
      "layer, or `integer(0)` for a linear model."
    )
  }
  if (length(hidden) > 998L) {
    stop_argument("`hidden` must have at most 998 layers.")
  }
  as.integer(hidden)
}

check_seed <- function(seed) {
  ok <- is.numeric(seed) && length(seed) %in% 1:2 && all(is.finite(seed)) &&
    all(abs(seed) <= .Machine$integer.max) && all(seed == trunc(seed))
  if (!ok) stop_argument("`seed` must be one or two whole numbers.")
  as.integer(c(seed, 0L)[1:2])
}

check_probs <- function(probs, arg = "probs") {
  ok <- is.numeric(probs) && length(probs) >= 1L && !anyNA(probs) &&
    all(probs > 0) && all(probs < 1)
  if (!ok) stop_argument("`", arg, "` must be numbers between 0 and 1.")
  as.double(probs)
}

check_times <- function(times) {
  ok <- is.numeric(times) && length(times) >= 1L && !anyNA(times) &&
    all(times > 0) && all(is.finite(times))
  if (!ok) {
    stop_argument("`times` must be finite numbers above 0 for `type = \"survival\"`.")
  }
  as.double(times)
}

# Arguments in `...` must be among the names of `known`; by default none. What others
# call them is in R/util-words.R.
check_dots <- function(dots, known = NULL) {
  names <- names(dots)
  if (length(dots) && (is.null(names) || any(names == ""))) {
    stop_argument("Arguments in `...` must be named.")
  }
  unknown <- setdiff(names, known)
  if (length(unknown)) {
    stop_argument(
      "There is no argument ", quoted(unknown),
      words_for(unknown, settings = "epochs" %in% known), "."
    )
  }
  if (anyDuplicated(names)) {
    stop_argument("An argument was given twice: ", quoted(names[duplicated(names)]), ".")
  }
  dots
}

# The type of an answer.
check_type <- function(type, choices) {
  if (is_one_of(type, names(words_of_types)) && !type %in% choices) {
    stop_argument(
      "`type = \"", type, "\"` is not there; write ", words_of_types[[type]], "."
    )
  }
  check_choice(type, choices, "type")
}

# An argument that was given although it does nothing, as names of TRUE.
check_no_effect <- function(given, why) {
  if (any(given)) {
    stop_argument(
      quoted(names(given)[given]), if (sum(given) == 1L) " has" else " have",
      " no effect ", why, "."
    )
  }
}

stop_if_empty <- function(x) {
  if (!nrow(x)) stop_data("`x` has no rows.")
  if (!ncol(x)) stop_data("`x` has no columns.")
}
