# Formulas: what they say of predictors and outcome, and what a fit keeps.

test_that("a dot is all other columns", {
  expect_identical(
    fits$mixed$predictors$names,
    c("a", "b", "c", "fgreen", "fred", "son", "lTRUE", "i")
  )
  expect_identical(formula(fits$mixed), y ~ ., ignore_attr = TRUE)
})

test_that("functions and interactions are those of model.matrix()", {
  formulas <- list(
    y ~ log(i) + a, y ~ poly(i, 2) * f, y ~ a:f, y ~ I(a^2) + factor(i),
    y ~ (a + b + s)^2, y ~ scale(a) + l, y ~ . - f, y ~ a %in% b + cut(c, 3)
  )
  for (formula in formulas) {
    fit <- quick(formula, mixed)

    matrix <- model.matrix(formula, mixed)
    expect_identical(fit$predictors$names, colnames(matrix)[-1])
    expect_equal(fit$predictors$center, unname(colMeans(matrix[, -1])))
  }
})

test_that("data-dependent bases are those of the training rows", {
  for (formula in list(y ~ poly(i, 2) + a, y ~ scale(i), y ~ poly(a, b, degree = 2))) {
    fit <- quick(formula, mixed)

    expect_identical(predict(fit, mixed[5:7, ]), predict(fit, mixed)[5:7])
  }
})

test_that("a formula without intercept is the same network", {
  expect_identical(quick(y ~ 0 + a + f, mixed)$mu, quick(y ~ a + f, mixed)$mu)
  expect_identical(quick(y ~ a - 1, mixed)$mu, quick(y ~ a, mixed)$mu)
})

test_that("a transformed outcome is fitted, and predicted, transformed", {
  fit <- quick(log(y) ~ a + b, mixed)
  by_hand <- quick(mixed[c("a", "b")], log(mixed$y))

  expect_identical(fit$mu, by_hand$mu)
  expect_identical(
    bbb_score(fit, mixed), bbb_score(by_hand, mixed[c("a", "b")], log(mixed$y))
  )
})

test_that("variables come from where the formula was written, too", {
  a <- mixed$a
  b <- mixed$b
  outcome <- mixed$y
  fit <- quick(outcome ~ a + b)
  half <- quick(y ~ a + b, mixed["y"])
  in_environment <- quick(outcome ~ a + b, data = environment())

  expect_identical(fit$mu, quick(y ~ a + b, mixed)$mu)
  expect_identical(half$mu, fit$mu)
  expect_identical(in_environment$mu, fit$mu)
  expect_identical(predict(fit, mixed[3:4, ]), predict(half, mixed)[3:4])
  expect_identical(predict(in_environment, mixed), predict(fit, mixed))
})

test_that("a variable found where the formula was written is wanted in new data", {
  a <- mixed$a
  fit <- quick(y ~ a, mixed["y"])

  expect_error(predict(fit, mixed["b"]), "lacks the column `a`", class = "bbb_error_data")
})

test_that("the outcome of a score must be in its data", {
  y <- mixed$y
  fit <- quick(y ~ a, mixed)

  expect_error(bbb_score(fit, mixed["a"]), "`x` lacks the column `y`", class = "bbb_error_data")
  expect_s3_class(bbb_score(fit, mixed["a"], y), "data.frame")
})

test_that("constants and functions of the formula's place are remembered", {
  fit <- local({
    power <- 3
    lift <- function(v) v^power + 1
    quick(y ~ lift(a) + I(b^power), mixed)
  })
  file <- tempfile(fileext = ".rds")
  saveRDS(fit, file)
  back <- readRDS(file)
  unlink(file)

  by_hand <- quick(data.frame(a = mixed$a^3 + 1, b = mixed$b^3), mixed$y)
  expect_identical(fit$mu, by_hand$mu)
  expect_identical(predict(fit, mixed), fitted(by_hand))
  expect_identical(predict(back, mixed), predict(fit, mixed))
  expect_identical(bbb_score(back, mixed), bbb_score(fit, mixed))
})

test_that("a fit keeps nothing else of the formula's place", {
  size <- function(n) {
    big <- rnorm(n)
    k <- 2
    fits <- list(
      quick(y ~ a + b, mixed), quick(y ~ I(a^k), mixed), quick(mixed[1:2], mixed$y)
    )
    length(serialize(lapply(fits, timeless), NULL))
  }

  expect_equal(size(1e5), size(1))
})

test_that("a formula without data keeps no data", {
  size <- function(n) {
    a <- waves$x[rep_len(1:24, n), "a"]
    y <- waves$y[rep_len(1:24, n)]
    fit <- quick(y ~ a, batch_size = 8)
    fit$fitted <- fit$residuals <- NULL
    length(serialize(timeless(fit), NULL))
  }

  expect_lt(abs(size(2400) - size(24)), 100)
})

test_that("extra columns of another type do not matter to a score", {
  more <- transform(mixed, when = Sys.time())
  more$list <- as.list(1:24)

  expect_identical(bbb_score(fits$mixed, more), bbb_score(fits$mixed, mixed))
})

test_that("a formula must have an outcome and a predictor", {
  expect_error(bbb_fit(~a, mixed), "must have an outcome", class = "bbb_error_argument")
  expect_error(bbb_fit(y ~ 1, mixed), "at least one predictor", class = "bbb_error_argument")
  expect_error(bbb_fit(y ~ 0, mixed), "at least one predictor", class = "bbb_error_argument")
  expect_error(
    bbb_fit(y ~ a + offset(b), mixed), "offset", class = "bbb_error_argument"
  )
})

test_that("an error of model.frame() is one sentence about the data", {
  error <- caught(bbb_fit(y ~ nowhere, mixed))

  expect_s3_class(error, "bbb_error_data")
  expect_identical(conditionMessage(error), "Object 'nowhere' not found.")
  expect_error(
    bbb_fit(y ~ a, list2env(list(a = 1:3, y = 1:2))), "differ", class = "bbb_error_data"
  )
})
