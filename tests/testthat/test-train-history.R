# The history has the training in the outcome's units.

test_that("the history has a finite row for each epoch", {
  history <- fits$gaussian$history

  expect_identical(history$epoch, 1:6)
  expect_equal(history$elbo, -(history$nll + history$kl))
  finite <- c("elbo", "nll", "kl", "noise", "learn_rate", "seconds")
  expect_true(all(is.finite(as.matrix(history[finite]))))
  expect_true(all(is.na(history$validation)))
  expect_false(is.unsorted(history$seconds))
})

test_that("the first epoch's negative log-likelihood is in the outcome's units", {
  in_units <- quick(waves$x, waves$y, epochs = 1)
  in_thousandths <- quick(waves$x, 1000 * waves$y, epochs = 1)

  change <- in_thousandths$history$nll - in_units$history$nll
  expect_equal(change, waves$n * log(1000), tolerance = 1e-6)
  expect_equal(in_thousandths$noise, 1000 * in_units$noise, tolerance = 1e-6)
})

test_that("the seconds of a fit that goes on add up", {
  fit <- bbb_continue(fits$gaussian, waves$x, waves$y, epochs = 3)

  expect_identical(fit$history$epoch, 1:9)
  expect_false(is.unsorted(fit$history$seconds))
})
