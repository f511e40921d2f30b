# Counts: poisson and negbinomial.

reads_counts <- function(family) {
  function(y, n, outcome) {
    y <- as_whole(numbers(y, n, family, outcome))
    if (!all(y >= 0 & y == trunc(y) & y <= 1e9)) {
      stop_data(
        "`y` must be whole numbers from 0 to 1e9 for family \"", family, "\"."
      )
    }
    matrix(y)
  }
}

# Centred by the log of the mean, for a unit of exposure where there is an offset; one
# of none half a count.
describes_counts <- function(aux) {
  function(y, columns, cases) {
    n <- sum_of_weights(cases$weights, nrow(columns))
    count <- max(n * weighted_mean(columns[, 1L], cases$weights), 0.5)
    exposure <- log_mean_exp(cases$offset, cases$weights)
    list(outputs = "y", levels = NULL, shift = log(count / n) - exposure, aux = aux)
  }
}

# The log of the mean of exp(x), which may overflow; 0 of none.
log_mean_exp <- function(x, weights) {
  if (is.null(x)) return(0)
  max(x) + log(weighted_mean(exp(x - max(x)), weights))
}
