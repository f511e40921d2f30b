# Columns with a class: taken as what it means, or refused by name, in every role.

# Seconds with a class that says minutes: what a number inside may be.
odd <- structure(as.double(1:24), class = "bbb_odd")
refused <- function(expr, text = "bbb_odd") {
  expect_error(expr, text, class = "bbb_error_data")
}
with_column <- function(v, ...) {
  d <- data.frame(waves$x, y = waves$y, ...)
  d$v <- v
  d
}

test_that("known kinds of columns have their type, others are odd", {
  type <- function(v) type_of(v)
  expect_identical(type(1:2), "numeric")
  expect_identical(type(I(1:2)), "numeric")
  expect_identical(type(stats::ts(1:9)), "numeric")
  expect_identical(type(table(c(1, 1, 2))), "numeric")
  expect_identical(type(stats::poly(1:9, 2)), "numeric")
  expect_identical(type(splines::ns(1:9, 2)), "numeric")
  expect_identical(type(scale(1:9)), "numeric")
  expect_identical(type(structure(1:2, label = "age", class = c("labelled", "integer"))), "numeric")
  expect_identical(type(I(c(TRUE, FALSE))), "logical")
  expect_identical(type(structure("a", class = c("glue", "character"))), "class")
  expect_identical(type(structure(1L, class = c("IDate", "Date"))), "date")
  expect_identical(type(structure(1, class = c("hms", "difftime"), units = "secs")), "duration")

  coded <- structure(c(1, -9), labels = c(refused = -9), class = c("haven_labelled", "double"))
  strange <- list(
    odd, coded, structure(1L, class = "integer64"), structure(TRUE, class = "flag"), 1i,
    as.raw(1), list(1), data.frame(a = 1), array(1, c(1, 1, 1)), matrix("a", 1, 2),
    as.POSIXlt(Sys.time()), NULL, structure(cbind(1, 1), type = "right", class = "Surv")
  )
  for (v in strange) expect_identical(type(v), "other")
})

test_that("an unknown class is refused in every role, at the fit and later", {
  d <- with_column(odd)
  refused(quick(y ~ v, d), "`v` is bbb_odd; .*: write `as.numeric\\(v\\)`")
  refused(quick(d[c("a", "v")], d$y), "`v` is bbb_odd")
  refused(quick(v ~ a, d), "`y` must be .* not bbb_odd: write `as.numeric\\(y\\)`")
  refused(quick(waves$x, odd), "not bbb_odd")
  refused(quick(waves$x, waves$y, weights = odd), "`weights` must be a numeric vector, not bbb_odd")
  refused(quick(y ~ a, d, weights = v), "`weights`")
  refused(quick(y ~ a, d, offset = v), "`offset`")
  refused(quick(y ~ a + offset(v), d), "`v` is bbb_odd")
  refused(quick(odd, waves$y), "not bbb_odd")

  plain <- with_column(as.double(odd))
  fit <- quick(y ~ v, plain)
  refused(predict(fit, d), "`v` of `newdata` is bbb_odd; in the fit it was numeric")
  refused(bbb_score(quick(v ~ a, plain), d), "bbb_odd")
  refused(bbb_score(quick(as.numeric(v) ~ a, plain), d), "`v` of `x` is bbb_odd")
  refused(bbb_continue(quick(y ~ a, plain, weights = as.numeric(v)), d, epochs = 1), "bbb_odd")
  refused(predict(quick(y ~ a + offset(v), plain), d), "bbb_odd")
  by_matrix <- quick(as.matrix(plain[c("a", "v")]), plain$y)
  refused(predict(by_matrix, d[c("a", "v")]), "`v` of `newdata` is bbb_odd")
})

test_that("functions of R's do not see the numbers inside, but conversions do", {
  d <- with_column(odd)
  for (f in list(
    y ~ log(v), y ~ I(v), y ~ a + sqrt(a + v), y ~ poly(v, 2), y ~ cut(v, 3), log(v) ~ a,
    y ~ a + offset(log(v))
  )) {
    refused(quick(f, d), "may misread|bbb_odd")
  }
  want <- quick(y ~ v, with_column(as.double(1:24)))
  expect_identical(quick(y ~ as.numeric(v), d)$mu, want$mu)
  expect_identical(quick(as.numeric(v) ~ a, d)$outcome$center, 12.5)
})

test_that("the units of a time difference are those of the fit, also inside functions", {
  d <- with_column(as.difftime(1:24, units = "mins"))
  seconds <- d
  units(seconds$v) <- "secs"
  for (f in list(y ~ v, y ~ as.numeric(v), y ~ a + I(as.numeric(v)^2))) {
    fit <- quick(f, d)
    expect_equal(predict(fit, seconds), predict(fit, d))
    refused(predict(fit, with_column(1:24)), "`v` of `newdata` is numeric; in the fit")
  }
  as_outcome <- quick(as.numeric(v) ~ a, d)
  expect_equal(bbb_score(as_outcome, seconds), bbb_score(as_outcome, d))
  expect_length(predict(as_outcome, with_column("unknown")), 24L)
  refused(bbb_score(as_outcome, with_column(1:24)), "`v` of `x` is numeric; in the fit it was a time")
  refused(quick(v ~ a, d), "not difftime: write `as.numeric\\(y, units")
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

test_that("POSIXlt is the time that it is", {
  at <- as.POSIXct("2024-01-01", tz = "UTC") + 1:24
  d <- with_column(at)
  lt <- d
  lt$v <- as.POSIXlt(at)
  fit <- quick(y ~ v, d)

  expect_identical(quick(y ~ v, lt)$mu, fit$mu)
  expect_identical(predict(fit, lt), predict(fit, d))
  expect_identical(quick(lt[c("a", "v")], lt$y)$mu, quick(d[c("a", "v")], d$y)$mu)
  t <- as.POSIXlt(at)
  y <- waves$y
  refused(quick(y ~ t), "`t` is POSIXlt; .* write `as.POSIXct\\(t\\)`")
})

test_that("a column that is no column is named by formula too", {
  d <- with_column(as.list(1:24))
  refused(quick(y ~ v, d), "`v` is a list")
  refused(quick(y ~ ., d), "`v` is a list")
  expect_length(quick(y ~ lengths(v) + a, d)$predictors$names, 2L)
  d$v <- data.frame(p = 1:24)
  refused(quick(y ~ v, d), "`v` is a data frame; .* give its columns")
  d$v <- array(1:48, c(24, 2, 1))
  refused(quick(y ~ v, d), "`v` is an array of 3 dimensions")
  d$v <- matrix("a", 24, 2)
  refused(quick(y ~ v, d), "`v` is a matrix of words")
})

test_that("a matrix of logicals is a column for each, as of a matrix of numbers", {
  d <- with_column(waves$x > 0)
  fit <- quick(y ~ v, d)

  expect_identical(fit$mu, quick(y ~ v, with_column((waves$x > 0) + 0))$mu)
  expect_equal(predict(fit, d[3:2, ]), predict(fit, d)[3:2])
})

test_that("an ordered factor has its polynomials up to 95 levels", {
  d <- data.frame(o = factor(1:96, ordered = TRUE), y = sin(1:96))
  refused(quick(y ~ o, d), "`o` is an ordered factor of 96 levels, .* `as.integer\\(o\\)`")
  refused(quick(d["o"], d$y), "96 levels")
  expect_length(quick(y ~ o, d[1:95, ])$predictors$names, 94L)
  expect_length(quick(y ~ o, d, contrasts = list(o = "contr.treatment"))$predictors$names, 95L)
  expect_length(quick(y ~ as.integer(o), d)$predictors$names, 1L)
})

test_that("a sparse column is told to be a matrix", {
  skip_if_not_installed("Matrix")
  S <- Matrix::Matrix(waves$x * (waves$x > 0.5), sparse = TRUE)
  y <- waves$y
  refused(quick(y ~ S), "`S` is a dgCMatrix of the package Matrix; .* `as.matrix\\(S\\)`")
  expect_length(quick(y ~ as.matrix(S))$predictors$names, 3L)
})

test_that("columns with units are refused, or converted as the formula says", {
  skip_if_not_installed("units")
  as_units <- function(v, u) units::set_units(v, u, mode = "standard")
  d <- with_column(as_units(1:24, "km/h"))
  refused(quick(y ~ v, d), "`v` is units; .* write `units::drop_units\\(v\\)`")
  refused(quick(v ~ a, d), "not units: write `units::drop_units\\(y\\)`")
  refused(quick(y ~ a + offset(v), d), "`v` is units")
  refused(quick(y ~ log(v), d), "misread|units")
  fit <- quick(y ~ units::drop_units(v), d)
  other <- d
  units(other$v) <- as_units(1, "m/s")
  refused(predict(fit, other), "`v` of `newdata` is in m/s; in the fit it was in km/h")
  expect_identical(predict(fit, d), predict(quick(y ~ v, with_column(1:24)), with_column(1:24)))
})

test_that("classes of lubridate are refused, or converted by its own functions", {
  skip_if_not_installed("lubridate")
  day <- as.Date("2024-01-01")
  kinds <- list(
    Period = lubridate::minutes(1:24), Duration = lubridate::dminutes(1:24),
    Interval = lubridate::interval(day, day + 1:24)
  )
  for (kind in names(kinds)) {
    d <- with_column(kinds[[kind]])
    refused(quick(y ~ v, d), paste0("`v` is ", kind, "; .* write `as.numeric\\(v, "))
    refused(quick(d["v"], d$y), kind)
    refused(quick(y ~ log(v), d), kind)
    refused(quick(v ~ a, d), kind)
    refused(quick(y ~ a, d, weights = v), kind)
    hours <- quick(y ~ as.numeric(v, "hours"), d)
    want <- with_column(as.numeric(kinds[[kind]], "hours"))
    expect_identical(hours$mu, quick(y ~ v, want)$mu)
    expect_equal(predict(hours, d[2:3, ]), predict(hours, d)[2:3])
  }
})
