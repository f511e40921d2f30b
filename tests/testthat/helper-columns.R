# Columns that are refused.

# Seconds with a class that says minutes: what a number inside may be.
odd_column <- structure(as.double(1:24), class = "bbb_odd")

refuses_column <- function(expr, text = "bbb_odd") {
  expect_error(expr, text, class = "bbb_error_data")
}

with_column <- function(v, ...) {
  d <- data.frame(waves$x, y = waves$y, ...)
  d$v <- v
  d
}
