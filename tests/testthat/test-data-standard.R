# Predictors are standardised by the weighted mean and population sd.

test_that("a long constant column that cannot be summed exactly has scale 1", {
  expect_identical(standardisation(matrix(0.1, 1e5))$scale, 1)
  expect_identical(standardisation(matrix(1e300 / 3, 1e4))$scale, 1)
})

test_that("predictors that are not to be standardised are taken as they are", {
  standard <- scale(waves$x) / sqrt(23 / 24)
  attributes(standard) <- attributes(waves$x)
  as_is <- quick(standard, waves$y, standardise = FALSE)

  expect_identical(as_is$predictors$center, c(0, 0, 0))
  expect_identical(as_is$predictors$scale, c(1, 1, 1))
  expect_equal(as_is$mu, quick(waves$x, waves$y)$mu, tolerance = 1e-5)
  expect_identical(as_is$outcome$center, mean(waves$y))
})

test_that("the choice may be made for each column, by place or by name", {
  by_place <- quick(waves$x, waves$y, standardise = c(TRUE, FALSE, TRUE))
  by_name <- quick(waves$x, waves$y, standardise = c("c", "a"))

  expect_identical(by_place$predictors$scale == 1, c(FALSE, TRUE, FALSE))
  expect_identical(by_name$mu, by_place$mu)
  for (wrong in list(NA, 1, "z", c(TRUE, FALSE), NULL, character())) {
    expect_error(
      quick(waves$x, waves$y, standardise = wrong), "`standardise`",
      class = "bbb_error_argument"
    )
  }
})

test_that("predictors are standardised with mean and population sd", {
  recipe <- fits$gaussian$predictors
  x <- unname(waves$x)

  expect_equal(recipe$center, colMeans(x))
  expect_equal(recipe$scale, sqrt(colMeans(sweep(x, 2, colMeans(x))^2)))
})

test_that("a constant column has scale 1", {
  expect_identical(standardisation(cbind(rep(3, 5)))$scale, 1)
  expect_identical(standardisation(cbind(rep(0.1 + 0.2, 3)))$scale, 1)
  expect_identical(standardisation(cbind(4))[["scale"]], 1)
})

test_that("the mean and sd of extreme numbers do not overflow", {
  huge <- standardisation(cbind(c(-1, 1) * 1e308))
  small <- standardisation(cbind(c(0, 1e-300)))

  expect_equal(huge$center, 0)
  expect_true(is.finite(huge$scale) && huge$scale >= 1e300)
  expect_equal(small$scale, 5e-301)
})
