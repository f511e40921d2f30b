# Saying beforehand that a fit takes long.

# A fit of so many weights whose trial makes `steps` of them in no time at all.
told <- function(fit, steps = 100, status = "max_seconds", ...) {
  trial <- function(seconds) {
    Sys.sleep(0.01)
    list(status = status, state = list(counters = c(step = steps)))
  }
  tell_time(fit, fit$control$epochs, trial, ...)
}

long_fit <- function(...) {
  control <- settle_control(bbb_control(seed = 1, ...), 60L, 1e6)
  list(control = control, n = 60L, widths = c(31249L, 32L, 1L))
}

test_that("a long fit says how long, by its first steps, and a short one nothing", {
  expect_message(
    expect_true(told(long_fit(), steps = 1)),
    "about [0-9.]+ (seconds|minutes): 6,000 steps of 1,000,033 weights\\.\n",
    class = "bbb_message"
  )
  expect_no_message(expect_true(told(long_fit(), steps = 5000)))
  expect_no_message(expect_true(told(long_fit(max_seconds = 5), steps = 1)))
  short <- long_fit()
  short$widths <- c(10L, 1L)
  expect_no_message(expect_true(told(short, steps = 1)))
})

test_that("several fits are told of as often as they come one after the other", {
  expect_message(told(long_fit(), steps = 1, rounds = 3), "weights, 3 times\\.\n")
})

test_that("an interrupt while the first steps are timed is not lost", {
  expect_false(told(long_fit(), status = "stopped"))
  expect_false(tell_time(long_fit(), 3000L, function(seconds) NULL))
})

test_that("times are said in words", {
  expect_identical(in_words(12.3), "10 seconds")
  expect_identical(in_words(45), "40 seconds")
  expect_identical(in_words(150), "2.5 minutes")
  expect_identical(in_words(9000), "2.5 hours")
})

test_that("steps that are timed change no number of the fit", {
  fit <- quick(waves$x, waves$y, batch_size = 5, epochs = 50, max_seconds = 0)
  again <- trial_of(fit, data_for_core(fit, waves$x, matrix(waves$y)), 50L)(0)

  expect_identical(again$status, "max_seconds")
  expect_identical(again$state$counters[["step"]], fit$state$counters[["step"]] + 1)
  expect_identical(fit$state$counters[["step"]], 1)
})
