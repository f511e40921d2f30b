# Rows with missing values: na.action beside x and y, as beside a formula.

gappy <- transform(mixed, a = replace(a, 2, NA), f = replace(f, 9, NA))
gappy_y <- replace(waves$y, 5, NA)
gappy_w <- replace(rep(1:3, 8), 11, NA)
gappy_lift <- replace(sin(1:24), 14, NaN)
gone <- c(2L, 5L, 9L, 11L, 14L)

beside <- function(x = gappy[1:7], ...) {
  quick(x, gappy_y, weights = gappy_w, offset = gappy_lift, ...)
}

test_that("na.omit drops the rows where anything is missing, as for a formula", {
  fit <- beside(na.action = na.omit)
  by_hand <- quick(
    gappy[-gone, 1:7], gappy_y[-gone], weights = gappy_w[-gone], offset = gappy_lift[-gone]
  )
  d <- transform(gappy, y = gappy_y, w = gappy_w, lift = gappy_lift)
  by_formula <- quick(
    y ~ a + b + c + f + s + l + i, d, weights = w, offset = lift, na.action = na.omit
  )

  expect_identical(fit$mu, by_hand$mu)
  expect_identical(fit$mu, by_formula$mu)
  expect_identical(fitted(fit), fitted(by_hand))
  expect_identical(nobs(fit), 19L)
  expect_identical(as.integer(fit$na_action), gone)
  expect_identical(beside(na.action = "na.omit")$mu, fit$mu)
})

test_that("na.exclude gives as many fitted values and residuals as there were rows", {
  fit <- beside(na.action = na.exclude)
  omitted <- beside(na.action = na.omit)

  expect_identical(fit$mu, omitted$mu)
  expect_length(fitted(fit), 24L)
  expect_identical(unname(which(is.na(residuals(fit)))), gone)
  expect_identical(fitted(fit)[-gone], fitted(omitted))
  classes <- quick(gappy[1:7], trios$y, na.action = na.exclude)
  expect_identical(dim(fitted(classes)), c(24L, 3L))
  expect_identical(unname(which(is.na(fitted(classes)[, 1]))), c(2L, 9L))
})

test_that("fitted values and residuals are padded as those of lm()", {
  x <- replace(waves$x, 7, NA)
  fit <- quick(x, gappy_y, na.action = na.exclude)
  line <- lm(gappy_y ~ x, na.action = na.exclude)

  expect_identical(unname(is.na(fitted(fit))), unname(is.na(fitted(line))))
  expect_identical(unname(is.na(residuals(fit))), unname(is.na(residuals(line))))
  expect_identical(nobs(fit), nobs(line))
})

test_that("every kind of x and y is taken without its incomplete rows", {
  holed <- replace(waves$x, 30, NA)
  whole <- `storage.mode<-`(round(9 * holed), "integer")
  kinds <- list(holed, whole, holed > 0, as.data.frame(holed), holed[, 2])
  for (x in kinds) {
    rows <- if (is.null(dim(x))) x[-6] else x[-6, ]
    fit <- quick(x, waves$y, na.action = na.omit)
    expect_identical(fit$mu, quick(rows, waves$y[-6])$mu)
  }
  outcomes <- list(
    replace(trios$y, 6, NA), replace(pairs$y, 6, NA), replace(waves$x, 6, NA),
    replace(as.character(trios$y), 6, NA), data.frame(y = replace(waves$y, 6, NA))
  )
  for (y in outcomes) {
    rows <- if (is.null(dim(y))) y[-6] else y[-6, ]
    expect_identical(quick(waves$x, y, na.action = na.omit)$mu, quick(waves$x[-6, ], rows)$mu)
  }
})

test_that("times lose the rows without a time or an event", {
  skip_if_not_installed("survival")
  times <- survival::Surv(replace(waves$y, 3, NA), replace(rep(0:1, 12), 8, NA))
  fit <- quick(waves$x, times, na.action = na.omit)

  expect_identical(fit$family, "weibull")
  expect_identical(fit$mu, quick(waves$x[-c(3, 8), ], times[-c(3, 8)])$mu)
})

test_that("a sparse matrix stays sparse without its incomplete rows", {
  skip_if_not_installed("Matrix")
  thin <- replace(waves$x * (abs(waves$x) > 0.6), 2, NA)
  sparse <- methods::as(Matrix::Matrix(thin, sparse = TRUE), "generalMatrix")

  expect_s4_class(kept_cases(sparse, waves$y, NULL, NULL, na.omit)$x, "dgCMatrix")
  expect_identical(
    quick(sparse, waves$y, na.action = na.omit)$mu, quick(thin[-2, ], waves$y[-2])$mu
  )
})

test_that("without missing values na.action changes nothing", {
  fit <- quick(waves$x, waves$y, na.action = na.exclude)

  expect_null(fit$na_action)
  expect_identical(timeless(fit), timeless(fits$gaussian))
})

test_that("by default they are counted, and an infinite value is never dropped", {
  expect_error(quick(waves$x, gappy_y), "in 1 of 24 rows: `y` \\(1\\)", class = "bbb_error_data")
  expect_error(beside(), "in 5 of 24 rows: `y` \\(1\\), `a` \\(1\\), `f` \\(1\\), `weights`", class = "bbb_error_data")
  wild <- replace(gappy_y, 1, Inf)
  for (action in list(na.omit, na.exclude)) {
    expect_error(
      quick(waves$x, wild, na.action = action), "infinite values in 1 of 23 rows: `y`",
      class = "bbb_error_data"
    )
  }
  expect_error(
    quick(waves$x, gappy_y, na.action = na.fail), "Missing values", class = "bbb_error_data"
  )
})

test_that("nothing left, and what is no na.action, are errors that say so", {
  expect_error(
    quick(waves$x, rep(NA_real_, 24), na.action = na.omit), "`x` has no rows",
    class = "bbb_error_data"
  )
  for (wrong in list("nope", 1, NA, list(), sum)) {
    expect_error(
      quick(waves$x, gappy_y, na.action = wrong), "`na.action`", class = "bbb_error_argument"
    )
    expect_error(
      predict(fits$mixed, gappy, na.action = wrong), "`na.action`",
      class = "bbb_error_argument"
    )
  }
  expect_error(
    quick(waves$x, gappy_y[-1], na.action = na.omit), "`y` has 23 values for 24 rows",
    class = "bbb_error_data"
  )
})

test_that("a fit that left rows out is made, and goes on, from the data with them", {
  x <- gappy[1:7]
  y <- gappy_y
  fit <- function(epochs) {
    beside(x, epochs = epochs, schedule = "constant", na.action = na.exclude)
  }
  more <- bbb_continue(fit(3), x, y, epochs = 3, weights = gappy_w, offset = gappy_lift)

  expect_identical(more$mu, fit(6)$mu)
  expect_length(fitted(more), 24L)
  made <- bbb_fit(x, y, hidden = 2, epochs = 2, seed = 1, na.action = na.omit)
  expect_identical(update(made)$mu, made$mu)
})

test_that("a recipe's rows may be left out too", {
  skip_if_not_installed("recipes")
  recipe <- recipes::recipe(y ~ a + b, data = gappy)
  fit <- quick(recipe, gappy, na.action = na.exclude, schedule = "constant")

  expect_identical(fit$mu, quick(y ~ a + b, gappy, na.action = na.omit, schedule = "constant")$mu)
  expect_identical(unname(which(is.na(fitted(fit)))), 2L)
  expect_identical(bbb_continue(fit, gappy, epochs = 2)$n, 23L)
})

test_that("one error counts all that is missing by the names that the user gave", {
  air <- data.frame(airquality, w = replace(rep(1, 153), 7, NA))
  says <- function(expr, text) {
    expect_error(expr, text, fixed = TRUE, class = "bbb_error_data")
  }
  hint <- "; `na.action = na.omit` leaves these rows out."
  says(quick(Ozone ~ ., air[-7]), paste0("in 42 of 153 rows: `Ozone` (37) and `Solar.R` (7)", hint))
  says(quick(log(Ozone) ~ Wind, air), "in 37 of 153 rows: `log(Ozone)` (37)")
  says(quick(cbind(Ozone, Temp) ~ Wind, air), "in 37 of 153 rows: `Ozone` (37); `na")
  says(
    quick(Temp ~ Solar.R, air, weights = w, offset = Ozone),
    "in 43 of 153 rows: `Solar.R` (7), `w` (1) and `Ozone` (37)"
  )
  says(quick(Temp ~ Wind + offset(Ozone), air), "in 37 of 153 rows: `offset(Ozone)` (37)")
  says(quick(air[2:3], air$Ozone), "in 42 of 153 rows: `y` (37) and `Solar.R` (7)")
  says(
    quick(as.matrix(air[2:3]), air$Ozone, weights = air$w),
    "in 43 of 153 rows: `y` (37), `Solar.R` (7) and `weights` (1)"
  )
  says(quick(waves$x, replace(waves$x, 2, NA)), "`y[, \"a\"]` (1)")
  fit <- quick(Ozone ~ Solar.R, air, na.action = na.omit)
  expect_identical(nobs(fit), 111L)
  says(bbb_score(fit, air), "in 42 of 153 rows: `Ozone` (37) and `Solar.R` (7).")
})

test_that("a subset of words is an error, names of rows are not", {
  cars <- mtcars[1:20, ]
  expect_error(
    quick(mpg ~ wt, cars, subset = "am == 1"), "`subset` must say which rows",
    class = "bbb_error_argument"
  )
  expect_error(quick(mpg ~ wt, cars, subset = factor(am)), "`subset` must say", class = "bbb_error_argument")
  some <- rownames(cars)[3:9]
  expect_identical(quick(mpg ~ wt, cars, subset = some)$mu, quick(mpg ~ wt, cars[3:9, ])$mu)
})
