# Predictions by the core.

# What the core says of the rows, in one pass over the draws: a list with an array
# for each of `kinds`, by their names in src/core/predict*.c, NA in the rows that are
# not complete. An interrupt, which the core's way of asking for one used up, is
# passed on.
core_predict <- function(fit, x, kinds, how, y = NULL) {
  ok <- complete_rows(x, how)
  if (!all(ok)) {
    how$complete <- ok
    if (!is.null(how$offset)) how$offset[!ok] <- 0
  }
  data <- data_for_core(fit, x, y)
  data["offset"] <- list(how$offset)
  how <- c(list(kinds = kinds), how)
  model <- fit_model(fit)
  out <- with_room(
    native_predict(model, theta_of(fit), data, how), fit, nrow(x), kinds, how
  )
  if (is.null(out)) raise_interrupt()
  out
}

# rows x values x (mean, epistemic variance, aleatoric variance)
predict_moments <- function(fit, x, how) {
  core_predict(fit, x, "moments", how)$moments
}

# Those, and quantiles at the ends of an interval, in one pass
predict_interval <- function(fit, x, level, how) {
  how$probs <- interval_probs(level)
  core_predict(fit, x, c("moments", "quantile"), how)
}

# The probabilities of the ends of an interval
interval_probs <- function(level) c((1 - level) / 2, 1 - (1 - level) / 2)

# The posteriors one after the other, as the core takes them.
theta_of <- function(fit) {
  unlist(lapply(usable_members(fit), function(one) c(one$mu, one$rho, one$aux)))
}

# The value of expr, an answer of these kinds for n rows. Where the memory for it is not
# to be had, an error that says how much was asked for.
with_room <- function(expr, fit, n, kinds, how) {
  tryCatch(expr, error = function(e) {
    if (!grepl("cannot allocate", conditionMessage(e))) stop(e)
    dim <- if ("draws" %in% kinds) c(how$draws, n, n_values(fit)) else c(n, n_values(fit))
    stop_argument(
      "The answer would take ", in_bytes(8 * prod(dim)), " (",
      paste(format(dim, big.mark = "", trim = TRUE, scientific = FALSE), collapse = " x "),
      " numbers), which is more memory than there is: ask for fewer `draws`, or for ",
      "fewer rows at a time."
    )
  })
}

# "7.3 TiB"
in_bytes <- function(bytes) {
  units <- c("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
  at <- min(floor(log(max(bytes, 1), 1024)), length(units) - 1L)
  paste(format(bytes / 1024^at, digits = 3L), units[at + 1L])
}
