test_that("what a Bayesian network has not is refused with the reason and a way out", {
  fit <- fits$mixed
  says <- function(call, text) {
    expect_error(eval(call), text, fixed = TRUE, class = "bbb_error_argument")
  }
  for (call in expression(step(fit), extractAIC(fit), drop1(fit), add1(fit, ~ . + a), MASS::stepAIC(fit))) {
    if (identical(call[[1]], quote(MASS::stepAIC)) && !requireNamespace("MASS", quietly = TRUE)) next
    says(call, "`bbb_score()` of rows held out compares fits")
  }
  says(quote(anova(fit)), "`bbb_score()` of rows held out compares fits")
  says(quote(anova(fit, fit)), "degrees of freedom")
  for (call in expression(
    rstandard(fit), rstudent(fit), hatvalues(fit), cooks.distance(fit), influence(fit), dfbeta(fit), dfbetas(fit)
  )) {
    says(call, "needs the hat matrix of a linear model")
    says(call, paste0("`", call[[1]], "()`"))
  }
  says(quote(profile(fit)), "interchangeable")
  for (call in expression(effects(fit), alias(fit), dummy.coef(fit), proj(fit))) says(call, "terms that add up")
  for (call in expression(as.matrix(fit), as.data.frame(fit), qr(fit))) says(call, "`coef()` has its weights")
})

test_that("variances and intervals of single weights are refused with a reason", {
  expect_error(vcov(fits$gaussian), "interchangeable", class = "bbb_error_argument")
  expect_error(confint(fits$gaussian), "interchangeable", class = "bbb_error_argument")
})

test_that("what R's defaults would answer with NULL is refused, or known", {
  for (ask in list(AIC, BIC, df.residual)) {
    expect_error(ask(fits$gaussian), "number of parameters", class = "bbb_error_argument")
  }
  expect_error(deviance(fits$gaussian), "logLik", class = "bbb_error_argument")
  expect_null(weights(fits$gaussian))
  weighted <- quick(waves$x, waves$y, weights = 1:24)
  expect_error(weights(weighted), "total_weight", class = "bbb_error_argument")
})
