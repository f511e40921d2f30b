# The posterior of a fit as the prior of the next.

# Two halves of the same 24 rows.
half <- function(x, which) {
  rows <- if (which == 1L) 1:12 else 13:24
  if (is.matrix(x)) x[rows, , drop = FALSE] else x[rows]
}
first_half <- function(...) quick(half(waves$x, 1L), half(waves$y, 1L), ...)
updated <- function(fit, ..., epochs = 6, seed = 2) {
  bbb_update(fit, half(waves$x, 2L), half(waves$y, 2L), ..., epochs = epochs, seed = seed)
}

test_that("of a linear model the update is Bayes' rule", {
  # a predictor of -1 and 1 in equal parts: weight and bias are independent
  x <- rep(c(-1, 1), 20)
  y <- 3 + 2 * x + 0.5 * sin(7 * seq_along(x))
  settings <- list(hidden = NULL, prior = prior_normal(1), noise = 1, seed = 1)
  fit <- do.call(bbb_fit, c(list(x[1:20], y[1:20], epochs = 2000), settings))
  for (kl in c("exact", "sampled")) {
    more <- bbb_update(fit, x[21:40], y[21:40], epochs = 2000, seed = 1, kl = kl)

    z <- x[21:40] / fit$predictors$scale
    outcome <- (y[21:40] - fit$outcome$center) / fit$outcome$scale
    noise <- 1 / fit$outcome$scale
    sigma <- log1p(exp(fit$rho))
    precision <- 1 / sigma^2 + c(sum(z^2), 20) / noise^2
    mean <- (fit$mu / sigma^2 + c(sum(z * outcome), sum(outcome)) / noise^2) / precision

    expect_lt(max(abs(more$mu - mean) * sqrt(precision)), 0.1)
    expect_close(log1p(exp(more$rho)), 1 / sqrt(precision), 0.03)
  }
})

test_that("the prior is the old posterior, and its gradient that of its log density", {
  fit <- updated(first_half())
  eps <- sin(seq_along(fit$mu))
  step <- function(fit) bbb_gradients(fit, waves$x, waves$y, eps = eps)
  before <- fit$earlier
  prior_at <- function(mu) {
    w <- mu + log1p(exp(fit$rho)) * eps
    sum(dnorm(w, before$mu, log1p(exp(before$rho)), log = TRUE))
  }
  # what the prior adds to d_mu: that of the same weights under another prior, less
  flat <- fit
  flat$earlier$rho[] <- 15
  added <- as.vector(flat_layers(step(fit)$d_mu)) - as.vector(flat_layers(step(flat)$d_mu))

  expect_equal(step(fit)$log_prior, prior_at(fit$mu), tolerance = 1e-4)
  expect_gradient(-added, prior_at, fit$mu, tolerance = 1e-3)
})

test_that("every instruction set updates alike", {
  fit <- first_half(samples = 2)
  for (how in list(list(), list(kl = "sampled"), list(samples = 2))) {
    means <- lapply(isas_here(), function(isa) {
      local_isa(isa)
      do.call(updated, c(list(fit), how))$mu
    })
    for (mu in means[-1L]) expect_close(mu, means[[1L]], 1e-4)
  }
})

test_that("without news little changes, and with news the fit follows", {
  fit <- first_half(epochs = 300)
  same <- bbb_update(fit, half(waves$x, 1L)[1, ], fitted(fit)[1], epochs = 200, seed = 1)
  far <- bbb_update(fit, half(waves$x, 1L), half(waves$y, 1L) + 20, epochs = 300, seed = 1)
  at <- half(waves$x, 1L)

  expect_lt(max(abs(predict(same, at, draws = 500) - predict(fit, at, draws = 500))), fit$noise)
  expect_gt(min(predict(far, at, draws = 500) - predict(fit, at, draws = 500)), 1)
})

test_that("an update says what it is and counts its own rows", {
  fit <- first_half()
  more <- updated(fit)

  expect_identical(more$noise, fit$noise)
  expect_identical(more$earlier, unclass(fit)[c("mu", "rho")])
  expect_identical(nobs(more), 12L)
  expect_identical(nrow(more$history), 6L)
  expect_length(fitted(more), 12L)
  expect_identical(more$control$learn_rate, fit$control$learn_rate)
  expect_output(print(summary(more)), "Prior +the posterior of the fit that was updated")
  expect_output(print(summary(more)), "as before")
  expect_null(more$prior_sd)
})

test_that("it goes on, and is updated again", {
  fit <- first_half()
  run <- function(epochs) updated(fit, epochs = epochs, schedule = "constant")
  more <- bbb_continue(run(2), half(waves$x, 2L), half(waves$y, 2L), epochs = 3)
  again <- updated(run(5))

  expect_identical(more$mu, run(5)$mu)
  expect_identical(again$earlier$mu, run(5)$mu)
  expect_identical(updated(fit)$mu, updated(fit)$mu)
})

test_that("rows held out are of the new data", {
  fit <- updated(first_half(), validation = 0.25, epochs = 10)

  expect_length(fit$held_out, 3L)
  expect_true(all(is.finite(fit$history$validation)))
})

test_that("each of several fits is updated from its own posterior", {
  fit <- first_half(fits = 2)
  more <- updated(fit)
  alone <- updated(member_fit(fit, 2L), seed = c(2, 1))

  expect_identical(more$members[[2L]]$mu, alone$mu)
  expect_identical(more$members[[1L]]$earlier$mu, fit$members[[1L]]$mu)
  expect_length(predict(more, waves$x), 24L)
})

test_that("formulas, weights and offsets are read as in the fit", {
  d <- transform(mixed, n = 1:24, w = rep(1:2, 12))
  fit <- quick(y ~ a + f + offset(n), d[1:12, ], weights = w, subset = a > -0.9)
  more <- bbb_update(fit, d[13:24, ], epochs = 3, seed = 1)
  by_hand <- bbb_update(fit, d[13:24, ], weights = d$w[13:24], epochs = 3, seed = 1)

  expect_identical(more$mu, by_hand$mu)
  expect_identical(more$n, 12L)
  expect_identical(more$total_weight, 18)
  expect_identical(nrow(update(more, epochs = 2)$history), 2L)
})

test_that("what an update cannot take is an error", {
  fit <- first_half()
  expect_error(bbb_update(1, 1, 1), "`fit` must be", class = "bbb_error_argument")
  expect_error(bbb_update(fit), "`x` is missing", class = "bbb_error_argument")
  expect_error(updated(fit, fits = 2), "no argument `fits`", class = "bbb_error_argument")
  expect_error(updated(fit, noise = 2), "no argument `noise`", class = "bbb_error_argument")
  expect_error(updated(fit, offset = 1), "`offset` must not be given", class = "bbb_error_argument")
  expect_error(
    bbb_update(fits$mixed, transform(mixed, f = "blue green")), "blue green",
    class = "bbb_error_data"
  )
  expect_error(
    bbb_fit(waves$x, waves$y, prior = updated(fit)$prior), "`prior` must be made by",
    class = "bbb_error_argument"
  )
})

test_that("what validation stopped is updated too", {
  for (fits in 1:2) {
    fit <- first_half(validation = 0.3, patience = 1, epochs = 200, kl_warmup = 0,
      learn_rate = 0.05, fits = fits)
    stopped <- vapply(member_fits(fit), `[[`, "", "stopped")
    expect_identical(stopped, rep("validation", fits))
    expect_s3_class(updated(fit), "bbb_fit")
    expect_s3_class(updated(updated(fit)), "bbb_fit")
  }
})

test_that("update() does not take the new rows twice", {
  for (fits in 1:2) {
    fit <- quick(y ~ a, mixed[1:12, ], fits = fits)
    more <- bbb_update(fit, mixed[13:24, ], epochs = 3, seed = 1)
    again <- update(more, epochs = 4)
    expect_identical(again$earlier, more$earlier)
    fit <- more
    expect_error(update(fit, epochs = 4), "`fit` is no longer", class = "bbb_error_argument")
  }
})
