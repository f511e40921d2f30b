# Training: going on, stopping, and what a fit says of it.

# A family that interrupts its fit while the data are prepared.
interrupting <- function() {
  tools::pskill(Sys.getpid(), tools::SIGINT)
  stats::gaussian()
}

test_that("five epochs and five more are ten, to the bit", {
  settings <- list(
    list(), list(optimizer = "sgd"), list(samples = 2, kl_weight = "blundell"),
    list(validation = 0.25), list(batch_size = 5), list(noise = 0.3)
  )
  for (with in settings) {
    run <- function(epochs) {
      do.call(quick, c(list(waves$x, waves$y, epochs = epochs, schedule = "constant"), with))
    }
    ten <- run(10)
    more <- bbb_continue(run(5), waves$x, waves$y, epochs = 5)

    same <- c("mu", "rho", "aux", "noise", "state", "fitted", "stopped")
    expect_identical(more[same], ten[same])
    expect_identical(timeless(more)$history, timeless(ten)$history)
    expect_identical(predict(more, waves$x), predict(ten, waves$x))
  }
})

test_that("a fit stopped by max_seconds goes on to the same bits", {
  whole <- quick(waves$x, waves$y, epochs = 10, batch_size = 5)
  fit <- quick(waves$x, waves$y, epochs = 10, batch_size = 5, max_seconds = 0)
  stopped <- fit$stopped
  while (fit$stopped == "max_seconds") {
    fit <- bbb_continue(fit, waves$x, waves$y)
  }

  expect_identical(stopped, "max_seconds")
  expect_identical(fit$mu, whole$mu)
  expect_identical(fit$state, whole$state)
  expect_identical(timeless(fit)$history, timeless(whole)$history)
})

test_that("a fit by formula goes on from its data frame", {
  five <- quick(y ~ ., mixed, epochs = 5, schedule = "constant")
  ten <- quick(y ~ ., mixed, epochs = 10, schedule = "constant")

  expect_identical(bbb_continue(five, mixed, epochs = 5)$mu, ten$mu)
  expect_identical(bbb_continue(five, mixed, mixed$y, epochs = 5)$mu, ten$mu)
})

test_that("classes go on too", {
  five <- quick(trios$x, trios$y, epochs = 5, schedule = "constant")
  ten <- quick(trios$x, trios$y, epochs = 10, schedule = "constant")

  expect_identical(bbb_continue(five, trios$x, as.character(trios$y), epochs = 5)$mu, ten$mu)
})

test_that("the seconds of a fit that goes on add up", {
  fit <- bbb_continue(fits$gaussian, waves$x, waves$y, epochs = 3)

  expect_identical(fit$history$epoch, 1:9)
  expect_false(is.unsorted(fit$history$seconds))
})

test_that("max_seconds stops a long fit in time, with a fit that predicts", {
  took <- system.time(
    fit <- quick(waves$x, waves$y, epochs = 1e6, max_seconds = 0.2)
  )

  expect_identical(fit$stopped, "max_seconds")
  expect_gt(took[["elapsed"]], 0.19)
  expect_lt(took[["user.self"]], 1)
  expect_true(all(is.finite(predict(fit, waves$x))))
})

test_that("validation rows are held out, by the seed, and scored each epoch", {
  fit <- quick(waves$x, waves$y, validation = 0.25)
  again <- quick(waves$x, waves$y, validation = 0.25)
  other <- quick(waves$x, waves$y, validation = 0.25, seed = 2)

  expect_length(fit$held_out, 6L)
  expect_true(all(fit$held_out %in% 1:24) && !anyDuplicated(fit$held_out))
  expect_identical(again$held_out, fit$held_out)
  expect_false(identical(other$held_out, fit$held_out))
  expect_true(all(is.finite(fit$history$validation)))
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

test_that("the fit is the epoch with the best validation score", {
  full <- quick(waves$x, waves$y, validation = 0.3, epochs = 60, learn_rate = 0.05, patience = 60)
  best <- which.max(full$history$validation)
  score <- bbb_score(full, waves$x[full$held_out, ], waves$y[full$held_out], draws = 2000)

  expect_lt(best, 60)
  upto <- quick(
    waves$x, waves$y, validation = 0.3, epochs = 60, learn_rate = 0.05, patience = 60 - best
  )
  expect_identical(upto$mu, full$mu)
  expect_equal(score$log_score, full$history$validation[best], tolerance = 0.3)
})

test_that("training stops when the score has not risen for `patience` epochs", {
  fit <- quick(
    waves$x, waves$y, validation = 0.3, epochs = 2000, learn_rate = 0.05, patience = 7,
    kl_warmup = 0
  )

  expect_identical(fit$stopped, "validation")
  expect_identical(which.max(fit$history$validation), nrow(fit$history) - 7L)
  more <- bbb_continue(fit, waves$x, waves$y, epochs = 2)
  expect_identical(nrow(more$history), nrow(fit$history) + 2L)
})

# Before that the best score is of weights without a prior: sds of hardly more than where
# they started, and intervals that are far too narrow.
test_that("scores are compared when the KL has all its weight", {
  risen <- 0.4 * 500
  fit <- quick(
    waves$x, waves$y, validation = 0.3, epochs = 500, learn_rate = 0.05, patience = 7,
    kl_warmup = 0.4
  )
  score <- fit$history$validation

  expect_lt(which.max(score), risen)
  expect_identical(fit$stopped, "validation")
  comparable <- replace(score, seq_len(risen - 1L), -Inf)
  expect_identical(which.max(comparable), nrow(fit$history) - 7L)
})

test_that("validation of any share leaves rows to train on", {
  for (share in c(0.001, 0.5, 0.999)) {
    fit <- quick(waves$x, waves$y, validation = share)

    expect_true(length(fit$held_out) %in% 1:23)
  }
  expect_length(quick(waves$x[1, , drop = FALSE], 2, validation = 0.5)$held_out, 0L)
})

test_that("fitted values are left to predict() where they would cost much", {
  fit <- bbb_fit(waves$x, waves$y, hidden = 20000, epochs = 1, samples = 1, batch_size = 24)

  expect_null(fit$fitted)
  expect_error(fitted(fit), "too large", class = "bbb_error_argument")
  expect_error(residuals(fit), "use `predict\\(fit, x\\)`", class = "bbb_error_argument")
})

test_that("an interrupt while the data are prepared is R's own: there is no fit yet", {
  skip_on_os("windows")
  first <- TRUE
  slow <- function(v) {
    if (first) interrupting()
    first <<- FALSE
    v
  }
  outcome <- function(code) tryCatch(code, interrupt = function(condition) "interrupt")

  expect_identical(outcome(quick(waves$x, waves$y, family = interrupting)), "interrupt")
  expect_identical(outcome(quick(y ~ slow(a), mixed)), "interrupt")
  # and nothing of it is left
  expect_s3_class(outcome(quick(y ~ slow(a), mixed)), "bbb_fit")
})

test_that("an interrupt after that gives the fit so far", {
  skip_on_os("windows")
  local_interrupted_training()

  for (validation in c(0, 0.3)) {
    expect_warning(
      fit <- quick(waves$x, waves$y, epochs = 2e5, validation = validation),
      "Training was interrupted after .* of 200000 epochs", class = "bbb_warning_stopped"
    )
    expect_identical(fit$stopped, "interrupt")
    expect_true(all(is.finite(predict(fit, waves$x))))
  }
  expect_warning(fit <- quick(y ~ a, mixed, epochs = 2e5), class = "bbb_warning_stopped")
  expect_identical(fit$call[[1]], quote(bbb_fit))
})

test_that("a fit that was interrupted goes on to the same bits", {
  skip_on_os("windows")
  whole <- quick(waves$x, waves$y, batch_size = 5, epochs = 10000)
  local({
    local_interrupted_training()
    half <<- suppressWarnings(quick(waves$x, waves$y, batch_size = 5, epochs = 10000))
  })
  expect_identical(half$stopped, "interrupt")
  expect_lt(nrow(half$history), 10000)

  fit <- bbb_continue(half, waves$x, waves$y)
  expect_identical(fit$mu, whole$mu)
  expect_identical(timeless(fit)$history, timeless(whole)$history)
})

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

test_that("max_seconds and no time at all stop a step that would take long", {
  # two threads that wait for each other on a busy machine would count, too
  old <- options(bbb.threads = 1L)
  on.exit(options(old))
  x <- matrix(sin(seq_len(2e5)), 2e4)
  spent <- function(max_seconds) {
    system.time(
      fit <<- bbb_fit(
        x, x[, 1], hidden = c(200, 200), batch_size = 2e4, samples = 20, epochs = 3,
        max_seconds = max_seconds
      )
    )[["user.self"]]
  }
  # a step takes some 2 s
  expect_lt(spent(0.1), 0.6)
  expect_identical(fit$stopped, "max_seconds")
  expect_lt(spent(0), 0.5)
  expect_identical(fit$state$counters[["step"]], 0)
  expect_true(all(is.finite(predict(fit, x[1:5, ]))))
})

test_that("an interrupt is told of when it comes before a value, and just after it", {
  interrupt <- structure(class = c("interrupt", "condition"), list())
  just_after <- unless_interrupted
  environment(just_after) <- list2env(
    list(allowInterrupts = function(expr) {
      expr
      stop(interrupt)
    }),
    parent = environment(unless_interrupted)
  )

  expect_null(unless_interrupted({
    stop(interrupt)
    1
  }))
  expect_warning(value <- just_after(1), class = "bbb_warning_stopped")
  expect_identical(value, 1)
})

test_that("more steps than can be counted are refused", {
  expect_error(
    quick(sin(1:50), cos(1:50), epochs = 1e8, batch_size = 1), "4e9 steps",
    class = "bbb_error_argument"
  )
})
