# Outcomes: which family they are of, and what the core gets.

test_that("an outcome may be a one-column matrix, data frame or 1-d array", {
  y <- waves$y
  mu <- fits$gaussian$mu

  expect_identical(quick(waves$x, matrix(y))$mu, mu)
  expect_identical(quick(waves$x, data.frame(y))$mu, mu)
  expect_identical(quick(waves$x, array(y))$mu, mu)
  expect_identical(quick(waves$x, stats::setNames(y, 1:24))$mu, mu)
})

test_that("an outcome that does not suit the family is an error", {
  x <- waves$x
  refused <- function(y, family, text) {
    expect_error(quick(x, y, family = family), text, class = "bbb_error_data")
  }

  refused(waves$y, "binomial", "must be 0 or 1")
  refused(rep(1:2, 12), "binomial", "must be 0 or 1")
  refused(mixed$f, "binomial", "3 classes; family \"binomial\" takes two")
  refused(mixed$s, "gaussian", "must be numeric for family \"gaussian\"")
  refused(pairs$y, "gaussian", "must be numeric for family \"gaussian\"")
})

test_that("what is no outcome is refused by its class", {
  odd <- list(
    complex = complex(24), raw = raw(24), Date = Sys.Date() + 1:24,
    integer64 = structure(1:24 + 0, class = "integer64")
  )
  for (name in names(odd)) {
    for (family in list(NULL, "gaussian", "categorical")) {
      expect_error(
        quick(waves$x, odd[[name]], family = family), paste0("not ", name, "[.:]"),
        class = "bbb_error_data"
      )
    }
  }
  letters <- matrix(letters[1:24], 12)
  for (y in list(NULL, as.list(1:24), letters, mixed, mean, quote(y), globalenv())) {
    expect_error(quick(waves$x, y), "`y` must be a vector", class = "bbb_error_data")
  }
})

test_that("a new outcome must be of the fit's kind", {
  expect_error(
    bbb_score(fits$gaussian, waves$x, mixed$s), "must be numeric", class = "bbb_error_data"
  )
  expect_error(
    bbb_score(fits$categorical, waves$x, rep(c("low", "none"), 12)),
    "classes that the fit does not know: \"none\"", class = "bbb_error_data"
  )
  expect_s3_class(bbb_score(fits$categorical, waves$x, rep("low", 24)), "data.frame")
})

test_that("a censored outcome of another family is told what takes it", {
  skip_if_not_installed("survival")
  times <- survival::Surv(1:24, rep(0:1, 12))
  for (family in c("gaussian", "lognormal", "gamma", "poisson")) {
    expect_error(quick(waves$x, times, family = family), "weibull", class = "bbb_error_data")
  }
})
