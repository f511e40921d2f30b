# The score from draws of the mean alone, where the density is of the mean.
test_that("scores are log densities in the outcome's own units", {
  by_hand <- function(family, density, y = family_data[[family]]) {
    fit <- family_fits[[family]]
    draws <- predict(fit, family_data$x, "draws")
    each <- density(rep(y, each = nrow(draws)), draws, fit$parameters)
    got <- bbb_score(fit, family_data$x, family_data[[family]])
    expect_equal(got$log_score, mean(log(colMeans(matrix(each, nrow(draws))))), tolerance = 1e-5)
  }
  by_hand("poisson", \(y, mean, p) dpois(y, mean))
  by_hand("negbinomial", \(y, mean, p) dnbinom(y, 1 / p, mu = mean))
  by_hand("gamma", \(y, mean, p) dgamma(y, p, p / mean))
  by_hand("lognormal", \(y, mean, p) dlnorm(y, log(mean) - p^2 / 2, p))
  by_hand("student_t", \(y, mean, p) dt((y - mean) / p["scale"], p["df"]) / p["scale"])
  by_hand("binomial", \(y, mean, p) dbinom(y, 8, mean), family_data$binomial[, 1])
  time <- family_data$weibull[, 1]
  event <- family_data$weibull[, 2] == 1
  by_hand("weibull", \(y, mean, p) {
    scale <- mean / gamma(1 + p)
    seen <- rep(event, each = nrow(mean))
    ifelse(seen, dweibull(y, 1 / p, scale), pweibull(y, 1 / p, scale, lower.tail = FALSE))
  }, time)
  p <- predict(family_fits$ordinal, family_data$x)
  score <- bbb_score(family_fits$ordinal, family_data$x, family_data$ordinal)
  expect_equal(score$log_score, mean(log(p[cbind(1:300, family_data$ordinal)])), tolerance = 1e-5)
  expect_named(score, c("n", "log_score", "error"))
  expect_named(
    bbb_score(family_fits$gamma, family_data$x, family_data$gamma),
    c("n", "log_score", "rmse", "coverage")
  )
})

test_that("a score is in the outcome's own units", {
  fit <- quick(waves$x, 100 * waves$y)
  score <- bbb_score(fit, waves$x, 100 * waves$y)
  in_units <- bbb_score(fits$gaussian, waves$x, waves$y)

  expect_equal(score$rmse, 100 * in_units$rmse, tolerance = 1e-5)
  expect_equal(score$log_score, in_units$log_score - log(100), tolerance = 1e-5)
  expect_identical(score$coverage, in_units$coverage)
})

test_that("uncertainty is that of the outcome's units", {
  for (family in setdiff(some_families, "ordinal")) {
    u <- predict(family_fits[[family]], family_newx, "uncertainty")
    expect_equal(u$mean, predict(family_fits[[family]], family_newx))
    expect_equal(u$sd_total^2, u$sd_epistemic^2 + u$sd_aleatoric^2)
  }
  u <- predict(family_fits$poisson, family_newx, "uncertainty")
  expect_equal(u$sd_aleatoric^2, u$mean, tolerance = 1e-6)
})
