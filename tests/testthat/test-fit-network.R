# The network as R sees it.

test_that("widths are inputs, hidden units and outputs", {
  expect_identical(layer_widths(3, c(5, 4), 2), c(3L, 5L, 4L, 2L))
  expect_identical(n_weights(c(3L, 5L, 4L, 2L)), 4L * 5L + 6L * 4L + 5L * 2L)
})

test_that("a network of more weights than an index can hold is refused", {
  expect_error(
    layer_widths(1, c(2^24, 2^24), 1), "at most 2\\^30", class = "bbb_error_argument"
  )
})

test_that("starting means have He's scale before a relu, Glorot's elsewhere", {
  control <- settle_control(bbb_control(), 100)
  relu <- start_for_core(c(8L, 4L, 1L), "relu", control, 0)
  tanh <- start_for_core(c(8L, 4L, 1L), "tanh", control, 0)

  expect_equal(relu$mu_sd, c(sqrt(2 / 8), sqrt(2 / 5)))
  expect_equal(tanh$mu_sd, c(sqrt(2 / 12), sqrt(2 / 5)))
  expect_identical(relu$bias_sd[2], 0)
})

test_that("the first layer's bias is not shared between units", {
  start <- quick(waves$x, waves$y, hidden = 8, epochs = 1, learn_rate = 1e-9)
  bias <- by_layer(start$mu, unit_names(1:3, 8L, "y"))[[1]]$bias

  expect_length(unique(bias), 8L)
})

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
