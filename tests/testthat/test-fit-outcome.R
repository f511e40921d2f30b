# What brings data to the core, and answers back.

fit <- fits$gaussian
counts <- quick(waves$x, round(waves$y), family = "poisson", offset = waves$x[, 1])
times <- quick(waves$x, waves$y, family = "weibull")

test_that("what brings data to the core and back must be whole and agree", {
  refused(edited(fit, fit$predictors$scale[1] <- 0), "`fit$predictors$scale` must be above 0")
  refused(edited(fit, fit$predictors$scale[2] <- -1), "`fit$predictors$scale` must be above 0")
  refused(edited(fit, fit$predictors$center[1] <- NaN), "`fit$predictors$center`")
  refused(edited(fit, fit$predictors$names <- "a"), "`fit$widths` must be whole numbers")
  refused(edited(fit, fit$hidden <- 524291L), "`fit$widths` must be whole numbers")
  refused(edited(fit, fit$outcome$scale <- -1), "`fit$outcome$scale`")
  refused(edited(fit, fit$outcome$scale <- 1i), "`fit$outcome$scale`")
  refused(edited(fit, fit$outcome$scale <- 2 * fit$outcome$scale), "agree with `y_center`")
  refused(edited(fit, fit$outcome$outputs <- NULL), "`fit$outcome` must be as `bbb_fit()` makes it; it lacks `outputs`")
  refused(edited(fit, fit$family <- "poisson"), "`fit$outcome$family`")
  refused(edited(fit, fit$family <- fit$outcome$family <- fit$outcome$core <- "poisson"), "`fit$outcome")
  refused(edited(fit, fit$family <- fit$outcome$family <- fit$outcome$core <- "gamma"), "`fit$outcome`")
  two <- fits$binomial
  expect_error(
    predict(edited(two, fit$outcome$levels <- "a"), pairs$x), "`fit$outcome$levels` must be two",
    fixed = TRUE, class = "bbb_error_argument"
  )
  expect_error(
    predict(edited(two, fit$outcome$center <- c(0, 0)), pairs$x), "it has 2.",
    fixed = TRUE, class = "bbb_error_argument"
  )
  expect_error(
    predict(edited(counts, fit$outcome$offset_center <- numeric()), waves$x, offset = waves$y),
    "`fit$outcome$offset_center`", fixed = TRUE, class = "bbb_error_argument"
  )
})

test_that("each of the core's families has a shape", {
  expect_setequal(names(core_shapes), core_names("family"))
})
