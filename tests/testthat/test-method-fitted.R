# Fitted values and residuals.

test_that("fitted values are predictions, and residuals what is left", {
  expect_identical(fitted(fits$gaussian), predict(fits$gaussian, waves$x))
  expect_equal(fitted(fits$gaussian) + residuals(fits$gaussian), waves$y)

  expect_identical(fitted(fits$binomial), predict(fits$binomial, pairs$x))
  expect_equal(fitted(fits$binomial) + residuals(fits$binomial), as.numeric(pairs$y))

  indicators <- fitted(fits$categorical) + residuals(fits$categorical)
  expect_identical(fitted(fits$categorical), predict(fits$categorical, trios$x))
  expect_equal(max.col(indicators), as.integer(factor(as.character(trios$y))))
  expect_equal(rowSums(indicators), rep(1, 24))
})
