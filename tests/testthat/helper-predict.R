# Predictions of the shared fits for some rows.

newx <- waves$x[c(3, 7, 1), ]

predicted <- function(family, type, x = newx, ...) {
  predict(fits[[family]], x, type = type, ...)
}
