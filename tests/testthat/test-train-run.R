# One run of the core: what ends it, and what it leaves to predict().

test_that("fitted values are left to predict() where they would cost much", {
  fit <- bbb_fit(waves$x, waves$y, hidden = 20000, epochs = 1, samples = 1, batch_size = 24)

  expect_null(fit$fitted)
  expect_error(fitted(fit), "large or interrupted", class = "bbb_error_argument")
  expect_error(residuals(fit), "use `predict\\(fit, x\\)`", class = "bbb_error_argument")
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

test_that("more steps than can be counted are refused", {
  expect_error(
    quick(sin(1:50), cos(1:50), epochs = 1e8, batch_size = 1), "4e9 steps",
    class = "bbb_error_argument"
  )
})
