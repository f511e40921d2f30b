# How noisy is the gradient of each estimator, and what does it cost?
#
#   Rscript bench/estimators.R > bench/estimators.md
#
# A network of 10-50-1 relu units and 500 rows of Friedman's function, in batches of 32
# rows, at the start of training and at its end. All estimators have the same mean
# (tests/testthat/test-core-estimator.R), so their noise is all that tells them apart.
library(bbb)
options(bbb.threads = 1)

friedman <- function(n) {
  x <- matrix(stats::runif(10 * n), n)
  mean <- 10 * sinpi(x[, 1] * x[, 2]) + 20 * (x[, 3] - 0.5)^2 + 10 * x[, 4] + 5 * x[, 5]
  list(x = x, y = mean + stats::rnorm(n))
}

fit_after <- function(data, epochs, ...) {
  bbb_fit(
    data$x, data$y, hidden = 50, prior = prior_normal(0.5), batch_size = 32, seed = 1,
    verbose = FALSE, max_seconds = if (epochs) Inf else 0, ...
  )
}

# Variance of the gradient over draws, a mean over the means and over the rhos, and the
# seconds of one gradient.
noise_of <- function(fit, data, estimator, kl, samples = 1L, antithetic = FALSE) {
  fit$control$estimator <- estimator
  fit$control$kl <- kl
  model <- bbb:::fit_model(fit)
  rows <- seq_len(32)
  encoded <- bbb:::data_for_core(fit, data$x[rows, ], matrix(data$y[rows]))
  encoded$held_out <- integer()
  steps <- 5000L
  how <- list(
    steps = steps, samples = samples, kl_weight = 32 / 500, antithetic = antithetic
  )
  from <- list(seed = 1:2, stream = 2L, step = 0, draw = 0)
  seconds <- system.time(
    got <- bbb:::native_test_gradient(model, c(fit$mu, fit$rho, fit$aux), encoded, from, how)
  )[["elapsed"]]
  variance <- got$mean_square - got$mean^2
  mu <- seq_along(fit$mu)
  c(mu = mean(variance[mu]), rho = mean(variance[-mu]), seconds = seconds / steps)
}

estimators <- list(
  "one draw a batch, KL sampled (the paper)" = list("shared", "sampled"),
  "one draw a batch, KL exact" = list("shared", "exact"),
  "two draws" = list("shared", "exact", 2L),
  "an antithetic pair" = list("shared", "exact", 2L, TRUE),
  "Flipout" = list("flipout", "exact"),
  "local reparameterisation" = list("local", "exact")
)

set.seed(1)
data <- friedman(500)
cat("# Noise of the gradient\n\n")
cat("How noisy is the gradient of each estimator, and what does it cost? Made by\n")
cat("`Rscript bench/estimators.R > bench/estimators.md`: variances over 5000 draws of the\n")
cat("gradient of one batch of 32 rows, a mean over the weights, relative to the paper's\n")
cat("estimator, and the time of a gradient relative to its time.\n")
for (epochs in 0:1) {
  fit <- fit_after(data, epochs)
  cat("\n## ", if (epochs) "At the end of training" else "At the start", "\n\n", sep = "")
  cat("| estimator | variance in mu | variance in rho | time |\n|---|---|---|---|\n")
  rows <- lapply(estimators, \(e) do.call(noise_of, c(list(fit, data), e)))
  for (name in names(rows)) {
    relative <- rows[[name]] / rows[[1L]]
    cells <- paste(vapply(signif(relative, 2), format, ""), collapse = " | ")
    cat(sprintf("| %s | %s |\n", name, cells))
  }
}
