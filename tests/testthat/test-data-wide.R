# Terms of many variables against those of R.

test_that("only sums of columns of the data are taken apart", {
  is_plain <- function(formula, data = wide_frame) !is.null(wide_terms(formula, data))

  expect_true(all(vapply(plain_formulas, is_plain, NA)))
  expect_false(any(vapply(other_formulas, is_plain, NA)))
  for (formula in list(
    y ~ . + y, y ~ V1 + ., y ~ . + ., y ~ . + V1 - V1, y ~ 0 + ., y ~ log(y), y ~ -V1 + .,
    y ~ (.), y ~ . + nowhere, y ~ V1 + V2, y ~ .^2, y ~ . / V1
  )) {
    expect_false(is_plain(formula))
  }
  expect_false(is_plain(y ~ ., as.list(wide_frame)))
  expect_false(is_plain(y ~ ., wide_frame[1:20]))
})

test_that("the predictors are the columns of the model matrix", {
  for (formula in c(plain_formulas, other_formulas[-2])) {
    fit <- quick(formula, wide_frame)
    x <- model.matrix(formula, wide_frame)[, -1]

    expect_identical(fit$predictors$names, colnames(x))
    expect_equal(fit$predictors$center, unname(colMeans(x)))
    expect_identical(fit$predictors$xlev, .getXlevels(terms(fit), model.frame(formula, wide_frame)))
    expect_identical(predict(fit, wide_frame[7:5, ]), predict(fit, wide_frame)[7:5])
    expect_identical(predict(fit, wide_frame[7, ]), predict(fit, wide_frame)[7])
  }
  fit <- quick(y ~ ., wide_frame)
  wide_numbers <- quick(model.matrix(y ~ ., wide_frame)[, -1], wide_frame$y)
  expect_identical(fit[c("mu", "rho")], wide_numbers[c("mu", "rho")])
  expect_identical(quick(wide_frame[-127], wide_frame$y)$mu, fit$mu)
  expect_identical(quick(reformulate(names(wide_frame)[c(1:124, 126)], "y"), wide_frame)$mu,
    quick(y ~ . - `two words`, wide_frame)$mu)
})

test_that("a formula may have thousands of terms", {
  wide <- as.data.frame(matrix(sin(1:6000), 3))
  formula <- as.formula(paste("V1 ~", paste(names(wide)[-1], collapse = " + ")))

  expect_identical(quick(formula, wide, hidden = 1)$predictors$names, names(wide)[-1])
})
