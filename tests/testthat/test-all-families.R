# Fits of the families beside gaussian, binomial and categorical, from the user's
# side: each learns what made its data, and answers in the outcome's own units.

test_that("each family learns the effect of the predictors", {
  for (family in some_families) {
    link <- predict(family_fits[[family]], family_newx, "link")
    if (family == "gaussian_hetero") {
      sd <- exp(link[, "log sd"])
      expect_lt(max(abs(sd / (10 * exp(family_newx[, "b"] - 1)) - 1)), 0.25)
      link <- link[, 1]
    }
    if (family %in% c("gaussian_hetero", "student_t")) link <- link / 10
    # some five standard errors of the worst; the slopes alone, whatever the centre
    expect_lt(max(abs((link - link[2]) - true_eta)), 0.5, label = family)
  }
})

# The network as it is by default, and a truth that bends.
test_that("families of numbers and of shares learn a curve", {
  set.seed(10)
  x <- cbind(a = runif(400, -2, 2), b = runif(400, -2, 2))
  curve <- function(x) sin(2 * x[, "a"]) + x[, "b"]^2 / 2 - 0.5
  eta <- curve(x)
  time <- rweibull(400, 3, exp(eta))
  outcomes <- list(
    gaussian = rnorm(400, eta, 0.3), gaussian_hetero = rnorm(400, eta, 0.3),
    student_t = eta + 0.2 * rt(400, 4), poisson = rpois(400, exp(eta + 2)),
    negbinomial = rnbinom(400, 10, mu = exp(eta + 2)), gamma = rgamma(400, 10, 10 / exp(eta)),
    lognormal = rlnorm(400, eta, 0.3), weibull = cbind(pmin(time, 4), time <= 4),
    loglogistic = exp(eta + 0.2 * rlogis(400)),
    binomial = cbind(y <- rbinom(400, 30, plogis(eta)), 30 - y)
  )
  new <- as.matrix(expand.grid(a = seq(-1.5, 1.5, 0.5), b = seq(-1.5, 1.5, 0.5)))
  truth <- curve(new) - mean(curve(new))
  for (family in names(outcomes)) {
    fit <- bbb_fit(x, outcomes[[family]], family = family, epochs = 300, seed = 1)
    link <- as.matrix(predict(fit, new, "link"))[, 1]
    # of a spread of 0.9
    expect_lt(sqrt(mean((link - mean(link) - truth)^2)), 0.25, label = family)
  }
})

test_that("the response is the mean, in the outcome's units", {
  # the middle row is at eta 0
  middle <- c(
    gaussian_hetero = 50, student_t = 50, binomial = 0.5, poisson = 6, negbinomial = 6,
    gamma = 70, lognormal = 70 * exp(0.045), weibull = 40 * gamma(1.4),
    loglogistic = 40 * pi * 0.3 / sin(pi * 0.3)
  )
  for (family in names(middle)) {
    got <- predict(family_fits[[family]], family_newx)
    expect_null(attributes(got))
    expect_lt(abs(log(got[2] / middle[[family]])), 0.25, label = family)
  }
  p <- predict(family_fits$ordinal, family_newx)
  expect_identical(colnames(p), c("low", "mid", "high"))
  expect_equal(rowSums(p), rep(1, 3))
  expect_lt(max(abs(p[2, ] - diff(c(0, plogis(c(-1, 0.5)), 1)))), 0.12)
})

numbers <- setdiff(some_families, c("ordinal", "binomial"))

test_that("intervals and quantiles hold what they claim, of the training rows", {
  for (family in numbers) {
    y <- family_data[[family]]
    if (is.matrix(y)) next
    interval <- predict(family_fits[[family]], family_data$x, "interval", level = 0.8)
    inside <- y >= interval[, "lwr"] & y <= interval[, "upr"]
    # five standard errors; counts hold more than they must
    expect_gt(mean(inside), 0.8 - 5 * sqrt(0.16 / 300))
    if (!family %in% c("poisson", "negbinomial")) {
      expect_lt(mean(inside), 0.8 + 5 * sqrt(0.16 / 300))
    }
  }
})

test_that("every type has its shape, NA where a row is not complete, none of none", {
  gap <- replace(family_newx, 2, NA)
  for (family in some_families) {
    fit <- family_fits[[family]]
    types <- c(
      "response", "link", "draws", "uncertainty", if (family == "ordinal") c("prob", "class"),
      if (family != "ordinal") c("interval", "quantile"),
      if (families[[family]]$above) "survival"
    )
    for (type in types) {
      ask <- function(x) {
        if (type != "survival") return(predict(fit, x, type, draws = 20))
        predict(fit, x, type, times = c(10, 50), draws = 20)
      }
      whole <- ask(family_newx)
      holed <- ask(gap)
      rows <- function(value, i) {
        if (is.null(dim(value))) return(unname(value[i]))
        if (type != "draws") return(unname(as.matrix(value))[i, ])
        matrix(value, 20)[, i]
      }
      if (length(dim(whole)) < 3L) {
        expect_true(all(is.na(rows(holed, 2))))
        expect_identical(rows(holed, 3), rows(whole, 3))
      }
      expect_length(unlist(ask(family_newx[0, ])), 0)
    }
  }
})

test_that("types that mean nothing are refused in a sentence", {
  refused <- function(family, type, text) {
    expect_error(
      predict(family_fits[[family]], family_newx, type), text,
      class = "bbb_error_argument"
    )
  }
  for (type in c("class", "prob")) {
    refused("poisson", type, "this outcome is numeric")
    refused("binomial", type, "a share of trials")
  }
  refused("ordinal", "interval", "no meaning for ordered classes")
  refused("student_t", "survival", "outcomes above 0")
  for (times in list(NULL, -1, "a", NA, Inf, numeric())) {
    expect_error(
      predict(family_fits$weibull, family_newx, "survival", times = times), "`times` must be",
      class = "bbb_error_argument"
    )
  }
})

test_that("gradients are those of the whole log-likelihood in the outcome's units", {
  fit <- family_fits$weibull
  eps <- rep(0, length(fit$mu))
  step <- bbb_gradients(fit, family_data$x, family_data$weibull, eps)
  eta <- cbind(family_data$x, 1)
  scaled <- sweep(sweep(family_data$x, 2, fit$predictors$center), 2, fit$predictors$scale, "/")
  log_scale <- as.vector(cbind(scaled, 1) %*% fit$mu) + log(fit$outcome$scale)
  y <- family_data$weibull
  want <- sum(ifelse(
    y[, 2] == 1, dweibull(y[, 1], 1 / fit$parameters, exp(log_scale), log = TRUE),
    pweibull(y[, 1], 1 / fit$parameters, exp(log_scale), lower.tail = FALSE, log.p = TRUE)
  ))
  expect_equal(step$log_likelihood, want, tolerance = 1e-5)
})

test_that("fitted values and residuals are the outcome's", {
  for (family in setdiff(some_families, "ordinal")) {
    fit <- family_fits[[family]]
    y <- family_data[[family]]
    want <- switch(family,
      binomial = y[, 1] / 8,
      weibull = , loglogistic = ifelse(y[, 2] == 1, y[, 1], NA), y
    )
    expect_equal(fitted(fit) + residuals(fit), unname(want), tolerance = 1e-6)
  }
  expect_equal(rowSums(fitted(family_fits$ordinal) + residuals(family_fits$ordinal)), rep(1, 300))
})

# ---- what is read ------------------------------------------------------------

test_that("formulas have matrices of outcomes, with their names, and times", {
  two <- quick(cbind(a, b) ~ c, mixed)
  expect_identical(colnames(predict(two, mixed)), c("a", "b"))
  expect_identical(bbb_score(two, mixed)$outcome, c("a", "b"))
  share <- quick(cbind(i, 6) ~ c, mixed, family = "binomial")
  expect_equal(unname(fitted(share) + residuals(share)), mixed$i / (mixed$i + 6))
  skip_if_not_installed("survival")
  times <- quick(survival::Surv(i, l) ~ c, mixed)
  expect_identical(times$family, "weibull")
  expect_identical(bbb_score(times, mixed)$n, 24L)
})

test_that("an outcome that the family cannot have is an error that says so", {
  x <- waves$x
  refused <- function(y, family, text) {
    expect_error(quick(x, y, family = family), text, class = "bbb_error_data")
  }
  y <- rep(1:4, 6)
  refused(y / 2, "poisson", "whole numbers from 0")
  refused(-y, "negbinomial", "whole numbers from 0")
  refused(letters[1:24], "poisson", "must be numeric for family \"poisson\"")
  refused(y - 1, "gamma", "above 0 for family \"gamma\"")
  refused(y - 1, "lognormal", "above 0")
  refused(y - 1, "weibull", "above 0 for family \"weibull\", and 6 of 24 rows are not")
  refused(cbind(y, 2), "weibull", "1 for an event")
  refused(cbind(y, y, 1), "loglogistic", "1 for an event")
  refused(cbind(y, 0.5), "binomial", "two columns of whole numbers")
  refused(cbind(y, y, y), "binomial", "two columns of whole numbers")
  refused(rep(c("a", "b", "c"), 8), "ordinal", "an ordered factor")
  refused(cbind(y, y)[-1, ], "gaussian", "23 rows for 24 rows of `x`")
  refused(cbind(y, NA), "gaussian", "Missing")
  refused(cbind(y, y), "student_t", "`y` must be a vector")
})
