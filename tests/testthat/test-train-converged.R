# Whether a fit has converged: by its ELBO, and by its standard deviations.

convergence <- function(elbo, learn_rate = 1, tolerance = 0.05, kl_warmup = 0.5,
                        sd_gap = 0, temperature = 1) {
  has_converged(list(
    history = data.frame(elbo = elbo, learn_rate = rep(learn_rate, length(elbo))),
    n = 12L, total_weight = 10, sd_gap = sd_gap, control = list(
      batch_size = 10L, tolerance = tolerance, kl_warmup = kl_warmup, epochs = 80L,
      validation = 0.2, temperature = temperature
    )
  ))
}
flat <- c(1:20, rep(20, 20))

test_that("the ELBO must be flat for the way that was gone", {
  rising <- 1:40 + 0

  expect_true(convergence(flat))
  expect_false(convergence(flat, kl_warmup = 0.7))
  expect_false(convergence(rising))
  expect_false(convergence(-rising))
  expect_true(convergence(rising, tolerance = 1))
  expect_true(convergence(rising / 100))
  expect_false(convergence(rising / 100, learn_rate = 1e-3))
  expect_false(convergence(flat[22:40]))
  expect_false(convergence(numeric()))
})

test_that("the sds must be within a tenth of their best, and that be known", {
  expect_true(convergence(flat, sd_gap = 0.19))
  expect_true(convergence(flat, sd_gap = -0.19))
  expect_false(convergence(flat, sd_gap = 0.21))
  expect_false(convergence(flat, sd_gap = -0.21))
  expect_false(convergence(flat, sd_gap = NA_real_))
  # without the KL no sd is best
  expect_true(convergence(flat, sd_gap = NA_real_, temperature = 0))
})

test_that("a long fit is converged, a short one is not", {
  expect_false(fits$gaussian$converged)
  long <- quick(waves$x, waves$y, epochs = 1000, tolerance = 1)
  expect_lt(abs(long$sd_gap), 0.2)
  expect_true(long$converged)
})

# A linear model of which the best sds are known: those of its precision's diagonal.
linear <- local({
  set.seed(1)
  x <- matrix(rnorm(120), 60)
  list(x = x, y = as.vector(1 + x %*% c(1, -1) + rnorm(60, sd = 0.5)))
})

fit_linear <- function(epochs, ...) {
  bbb_fit(
    linear$x, linear$y, hidden = integer(), prior = prior_normal(1), noise = 0.5,
    batch_size = 20, samples = 4, seed = 1, epochs = epochs, ...
  )
}

share_of_best <- function(fit) {
  design <- cbind(scale(linear$x, fit$predictors$center, fit$predictors$scale), 1)
  precision <- colSums(design^2) / (0.5 / fit$outcome$scale)^2 + 1
  log1p(exp(fit$rho)) * sqrt(precision)
}

test_that("sds of half of what they should be are not converged", {
  for (epochs in c(200, 400, 800, 1600)) {
    fit <- fit_linear(epochs)
    share <- share_of_best(fit)

    expect_lt(abs(fit$sd_gap - (1 - mean(share^2))), 0.02)
    expect_identical(fit$converged, epochs >= 800)
  }
  expect_gt(min(share), 0.95)
  expect_lt(min(share_of_best(fit_linear(400))), 0.5)
})

test_that("a fit that goes on is judged by where it ends", {
  fit <- fit_linear(50, schedule = "constant")
  expect_false(fit$converged)
  more <- bbb_continue(fit, linear$x, linear$y, epochs = 1200)
  expect_lt(abs(more$sd_gap - (1 - mean(share_of_best(more)^2))), 0.02)
  expect_true(more$converged)
})

test_that("default fits are judged right", {
  for (fit in list(
    bbb_fit(Species ~ ., iris, hidden = 8, seed = 1),
    bbb_fit(mpg ~ ., mtcars, hidden = 4, seed = 1),
    bbb_fit(dist ~ speed, cars, hidden = 4, prior = prior_laplace(), seed = 1)
  )) {
    expect_lt(abs(fit$sd_gap), 0.1)
    expect_true(fit$converged)
  }
})

test_that("each of several fits has its own", {
  fit <- quick(waves$x, waves$y, fits = 2)
  gaps <- vapply(fit$members, `[[`, 0, "sd_gap")
  expect_identical(gaps[1], quick(waves$x, waves$y)$sd_gap)
  expect_false(gaps[1] == gaps[2])
})

test_that("a fit that was stopped while the KL rose has not converged", {
  fit <- quick(waves$x, waves$y, epochs = 1e6, max_seconds = 0.3, tolerance = 1e6)
  says <- capture.output(print(summary(fit)))

  expect_false(fit$converged)
  expect_match(paste(says, collapse = " "), "Converged +no.*bbb_continue")
  both <- with_cores(1, quick(
    waves$x, waves$y, epochs = 1e6, max_seconds = 0.3, tolerance = 1e6, fits = 2
  ))
  expect_output(print(both), "stopped by `max_seconds`, 0 converged")
})
