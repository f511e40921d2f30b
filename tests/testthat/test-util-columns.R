# Columns: which kinds are taken, and how others are refused.

test_that("columns with units are refused, or converted as the formula says", {
  skip_if_not_installed("units")
  as_units <- function(v, u) units::set_units(v, u, mode = "standard")
  d <- with_column(as_units(1:24, "km/h"))
  refuses_column(quick(y ~ v, d), "`v` is units; .* write `units::drop_units\\(v\\)`")
  refuses_column(quick(v ~ a, d), "not units: write `units::drop_units\\(y\\)`")
  refuses_column(quick(y ~ a + offset(v), d), "`v` is units")
  refuses_column(quick(y ~ log(v), d), "misread|units")
  fit <- quick(y ~ units::drop_units(v), d)
  other <- d
  units(other$v) <- as_units(1, "m/s")
  refuses_column(predict(fit, other), "`v` of `newdata` is in m/s; in the fit it was in km/h")
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
    refuses_column(quick(y ~ v, d), paste0("`v` is ", kind, "; .* write `as.numeric\\(v, "))
    refuses_column(quick(d["v"], d$y), kind)
    refuses_column(quick(y ~ log(v), d), kind)
    refuses_column(quick(v ~ a, d), kind)
    refuses_column(quick(y ~ a, d, weights = v), kind)
    hours <- quick(y ~ as.numeric(v, "hours"), d)
    want <- with_column(as.numeric(kinds[[kind]], "hours"))
    expect_identical(hours$mu, quick(y ~ v, want)$mu)
    expect_equal(predict(hours, d[2:3, ]), predict(hours, d)[2:3])
  }
})

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
    odd_column, coded, structure(1L, class = "integer64"), structure(TRUE, class = "flag"), 1i,
    as.raw(1), list(1), data.frame(a = 1), array(1, c(1, 1, 1)), matrix("a", 1, 2),
    as.POSIXlt(Sys.time()), NULL, structure(cbind(1, 1), type = "right", class = "Surv")
  )
  for (v in strange) expect_identical(type(v), "other")
})

test_that("an unknown class is refused in every role, at the fit and later", {
  d <- with_column(odd_column)
  refuses_column(quick(y ~ v, d), "`v` is bbb_odd; .*: write `as.numeric\\(v\\)`")
  refuses_column(quick(d[c("a", "v")], d$y), "`v` is bbb_odd")
  refuses_column(quick(v ~ a, d), "`y` must be .* not bbb_odd: write `as.numeric\\(y\\)`")
  refuses_column(quick(waves$x, odd_column), "not bbb_odd")
  refuses_column(quick(waves$x, waves$y, weights = odd_column), "`weights` must be a numeric vector, not bbb_odd")
  refuses_column(quick(y ~ a, d, weights = v), "`weights`")
  refuses_column(quick(y ~ a, d, offset = v), "`offset`")
  refuses_column(quick(y ~ a + offset(v), d), "`v` is bbb_odd")
  refuses_column(quick(odd_column, waves$y), "not bbb_odd")

  plain <- with_column(as.double(odd_column))
  fit <- quick(y ~ v, plain)
  refuses_column(predict(fit, d), "`v` of `newdata` is bbb_odd; in the fit it was numeric")
  refuses_column(bbb_score(quick(v ~ a, plain), d), "bbb_odd")
  refuses_column(bbb_score(quick(as.numeric(v) ~ a, plain), d), "`v` of `x` is bbb_odd")
  refuses_column(bbb_continue(quick(y ~ a, plain, weights = as.numeric(v)), d, epochs = 1), "bbb_odd")
  refuses_column(predict(quick(y ~ a + offset(v), plain), d), "bbb_odd")
  by_matrix <- quick(as.matrix(plain[c("a", "v")]), plain$y)
  refuses_column(predict(by_matrix, d[c("a", "v")]), "`v` of `newdata` is bbb_odd")
})

test_that("a column that is no column is named by formula too", {
  d <- with_column(as.list(1:24))
  refuses_column(quick(y ~ v, d), "`v` is a list")
  refuses_column(quick(y ~ ., d), "`v` is a list")
  expect_length(quick(y ~ lengths(v) + a, d)$predictors$names, 2L)
  d$v <- data.frame(p = 1:24)
  refuses_column(quick(y ~ v, d), "`v` is a data frame; .* give its columns")
  d$v <- array(1:48, c(24, 2, 1))
  refuses_column(quick(y ~ v, d), "`v` is an array of 3 dimensions")
  d$v <- matrix("a", 24, 2)
  refuses_column(quick(y ~ v, d), "`v` is a matrix of words")
})

test_that("a matrix of logicals is a column for each, as of a matrix of numbers", {
  d <- with_column(waves$x > 0)
  fit <- quick(y ~ v, d)

  expect_identical(fit$mu, quick(y ~ v, with_column((waves$x > 0) + 0))$mu)
  expect_equal(predict(fit, d[3:2, ]), predict(fit, d)[3:2])
})

test_that("a sparse column is told to be a matrix", {
  skip_if_not_installed("Matrix")
  S <- Matrix::Matrix(waves$x * (waves$x > 0.5), sparse = TRUE)
  y <- waves$y
  refuses_column(quick(y ~ S), "`S` is a dgCMatrix of the package Matrix; .* `as.matrix\\(S\\)`")
  expect_length(quick(y ~ as.matrix(S))$predictors$names, 3L)
})

test_that("a matrix of a class that is not known is refused, its numbers are not", {
  methods::setClass("bbb_own_matrix", contains = "matrix", where = environment())
  own <- methods::new("bbb_own_matrix", unname(waves$x))
  expect_error(quick(own, waves$y), "not bbb_own_matrix: write `x@.Data`", class = "bbb_error_data")
  expect_identical(quick(own@.Data, waves$y)$mu, quick(unname(waves$x), waves$y)$mu)
  expect_identical(quick(asS4(waves$x), waves$y)$mu, fits$gaussian$mu)
})
