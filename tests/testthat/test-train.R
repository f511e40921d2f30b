# Training: going on, stopping, and what a fit says of it.

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

test_that("all members go on, to the bits of more epochs at once", {
  for (with in list(list(), list(validation = 0.25))) {
    run <- function(epochs) {
      do.call(three_fits, c(list(waves$x, waves$y, epochs = epochs, schedule = "constant"), with))
    }
    more <- bbb_continue(run(5), waves$x, waves$y, epochs = 5)
    ten <- run(10)

    expect_identical(fitted(more), fitted(ten))
    expect_identical(all_timeless(more)$members, all_timeless(ten)$members)
  }
  expect_error(bbb_continue(ten, waves$x, waves$y), "`epochs` must be given")
})

test_that("members that the validation score stopped go on by as many epochs", {
  fit <- three_fits(
    waves$x, waves$y, validation = 0.3, epochs = 500, learn_rate = 0.05, patience = 3
  )
  epochs <- vapply(fit$members, \(one) nrow(one$history), 0L)
  expect_gt(length(unique(epochs)), 1)

  more <- bbb_continue(fit, waves$x, waves$y, epochs = 2)

  expect_identical(vapply(more$members, \(one) nrow(one$history), 0L), epochs + 2L)
})

test_that("max_seconds is shared, and what is left is trained later", {
  took <- system.time(
    fit <- three_fits(waves$x, waves$y, epochs = 2e5, max_seconds = 0.3)
  )
  expect_gt(took[["elapsed"]], 0.25)
  expect_lt(took[["user.self"]], 1)
  expect_identical(vapply(fit$members, `[[`, "", "stopped"), rep("max_seconds", 3))
  expect_true(all(is.finite(predict(fit, waves$x))))

  whole <- three_fits(waves$x, waves$y, batch_size = 5)
  fit <- three_fits(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  expect_identical(capture.output(print(fit))[3], character()[1])
  fit <- bbb_continue(fit, waves$x, waves$y)
  expect_identical(all_timeless(fit)$members, all_timeless(whole)$members)
})

test_that("an interrupted ensemble predicts, and goes on to the same bits", {
  skip_on_os("windows")
  whole <- three_fits(waves$x, waves$y, epochs = 20000, batch_size = 5)
  for (cores in c(1, 2)) {
    local({
      local_interrupted_training()
      expect_warning(
        fit <<- with_cores(cores, quick(
          waves$x, waves$y, fits = 3, epochs = 20000, batch_size = 5
        )),
        "interrupted when 0 of 3 fits were done", class = "bbb_warning_stopped"
      )
    })
    expect_s3_class(fit, "bbb_fit")
    expect_true(all(is.finite(predict(fit, waves$x))))
    expect_output(print(fit), "1 of 3 fits|2 of 3 fits")
    expect_output(print(summary(fit)), "Converged +no.*`bbb_continue\\(\\)`")
    expect_error(coef(fit, 3), "not trained yet", class = "bbb_error_argument")
    expect_error(fitted(fit), class = "bbb_error_argument")

    fit <- bbb_continue(fit, waves$x, waves$y)
    expect_identical(all_timeless(fit)$members, all_timeless(whole)$members)
    expect_identical(fitted(fit), fitted(whole))
  }
})

test_that("an ensemble of which no member began is interrupted as R is", {
  skip_on_os("windows")
  outcome <- function(code) tryCatch(code, interrupt = function(condition) "interrupt")
  for (cores in c(1, 2)) {
    expect_identical(
      outcome(with_cores(cores, quick(waves$x, waves$y, family = interrupting, fits = 3))),
      "interrupt"
    )
    local({
      local_interrupted_training(before = TRUE)
      expect_identical(
        outcome(with_cores(cores, quick(waves$x, waves$y, fits = 3))), "interrupt"
      )
    })
  }
})

test_that("of an interrupted ensemble those are used that are done or no less trained", {
  fit <- trio
  fit$members[[1]]$stopped <- "interrupt"
  expect_length(usable_members(fit), 3L)
  fit$members[[1]]$history <- fit$members[[1]]$history[1:2, ]
  expect_identical(usable_members(fit), fit$members[2:3])
  for (i in 2:3) fit$members[[i]]$stopped <- "interrupt"
  expect_length(usable_members(fit), 3L)
  fit$members[[2]]$mu <- NULL
  expect_identical(usable_members(fit), fit$members[c(1, 3)])
})

test_that("a member's error is the fit's", {
  for (cores in c(1, 2)) {
    error <- with_cores(cores, caught(
      quick(waves$x, waves$y, fits = 3, optimizer = "sgd", learn_rate = 1e30)
    ))
    expect_s3_class(error, "bbb_error_diverged")
    expect_match(conditionMessage(error), "stopped being finite")
    expect_identical(as.character(conditionCall(error)[[1]]), "bbb_fit")
  }
})
