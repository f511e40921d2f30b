# Outcomes on the whole line: gaussian, gaussian_hetero and student_t.

# Where the noise sd of a standardised outcome starts to be learned.
start_noise <- 0.5

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

# Mean and population standard deviation of each column; a constant column gets
# scale 1.
standardisation <- function(x, weights = NULL) {
  native_standard(x, weights)[c("center", "scale")]
}
