test_that("both plots are drawn, six panels or three, and par is put back", {
  on_null_device({
    graphics::par(mfrow = c(2, 2), mar = c(1, 1, 1, 1))
    before <- graphics::par("mfrow", "mar", "mgp")
    value <- withVisible(plot(fits$gaussian))
    plot(fits$binomial, which = "training", col = "red", cex = 0.5)
    plot(fits$categorical, which = "weights", lwd = 2)

    expect_identical(graphics::par("mfrow", "mar", "mgp"), before)
  })
  expect_false(value$visible)
  expect_identical(value$value, fits$gaussian)
})

test_that("par is put back after an error too", {
  fit <- quick(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  on_null_device({
    before <- graphics::par("mfrow", "mar")
    expect_error(plot(fit), "no finished epoch", class = "bbb_error_argument")

    expect_identical(graphics::par("mfrow", "mar"), before)
  })
})

test_that("fits of one epoch and of a linear model are drawn", {
  on_null_device({
    expect_silent(plot(quick(waves$x, waves$y, epochs = 1)))
    expect_silent(plot(quick(waves$x, waves$y, hidden = NULL)))
    expect_silent(plot(quick(waves$x[, 1], waves$y, hidden = NULL, epochs = 40)))
  })
})

test_that("unknown parts and parameters that the plot sets are refused", {
  for (which in list("foo", 1, NULL, character(), NA, c("training", "foo"), list("weights"))) {
    expect_error(
      plot(fits$gaussian, which = which), "\"training\", \"weights\" or both",
      class = "bbb_error_argument"
    )
  }
  expect_error(
    plot(fits$gaussian, main = "a", xlab = "b"), "does not take `main` and `xlab`",
    class = "bbb_error_argument"
  )
})

test_that("the histories and the weights of all members are drawn", {
  joined <- joined_history(trio)
  expect_identical(which(is.na(joined$epoch)), c(7L, 14L))
  expect_identical(joined$elbo[8:13], trio$members[[2]]$history$elbo)
  on_null_device(expect_silent(plot(trio)))
  empty <- three_fits(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  on_null_device(
    expect_error(plot(empty), "no finished epoch", class = "bbb_error_argument")
  )
})
