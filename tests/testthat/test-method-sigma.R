# sigma() against the noise of the data.

test_that("sigma() is the aleatoric sd of a numeric outcome, in its units", {
  expect_identical(sigma(fits$gaussian), fits$gaussian$noise)
  several <- quick(waves$x, waves$y, fits = 3)
  sd <- predict(several, waves$x, type = "uncertainty")$sd_aleatoric
  expect_equal(rep(sigma(several), 24), sd, tolerance = 1e-6)
  two <- quick(waves$x, cbind(a = waves$y, b = 100 * waves$y))
  expect_identical(names(sigma(two)), c("a", "b"))
  expect_gt(sigma(two)[["b"]], 10 * sigma(two)[["a"]])
  expect_error(sigma(fits$binomial), "family \"gaussian\"", class = "bbb_error_argument")
  expect_error(sigma(fits$gaussian, 1), class = "bbb_error_argument")
})
