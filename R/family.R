# The families: one row each, in the order of the core's bbb_family.
#
#   encode(y)  an outcome, a vector without missing values, as the core takes it,
#              or an error in one sentence:
#              list(y = rows x columns, outputs, levels, center, scale)
#
# A family is added by a row here and a row in src/core/likelihood.c.

# Where the noise sd of a standardised outcome starts to be learned.
start_noise <- 0.5

encode_gaussian <- function(y) {
  if (type_of(y) != "numeric") {
    stop_data("`y` must be numeric for family \"gaussian\".")
  }
  y <- as.double(y)
  standard <- standardisation(matrix(y))
  list(
    y = matrix(y), outputs = "y", levels = NULL,
    center = standard$center, scale = standard$scale
  )
}

encode_classes <- function(y, family) {
  if (is.numeric(y) && family == "binomial" && !all(y %in% 0:1)) {
    stop_data("A numeric `y` must be 0 or 1 for family \"binomial\".")
  }
  y <- droplevels(as.factor(y))
  if (nlevels(y) < 2L) {
    stop_data(
      "`y` has one class only, ", quoted(levels(y), "\""), "; at least two ",
      "are needed."
    )
  }
  if (family == "binomial" && nlevels(y) > 2L) {
    stop_data(
      "`y` has ", nlevels(y), " classes; family \"binomial\" takes two, ",
      "\"categorical\" any number."
    )
  }
  list(
    y = matrix(as.double(y) - 1), levels = levels(y), center = 0, scale = 1,
    outputs = if (family == "binomial") levels(y)[2L] else levels(y)
  )
}

families <- list(
  gaussian = list(encode = encode_gaussian, link = "identity"),
  binomial = list(
    encode = function(y) encode_classes(y, "binomial"), link = "logit"
  ),
  categorical = list(
    encode = function(y) encode_classes(y, "categorical"), link = "logit"
  )
)

# The name of a family: given as such, as a stats::family, or found from y.
check_family <- function(family, y) {
  if (is.null(family)) return(family_of(y))
  if (is.function(family)) {
    family <- tryCatch(family(), error = function(e) "not a family")
  }
  if (inherits(family, "family")) {
    known <- families[[as.character(family$family)[1L]]]
    if (is.null(known)) {
      stop_argument(
        "`family` \"", family$family, "\" is not one of ",
        quoted(names(families), "\""), "."
      )
    }
    if (family$link != known$link) {
      stop_argument(
        "`family` ", family$family, " has the link \"", known$link,
        "\" here, not \"", family$link, "\"."
      )
    }
    family <- family$family
  }
  check_choice(family, names(families), "family")
}

family_of <- function(y) {
  y <- as_vector(y)
  if (is.logical(y)) return("binomial")
  if (is_class(y)) return(if (n_classes(y) <= 2L) "binomial" else "categorical")
  if (length(unique(y)) == 2L && all(y %in% 0:1)) {
    inform_bbb(
      "`y` is numeric, so its family is gaussian; for the probability of a 1 ",
      "set `family = \"binomial\"`."
    )
  }
  "gaussian"
}

# One-column matrices and data frames are vectors; what is no outcome is refused.
as_vector <- function(y) {
  if (is.data.frame(y) && ncol(y) == 1L) y <- y[[1L]]
  if (length(dim(y)) == 2L && ncol(y) == 1L || length(dim(y)) == 1L) {
    y <- as.vector(y)
  }
  if (!is.atomic(y) || is.null(y) || !is.null(dim(y))) {
    stop_data("`y` must be a vector: one outcome a row.")
  }
  if (type_of(y) == "other") {
    stop_data(
      "`y` must be numeric, logical, a factor or character, not ",
      class(y)[1L], "."
    )
  }
  y
}

# An outcome for each of n rows, none of them missing.
outcome_values <- function(y, n) {
  y <- as_vector(y)
  if (length(y) != n) {
    stop_data("`y` has ", length(y), " values for ", n, " rows of `x`.")
  }
  stop_if_missing(list(y = y))
  y
}

# An outcome of n rows, checked and encoded.
encode_outcome <- function(y, family, n) {
  outcome <- families[[family]]$encode(outcome_values(y, n))
  outcome$family <- family
  outcome
}

# New outcomes of a fit's own kind: for scores and gradients.
encode_new_outcome <- function(y, outcome, n) {
  values <- outcome_values(y, n)
  if (is.null(outcome$levels)) {
    if (!is.numeric(values)) stop_data("`y` must be numeric, as in the fit.")
    return(matrix(as.double(values)))
  }
  code <- match(as.character(values), outcome$levels)
  if (anyNA(code)) {
    new <- unique(as.character(values)[is.na(code)])
    stop_data("`y` has classes that the fit does not know: ", quoted(new, "\""), ".")
  }
  matrix(code - 1)
}
