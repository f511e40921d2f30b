# The values of an outcome: how many there are, their names and their units.

# How many outcomes there are, and values that the core tells the moments of.
n_outcomes <- function(fit) length(fit$outcome$scale)

n_values <- function(fit) {
  if (many_classes(fit)) length(fit$outcome$levels) else n_outcomes(fit)
}

value_names <- function(fit) {
  if (many_classes(fit)) fit$outcome$levels else fit$outcome$outputs
}

# A number of outcome j, or numbers whose last dimension is the outcome, in units.
in_units <- function(fit, value, j = NULL) {
  center <- fit$outcome$center
  scale <- fit$outcome$scale
  if (!is.null(j)) return(value * scale[j] + center[j])
  each <- length(value) / length(scale)
  value * rep(scale, each = each) + rep(center, each = each)
}

# What fitted values are fitted to: 0/1 indicators of the second of two classes, or
# of each of more; shares of successes, where there were trials; of times those that are
# not censored.
observed_of <- function(fit, y) {
  if (many_classes(fit)) {
    return(outer(y[, 1L] + 1, seq_along(fit$outcome$levels), `==`) + 0)
  }
  if (answer_of(fit) == "share") return(ifelse(y[, 2L] > 0, y[, 1L] / y[, 2L], NA))
  if (fit$family == "gaussian" && ncol(y) > 1L) return(y)
  value <- if (families[[fit$family]]$above) exp(y[, 1L]) else y[, 1L]
  if (ncol(y) == 2L) ifelse(y[, 2L] == 1, value, NA) else value
}
