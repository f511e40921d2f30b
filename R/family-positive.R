# Positive outcomes: gamma and lognormal, and what times share with them.

# The core gets the log.
reads_positive <- function(family) {
  function(y, n, outcome) {
    y <- numbers(y, n, family, outcome)
    stop_unless_above(y, family)
    matrix(log(y))
  }
}

describes_positive <- function(aux_of) {
  function(y, columns, cases) {
    log_y <- columns[, 1L]
    center <- weighted_mean(log_y, cases$weights)
    left <- if (is.null(cases$offset)) log_y else log_y - cases$offset
    list(
      outputs = "y", levels = NULL, center = 0, scale = exp(center),
      y_center = c(center, 0)[seq_len(ncol(columns))],
      offset_center = offset_center(cases), aux = aux_of(left, cases$weights)
    )
  }
}

# The log of the scale of log y: what is not explained of its standard deviation.
log_spread <- function(log_y, weights) {
  center <- weighted_mean(log_y, weights)
  spread <- sqrt(weighted_mean((log_y - center)^2, weights))
  log(start_noise * max(spread, 0.01))
}
