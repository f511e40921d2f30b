# New data are matched with the training data by columns, types, units and levels.

test_that("missing columns are named, one or more", {
  expect_error(
    predict(fits$gaussian, waves$x[, 1:2]), "`newdata` lacks the column `c`.",
    fixed = TRUE, class = "bbb_error_data"
  )
  expect_error(
    predict(fits$mixed, mixed[3:6]), "`newdata` lacks the columns `a`, `b` and `i`.",
    fixed = TRUE, class = "bbb_error_data"
  )
  expect_error(
    bbb_score(fits$gaussian, waves$x[, 1:2], waves$y), "`x` lacks the column `c`.",
    fixed = TRUE, class = "bbb_error_data"
  )
})

test_that("another number of columns is refused", {
  nameless <- quick(unname(waves$x), waves$y)

  expect_error(predict(nameless, waves$x[, 1:2]), "must have 3 columns as in the fit, not 2")
  expect_error(predict(fits$gaussian, 1:4), "must have 3 columns as in the fit, not 1")
})

test_that("another type of a column is refused by name", {
  changes <- list(
    a = as.character(mixed$a), a = mixed$l, a = mixed$f, f = mixed$a, f = mixed$l,
    l = mixed$a, l = mixed$s, i = Sys.Date() + 1:24, s = as.list(mixed$s)
  )
  for (k in seq_along(changes)) {
    x <- mixed
    x[[names(changes)[k]]] <- changes[[k]]
    error <- caught(predict(fits$mixed, x))

    expect_s3_class(error, "bbb_error_data")
    expect_match(
      conditionMessage(error), paste0("^Column `", names(changes)[k], "` of `newdata` is")
    )
  }
})

test_that("the type that counts is the column's, inside a function too", {
  fit <- quick(y ~ log(i) + factor(s), mixed)

  expect_error(predict(fit, transform(mixed, i = "1")), "Column `i`", class = "bbb_error_data")
  expect_identical(predict(fit, transform(mixed, s = factor(s))), predict(fit, mixed))
})

test_that("new levels are named", {
  expect_error(
    predict(fits$mixed, transform(mixed, f = "pink", s = "on")),
    "Column `f` of `newdata` has levels that the fit never saw: \"pink\".",
    fixed = TRUE, class = "bbb_error_data"
  )
  expect_error(
    predict(quick(y ~ factor(i), mixed), transform(mixed, i = 7)), "never saw: \"7\""
  )
})

test_that("levels that the new data have none of are no new levels", {
  few <- transform(mixed[1:2, ], f = factor(f, c("zero", "green", "red")))

  expect_identical(predict(fits$mixed, few), predict(fits$mixed, mixed)[1:2])
})

test_that("a new level can be NA instead", {
  new <- transform(mixed, f = replace(as.character(f), 3, "pink"), s = replace(s, 5, "?"))

  got <- predict(fits$mixed, new, new_levels = "na")
  expect_identical(got, replace(predict(fits$mixed, mixed), c(3, 5), NA))
  expect_error(
    predict(fits$mixed, new, new_levels = "drop"), "`new_levels`",
    class = "bbb_error_argument"
  )
})

# Level 2 of `x` and the predictor `x2`.
test_that("columns that become namesakes are told apart", {
  d <- data.frame(x = factor(rep(1:2, 12)), x2 = waves$x[, 1], y = waves$y)
  for (fit in list(quick(y ~ x + x2, d), quick(d[1:2], d$y))) {
    expect_identical(fit$predictors$names, c("x2", "x2"))
    expect_identical(predict(fit, d), fitted(fit))
    expect_identical(predict(fit, d[3:1, 2:1]), fitted(fit)[3:1])
  }
})

test_that("a level that is NA is one", {
  d <- transform(mixed, f = addNA(replace(f, c(2, 7), NA)))
  fit <- quick(y ~ f + a, d)
  inside <- quick(y ~ addNA(f) + a, transform(mixed, f = replace(f, c(2, 7), NA)))

  expect_identical(predict(fit, d), fitted(fit))
  expect_identical(inside$mu, fit$mu)
  gaps <- transform(mixed, f = replace(f, c(2, 7), NA))
  expect_identical(predict(inside, gaps), fitted(fit))
  expect_identical(bbb_score(inside, gaps), bbb_score(fit, d))
})

test_that("a matrix column of other columns than in the fit is refused", {
  d <- mixed["y"]
  d$m <- waves$x
  fit <- quick(y ~ m, d)
  expect_identical(predict(fit, d), fitted(fit))
  d$m <- waves$x[, 1:2]
  expect_error(predict(fit, d), class = "bbb_error_data")
})

test_that("the units of a time difference are those of the fit, also inside functions", {
  d <- with_column(as.difftime(1:24, units = "mins"))
  seconds <- d
  units(seconds$v) <- "secs"
  for (f in list(y ~ v, y ~ as.numeric(v), y ~ a + I(as.numeric(v)^2))) {
    fit <- quick(f, d)
    expect_equal(predict(fit, seconds), predict(fit, d))
    refuses_column(predict(fit, with_column(1:24)), "`v` of `newdata` is numeric; in the fit")
  }
  as_outcome <- quick(as.numeric(v) ~ a, d)
  expect_equal(bbb_score(as_outcome, seconds), bbb_score(as_outcome, d))
  expect_length(predict(as_outcome, with_column("unknown")), 24L)
  refuses_column(bbb_score(as_outcome, with_column(1:24)), "`v` of `x` is numeric; in the fit it was a time")
  refuses_column(quick(v ~ a, d), "not difftime: write `as.numeric\\(y, units")
})

test_that("the hour of a time is that of the fit's time zone", {
  at <- as.POSIXct("2024-01-01", tz = "UTC") + 3600 * 1:24
  hour <- function(t) as.POSIXlt(t)$hour
  d <- with_column(at)
  fit <- quick(y ~ hour(v), d)
  elsewhere <- d
  attr(elsewhere$v, "tzone") <- "Etc/GMT-5"

  expect_identical(predict(fit, elsewhere), predict(fit, d))
})
