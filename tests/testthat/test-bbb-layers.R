# Flat vectors of weights and lists of layers.

test_that("bbb_layers() and bbb_flat() are each other's inverse", {
  fit <- quick(waves$x, waves$y, hidden = c(4, 2))
  layers <- bbb_layers(fit)

  expect_identical(bbb_flat(layers), fit$mu)
  expect_identical(layers, bbb_gradients(fit, waves$x, waves$y)$mu)
  expect_identical(bbb_flat(bbb_layers(fit, fit$rho)), fit$rho)
  expect_identical(bbb_layers(fit, bbb_layers(fit, fit$rho)), bbb_layers(fit, fit$rho))
})

test_that("a linear model has one layer, and one input a matrix of one row", {
  fit <- quick(matrix(waves$x[, 1]), waves$y, hidden = integer())
  layers <- bbb_layers(fit)

  expect_identical(dim(layers[[1]]$weight), c(1L, 1L))
  expect_identical(bbb_flat(layers), fit$mu)
})

test_that("of several fits one is asked for by its number", {
  fit <- quick(waves$x, waves$y, fits = 2)

  expect_error(bbb_layers(fit), "`member` must be given", class = "bbb_error_argument")
  expect_identical(bbb_flat(bbb_layers(fit, member = 2)), fit$members[[2]]$mu)
})
