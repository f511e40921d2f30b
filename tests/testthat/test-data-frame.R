# Predictors: what is taken, what is refused, and what the core gets.

test_that("matrix, integer matrix, data frame and formula give the same fit", {
  whole <- round(10 * waves$x)
  storage <- whole
  storage.mode(storage) <- "integer"
  weights <- lapply(list(
    whole, storage, as.data.frame(whole), structure(whole, class = "table")
  ), function(x) quick(x, waves$y)$mu)
  by_formula <- quick(y ~ ., data.frame(whole, y = waves$y))$mu

  for (mu in c(weights[-1], list(by_formula))) expect_identical(mu, weights[[1]])
})

test_that("the units of predictors do not change a prediction", {
  moved <- sweep(sweep(waves$x, 2, c(1e6, 1e-6, 3), "*"), 2, c(5, 0, -9e5), "+")

  expect_equal(
    predict(quick(moved, waves$y), moved), predict(fits$gaussian, waves$x),
    tolerance = 1e-4
  )
})

test_that("extreme predictors and outcomes end in finite numbers or an error", {
  wild <- list(
    1e308, -1e308, 1e-308, 5e-324, .Machine$integer.max, .Machine$double.xmax,
    1e300, 1e-300, 0
  )
  for (value in wild) {
    for (x in list(replace(waves$x, 5, value), waves$x * value)) {
      fit <- tryCatch(quick(x, waves$y), bbb_error_diverged = function(e) NULL)
      if (!is.null(fit)) expect_true(all(is.finite(c(fit$mu, fit$rho, predict(fit, x)))))
    }
    for (y in list(replace(waves$y, 5, value), waves$y / max(waves$y) * value)) {
      fit <- tryCatch(quick(waves$x, y), bbb_error_diverged = function(e) NULL)
      if (!is.null(fit)) expect_true(all(is.finite(c(fit$mu, fit$rho, fit$noise))))
    }
  }
  succeed()
})

test_that("factors, characters and logicals are coded by model.matrix()", {
  x <- mixed[c("f", "s", "l", "i")]
  fit <- quick(x, mixed$y)

  wanted <- colnames(model.matrix(~ f + s + l + i, x))[-1]
  expect_identical(fit$predictors$names, wanted)
  expect_identical(
    fit$predictors$columns,
    c(f = "class", s = "class", l = "logical", i = "numeric")
  )
})

test_that("a character column and the same factor give the same fit", {
  as_factor <- transform(mixed, s = factor(s))
  as_words <- transform(mixed, s = as.character(s))
  fit <- quick(y ~ s + a, as_factor)

  expect_identical(quick(y ~ s + a, as_words)$mu, fit$mu)
  expect_identical(predict(fit, as_words), predict(fit, as_factor))
})

test_that("levels without rows are forgotten, in a data frame and in a formula", {
  x <- transform(mixed, f = factor(f, c("red", "green", "blue", "never")))
  by_frame <- quick(x[c("a", "f")], x$y)
  by_formula <- quick(y ~ a + f, x)

  expect_identical(by_frame$predictors$names, c("a", "fgreen", "fblue"))
  expect_identical(by_formula$mu, by_frame$mu)
  new <- transform(x[1:2, ], f = factor("never"))
  expect_error(predict(by_frame, new), "never saw: \"never\"", class = "bbb_error_data")
  expect_error(predict(by_formula, new), class = "bbb_error_data")
})

test_that("constant factors and characters just work", {
  x <- transform(mixed, g = factor("one"), h = "only", o = ordered("top"))
  fit <- quick(y ~ a + factor(g) + a:h + o, x)
  alone <- quick(x[c("g", "h")], x$y)

  expect_length(predict(fit, x[3:4, ]), 2L)
  expect_length(unique(predict(alone, x)), 1L)
  expect_error(predict(alone, transform(x, g = "two")), "never saw")
})

test_that("ordered factors keep their contrasts in new data", {
  x <- transform(mixed, o = ordered(f, c("red", "green", "blue")))
  fit <- quick(y ~ o, x)

  expect_identical(fit$predictors$names, c("o.L", "o.Q"))
  expect_identical(predict(fit, transform(x, o = as.character(o))), predict(fit, x))
})

test_that("columns may have any name", {
  x <- data.frame(`two words` = waves$x[, 1], `if` = mixed$f, `1` = mixed$i, check.names = FALSE)
  fit <- quick(x, waves$y)

  expect_identical(predict(fit, x[3:1]), predict(fit, x))
})

test_that("a matrix column of a data frame counts as its columns", {
  x <- data.frame(i = mixed$i)
  x$m <- waves$x

  expect_length(quick(x, waves$y)$predictors$names, 4L)
})

test_that("a tibble is a data frame", {
  skip_if_not_installed("tibble")
  as_tibble <- getExportedValue("tibble", "as_tibble")
  fit <- quick(as_tibble(mixed[1:6]), as_tibble(mixed["y"]))

  expect_identical(fit$mu, quick(mixed[1:6], mixed$y)$mu)
  expect_identical(
    predict(fits$mixed, as_tibble(mixed)), predict(fits$mixed, mixed)
  )
})

# ---- the tables of ?bbb_fit --------------------------------------------------

test_that("all kinds of x of the help page give the fit of the same numbers", {
  whole <- round(10 * waves$x)
  kinds <- list(`storage.mode<-`(whole, "integer"), as.data.frame(whole), whole)
  want <- quick(whole, waves$y)

  for (x in kinds) expect_identical(quick(x, waves$y)$mu, want$mu)
  expect_identical(quick(y ~ ., data.frame(whole, y = waves$y))$mu, want$mu)
  expect_identical(quick(whole[, 1], waves$y)$mu, quick(whole[, 1, drop = FALSE], waves$y)$mu)
  expect_identical(quick(pairs$y, waves$y)$mu, quick(pairs$y + 0, waves$y)$mu)
})

test_that("all kinds of columns of the help page become what it says", {
  d <- data.frame(waves$x[, 1:2], y = waves$y)
  columns <- list(
    numeric = list(mixed$a, mixed$a), integer = list(mixed$i, mixed$i + 0),
    logical = list(mixed$l, mixed$l + 0),
    factor = list(mixed$f, cbind(mixed$f == "green", mixed$f == "red") + 0),
    character = list(as.character(mixed$f), cbind(mixed$f == "green", mixed$f == "red") + 0),
    ordered = list(ordered(mixed$i), contr.poly(6)[mixed$i, ]),
    date = list(as.Date("2024-01-01") + 1:24, as.numeric(as.Date("2024-01-01")) + 1:24),
    time = list(as.POSIXct("2024-01-01", tz = "UTC") + 1:24, 1704067200 + 1:24),
    duration = list(as.difftime(1:24, units = "mins"), 60 * 1:24), matrix = list(waves$x, waves$x)
  )
  for (kind in names(columns)) {
    given <- d["y"]
    given$v <- columns[[kind]][[1]]
    fit <- quick(y ~ v, given)
    numbers <- quick(unname(as.matrix(columns[[kind]][[2]])), waves$y)

    expect_equal(fit$mu, numbers$mu, tolerance = 1e-6)
    expect_equal(predict(fit, given[5:2, ]), predict(fit, given)[5:2])
  }
})

test_that("all kinds of y of the help page have the family that it says", {
  family_with <- function(y, ...) suppressMessages(quick(waves$x, y, ...))$family
  kinds <- list(
    gaussian = waves$y, gaussian = matrix(waves$y), gaussian = waves$x, gaussian = 1:24,
    binomial = pairs$y, binomial = factor(mixed$s), binomial = mixed$s,
    binomial = ordered(mixed$s), categorical = trios$y, categorical = as.character(trios$y),
    ordinal = ordered(trios$y), gaussian = data.frame(waves$y)
  )
  for (i in seq_along(kinds)) expect_identical(family_with(kinds[[i]]), names(kinds)[i])
  expect_identical(quick(waves$x, cbind(1:24, 3), family = "binomial")$outcome$core, "trials")
  expect_identical(family_with(cbind(waves$y, 0:1), family = "weibull"), "weibull")
  skip_if_not_installed("survival")
  expect_identical(family_with(survival::Surv(waves$y, rep(0:1, 12))), "weibull")
})

test_that("columns without a name are refused", {
  x <- as.data.frame(waves$x)
  names(x)[2] <- ""
  expect_error(quick(x, waves$y), "without a name", class = "bbb_error_data")
})
