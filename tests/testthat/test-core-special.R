# Special functions against R's own.

special <- function(which, x, a = 1, b = 1) {
  native_test_special(which, a, b, x + 0)
}

# Off by so much of 1, or of the value where it is larger.
expect_within <- function(got, want, bound) {
  off <- max(abs(got - want) / pmax(1, abs(want)))
  testthat::expect(off <= bound, sprintf("off by %.3g", off))
}

positive <- c(1e-6, 1e-3, 0.1, 0.5, 1, 1.5, 2, 3, 7.7, 9.99, 10, 10.01, 33, 1e3, 1e6, 1e12)

test_that("log gamma and digamma are R's", {
  expect_within(special("log_gamma", positive), lgamma(positive), 1e-14)
  expect_within(special("digamma", positive), digamma(positive), 1e-14)
})

test_that("the normal's distribution function is R's, in its tails as well", {
  x <- seq(-37, 37, 0.25)
  expect_equal(special("normal", x), pnorm(x), tolerance = 1e-13)
  expect_equal(special("normal", -30) / pnorm(-30), 1, tolerance = 1e-13)
})

test_that("the gamma's distribution function is R's, for shapes of all sizes", {
  for (a in c(1e-2, 0.3, 1, 2.5, 10, 100, 3e3, 9999, 1.1e4, 1e5, 1e7)) {
    x <- qgamma(c(1e-8, 1e-3, 0.1, 0.4, 0.5, 0.6, 0.9, 0.999, 1 - 1e-8), a)
    x <- c(x, a, a * 1.3, 0)
    expect_within(special("gamma_below", x, a), pgamma(x, a), 1e-10)
    expect_within(special("gamma_above", x, a), pgamma(x, a, lower.tail = FALSE), 1e-10)
  }
})

test_that("the beta's and Student's t distribution functions are R's", {
  for (a in c(0.01, 0.5, 1, 3, 50, 1e4)) for (b in c(0.1, 1, 7, 1e3)) {
    x <- c(0, 1e-10, 0.01, 0.2, 0.5, 0.77, 0.999, 1, a / (a + b))
    expect_within(special("beta", x, a, b), pbeta(x, a, b), 1e-10)
  }
  for (df in c(2.01, 3, 5.5, 30, 1002)) {
    x <- c(-1e6, -40, -3, -0.1, 0, 0.2, 2, 15, 1e5)
    expect_within(special("t", x, df), pt(x, df), 1e-10)
  }
})

test_that("Student's t is R's near 0, where 1 - x would lose it", {
  for (df in c(0.1, 2, 30, 1002, 1e5)) {
    x <- c(-1, 1) * rep(10^(-12:0), each = 2)
    expect_within(special("t", x, df), pt(x, df), 1e-10)
    expect_equal(special("t", 1e-6, df) - 0.5, 1e-6 * dt(0, df), tolerance = 1e-8)
  }
})
