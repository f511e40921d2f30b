# The log-likelihood and the number of rows.

test_that("the log-likelihood is that of the score, times rows", {
  fit <- fits$gaussian
  weights <- rep(0:2, 8)
  got <- logLik(fit, waves$x, waves$y)

  expect_equal(as.double(got), 24 * bbb_score(fit, waves$x, waves$y)$log_score)
  expect_identical(attr(got, "nobs"), 24L)
  expect_identical(AIC(got), NA_real_)
  again <- rep(1:24, weights)
  expect_equal(
    as.double(logLik(fit, waves$x, waves$y, weights = weights)),
    as.double(logLik(fit, waves$x[again, ], waves$y[again])), tolerance = 1e-6
  )
  expect_equal(as.double(logLik(fits$mixed, mixed)), 24 * bbb_score(fits$mixed, mixed)$log_score)
})

test_that("nobs counts the training rows", {
  expect_identical(nobs(fits$mixed), 24L)
  expect_identical(nobs(quick(waves$x, waves$y, validation = 0.25)), 24L)
})
