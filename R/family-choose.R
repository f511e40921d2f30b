# Which family an outcome is fitted with.

# The name of a family: given as such, as a stats::family, or found from y.
check_family <- function(family, y) {
  if (is.null(family)) return(family_of(y))
  if (is.function(family)) {
    family <- tryCatch(family(), error = function(e) "not a family")
  }
  if (inherits(family, "family")) {
    name <- as_known(as.character(family$family)[1L])
    known <- families[[name]]
    if (is.null(known)) {
      stop_argument(
        "`family` \"", family$family, "\" is not one of ",
        quoted(names(families), "\"", 20L), "."
      )
    }
    if (family$link != known$link) {
      stop_argument(
        "`family` ", family$family, " has the link \"", known$link,
        "\" here, not \"", family$link, "\"."
      )
    }
    family <- name
  }
  check_choice(family, names(families), "family")
}

# Names that stats, and MASS, give to families that have another one here.
as_known <- function(name) {
  if (grepl("^Negative Binomial", name)) return("negbinomial")
  if (identical(name, "Gamma")) "gamma" else name
}

family_of <- function(y) {
  if (inherits(y, "Surv")) return("weibull")
  if (is_outcome_matrix(y)) return(family_of_matrix(y))
  y <- as_vector(y)
  if (is.logical(y)) return("binomial")
  if (is_class(y)) {
    if (n_classes(y) <= 2L) return("binomial")
    return(if (is.ordered(y)) "ordinal" else "categorical")
  }
  inform_of_family(y)
  "gaussian"
}

# The family of a matrix of several columns.
family_of_matrix <- function(y) {
  whole <- as_whole(y + 0)
  if (ncol(y) > 2L && is_one_hot(y)) {
    inform_bbb(
      "Each row of `y` has one 1, so its family is categorical, a class for each ",
      "column; for several numeric outcomes set `family = \"gaussian\"`."
    )
    return("categorical")
  }
  if (ncol(y) == 2L && all(whole %in% 0:1e4)) {
    inform_bbb(
      "`y` is a numeric matrix, so its family is gaussian, with two outcomes; for ",
      "successes and failures set `family = \"binomial\"`."
    )
  } else if (all(whole %in% 0:1)) {
    inform_bbb(
      "`y` is a matrix of 0 and 1, so its family is gaussian, with ", ncol(y),
      " outcomes; for probabilities fit each of them alone, with `family = \"binomial\"`."
    )
  }
  "gaussian"
}

# Of a numeric outcome whose family was found. Counts have a 0 among them; codes of
# classes, ratings and small counts few values: of the whole-numbered columns of R's own
# data sets these are the ones, and measurements in whole units are left alone.
inform_of_family <- function(y) {
  seen <- y[is.finite(y)]
  values <- unique(seen)
  if (length(values) < 2L || any(values < 0 | values > 1e9)) return(invisible())
  if (all(as_whole(values) %in% 0:1)) {
    inform_bbb(
      "`y` is numeric, so its family is gaussian; for the probability of a 1 ",
      "set `family = \"binomial\"`."
    )
  } else if (all_whole(as_whole(values))) {
    few <- length(values) <= 10L && 2L * length(values) <= length(seen)
    if (min(values) == 0 || few) {
      inform_bbb(
        "`y` has whole numbers, and its family is gaussian; for counts set `family = ",
        "\"poisson\"` or `family = \"negbinomial\"`, for classes make it a factor."
      )
    }
  } else if (all(values <= 1)) {
    inform_bbb(
      "`y` is between 0 and 1, and its family is gaussian; for shares of trials set ",
      "`family = \"binomial\"`, with the numbers of trials as `weights`."
    )
  }
}

# Three columns or more, or two where classes are asked for, of which each row has one.
is_one_hot <- function(y) {
  if (!is_outcome_matrix(y)) return(FALSE)
  y <- as_whole(y + 0)
  all(y %in% c(0, 1, NA)) && all(rowSums(y) == 1, na.rm = TRUE) && !all(is.na(y))
}
