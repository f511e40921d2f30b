# Flat vectors of weights and lists of layers.

test_that("by_layer() shows a flat vector as inputs x units, and goes back", {
  units <- unit_names(c("a", "b"), c(3L, 2L), "y")
  flat <- as.numeric(seq_len(n_weights(c(2L, 3L, 2L, 1L))))
  layers <- by_layer(flat, units)

  expect_identical(
    layers[[1]]$weight,
    matrix(1:6 + 0, 2, byrow = TRUE, dimnames = list(c("a", "b"), paste0("h1_", 1:3)))
  )
  expect_identical(layers[[1]]$bias, c(h1_1 = 7, h1_2 = 8, h1_3 = 9))
  expect_identical(dim(layers[[3]]$weight), c(2L, 1L))
  expect_identical(as.vector(flat_layers(layers)), flat)
})

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

test_that("layers that do not fit together are refused", {
  good <- list(
    list(weight = matrix(1, 3, 4), bias = 1:4), list(weight = matrix(1, 4, 1), bias = 1)
  )
  expect_length(bbb_flat(good), 21L)
  refused <- list(
    1:21, list(), list(1), good[[1]], good[2:1],
    list(list(weight = 1:3, bias = 1)), list(list(weight = matrix("a"), bias = 1)),
    list(list(weight = matrix(1, 3, 4), bias = 1:3))
  )
  for (layers in refused) {
    expect_error(bbb_flat(layers), "`layers` must", class = "bbb_error_argument")
  }
})

test_that("values of another network are refused", {
  fit <- fits$gaussian
  # as many weights, of other shapes
  other <- list(
    list(weight = matrix(1, 6, 3), bias = 1:3)
  )
  for (values in list(1:20, c(NA, 1:20), "a", other, bbb_layers(fit)[1])) {
    expect_error(
      bbb_layers(fit, values), "`values` must have one finite number for each of the 21",
      class = "bbb_error_argument"
    )
  }
})
