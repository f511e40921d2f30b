# Times, some of them censored.

test_that("times are a Surv, two columns, or all events", {
  skip_if_not_installed("survival")
  y <- family_data$weibull
  quickly <- function(y, ...) quick(family_data$x, y, ...)
  fit <- quickly(y, family = "weibull")

  surv <- survival::Surv(y[, 1], y[, 2])
  expect_identical(quickly(surv, family = "weibull")$mu, fit$mu)
  expect_identical(quickly(surv)$family, "weibull")
  expect_identical(
    quickly(y[, 1], family = "weibull")$mu, quickly(cbind(y[, 1], 1), family = "weibull")$mu
  )
  left <- survival::Surv(y[, 1], y[, 2], type = "left")
  expect_error(quickly(left, family = "weibull"), "censored on the left; only times censored on the right",
               class = "bbb_error_data")
})

test_that("times of other kinds are named, and rows that are not above 0 counted", {
  x <- waves$x
  fails <- function(y, text, family = "weibull") {
    expect_error(quick(x, y, family = family), text, class = "bbb_error_data")
  }
  fails(replace(waves$y, 3:4, 0), "2 of 24 rows are not \\(rows 3 and 4\\)")
  fails(replace(waves$y, 3, -1), "1 of 24 rows is not \\(row 3\\)", "gamma")
  skip_if_not_installed("survival")
  Surv <- survival::Surv
  e <- pairs$y + 0
  fails(Surv(replace(waves$y, 1:5, 0), e), "5 of 24 rows are not \\(rows 1, 2, 3 and 2 more\\)")
  fails(Surv(waves$y, e, type = "left"), "\"left\", censored on the left; only")
  fails(Surv(waves$y, waves$y + e, type = "interval2"), "\"interval\", censored in intervals")
  fails(Surv(waves$y - 1, waves$y, e), "\"counting\", start and stop times")
  fails(Surv(waves$y, factor(rep(0:2, 8))), "events of several kinds; .* an event of one kind")
  expect_error(quick(x, waves$y, weights = Surv(waves$y, e)), "`weights` must be a numeric")
  expect_error(quick(waves$y ~ Surv(waves$y, e)), "is Surv; predictors")
})

test_that("a censored time that is held out has no units either", {
  fit_of <- function(factor) {
    y <- family_data$weibull
    y[, 1] <- factor * y[, 1]
    bbb_fit(
      family_data$x, y, hidden = 3, family = "weibull", epochs = 3, seed = 2, validation = 0.2
    )
  }
  fit <- fit_of(1)
  ten <- fit_of(10)
  event <- family_data$weibull[, 2]

  expect_identical(ten$held_out, fit$held_out)
  expect_equal(
    ten$history$validation,
    fit$history$validation - mean(event[fit$held_out]) * log(10), tolerance = 1e-4
  )
  expect_equal(
    ten$history$nll, fit$history$nll + sum(event[-fit$held_out]) * log(10), tolerance = 1e-4
  )
})

test_that("the median survives with probability 1/2", {
  for (family in c("gamma", "lognormal", "weibull", "loglogistic")) {
    fit <- family_fits[[family]]
    median <- predict(fit, family_newx, "quantile", probs = 0.5)
    survival <- predict(fit, family_newx, "survival", times = as.vector(median))

    expect_equal(unname(diag(survival)), rep(0.5, 3), tolerance = 1e-5)
    expect_true(all(diff(t(predict(fit, family_newx, "survival", times = c(20, 50, 120)))) < 0))
  }
  expect_identical(
    dimnames(predict(family_fits$weibull, family_newx, "survival", times = c(0.5, 10))),
    list(NULL, c("0.5", "10"))
  )
})
