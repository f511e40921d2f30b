# What a fit consists of, and the rows that it holds out.

test_that("a fit has the fields that users may rely on", {
  fit <- fits$gaussian

  wanted <- c(
    "mu", "rho", "history", "noise", "prior", "family", "hidden", "activation",
    "control", "seed", "converged"
  )
  expect_identical(setdiff(wanted, names(fit)), character())
  expect_length(fit$mu, (3 + 1) * 4 + (4 + 1))
  expect_length(fit$rho, length(fit$mu))
  expect_true(all(is.finite(c(fit$mu, fit$rho, fit$noise))))
  expect_identical(fit$hidden, 4L)
  expect_identical(fit$stopped, "epochs")
  expect_identical(fit$seed, c(1L, 0L))
})

test_that("a fit is plain data that a file keeps to the bit", {
  file <- tempfile(fileext = ".rds")
  saveRDS(fits, file)
  back <- readRDS(file)
  unlink(file)

  expect_identical(back$gaussian, fits$gaussian)
  expect_identical(predict(back$gaussian, waves$x), predict(fits$gaussian, waves$x))
  expect_identical(
    predict(back$mixed, mixed, "interval"), predict(fits$mixed, mixed, "interval")
  )
})

test_that("a fit holds no external pointer and no function", {
  kinds <- unique(rapply(unclass(fits$mixed), typeof, how = "unlist"))

  plain <- c("integer", "double", "character", "logical", "language", "NULL")
  expect_identical(setdiff(kinds, plain), character())
})

test_that("a fit does not grow with the rows, fitted values aside", {
  size <- function(n) {
    fit <- quick(y ~ a + b, mixed[rep_len(1:24, n), ], batch_size = 8)
    fit$fitted <- fit$residuals <- NULL
    length(serialize(fit, NULL))
  }

  expect_lt(abs(size(2400) - size(24)), 100)
})

test_that("one function says how many rows are trained on", {
  for (n in c(1, 2, 24, 25, 100)) for (share in c(0, 0.001, 0.3, 0.5, 0.999)) {
    fit <- bbb_fit(
      seq_len(n) + 0, cos(seq_len(n)), hidden = 1, epochs = 1, validation = share,
      batch_size = 4, seed = 1
    )
    held_out <- length(fit$held_out)

    expect_identical(rows_trained(fit$n, fit$control), fit$n - held_out)
    expect_identical(fit$state$counters[["step"]], batches_of(fit$n, fit$control))
  }
})

test_that("held-out rows do not change the training", {
  fit <- quick(waves$x, waves$y, validation = 0.25)
  y <- replace(waves$y, fit$held_out, mean(waves$y[-fit$held_out]))
  # the same standardisation, so that the other rows stay as they are
  y[fit$held_out] <- rev(waves$y[fit$held_out])
  other <- quick(waves$x, y, validation = 0.25)

  expect_identical(other$state$theta, fit$state$theta)
  expect_false(identical(other$history$validation, fit$history$validation))
})

test_that("validation of any share leaves rows to train on", {
  for (share in c(0.001, 0.5, 0.999)) {
    fit <- quick(waves$x, waves$y, validation = share)

    expect_true(length(fit$held_out) %in% 1:23)
  }
  expect_length(quick(waves$x[1, , drop = FALSE], 2, validation = 0.5)$held_out, 0L)
})
