# What R asks of a fit beside predictions.

test_that("quantile residuals are by the seed, and leave R's generator alone", {
  counts <- quick(waves$x, round(waves$y), family = "poisson")
  ask <- function(...) residuals(counts, "quantile", waves$x, round(waves$y), ...)
  set.seed(1)
  before <- .Random.seed

  expect_identical(ask(seed = 1), ask(seed = 1))
  expect_identical(ask(), ask())
  expect_false(identical(ask(seed = 1), ask(seed = 2)))
  expect_identical(.Random.seed, before)
})

test_that("a row without trials has no residual and no part in the error", {
  d <- data.frame(x = sin(1:20), k = rep(1:2, 10), m = 3)
  d[1, 2:3] <- 0
  fit <- quick(cbind(k, m - k) ~ x, d, family = "binomial")

  for (type in c("response", "pearson", "deviance")) {
    expect_identical(unname(which(is.na(residuals(fit, type, d)))), 1L)
  }
  expect_identical(unname(which(is.na(residuals(fit)))), 1L)
  expect_identical(bbb_score(fit, d)$rmse, bbb_score(fit, d[-1, ])$rmse)
  expect_identical(
    bbb_score(fit, d, weights = 1:20)$rmse, bbb_score(fit, d[-1, ], weights = 2:20)$rmse
  )
})

# ---- residuals ---------------------------------------------------------------

test_that("residuals of data given again are those that the fit kept", {
  for (family in names(known_families)) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    expect_equal(residuals(fit, "response", waves$x, known_families[[family]]), residuals(fit))
  }
  expect_identical(residuals(fits$mixed, "response", mixed), residuals(fits$mixed))
})

test_that("pearson residuals are over the sd of the predictive distribution", {
  for (family in setdiff(names(known_families), c("categorical", "ordinal"))) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    sd <- predict(fit, waves$x, "uncertainty")$sd_total
    expect_equal(residuals(fit, "pearson", waves$x, known_families[[family]]), residuals(fit) / sd)
  }
  p <- fitted(fits$categorical)
  expect_equal(
    residuals(fits$categorical, "pearson", trios$x, trios$y), residuals(fits$categorical) / sqrt(p * (1 - p)),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  fit <- quick(waves$x, known_trials, family = "binomial")
  p <- fitted(fit)
  expect_lt(
    max(abs(residuals(fit, "pearson", waves$x, known_trials)) / abs(residuals(fit) / sqrt(p * (1 - p) / rowSums(known_trials)))), 1
  )
})

test_that("deviance residuals are those of glm() at the same mean", {
  count <- known_families$poisson
  for (family in c("gaussian", "binomial", "poisson", "gamma")) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    y <- known_families[[family]] + 0
    squares <- family(fit)$dev.resids(y, fitted(fit), rep(1, 24))
    expect_equal(
      residuals(fit, "deviance", waves$x, known_families[[family]]), sign(y - fitted(fit)) * sqrt(squares)
    )
  }
  fit <- quick(waves$x, count, family = "negbinomial")
  skip_if_not_installed("MASS")
  squares <- MASS::negative.binomial(1 / fit$parameters)$dev.resids(count, fitted(fit), rep(1, 24))
  expect_equal(residuals(fit, "deviance", waves$x, count)^2, squares)
})

test_that("of classes they are the root of minus twice the log probability", {
  got <- residuals(fits$categorical, "deviance", trios$x, trios$y)
  p <- fitted(fits$categorical)[cbind(1:24, as.integer(trios$y))]

  expect_equal(got, sqrt(-2 * log(p)))
})

test_that("quantile residuals of simulated outcomes are standard normal", {
  new <- cbind(a = sin(1:4000), b = cos(1:4000), c = sin(1:4000 / 7))
  for (family in setdiff(names(known_families), "categorical")) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    set.seed(2)
    y <- simulate(fit, 1, newdata = new)$sim_1

    got <- residuals(fit, "quantile", new, y, draws = 50)
    expect_lt(abs(mean(got)), 0.1)
    expect_lt(abs(sd(got) - 1), 0.1)
    expect_gt(ks.test(got, "pnorm")$p.value, 1e-5)
  }
})

test_that("that test of quantile residuals can fail", {
  fit <- quick(waves$x, known_families$poisson, family = "poisson")
  set.seed(2)
  y <- simulate(fit, 1, newdata = waves$x)$sim_1
  wrong <- residuals(fit, "quantile", waves$x, 3 * y + 2, draws = 20)

  expect_gt(mean(wrong), 0.5)
})

test_that("quantile residuals of trials and censored times lie where they may", {
  fit <- quick(waves$x, known_trials, family = "binomial")
  expect_true(all(is.finite(residuals(fit, "quantile", waves$x, known_trials, draws = 5))))
  early <- cbind(rep(1e-3, 24), 0)
  fit <- quick(waves$x, cbind(known_families$weibull, 1), family = "weibull")
  set.seed(1)
  got <- residuals(fit, "quantile", waves$x, early, draws = 5)
  expect_lt(abs(mean(got)), 1)
  expect_gt(sd(got), 0.5)
})

test_that("residuals without a meaning are refused", {
  expect_error(residuals(fits$gaussian, "pearson"), "`x` is missing", class = "bbb_error_argument")
  expect_error(residuals(fits$gaussian, "working"), "`type`", class = "bbb_error_argument")
  expect_error(
    residuals(fits$categorical, "quantile", trios$x, trios$y), "unordered",
    class = "bbb_error_argument"
  )
  fit <- quick(waves$x, waves$y, family = "student_t")
  expect_error(
    residuals(fit, "deviance", waves$x, waves$y), "not defined", class = "bbb_error_argument"
  )
})

# ---- simulation --------------------------------------------------------------

test_that("several fits have residuals, simulations and a log-likelihood of their mixture", {
  y <- known_families$negbinomial
  fit <- quick(waves$x, y, family = "negbinomial", fits = 3, weights = rep(1:3, 8))
  one <- quick(waves$x, y, family = "negbinomial", weights = rep(1:3, 8))

  expect_identical(fit$members[[1]]$mu, one$mu)
  expect_identical(fit$members[[2]]$total_weight, 48)
  expect_equal(residuals(fit, "response", waves$x, y), residuals(fit))
  for (type in c("deviance", "quantile", "pearson")) {
    expect_true(all(is.finite(residuals(fit, type, waves$x, y))))
  }
  expect_equal(as.double(logLik(fit, waves$x, y)), 24 * bbb_score(fit, waves$x, y)$log_score)
  row <- waves$x[rep(2, 4000), ]
  means <- colMeans(simulate(fit, 40, seed = 1, newdata = row))
  want <- predict(fit, row[1, , drop = FALSE], "uncertainty")
  expect_lt(abs(mean(means) - want$mean), 5 * want$sd_epistemic / sqrt(40) + 0.02)
})

test_that("residuals of several outcomes keep their names", {
  y <- cbind(u = waves$y, v = waves$x[, 1])
  fit <- quick(waves$x, y)
  for (type in c("response", "pearson", "quantile")) {
    expect_identical(colnames(residuals(fit, type, waves$x, unname(y))), c("u", "v"))
  }
})
