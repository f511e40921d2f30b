# A row's numbers follow from that row: terms that need the other rows are refused, and
# values of the training rows are not those of new ones.

refused <- function(expr, pattern) {
  expect_error(expr, pattern, class = "bbb_error_data")
}

# ---- terms without memory ----------------------------------------------------

test_that("a term that depends on the other rows is refused by name", {
  for (formula in list(
    y ~ rank(a), y ~ I(a - mean(a)), y ~ b + scale(poly(a, 2)), y ~ findInterval(a, quantile(a)),
    y ~ I(a / max(a)), y ~ a:rev(b), y ~ cut(a, 3), y ~ cumsum(a), y ~ ave(a, f), y ~ duplicated(i),
    y ~ as.integer(factor(a)), y ~ I(a > median(a)), y ~ seq_along(a), y ~ scale(a)[, 1],
    y ~ a[order(b)], y ~ I(i == max(i)), y ~ match(s, unique(s)), y ~ I(a / sum(a)) + f,
    y ~ rnorm(length(a)), y ~ a + offset(b - mean(b)), y ~ log(ave(i))
  )) {
    refused(quick(formula, mixed), "` gives a row another value when other rows are with it: ")
  }
  refused(quick(y ~ b + rank(a), mixed), "^`rank\\(a\\)` gives .* column of `data`, or use .*poly")
  refused(quick(y ~ b, mixed, offset = a / max(a)), "^`a/max\\(a\\)` gives")
  for (formula in list(y ~ gl(2, 12), y ~ rep(0:1, 12), y ~ rnorm(24), y ~ outer(a, b)[1:24])) {
    refused(quick(formula, mixed), "cannot be computed for some of the rows alone|gives a row")
  }
})

test_that("a term of the row, or one that remembers, is taken", {
  d <- transform(mixed, day = as.Date("2026-01-01") + i * 40, clock = as.POSIXct("2026-01-01", "UTC") + i)
  d$m <- waves$x
  for (formula in list(
    y ~ log(i), y ~ scale(a), y ~ poly(a, 2), y ~ poly(a, 3, raw = TRUE),
    y ~ splines::ns(a, 3), y ~ splines::bs(a, df = 5), y ~ cut(a, c(-2, 0, 2)), y ~ factor(i), y ~ ordered(i),
    y ~ interaction(f, s), y ~ relevel(f, "red"), y ~ droplevels(f), y ~ addNA(f), y ~ as.character(i),
    y ~ months(day), y ~ I(day - as.Date("2020-01-01")), y ~ I(clock - as.POSIXct("2025-01-01", "UTC")),
    y ~ pmax(a, b), y ~ rowSums(m), y ~ m[, 1:2], y ~ model.matrix(~ f)[, -1], y ~ ifelse(a > 0, a, b),
    y ~ sapply(a, function(v) v^2), y ~ reorder(f, a), y ~ as.numeric(f), y ~ I(s == "on"), y ~ nchar(s)
  )) {
    fit <- quick(formula, d)

    want <- predict(fit, d)
    expect_equal(fitted(fit), want, tolerance = 1e-6)
    for (rows in list(5, 24:20, 3:4)) {
      expect_equal(predict(fit, d[rows, ]), want[rows], tolerance = 1e-6)
    }
    expect_identical(predict(fit, d[0, ]), numeric())
  }
})

test_that("one row of a basis of two variables is that row", {
  fit <- quick(y ~ poly(a, b, degree = 2), mixed)

  # R's own poly() warns of two rows
  expect_equal(suppressWarnings(predict(fit, mixed[5, ])), fitted(fit)[5], tolerance = 1e-6)
})

test_that("the check is of few rows, and of few evaluations", {
  calls <- 0
  most <- 0
  seen <- function(v) {
    calls <<- calls + 1
    if (calls > 1) most <<- max(most, length(v))
    v
  }
  d <- data.frame(y = sin(1:5000), x = cos(1:5000))
  ns <- asNamespace("bbb")
  ns$frame_of_formula(y ~ seen(x), d, list(), na.pass, NULL)

  expect_lte(calls, 8)
  expect_lte(most, 200)
})

test_that("rows that na.action or subset leave out are in no check", {
  d <- transform(mixed, a = replace(a, 1:20, NA))
  fit <- quick(y ~ exp(a) + b, d, na.action = na.omit)
  expect_identical(fit$n, 4L)
  refused(quick(y ~ rank(a) + b, d, na.action = na.omit), "`rank\\(a\\)` gives")
  refused(quick(y ~ exp(a) + b, transform(d, a = NA_real_)), "Missing")
  impute <- function(d) {
    d[] <- lapply(d, function(v) if (is.numeric(v)) replace(v, is.na(v), 0) else v)
    d
  }
  expect_identical(quick(y ~ I(a * 1) + b, d, na.action = impute)$n, 24L)
  refused(quick(y ~ rank(a), mixed, subset = i > 2), "gives a row another value")
  expect_identical(quick(y ~ exp(a), mixed[1:2, ])$n, 2L)
})

# ---- values of the training rows ---------------------------------------------

long <- sin(1:48)^2 + 0.1
train <- 1:24
test <- 25:48

test_that("weights picked by index are not those of new rows", {
  d <- transform(mixed, w = long[train])
  new <- mixed[24:1, ]
  for (fit in list(
    quick(y ~ a, mixed, weights = long[1:24]), quick(y ~ a, mixed, weights = long[train]),
    quick(y ~ a, mixed, weights = long[-test]), quick(y ~ a, mixed, weights = head(long, 24)),
    quick(y ~ a, mixed, weights = long[train] / mean(long[train]))
  )) {
    refused(bbb_score(fit, new), "the fit's weights, belongs to the training rows: give `weights`")
    refused(bbb_score(fit, new[1:5, ]), "give `weights` for the rows of `x`")
    refused(bbb_update(fit, new, epochs = 1), "give `weights`")
    refused(logLik(fit, new), "give `weights`")
    expect_s3_class(bbb_score(fit, new, weights = rep(1, 24)), "data.frame")
    expect_identical(predict(fit, new), predict(fit, mixed)[24:1])
  }
  fit <- quick(y ~ a, mixed, weights = long[1:24])
  expect_identical(bbb_continue(fit, mixed, epochs = 1)$mu,
    bbb_continue(quick(y ~ a, d, weights = w), d, epochs = 1)$mu)
})

test_that("an offset picked by index is not that of new rows", {
  for (fit in list(
    quick(i ~ a, mixed, offset = long[1:24], family = "poisson"),
    quick(i ~ a + offset(long[train]), mixed, family = "poisson"),
    quick(i ~ a + offset(log(long[-test])), mixed, family = "poisson"),
    quick(i ~ a, mixed, offset = rep(0.5, 24), family = "poisson")
  )) {
    refused(predict(fit, mixed), "the fit's offset, belongs to the training rows: give `offset`")
    refused(predict(fit, mixed[1:3, ]), "give `offset` for the rows of `newdata`")
    refused(bbb_score(fit, mixed), "give `offset`")
    expect_length(predict(fit, mixed[1:3, ], offset = c(0, 1, 2)), 3L)
    expect_length(predict(fit, mixed, offset = long[1:24]), 24L)
  }
})

test_that("predictors picked by index are not those of new rows", {
  x <- sin(1:48)
  y <- cos(1:48)
  beside <- data.frame(x = x[train], y = y[train])
  for (fit in list(
    quick(y[1:24] ~ x[1:24]), quick(y[train] ~ x[train]), quick(y[-test] ~ exp(x[-test])),
    quick(beside$y ~ beside$x), quick(beside[["y"]] ~ beside[["x"]]), quick(beside[, "y"] ~ beside[, "x"]),
    quick(y ~ a + x[1:24], mixed), quick(y ~ a + x[train], mixed), quick(y ~ ifelse(a > 0, x[1:24], a), mixed),
    quick(y ~ with(beside, x) + a, mixed), quick(y ~ a + rev(x)[1:24], mixed)
  )) {
    for (new in list(data.frame(x = c(0.1, 0.9)), cbind(mixed, x = x[test]), mixed)) {
      refused(predict(fit, new), "of the formula belongs? to the training rows: make")
    }
    refused(model.frame(fit, mixed), "belongs to the training rows")
  }
  fit <- quick(y[1:24] ~ x[1:24])
  expect_identical(nrow(bbb_continue(fit, data.frame(z = 1:24), epochs = 2)$history), 8L)
})

test_that("an outcome of the training rows is given for a score", {
  y <- cos(1:48)
  for (fit in list(
    quick(y[1:24] ~ a, mixed), quick(rank(b) ~ a, mixed), quick(I(b - mean(b)) ~ a, mixed)
  )) {
    refused(bbb_score(fit, mixed[1:4, ]), "the fit's outcome, belongs .* give `y` for the rows of `x`")
    expect_s3_class(bbb_score(fit, mixed[1:4, ], c(1, 2, 1, 0)), "data.frame")
    expect_length(predict(fit, mixed[1:4, ]), 4L)
  }
})

# ---- settings ----------------------------------------------------------------

test_that("settings are found where the formula was written, whatever their length", {
  fit_in <- function() {
    power <- 3
    knots <- c(-0.5, 0.5)
    lift <- function(v) v + power
    table <- seq(0.5, 12, 0.5)
    known <- c(2, 4, rep(9, 22))
    lut <- list(to = 24:1, of = 1:24)
    quick(
      y ~ I(a^power) + splines::ns(b, knots = knots) + lift(c) + table[i] + I(i %in% known) +
        lut$to[match(i, lut$of)], mixed
    )
  }
  fit <- fit_in()

  expect_identical(sort(names(fit$predictors$columns)), c("a", "b", "c", "i"))
  expect_length(fit$predictors$bound, 0L)
  expect_identical(predict(fit, mixed[7:9, ]), fitted(fit)[7:9])
  expect_identical(predict(unserialize(serialize(fit, NULL)), mixed), fitted(fit))
})

test_that("a column of new data that the formula has not is none of its settings", {
  power <- 2
  k <- 0.5
  fit <- quick(i ~ I(a^power), mixed, offset = b * k, family = "poisson")
  other <- transform(mixed, power = 9, k = 100)

  expect_identical(predict(fit, other), predict(fit, mixed))
  expect_identical(bbb_score(fit, other), bbb_score(fit, mixed))
  outcome <- quick(I(y * power) ~ a, mixed)
  expect_identical(bbb_score(outcome, other), bbb_score(outcome, mixed))
})

test_that("a vector beside the data is a column that new data must have", {
  beside <- sin(mixed$i)
  for (fit in list(quick(y ~ a + beside, mixed), quick(y ~ a + exp(beside), mixed))) {
    refused(predict(fit, mixed), "`newdata` lacks the column `beside`")
    expect_identical(predict(fit, cbind(mixed, beside)[3:1, ]), fitted(fit)[3:1])
  }
  refused(quick(y ~ rank(beside), mixed), "gives a row another value")
})

test_that("an offset that is given does not need the formula's columns", {
  fit <- quick(i ~ a + offset(log(b + 2)), mixed, family = "poisson")

  expect_identical(predict(fit, mixed["a"], offset = log(mixed$b + 2)), fitted(fit))
  refused(predict(fit, mixed["a"]), "lacks the column `b`")
  refused(predict(fit, transform(mixed, b = "x")), "Column `b`")
})

test_that("variables are those of an expression, not what `$` takes or a function names", {
  vars <- bbb:::variables_of

  expect_identical(vars(quote(list(log(a), d$x, d@y, stats::f(b), `odd one`))), c("a", "d", "b", "odd one"))
  expect_identical(vars(quote(sapply(a, function(v) v^k))), c("a", "k"))
  expect_identical(vars(quote(m[, 1:n])), c("m", "n"))
  expect_identical(vars(quote((function(v) v + w)(u))), c("w", "u"))
  expect_identical(vars(3), character())
})
