# The outcome among the predictors.

# The columns of lm(), without those of terms that have the outcome in them.
as_lm <- function(formula, data) {
  frame <- model.frame(formula, data)
  terms <- terms(frame)
  out <- which(attr(terms, "factors")[1L, ] > 0)
  matrix <- suppressWarnings(model.matrix(terms, frame))
  matrix[, !attr(matrix, "assign") %in% c(0, out), drop = FALSE]
}

warned <- function(formula, data = mixed) {
  warnings <- list()
  fit <- withCallingHandlers(quick(formula, data), warning = function(w) {
    warnings[[length(warnings) + 1L]] <<- w
    invokeRestart("muffleWarning")
  })
  expect_length(warnings, 1L)
  expect_s3_class(warnings[[1L]], "bbb_warning_outcome")
  expect_s3_class(warnings[[1L]], "bbb_warning")
  list(fit = fit, message = conditionMessage(warnings[[1L]]))
}

test_that("terms with the outcome are left out, with one warning that names them", {
  for (formula in list(
    y ~ a + y + b, y ~ y + f, y ~ y:a + a, y ~ (a + b + y)^2, log(y) ~ log(y) + a + f,
    y ~ f * y + l, cbind(y, a) ~ cbind(y, a) + b + f, scale(y) ~ scale(y) * a,
    y ~ a + y + offset(b), f ~ f:a + b
  )) {
    got <- warned(formula)
    want <- as_lm(formula, mixed)

    expect_identical(got$fit$predictors$names, colnames(want))
    expect_equal(got$fit$predictors$center, unname(colMeans(want)))
    expect_match(got$message, "is among the predictors: `.*left out")
  }
  expect_identical(warned(y ~ 0 + y + f)$fit$mu, quick(y ~ f, mixed)$mu)
  expect_match(warned(y ~ a + y)$message, "The outcome `y` is among the predictors: `y` left out.", fixed = TRUE)
})

test_that("names of the data, pasted, are a formula", {
  pasted <- as.formula(paste("mpg ~", paste(names(mtcars), collapse = " + ")))
  fit <- warned(pasted, mtcars)$fit

  expect_identical(fit$mu, quick(mpg ~ ., mtcars)$mu)
  expect_identical(predict(fit, mtcars[1:3, -1]), predict(fit, mtcars)[1:3])
  expect_equal(formula(fit), formula(mpg ~ cyl + disp + hp + drat + wt + qsec + vs + am + gear + carb),
    ignore_attr = TRUE)
  suppressWarnings(direct <- bbb_fit(pasted, mtcars, hidden = 2, epochs = 2))
  expect_no_warning(update(direct, . ~ . - cyl))
})

test_that("a row has one prediction, whatever was in memory", {
  fit <- warned(mpg ~ wt + mpg + hp + qsec, mtcars)$fit
  got <- vapply(1:20, function(i) {
    junk <- lapply(1:500, function(j) rep(1e6 * i, 15))
    rm(junk)
    predict(fit, mtcars[1:3, ])[[3]]
  }, 0)

  expect_identical(unique(got), fitted(fit)[[3]])
})

test_that("a variable that only such a term had is not wanted", {
  fit <- warned(y ~ a + y:b)$fit

  expect_identical(predict(fit, mixed["a"]), fitted(fit))
  gaps <- transform(mixed, b = replace(b, 2, NA))
  expect_identical(warned(y ~ a + y:b, gaps)$fit$mu, fit$mu)
})

test_that("a term made of the outcome's variable stays, as for lm(), with a warning", {
  for (formula in list(
    log(y) ~ y + a, y ~ log(y) + a, I(y) ~ y + a, cbind(y, a) ~ a + b, y ~ a + offset(y),
    mixed[["y"]] ~ y + a, y ~ y + log(y) + a
  )) {
    got <- warned(formula)
    expect_match(got$message, "kept, made of the outcome's variable")
    expect_identical(got$fit$predictors$names, colnames(as_lm(formula, mixed)))
  }
  expect_no_warning(quick(I(y - a) ~ a, mixed))
  expect_no_warning(quick(cbind(a, b) ~ i, mixed))
})

test_that("a dot leaves out all that the outcome is made of", {
  for (formula in list(log(y) ~ ., scale(y) ~ . - f, cbind(y, a) ~ ., mixed$y ~ ., I(y / i) ~ .)) {
    expect_no_warning(fit <- quick(formula, mixed))
    expect_identical(fit$predictors$names, colnames(as_lm(formula, mixed)))
  }
})

test_that("the outcome alone is no formula", {
  for (formula in list(y ~ y, y ~ y + y:a, log(y) ~ log(y))) {
    expect_error(quick(formula, mixed), "a predictor beside the outcome", class = "bbb_error_argument")
  }
})

test_that("terms keep what they are made of", {
  terms <- bbb:::terms_of(y ~ a * f + y + offset(b) + y:i, mixed)

  expect_identical(attr(terms, "variables"), quote(list(y, a, f, offset(b))))
  expect_identical(attr(terms, "offset"), 4L)
  expect_identical(attr(terms, "term.labels"), c("a", "f", "a:f"))
  expect_identical(formula(terms), y ~ a + f + a:f + offset(b), ignore_attr = TRUE)
  expect_equal(
    attr(terms, "factors"), attr(terms(y ~ a * f + offset(b)), "factors")
  )
  without <- bbb:::keep_variables(delete.response(terms), c(TRUE, TRUE, FALSE))
  expect_identical(attr(without, "variables"), quote(list(a, f)))
  expect_null(attr(without, "offset"))
})
