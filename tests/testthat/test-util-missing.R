# Missing values are counted by column.

test_that("what na.omit cannot leave out has no such way out", {
  expect_error(quick(waves$x, replace(waves$y, 1, Inf)), "`y` \\(1\\)\\.$")
  expect_error(quick(y ~ day, data.frame(day = as.Date(c("2024-01-01", NA, Inf)), y = 1:3)), "`day` \\(2\\)")
  expect_error(
    quick(Temp ~ poly(Ozone, 2), airquality, na.action = na.omit),
    "37 of 153 rows: `Ozone` \\(37\\); `poly\\(Ozone, 2\\)` does not take them", class = "bbb_error_data"
  )
})

test_that("missing and infinite values are counted by column and row", {
  x <- replace(waves$x, c(5, 25, 29), c(NA, Inf, NaN))
  expect_error(
    quick(x, waves$y),
    "in 2 of 24 rows: `a` (1) and `b` (2); `na.action = na.omit` leaves these rows out.",
    fixed = TRUE, class = "bbb_error_data"
  )
  expect_error(quick(unname(x), waves$y), "`x1` (1) and `x2` (2)", fixed = TRUE)

  gaps <- transform(mixed, f = replace(f, 2:3, NA), l = replace(l, 3, NA))
  expect_error(quick(gaps, waves$y), "in 2 of 24 rows: `f` (2) and `l` (1); `na", fixed = TRUE)
  expect_error(quick(y ~ ., gaps), "`f` (2) and `l` (1); `na", fixed = TRUE)
})

test_that("of many columns with missing values the first are named", {
  x <- matrix(NA_real_, 3, 9)

  expect_error(quick(x, 1:3), "`x5` (3) and 4 more", fixed = TRUE)
})
