# The columns that terms ask for are those that model.matrix() makes of terms that R reads
# rightly.

test_that("the columns asked for are those of model.matrix()", {
  d <- transform(mixed, o = ordered(i), z = a > 2)
  d$m <- cbind(u = d$a, d$b)
  d$n <- matrix(d$a)
  for (formula in list(
    ~ a, ~ f, ~ a * f * s, ~ f:s, ~ f:a + l:s, ~ o + o:a, ~ m * f, ~ n + m:n, ~ z + z:f,
    ~ poly(a, 2):f + scale(b), ~ I(a > 0) / o, ~ f %in% a, ~ (f + s + l)^3, ~ C(f, contr.sum):a,
    ~ `a` + I(a^2):o
  )) {
    for (contrasts in list(NULL, list(f = "contr.sum"), list(f = contr.helmert(3)))) {
      if (!"f" %in% all.vars(formula)) contrasts <- NULL
      frame <- model.frame(formula, d)
      made <- suppressWarnings(model.matrix(terms(frame), frame, contrasts.arg = contrasts))

      expect_identical(
        bbb:::asked_columns(terms(frame), frame, attr(made, "contrasts")), colnames(made)[-1L]
      )
    }
  }
})

test_that("a term of no variable, and other columns, are refused", {
  frame <- model.frame(~ a + b, mixed)
  terms <- terms(frame)
  expect_silent(bbb:::check_made_columns(terms, frame, NULL, c("a", "b")))
  expect_error(
    bbb:::check_made_columns(terms, frame, NULL, c("a", "y")), "other columns", class = "bbb_error_data"
  )
  # what R makes of an outcome among the predictors
  deleted <- delete.response(terms(y ~ a + y))
  expect_error(
    bbb:::asked_columns(deleted, mixed["a"], NULL), "`y` has no variable", class = "bbb_error_data"
  )
})

test_that("two variables of the same name are refused, which R takes for one", {
  d <- data.frame(y = sin(1:9), x = 1:9, `log(x)` = 9:1, check.names = FALSE)

  expect_error(
    quick(y ~ `log(x)` + log(x), d), "both called `log\\(x\\)`", class = "bbb_error_data"
  )
  expect_identical(quick(y ~ `log(x)`, d)$predictors$center, 5)
})

test_that("columns with the names of model.frame()'s own are predictors", {
  d <- data.frame(y = sin(1:9), `(weights)` = 1:9, `(offset)` = cos(1:9), `(row)` = sqrt(1:9), check.names = FALSE)
  plain <- stats::setNames(d, c("y", "w", "o", "r"))
  fit <- quick(y ~ ., d)

  expect_identical(fit$predictors$names, c("`(weights)`", "`(offset)`", "`(row)`"))
  expect_identical(fit$mu, quick(y ~ ., plain)$mu)
  expect_identical(predict(fit, d[3, ]), fitted(fit)[3])
  expect_identical(
    quick(y ~ `(weights)`, d, weights = `(row)`)$mu, quick(y ~ w, plain, weights = r)$mu
  )
})
