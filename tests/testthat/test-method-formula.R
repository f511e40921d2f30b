# Terms, formula, model frame and family against those of lm() and glm().

test_that("terms, formula and model.frame are those of the data", {
  fit <- quick(log(y) ~ a * f + offset(b), mixed)
  frame <- model.frame(fit, mixed[3:1, ])

  expect_identical(attr(terms(fit), "term.labels"), c("a", "f", "a:f"))
  expect_equal(frame[[1]], log(mixed$y[3:1]))
  expect_identical(levels(frame$f), levels(mixed$f))
  expect_identical(attr(terms(quick(mixed[1:2], mixed$y)), "term.labels"), c("a", "b"))
  for (call in expression(terms(fits$gaussian), formula(fits$gaussian), model.frame(fit))) {
    expect_error(eval(call), class = "bbb_error_argument")
  }
  expect_error(model.frame(fit, mixed["a"]), class = "bbb_error_data")
})

test_that("model.matrix() has the predictors, of data given again", {
  fit <- quick(log(y) ~ a * f, mixed)
  matrix <- model.matrix(fit, mixed[3:1, ])

  expect_identical(colnames(matrix)[-1], fit$predictors$names)
  expect_equal(matrix[, "fred"], (mixed$f[3:1] == "red") + 0, ignore_attr = TRUE)
  expect_error(model.matrix(fit), "`data` is missing", class = "bbb_error_argument")
})

test_that("family() has R's families and the links of the others", {
  expect_identical(family(fits$gaussian)$family, "gaussian")
  expect_identical(family(fits$binomial)$linkinv(0), 0.5)
  fit <- quick(waves$x, waves$y, family = "weibull")
  expect_s3_class(family(fit), "family")
  expect_equal(family(fit)$linkinv(family(fit)$linkfun(3)), 3)
  expect_identical(family(fits$categorical)$link, "logit")
})

test_that("formula is the user's, where there was one", {
  expect_equal(formula(quick(log(y) ~ a * f, mixed)), log(y) ~ a * f, ignore_attr = TRUE)
  expect_error(formula(fits$gaussian), "not made from a formula", class = "bbb_error_argument")
})
