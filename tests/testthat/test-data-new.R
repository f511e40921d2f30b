# New data: matched as a user means them, or refused by name.

test_that("columns are matched by name, and further ones ignored", {
  matrix_fit <- fits$gaussian
  want <- predict(matrix_fit, waves$x)

  expect_identical(predict(matrix_fit, waves$x[, c("c", "a", "b")]), want)
  expect_identical(predict(matrix_fit, cbind(z = 0, waves$x)), want)
  expect_identical(unname(predict(matrix_fit, data.frame(k = "text", waves$x[, 3:1]))), want)
  expect_identical(
    predict(fits$mixed, cbind(extra = NA, mixed[8:1])), predict(fits$mixed, mixed)
  )
})

test_that("a matrix without names is matched by position", {
  expect_identical(predict(fits$gaussian, unname(waves$x)), predict(fits$gaussian, waves$x))
  nameless <- quick(unname(waves$x), waves$y)
  expect_identical(predict(nameless, waves$x), predict(nameless, unname(waves$x)))
})

test_that("columns of the same name are matched by position", {
  x <- waves$x
  colnames(x) <- c("a", "a", "b")
  fit <- quick(x, waves$y)

  expect_identical(predict(fit, x), fitted(fit))
})

test_that("a vector is one row, or the only predictor", {
  want <- predict(fits$gaussian, waves$x)

  expect_identical(predict(fits$gaussian, waves$x[1, ]), want[1])
  expect_identical(predict(fits$gaussian, rev(waves$x[1, ])), want[1])
  expect_identical(predict(fits$gaussian, array(waves$x[2, ], 3)), want[2])
  expect_identical(predict(fits$gaussian, waves$x[3, , drop = FALSE]), want[3])

  single <- quick(waves$x[, "a"], waves$y)
  expect_identical(
    predict(single, array(waves$x[4:6, "a"], 3)), predict(single, waves$x[, "a"])[4:6]
  )
})

test_that("whole numbers may be integer or double", {
  fit <- quick(y ~ i, mixed)

  expect_type(mixed$i, "integer")
  expect_identical(
    predict(fit, transform(mixed, i = as.double(i))), predict(fit, mixed)
  )
  expect_length(predict(fit, data.frame(i = 2.5)), 1L)
  expect_identical(
    predict(fits$gaussian, matrix(1:3, 1)), predict(fits$gaussian, matrix(c(1, 2, 3), 1))
  )
})

test_that("an incomplete row is NA, and only that row", {
  want <- predict(fits$gaussian, waves$x)
  x <- replace(waves$x, c(2, 29, 51), c(NA, Inf, NaN))
  gaps <- transform(
    mixed, f = replace(f, 3, NA), a = replace(a, 5, Inf), l = replace(l, 8, NA)
  )

  expect_identical(predict(fits$gaussian, x), replace(want, c(2, 5, 3), NA))
  expect_identical(
    predict(fits$mixed, gaps), replace(predict(fits$mixed, mixed), c(3, 5, 8), NA)
  )
  basis <- quick(y ~ poly(a, 2) + log(i), mixed)
  expect_identical(
    predict(basis, transform(mixed, a = replace(a, 2, NA))),
    replace(predict(basis, mixed), 2, NA)
  )
})

test_that("columns that are all NA, of any type, give NA", {
  empty <- transform(mixed, f = NA, a = NA)

  expect_identical(unname(predict(fits$mixed, empty)), rep(NA_real_, 24))
  expect_identical(predict(fits$gaussian, matrix(NA, 2, 3)), rep(NA_real_, 2))
})

test_that("no rows give no predictions", {
  expect_identical(predict(fits$gaussian, waves$x[0, ]), numeric())
  expect_identical(predict(fits$mixed, mixed[0, ]), numeric())
})

test_that("a matrix with names does for a frame of numbers", {
  fit <- quick(mixed[1:3], mixed$y)

  expect_identical(predict(fit, waves$x), unname(predict(fit, mixed)))
})

test_that("scores name the columns with missing values", {
  gaps <- transform(mixed, f = replace(f, 2:3, NA))

  expect_error(
    bbb_score(fits$mixed, gaps), "in 2 of 24 rows: `f` (2).",
    fixed = TRUE, class = "bbb_error_data"
  )
})

test_that("na.action says what becomes of incomplete rows", {
  gaps <- transform(mixed, a = replace(a, c(2, 7), NA))
  want <- predict(fits$mixed, mixed)

  for (action in list(na.pass, na.exclude, "na.pass", NULL)) {
    expect_identical(predict(fits$mixed, gaps, na.action = action), replace(want, c(2, 7), NA))
  }
  expect_identical(predict(fits$mixed, gaps, na.action = na.omit), want[-c(2, 7)])
  expect_error(
    predict(fits$mixed, gaps, na.action = na.fail), "Missing values", class = "bbb_error_data"
  )
})

test_that("dates, times and durations are numbers, whatever their units", {
  start <- as.POSIXct("2024-03-01", tz = "UTC")
  d <- data.frame(
    day = as.Date("2024-01-01") + 1:24, time = start + 3600 * (1:24)^2,
    took = as.difftime(1:24, units = "hours"), y = waves$y
  )
  fit <- quick(y ~ ., d)
  numbers <- quick(
    data.frame(day = as.numeric(d$day), time = as.numeric(d$time), took = 3600 * 1:24),
    waves$y
  )

  expect_identical(fit$mu, numbers$mu)
  expect_identical(fit$predictors$center, numbers$predictors$center)
  expect_identical(quick(d[1:3], d$y)$mu, fit$mu)
  other <- transform(d, took = as.difftime(60 * (1:24), units = "mins"))
  attr(other$time, "tzone") <- "Asia/Tokyo"
  expect_equal(predict(fit, other), predict(fit, d))
  expect_identical(predict(fit, transform(d, day = replace(day, 4, NA)))[[4]], NA_real_)
  expect_error(
    predict(fit, transform(d, day = 5)), "is numeric; in the fit it was a date",
    class = "bbb_error_data"
  )
  expect_error(
    quick(transform(d[1:3], day = replace(day, 4, NA)), d$y), "`day` \\(1\\)",
    class = "bbb_error_data"
  )
})

test_that("a data.table is a data frame", {
  skip_if_not_installed("data.table")
  as_table <- getExportedValue("data.table", "as.data.table")
  fit <- quick(y ~ ., as_table(mixed))

  expect_identical(fit$mu, fits$mixed$mu)
  expect_identical(quick(as_table(mixed[1:6]), waves$y)$mu, quick(mixed[1:6], waves$y)$mu)
  expect_identical(predict(fit, as_table(mixed)[3:1, ]), predict(fit, mixed)[3:1])
  expect_identical(
    bbb_continue(quick(y ~ a, as_table(mixed), subset = i > 1), as_table(mixed), epochs = 1)$mu,
    bbb_continue(quick(y ~ a, mixed, subset = i > 1), mixed, epochs = 1)$mu
  )
})
