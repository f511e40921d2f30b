# Single checks: what passes comes back in the type that is wanted.

test_that("checks return the type that the code behind them wants", {
  expect_identical(check_number(3L, "a"), 3)
  expect_identical(check_count(3, "a"), 3L)
  expect_true(check_flag(TRUE, "a"))
  expect_identical(check_hidden(c(a = 3, b = 2)), c(3L, 2L))
  expect_identical(check_hidden(NULL), integer())
  expect_identical(check_hidden(numeric()), integer())
  expect_identical(check_seed(-7), c(-7L, 0L))
  expect_identical(check_seed(c(1, 2)), c(1L, 2L))
  expect_identical(check_probs(c(0.1, 0.9)), c(0.1, 0.9))
})

test_that("bounds are kept, with those that are named open or closed", {
  expect_identical(check_number(0, "a", least = 0), 0)
  expect_error(check_number(0, "a", above = 0), "above 0")
  expect_identical(check_number(1, "a", most = 1), 1)
  expect_error(check_number(1, "a", below = 1), "below 1")
  expect_identical(check_count(0, "a", least = 0), 0L)
  expect_error(check_count(6, "a", most = 5), "at most 5")
})

test_that("what is not one finite number is refused", {
  odd <- list(
    NULL, NA, NaN, Inf, "1", list(1), c(1, 2), numeric(), TRUE, factor(1), mean,
    matrix(1), 1i, raw(1), quote(a), Sys.Date(), globalenv()
  )
  for (x in odd) {
    expect_error(check_number(x, "a"), "`a` must be one finite number", class = "bbb_error")
    expect_error(check_count(x, "a"), "`a` must be one whole number", class = "bbb_error")
  }
  expect_error(check_count(1.5, "a"), class = "bbb_error")
  expect_error(check_count(2^31, "a"), class = "bbb_error")
})

test_that("what is not TRUE or FALSE is refused", {
  for (x in list(NULL, NA, 1, "TRUE", c(TRUE, FALSE), list(TRUE), mean)) {
    expect_error(check_flag(x, "a"), "`a` must be TRUE or FALSE", class = "bbb_error")
  }
})

test_that("a choice is one of its names, and all of them mean the first", {
  expect_identical(check_choice("b", c("a", "b"), "x"), "b")
  expect_identical(check_choice(c("a", "b"), c("a", "b"), "x"), "a")
  for (x in list(NULL, NA, 1, "A", c("b", "a"), character(), list("a"), factor("a"))) {
    expect_error(check_choice(x, c("a", "b"), "x"), "one of \"a\" and \"b\"")
  }
})

test_that("hidden layers are of whole numbers from 1", {
  odd <- list(
    0, -1, 1.5, NA, NaN, Inf, "32", c(3, 0), 1e9, TRUE, list(3), mean, 3i,
    factor(3), quote(a), rep(1, 999)
  )
  for (hidden in odd) {
    expect_error(check_hidden(hidden), "`hidden` must", class = "bbb_error_argument")
  }
  expect_length(check_hidden(rep(1, 998)), 998L)
})

test_that("seeds are one or two whole numbers", {
  for (seed in list(NULL, NA, "1", 1.5, 1:3, integer(), Inf, 2^31, list(1), TRUE)) {
    expect_error(check_seed(seed), "`seed` must be one or two whole numbers")
  }
})

test_that("probabilities lie strictly between 0 and 1", {
  for (probs in list(NULL, NA, 0, 1, -0.1, c(0.5, 2), numeric(), "0.5", list(0.5))) {
    expect_error(check_probs(probs), "`probs` must be numbers between 0 and 1")
  }
})

test_that("what is no fit is refused", {
  for (fit in list(NULL, "fit", list(), stats::lm(y ~ a, mixed), bbb_fit)) {
    expect_error(bbb_score(fit, waves$x, waves$y), "`fit` must be a fit made by")
    expect_error(bbb_gradients(fit, waves$x, waves$y), "`fit` must be a fit made by")
    expect_error(bbb_continue(fit, waves$x, waves$y), "`fit` must be a fit made by")
  }
})

test_that("an argument that has no effect is an error that names it", {
  fit <- fits$gaussian
  none <- function(call, name) {
    expect_error(eval(call), paste0("`", name, "` has no effect"), fixed = TRUE, class = "bbb_error_argument")
  }
  none(quote(predict(fit, waves$x, level = 0.9)), "level")
  none(quote(predict(fit, waves$x, "quantile", level = 0.9)), "level")
  none(quote(predict(fit, waves$x, "interval", probs = 0.5)), "probs")
  none(quote(predict(fit, waves$x, times = 1)), "times")
  none(quote(predict(fit, draws = 10)), "draws")
  none(quote(predict(fit, seed = 1)), "seed")
  none(quote(residuals(fit, draws = 10)), "draws")
  none(quote(simulate(fit, newdata = waves$x, trials = 2)), "trials")
  expect_length(predict(fit, waves$x, "interval", level = 0.5), 72)
})
