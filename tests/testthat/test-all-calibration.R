# Data drawn from the prior: intervals cover as they claim. Of a linear model, whose
# predictors are nearly uncorrelated, the mean-field posterior is nearly exact; for
# networks bench/calibration.R has the curves.

# Shares of new points inside the 50 and 90 % intervals: the outcome, then the mean. The
# prior is that of the simulation, brought to the standardised outcome; the bias's is so
# wide that centring does not matter.
coverage_of_prior_draw <- function(seed, n = 60, sd = 1, noise = 0.5) {
  set.seed(seed)
  w <- rnorm(3, sd = sd)
  b <- rnorm(1, sd = 10)
  x <- matrix(rnorm(3 * (n + 20)), n + 20)
  f <- drop(x %*% w) + b
  y <- f + rnorm(n + 20, sd = noise)
  train <- seq_len(n)
  scale <- sqrt(mean((y[train] - mean(y[train]))^2))

  fit <- bbb_fit(
    x[train, ], y[train], hidden = integer(), standardise = FALSE, noise = noise,
    prior = prior_normal(sd / scale, bias_sd = 10 / scale), seed = seed,
    batch_size = n, epochs = 2000, samples = 2, learn_rate = 0.01
  )

  at <- x[-train, ]
  probs <- c(0.05, 0.25, 0.75, 0.95)
  outcome <- predict(fit, at, type = "quantile", probs = probs)
  mean <- t(apply(predict(fit, at, type = "draws"), 2, quantile, probs))
  inside <- function(value, q) {
    c(mean(value > q[, 2] & value < q[, 3]), mean(value > q[, 1] & value < q[, 4]))
  }
  c(inside(y[-train], outcome), inside(f[-train], mean))
}

test_that("intervals cover as they claim under the prior", {
  each <- vapply(1:60, coverage_of_prior_draw, numeric(4))

  error <- apply(each, 1, sd) / sqrt(ncol(each))
  off <- abs(rowMeans(each) - c(0.5, 0.9, 0.5, 0.9)) / error
  # four standard errors; the means of a replicate's points hang together
  expect_true(all(off < 4))
  expect_true(all(error < 0.06))
})
