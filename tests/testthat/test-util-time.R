# The time limit of a fit counts from its call.

test_that("the time that the data take counts towards max_seconds", {
  # nearly all of the time goes into the predictor, and none is left
  slow <- function(v) {
    Sys.sleep(0.3)
    v
  }
  for (fits in 1:2) {
    fit <- quick(y ~ slow(a), mixed, batch_size = 4, max_seconds = 0.2, fits = fits)
    stopped <- if (fits == 1L) fit$stopped else fit$members[[2L]]$stopped
    expect_identical(stopped, "max_seconds")
    expect_true(all(is.finite(predict(fit, mixed))))
  }
  expect_null(attr(fit, "started"))
})
