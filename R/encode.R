# Outcomes: from what a user has to the columns that the core takes, the same way
# when new outcomes are scored.
#
# A family's read(y, n, outcome) gives the columns of n rows, on their own scale, or
# an error in one sentence; `outcome` is the fit's for new data and NULL before.
# Its describe(y, columns, cases) adds what the fit keeps of them, as list(
#   outputs       names of the network's outputs
#   levels        classes, in the core's order, or NULL
#   center, scale from the core's outcome to the user's
#   y_center, y_scale   what standardises each column for the core
#   shift         added to the first output: where an outcome is centred by that
#   offset_center subtracted from a user's offset, where y_center holds its mean
#   aux           where the auxiliaries start
#   core          the core's family, where it has another name
# )

# Where the noise sd of a standardised outcome starts to be learned.
start_noise <- 0.5

# An outcome of n rows, checked and encoded, with its cases: see R/cases.R; `taken` is
# as of take_outcome().
encode_outcome <- function(taken, family, class_weights, n) {
  y <- taken$y
  cases <- taken$cases
  columns <- families[[family]]$read(y, n, NULL)
  if (families[[family]]$answer == "number") {
    inform_if_constant(if (families[[family]]$above) columns[, 1L, drop = FALSE] else columns)
  }
  has_weights <- !is.null(cases$weights)
  class_weights <- check_class_weights(class_weights, y, family, cases$weights)
  cases$weights <- with_class_weights(cases$weights, class_weights, y)
  check_offset_fits(cases$offset, family, columns)
  outcome <- families[[family]]$describe(y, columns, cases)
  plain <- list(
    center = 0, scale = 1, y_center = rep(0, ncol(columns)),
    y_scale = rep(1, ncol(columns)), shift = 0, offset_center = 0, core = family
  )
  outcome <- utils::modifyList(plain, outcome, keep.null = TRUE)
  outcome$y <- columns
  outcome$family <- family
  outcome$has_weights <- has_weights
  if (taken$shares) outcome$shares <- TRUE
  outcome$class_weights <- class_weights
  outcome$cases <- cases
  outcome
}

# An offset is added to the first output, which must be the only mean.
check_offset_fits <- function(offset, family, columns) {
  several <- family == "categorical" || family == "gaussian" && ncol(columns) > 1L
  if (!is.null(offset) && several) {
    stop_argument("`offset` has no meaning for several outcomes or unordered classes.")
  }
}

# New outcomes of a fit's own kind: for scores and gradients.
encode_new_outcome <- function(y, outcome, n) {
  families[[outcome$family]]$read(y, n, outcome)
}

# ---- values ------------------------------------------------------------------

# One-column matrices and data frames are vectors; what is no outcome is refused.
as_vector <- function(y) {
  if (is.data.frame(y) && ncol(y) == 1L) y <- y[[1L]]
  if (length(dim(y)) == 2L && ncol(y) == 1L || length(dim(y)) == 1L) {
    y <- as.vector(y)
  }
  if (!type_of(y) %in% c("numeric", "logical", "class") && is_odd_outcome(y)) {
    stop_data(
      "`y` must be numeric, logical, a factor or character, not ", odd_name(y),
      way_out(y, "y"), "."
    )
  }
  if (inherits(y, "Surv")) {
    stop_data("`y` is censored; families \"weibull\" and \"loglogistic\" take such times.")
  }
  if (!is.atomic(y) || is.null(y) || !is.null(dim(y))) {
    stop_data("`y` must be a vector: one outcome a row.")
  }
  y
}

# A vector of something else; the rest is no vector.
is_odd_outcome <- function(y) {
  inherits(y, "POSIXlt") || is.atomic(y) && !is.null(y) && length(dim(y)) < 2L &&
    !inherits(y, "Surv")
}

# An outcome for each of n rows, none of them missing.
outcome_values <- function(y, n) {
  y <- as_vector(y)
  check_rows(length(y), "values", n)
  stop_if_missing(list(y = y))
  y
}

check_rows <- function(rows, what, n) {
  if (rows != n) {
    stop_data("`y` has ", rows, " ", what, " for ", n, " rows of `x`.")
  }
}

is_outcome_matrix <- function(y) {
  is.matrix(y) && ncol(y) > 1L && type_of(y) %in% c("numeric", "logical")
}

# The same of a numeric matrix of several columns.
outcome_matrix <- function(y, n) {
  check_rows(nrow(y), "rows", n)
  stop_if_missing(list(y = y))
  matrix(as.double(y), nrow(y), dimnames = list(NULL, colnames(y)))
}

# A numeric outcome; the sentence is of the fit or of the family.
numbers <- function(y, n, family, outcome) {
  y <- outcome_values(y, n)
  if (!is.numeric(y)) {
    stop_data(
      "`y` must be numeric",
      if (is.null(outcome)) paste0(" for family \"", family, "\"") else ", as in the fit",
      "."
    )
  }
  as.double(y)
}

# ---- numbers on the whole line -----------------------------------------------

reads_line <- function(family) {
  function(y, n, outcome) matrix(numbers(y, n, family, outcome))
}

read_gaussian <- function(y, n, outcome) {
  several <- is_outcome_matrix(y)
  columns <- if (several) {
    outcome_matrix(y, n)
  } else {
    matrix(numbers(y, n, "gaussian", outcome))
  }
  if (!is.null(outcome) && ncol(columns) != length(outcome$outputs)) {
    stop_data("`y` must have ", length(outcome$outputs), " columns, as in the fit.")
  }
  if (several && !is.null(outcome)) colnames(columns) <- outcome$outputs
  columns
}

# What all have that are standardised to mean 0 and standard deviation 1; the latter
# of what an offset leaves.
standardised <- function(columns, cases, ...) {
  weights <- cases$weights
  standard <- standardisation(columns, weights)
  offset <- cases$offset
  if (!is.null(offset)) standard$scale <- standardisation(columns - offset, weights)$scale
  list(
    center = standard$center, scale = standard$scale,
    y_center = standard$center, y_scale = standard$scale,
    offset_center = offset_center(cases), ...
  )
}

offset_center <- function(cases) {
  if (is.null(cases$offset)) 0 else weighted_mean(cases$offset, cases$weights)
}

describe_gaussian <- function(y, columns, cases) {
  names <- colnames(columns)
  if (is.null(names)) {
    names <- if (ncol(columns) == 1L) "y" else paste0("y", seq_len(ncol(columns)))
  }
  standardised(
    columns, cases, outputs = names, levels = NULL,
    aux = rep(log(start_noise), ncol(columns))
  )
}

describe_hetero <- function(y, columns, cases) {
  standardised(
    columns, cases, outputs = c("y", "log sd"), levels = NULL, aux = numeric()
  )
}

# Degrees of freedom start at 5.
describe_student <- function(y, columns, cases) {
  standardised(
    columns, cases, outputs = "y", levels = NULL, aux = log(c(start_noise, 3))
  )
}
