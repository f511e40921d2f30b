# One validator of the fit, before every function that takes one.

fit <- fits$gaussian
counts <- quick(waves$x, round(waves$y), family = "poisson", offset = waves$x[, 1])
times <- quick(waves$x, waves$y, family = "weibull")

test_that("weights must be finite numbers, one for each", {
  refused(edited(fit, fit$mu <- fit$mu[-1]), "`fit$mu` must have 21 finite numbers, one for each weight")
  refused(edited(fit, fit$mu <- fit$mu[-1]), "it has 20.")
  refused(edited(fit, fit$mu[3] <- NaN), "1 of them is not so.")
  refused(edited(fit, fit$rho[1:2] <- Inf), "`fit$rho` must have 21 finite numbers")
  refused(edited(fit, fit$rho[1] <- 1e300), "from -1e+30 to 1e+30")
  layers <- bbb_layers(fit)
  refused(edited(fit, fit$mu <- layers), "`bbb_flat()` makes one of layers.")
  refused(edited(fit, fit$mu <- as.list(fit$mu)), "must be a numeric vector, not a list; `bbb_flat()`")
  refused(edited(fit, fit$mu <- as.character(fit$mu)), "it is character.")
  refused(edited(fit, fit$mu <- fit$mu + 0i), "it is complex.")
  refused(edited(fit, fit$mu <- matrix(fit$mu)), "it has dimensions.")
  refused(edited(fit, fit$mu <- NULL), "`fit$mu` must have 21")
})

test_that("a fit whose numbers were replaced by others that are valid is used", {
  layers <- bbb_gradients(fit, waves$x, waves$y, eps = 0 * fit$mu)$d_mu
  step <- edited(fit, fit$mu <- fit$mu - 0.01 * bbb_flat(layers))
  expect_false(identical(predict(step, waves$x), predict(fit, waves$x)))
  expect_identical(coef(step)$mu, fit$mu - 0.01 * bbb_flat(layers))
  expect_equal(predict(edited(fit, fit$mu <- rep(0L, 21), fit$rho <- rep(-40, 21)), waves$x), rep(mean(waves$y), 24))
  noisy <- edited(fit, fit$aux <- log(2), fit$parameters <- NULL, fit$noise <- NULL)
  expect_equal(sigma(noisy), 2 * fit$outcome$scale)
  expect_output(print(noisy), "noise sd")
})

test_that("what is told of the noise must be what predictions are made with", {
  refused(edited(fit, fit$aux <- log(2)), "`fit$parameters` must be what `aux` says")
  refused(edited(fit, fit$noise <- 3), "`fit$noise` must be what `aux` says")
  refused(edited(fit, fit$aux <- NaN), "`fit$aux` must be one finite number")
  expect_error(
    predict(edited(times, fit$aux <- -652), waves$x), "`fit$aux` must be one finite number from -51",
    fixed = TRUE, class = "bbb_error_argument"
  )
})

test_that("what is not a fit at all is refused by every function", {
  none <- structure(list(), class = "bbb_fit")
  for (broken in list(none, structure(1, class = "bbb_fit"), structure(mean, class = "bbb_fit"))) {
    for (ask in list(
      print, summary, coef, fitted, residuals, nobs, family, terms, formula, sigma, weights,
      update, labels, variable.names, case.names, plot, function(x) predict(x, waves$x),
      function(x) simulate(x, newdata = waves$x), function(x) logLik(x, waves$x, waves$y),
      function(x) bbb_score(x, waves$x, waves$y), function(x) bbb_gradients(x, waves$x, waves$y),
      function(x) bbb_continue(x, waves$x, waves$y), function(x) bbb_update(x, waves$x, waves$y),
      function(x) model.frame(x, mixed), function(x) bbb_layers(x)
    )) {
      expect_error(ask(broken), "`fit` must be", class = "bbb_error_argument")
    }
  }
})

test_that("several fits are looked at one by one", {
  both <- quick(waves$x, waves$y, fits = 2)
  refused(edited(both, fit$members[[2]]$mu[1] <- NaN), "`fit$members[[2]]$mu` must have 21")
  refused(edited(both, fit$members <- list()), "`fit$members` must be a list")
  refused(edited(both, fit$members[[1]]$stopped <- NULL), "`fit$members[[1]]$stopped`")
  refused(edited(both, fit$mu <- numeric()), "`fit$mu` must not be there")
})

test_that("a fit that was slimmed predicts the same, prints, and says what it cannot do", {
  for (fits in 1:2) {
    fit <- with_cores(1, quick(waves$x, waves$y, fits = fits))
    slim <- unclass(fit)
    drop <- c("state", "history", "noise", "parameters", "converged", "prior_sd")
    slim[c(drop, "fitted", "residuals", "call")] <- NULL
    slim$members <- if (fits > 1) lapply(slim$members, function(one) one[setdiff(names(one), drop)])
    slim <- structure(slim, class = "bbb_fit")
    for (type in c("response", "interval")) {
      expect_identical(predict(slim, waves$x, type), predict(fit, waves$x, type))
    }
    expect_identical(simulate(slim, newdata = waves$x, seed = 1), simulate(fit, newdata = waves$x, seed = 1))
    expect_identical(sigma(slim), sigma(fit))
    expect_identical(coef(slim), coef(fit))
    expect_output(print(slim), "its history was left out")
    expect_output(print(summary(slim)), "its history was left out")
    expect_error(plot(slim), "no finished epoch", class = "bbb_error_argument")
    expect_error(
      bbb_continue(slim, waves$x, waves$y, epochs = 1), "training cannot go on",
      class = "bbb_error_argument"
    )
    expect_error(bbb_gradients(slim, waves$x, waves$y, member = 1), "prior_sd", class = "bbb_error_argument")
    expect_error(fitted(slim), "or were removed", class = "bbb_error_argument")
    expect_error(update(slim), "`fit$call`", fixed = TRUE, class = "bbb_error_argument")
  }
})

test_that("fits made by 0.1.0 still load, and predict as they did", {
  for (name in c("formula", "classes", "weibull")) {
    old <- readRDS(test_path("fixtures", paste0("fit-0.1.0-", name, ".rds.txt")))
    expect_identical(check_fit(old$fit), old$fit)
    for (type in names(old$answers)) {
      got <- predict(old$fit, old$newdata, type = type, draws = 8, offset = old$offset)
      expect_equal(got, old$answers[[type]], tolerance = 1e-5, ignore_attr = c("names", "dimnames", "row.names"))
    }
    expect_equal(fitted(old$fit), old$fitted)
    expect_equal(coef(old$fit), old$coef)
    expect_identical(capture.output(print(old$fit)), old$printed)
    expect_s3_class(summary(old$fit), "summary.bbb_fit")
  }
})
