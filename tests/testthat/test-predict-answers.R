# What predict() makes of the draws, against the draws themselves.

test_that("uncertainty adds in squares", {
  for (family in c("gaussian", "binomial", "categorical")) {
    u <- predicted(family, "uncertainty", waves$x)

    expect_equal(u$sd_epistemic^2 + u$sd_aleatoric^2, u$sd_total^2)
    expect_true(all(u$sd_epistemic > 0 & u$sd_aleatoric > 0))
  }
})

test_that("uncertainty is of the outcome, or of the class that is named", {
  u <- predicted("gaussian", "uncertainty")
  expect_identical(names(u), c("mean", "sd_epistemic", "sd_aleatoric", "sd_total"))
  expect_identical(u$mean, predicted("gaussian", "response"))
  expect_equal(u$sd_aleatoric, rep(fits$gaussian$noise, 3), tolerance = 1e-6)

  u <- predicted("binomial", "uncertainty")
  expect_equal(u$sd_total^2, u$mean * (1 - u$mean))

  u <- predicted("categorical", "uncertainty")
  expect_identical(names(u)[1:2], c("class", "mean"))
  expect_identical(u$class, predicted("categorical", "class"))
  expect_equal(u$mean, apply(predicted("categorical", "prob"), 1, max))
})

test_that("each quantile is named in as few digits as it needs", {
  got <- predict(fits$gaussian, waves$x[1:2, ], "quantile", probs = c(0.025, 0.5, 0.999, 1 / 3))
  expect_identical(colnames(got), c("2.5%", "50%", "99.9%", "33.33333%"))
})

test_that("gaussian quantiles are those of the mixture over the draws", {
  draws <- predicted("gaussian", "draws")
  q <- predicted("gaussian", "quantile", probs = 0.2)

  below <- vapply(1:3, function(i) mean(pnorm(q[i], draws[, i], fits$gaussian$noise)), 0)
  expect_equal(below, rep(0.2, 3), tolerance = 1e-5)
})

test_that("the mean and spread of the draws are those of the other types", {
  for (family in c("gaussian", "binomial")) {
    draws <- predicted(family, "draws")
    uncertainty <- predicted(family, "uncertainty")

    expect_equal(colMeans(draws), predicted(family, "response"), tolerance = 1e-6)
    sd <- sqrt(colMeans(sweep(draws, 2, colMeans(draws))^2))
    expect_equal(sd, uncertainty$sd_epistemic, tolerance = 1e-5)
  }
  draws <- predicted("categorical", "draws")
  expect_equal(apply(draws, 2:3, mean), predicted("categorical", "prob"), tolerance = 1e-6)
})
