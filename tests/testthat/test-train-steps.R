# How many rows, steps and draws a fit trains with.

chosen <- function(n, weights, ...) {
  control <- settle_control(bbb_control(..., seed = 1), n, weights)
  unlist(control[c("batch_size", "samples", "epochs")])
}

expect_chosen <- function(n, weights, batch, draws, passes, ..., by = "shared") {
  what <- paste(n, "rows,", weights, "weights")
  expect_equal(
    chosen(n, weights, ...), c(batch_size = batch, samples = draws, epochs = passes),
    info = what
  )
  control <- settle_control(bbb_control(..., seed = 1), n, weights)
  expect_identical(control$estimator, by, info = what)
}

test_that("small networks take the usual steps, whatever their data", {
  for (weights in c(1, 129, 1000)) {
    expect_chosen(1, weights, 1, 8, 5000)
    expect_chosen(24, weights, 8, 8, 5000)
    expect_chosen(60, weights, 8, 7, 3000)
    expect_chosen(506, weights, 32, 1, 1500)
    expect_chosen(1000, weights, 32, 1, 750)
    expect_chosen(60000, weights, 128, 1, 52)
    expect_chosen(1e6, weights, 128, 1, 30)
  }
})

test_that("wide and short data take fewer draws, for each row, then fewer steps", {
  expect_chosen(60, 3265, 8, 7, 3000)
  expect_chosen(60, 6465, 32, 2, 12000, by = "local")
  expect_chosen(22, 8641, 22, 3, 15000, by = "local")
  expect_chosen(60, 12865, 32, 1, 12000, by = "local")
  expect_chosen(200, 12865, 20, 2, 2400)
  expect_chosen(60, 32065, 32, 1, 6238, by = "local")
  expect_chosen(200, 32065, 32, 1, 1783, by = "local")
  # 6000 steps at least, but no more than usual
  expect_chosen(60, 1e6, 32, 1, 3000, by = "local")
  expect_chosen(1, 1e6, 1, 1, 5000, by = "local")
})

test_that("where one draw is usual, only the steps are fewer", {
  expect_chosen(1000, 32065, 32, 1, 750)
  expect_chosen(400, 64065, 32, 1, 961)
  expect_chosen(1000, 64065, 32, 1, 391)
  expect_chosen(1000, 64065, 32, 1, 196, estimator = "local", by = "local")
})

test_that("long data take all steps for as many more weights", {
  expect_chosen(10000, 64065, 32, 1, 77)
  expect_chosen(30000, 32065, 128, 1, 103)
  expect_chosen(60000, 478410, 128, 1, 52)
})

test_that("what the user gave stays, whatever the work", {
  expect_chosen(60, 32065, 8, 1, 1560, batch_size = 8, by = "local")
  expect_chosen(60, 32065, 32, 1, 50000, epochs = 50000, by = "local")
  expect_chosen(60, 32065, 8, 7, 100, epochs = 100)
  expect_chosen(60, 32065, 32, 7, 3000, samples = 7)
  expect_chosen(60, 32065, 32, 1, 12000, estimator = "shared")
  expect_chosen(60, 32065, 32, 1, 6238, estimator = "flipout", by = "flipout")
  expect_chosen(60, 1e7, 5, 7, 10, batch_size = 5, samples = 7, epochs = 10)
})

test_that("the work is never more than is allowed where steps can be fewer", {
  for (n in c(10, 33, 60, 64, 200, 999, 5000)) for (weights in 10^seq(2, 7, 0.25)) {
    got <- chosen(n, weights)
    batches <- ceiling(n / got[["batch_size"]])
    # whole epochs, and all of 30
    short <- got[["epochs"]] - 1 < max(6000 / batches, 29) && got[["samples"]] == 1
    estimator <- settle_control(bbb_control(seed = 1), n, weights)$estimator
    work <- (got[["epochs"]] - 1) * batches * got[["samples"]] * weights *
      price_of(estimator)
    expect_true(
      short || work <= most_work(n),
      info = paste(n, "rows,", weights, "weights")
    )
  }
})

test_that("rows held out count neither for steps nor for batches nor for draws", {
  set.seed(1)
  x <- rnorm(400)
  settings <- list(x, cos(x), hidden = 1, patience = 1e6, seed = 1)
  for (share in c(0, 0.5, 0.9)) {
    fit <- do.call(bbb_fit, c(settings, validation = share))
    n <- 400 - length(fit$held_out)

    over <- fit$state$counters[["step"]] - 24000
    expect_true(over >= 0 && over < batches_of(fit$n, fit$control))
    expect_equal(fit$control$batch_size, c(32, 20, 8)[match(n, c(400, 200, 40))])
    expect_equal(fit$control$samples, c(1, 2, 8)[match(n, c(400, 200, 40))])
  }
})

test_that("a batch has no more rows than are trained on", {
  fit <- quick(waves$x, waves$y, batch_size = 1000, validation = 0.5)
  expect_identical(fit$control$batch_size, 12L)
})

test_that("defaults below the work are the usual settings to the bit", {
  fit <- bbb_fit(mpg ~ ., mtcars, hidden = 4, seed = 1)
  by_hand <- bbb_fit(
    mpg ~ ., mtcars, hidden = 4, seed = 1, batch_size = 8, samples = 8, epochs = 5000
  )
  expect_identical(fit[c("mu", "rho", "noise")], by_hand[c("mu", "rho", "noise")])
})

test_that("a fit keeps the estimator that was chosen, and its update has it", {
  x <- matrix(sin(1:30000), 30)
  fit <- bbb_fit(x, x[, 1], hidden = 100, seed = 1, max_seconds = 0.01, verbose = FALSE)
  expect_identical(fit$control$estimator, "local")
  update <- bbb_update(fit, x[1:10, ], x[1:10, 2], epochs = 1)
  expect_identical(update$control$estimator, "local")
})

test_that("an update chooses by the new rows and the network", {
  fit <- quick(waves$x, waves$y)
  update <- bbb_update(fit, waves$x[1:10, ], waves$y[1:10], epochs = 1)
  expect_identical(update$control$batch_size, 8L)
})

# In units of the machine: this fit takes less than 5 s of CPU on one and 7 s on another.
test_that("a thousand columns of 60 rows take as long as some thousand epochs", {
  skip_on_cran()
  set.seed(1)
  x <- matrix(rnorm(60 * 1000), 60)
  y <- 3 * x[, 1] + rnorm(60)
  before <- options(bbb.threads = 1)
  on.exit(options(before))
  used <- function(...) system.time(bbb_fit(x, y, seed = 1, verbose = FALSE, ...))[["user.self"]]
  thousand <- used(epochs = 1000, batch_size = 32, samples = 1, estimator = "local")

  expect_lt(used(), 8 * thousand)
})
