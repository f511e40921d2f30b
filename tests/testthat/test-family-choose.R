# The family is found from the outcome, or given in the forms of glm().

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

test_that("families of stats are known by their names here", {
  expect_identical(check_family(stats::poisson(), 1), "poisson")
  expect_identical(check_family(stats::poisson, 1), "poisson")
  expect_identical(check_family(stats::Gamma("log"), 1), "gamma")
  theta <- structure(list(family = "Negative Binomial(2)", link = "log"), class = "family")
  expect_identical(check_family(theta, 1), "negbinomial")
})

test_that("an ordered factor is ordinal, a matrix gaussian, where nothing is said", {
  expect_identical(family_of(factor(c("a", "b", "c"), ordered = TRUE)), "ordinal")
  expect_identical(family_of(factor(c("a", "b"), ordered = TRUE)), "binomial")
  expect_identical(family_of(cbind(1:3, 2:4) / 2), "gaussian")
  expect_message(
    expect_identical(family_of(cbind(1:3, 2:4)), "gaussian"), "successes and failures",
    class = "bbb_message"
  )
})
