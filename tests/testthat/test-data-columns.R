# Columns whose class carries a meaning: what a formula may do with them.

test_that("functions of R's do not see the numbers inside, but conversions do", {
  d <- with_column(odd_column)
  for (f in list(
    y ~ log(v), y ~ I(v), y ~ a + sqrt(a + v), y ~ poly(v, 2), y ~ cut(v, 3), log(v) ~ a,
    y ~ a + offset(log(v))
  )) {
    refuses_column(quick(f, d), "may misread|bbb_odd")
  }
  want <- quick(y ~ v, with_column(as.double(1:24)))
  expect_identical(quick(y ~ as.numeric(v), d)$mu, want$mu)
  expect_identical(quick(as.numeric(v) ~ a, d)$outcome$center, 12.5)
})

test_that("an ordered factor has its polynomials up to 95 levels", {
  d <- data.frame(o = factor(1:96, ordered = TRUE), y = sin(1:96))
  refuses_column(quick(y ~ o, d), "`o` is an ordered factor of 96 levels, .* `as.integer\\(o\\)`")
  refuses_column(quick(d["o"], d$y), "96 levels")
  expect_length(quick(y ~ o, d[1:95, ])$predictors$names, 94L)
  expect_length(quick(y ~ o, d, contrasts = list(o = "contr.treatment"))$predictors$names, 95L)
  expect_length(quick(y ~ as.integer(o), d)$predictors$names, 1L)
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
  refuses_column(quick(y ~ t), "`t` is POSIXlt; .* write `as.POSIXct\\(t\\)`")
})
