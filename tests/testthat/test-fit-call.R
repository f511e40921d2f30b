# The call that a fit keeps, which update() makes again.

test_that("update() makes the call again, with changes", {
  fit <- bbb_fit(y ~ ., mixed, hidden = 4, epochs = 6, samples = 1, seed = 1, subset = i > 1)

  expect_identical(update(fit)$mu, fit$mu)
  expect_identical(nrow(update(fit, epochs = 3)$history), 3L)
  smaller <- update(fit, . ~ . - f - s, epochs = 3)
  expect_identical(smaller$predictors$names, c("a", "b", "c", "lTRUE", "i"))
  expect_identical(smaller$n, 20L)
  expect_identical(update(fit, subset = NULL)$n, 24L)
  logged <- update(fit, log(.) ~ a)
  expect_identical(deparse1(formula(logged)), "log(y) ~ a")
})

test_that("update() works for a matrix, and through another function's dots", {
  x <- waves$x
  y <- waves$y
  fit <- bbb_fit(x, y, hidden = 4, epochs = 6, seed = 1)
  made <- (function(...) bbb_fit(..., epochs = 6, seed = 1))(x, y, hidden = 4)

  expect_identical(fit$call, quote(bbb_fit(x = x, y = y, hidden = 4, epochs = 6, seed = 1)))
  expect_identical(update(fit)$mu, fit$mu)
  expect_identical(update(made)$mu, fit$mu)
  expect_identical(update(fit, hidden = 2)$hidden, 2L)
})

test_that("a call that came with its data keeps the name of the data only", {
  x <- waves$x[rep(1:24, 100), ]
  fit <- do.call(bbb_fit, list(x, x[, 1], hidden = 2, epochs = 1, seed = 1))

  expect_identical(fit$call, quote(bbb_fit(x = x, y = y, hidden = 2, epochs = 1, seed = 1)))
})

test_that("a call through do.call() has names where its data were", {
  small <- do.call(bbb_fit, list(dist ~ speed, data = cars, epochs = 2, seed = 1))
  expect_identical(names(small$call), c("", "formula", "data", "epochs", "seed"))
  expect_identical(update(small)$mu, small$mu)

  d <- data.frame(x = sin(1:2000), f = cos(1:2000), y = 1:2000)
  large <- do.call(bbb_fit, list(y ~ x, data = d, epochs = 2, seed = 1))
  expect_identical(large$call$data, quote(data))
  more <- do.call(bbb_update, list(large, d, epochs = 2, seed = 1))
  expect_identical(more$call, quote(bbb_update(fit = fit, x = x, epochs = 2, seed = 1)))
})
