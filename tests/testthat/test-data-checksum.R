# Training goes on with the data of the fit, and no others.

test_that("other data of as many rows are refused", {
  fit <- quick(waves$x, waves$y, weights = exp(waves$x[, 1]), offset = waves$x[, 2])
  go_on <- function(x = waves$x, y = waves$y, weights = exp(waves$x[, 1]), offset = waves$x[, 2]) {
    bbb_continue(fit, x, y, epochs = 1, weights = weights, offset = offset)
  }
  expect_s3_class(go_on(), "bbb_fit")
  others <- alist(
    go_on(x = replace(waves$x, 5, 0)), go_on(y = replace(waves$y, 5, 0)),
    go_on(x = waves$x[24:1, ], y = rev(waves$y)), go_on(weights = rep(1, 24)),
    go_on(offset = rep(0, 24)), go_on(x = waves$x[, c(2, 1, 3)] |> unname())
  )
  for (other in others) {
    expect_error(eval(other), "row by row", class = "bbb_error_data")
  }
})

test_that("the same numbers in another form are the same data", {
  whole <- matrix(rep(0:5, 8), 24, 2, dimnames = list(NULL, c("a", "b")))
  fit <- quick(whole, waves$y)
  forms <- list(whole + 0, as.data.frame(whole), matrix(as.raw(whole), 24, dimnames = dimnames(whole)))
  if (requireNamespace("Matrix", quietly = TRUE)) forms <- c(forms, Matrix::Matrix(whole, sparse = TRUE))
  more <- bbb_continue(fit, whole, waves$y, epochs = 1)
  for (x in forms) expect_identical(bbb_continue(fit, x, waves$y, epochs = 1)$mu, more$mu)
})

# Whatever a formula makes of its data: the same again, to the bits.
test_that("data of all kinds of formulas are known again", {
  d <- mixed
  d$w <- exp(d$a)
  d$when <- as.Date("2026-01-01") + 1:24
  d$y[c(3, 20)] <- NA
  calls <- alist(
    y ~ poly(a, 2) + splines::ns(b, 3) + splines::bs(c, 4), y ~ scale(a) + f * s + l,
    scale(y) ~ log(w) + when, y ~ a + offset(b) + offset(c), y ~ poly(a, 2):f
  )
  for (formula in calls) {
    fit_to <- function(epochs) {
      quick(
        eval(formula), d, weights = w, offset = a, subset = i < 6, na.action = na.omit,
        epochs = epochs, schedule = "constant"
      )
    }
    more <- bbb_continue(fit_to(2), d, epochs = 2)
    expect_identical(more$mu, fit_to(4)$mu)
    expect_error(
      bbb_continue(more, transform(d, a = a + 1e-9), epochs = 2), class = "bbb_error_data"
    )
  }
})

test_that("class weights and rows left out are known again", {
  x <- replace(waves$x, 4, NA)
  fit <- quick(x, trios$y, class_weights = "balanced", na.action = na.exclude)
  expect_s3_class(bbb_continue(fit, x, trios$y, epochs = 1), "bbb_fit")
  expect_error(
    bbb_continue(fit, x, rev(trios$y), epochs = 1), "row by row", class = "bbb_error_data"
  )
})

test_that("a fit without a check sum takes any data of as many rows", {
  fit <- fits$gaussian
  fit$checksum <- NULL
  expect_s3_class(bbb_continue(fit, waves$x, rev(waves$y), epochs = 1), "bbb_fit")
})

test_that("an update has the check sum of its own rows", {
  fit <- bbb_update(fits$gaussian, waves$x[1:9, ], waves$y[1:9], epochs = 2)
  expect_s3_class(bbb_continue(fit, waves$x[1:9, ], waves$y[1:9], epochs = 1), "bbb_fit")
  expect_error(
    bbb_continue(fit, waves$x[2:10, ], waves$y[2:10], epochs = 1), class = "bbb_error_data"
  )
})

test_that("several fits have one check sum", {
  fit <- with_cores(1, quick(waves$x, waves$y, fits = 2))
  expect_identical(fit$checksum, fits$gaussian$checksum)
  expect_error(
    bbb_continue(fit, waves$x, rev(waves$y), epochs = 1), class = "bbb_error_data"
  )
})
