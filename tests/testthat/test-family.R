# Outcomes: which family they are of, and what the core gets.

test_that("the family is found from the outcome", {
  of <- function(y) check_family(NULL, y)

  expect_identical(of(c(1.5, 2, 3)), "gaussian")
  expect_identical(of(1:3), "gaussian")
  expect_identical(of(c(TRUE, FALSE)), "binomial")
  expect_identical(of(factor(c("a", "b"))), "binomial")
  expect_identical(of(factor(c("a", "b"), c("a", "b", "never"))), "binomial")
  expect_identical(of(c("a", "b")), "binomial")
  expect_identical(of(c("a", "b", "c")), "categorical")
  expect_identical(of(factor(c("a", "b", "c"))), "categorical")
})

test_that("a numeric 0/1 outcome is gaussian, and a message says how it is not", {
  expect_message(
    fit <- quick(pairs$x, as.numeric(pairs$y)), "family = \"binomial\"",
    class = "bbb_message"
  )

  expect_identical(fit$family, "gaussian")
  expect_silent(quick(pairs$x, as.numeric(pairs$y), family = "gaussian"))
})

test_that("a family is given by name, object or function", {
  x <- pairs$x
  y <- pairs$y
  by_name <- quick(x, y, family = "binomial")

  expect_identical(quick(x, y, family = stats::binomial())$mu, by_name$mu)
  expect_identical(quick(x, y, family = stats::binomial)$mu, by_name$mu)
  expect_identical(quick(x, y)$mu, by_name$mu)
  expect_identical(
    quick(x, waves$y, family = gaussian())$mu, quick(x, waves$y)$mu
  )
  expect_identical(quick(x, y, family = "categorical")$widths, c(3L, 4L, 2L))
})

test_that("two classes are the same fit as logical, 0/1, factor and character", {
  x <- pairs$x
  y <- pairs$y
  mu <- quick(x, y)$mu

  expect_identical(quick(x, as.integer(y), family = "binomial")$mu, mu)
  expect_identical(quick(x, factor(y))$mu, mu)
  expect_identical(quick(x, ifelse(y, "yes", "no"))$mu, mu)
})

test_that("classes are the sorted values or the factor's own order", {
  words <- c("b", "a", "c")[rep(1:3, 8)]

  levels_of <- function(y) quick(waves$x, y, family = "categorical")$outcome$levels

  expect_identical(levels_of(words), c("a", "b", "c"))
  expect_identical(levels_of(factor(words, c("c", "b", "a"))), c("c", "b", "a"))
  expect_identical(levels_of(rep(3:1, 8)), c("1", "2", "3"))
})

test_that("an outcome may be a one-column matrix, data frame or 1-d array", {
  y <- waves$y
  mu <- fits$gaussian$mu

  expect_identical(quick(waves$x, matrix(y))$mu, mu)
  expect_identical(quick(waves$x, data.frame(y))$mu, mu)
  expect_identical(quick(waves$x, array(y))$mu, mu)
  expect_identical(quick(waves$x, stats::setNames(y, 1:24))$mu, mu)
})

test_that("a gaussian outcome is standardised, classes are not", {
  gaussian <- fits$gaussian$outcome
  classes <- fits$categorical$outcome

  expect_equal(gaussian$center, mean(waves$y))
  expect_equal(gaussian$scale, sqrt(mean((waves$y - mean(waves$y))^2)))
  expect_identical(c(classes$center, classes$scale), c(0, 1))
  expect_identical(fits$categorical$noise, NA_real_)
})

test_that("the units of a numeric outcome do not change the fit", {
  moved <- quick(waves$x, 1e6 * waves$y - 3e7)

  expect_equal(
    predict(moved, waves$x), 1e6 * predict(fits$gaussian, waves$x) - 3e7,
    tolerance = 1e-5
  )
})

test_that("one class only is an error that names it", {
  one <- list(rep("yes", 24), factor(rep("yes", 24), c("yes", "no")))
  for (y in one) {
    expect_error(quick(waves$x, y), "one class only, \"yes\"", class = "bbb_error_data")
  }
  expect_error(quick(waves$x, rep(FALSE, 24)), "\"FALSE\"", class = "bbb_error_data")
  expect_error(quick(waves$x, rep(1, 24), family = "binomial"), "\"1\"", class = "bbb_error_data")
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

test_that("an unknown family or link is an error about the argument", {
  unknown <- list(
    "tweedie", stats::quasi(), stats::inverse.gaussian, mean, sum, 1, NA, character(),
    c("gaussian", "binomial"), list("gaussian"), structure(list(), class = "family")
  )
  for (family in unknown) {
    expect_error(
      quick(waves$x, waves$y, family = family), "one of \"gaussian\"",
      class = "bbb_error_argument"
    )
  }
  expect_error(
    quick(waves$x, pairs$y, family = stats::binomial("probit")),
    "link \"logit\" here, not \"probit\"", class = "bbb_error_argument"
  )
  expect_error(
    quick(waves$x, waves$y, family = stats::Gamma()),
    "link \"log\" here, not \"inverse\"", class = "bbb_error_argument"
  )
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
