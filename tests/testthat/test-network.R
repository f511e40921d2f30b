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
