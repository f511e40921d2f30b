# Arithmetic on plain numbers.

sum_of_weights <- function(weights, n) if (is.null(weights)) n else sum(weights)

weighted_mean <- function(x, weights) {
  if (is.null(weights)) mean(x) else sum(weights * x) / sum(weights)
}

root_mean_square <- function(x, weights) sqrt(weighted_mean(x^2, weights))

# log(1 + exp(x)) without overflow
softplus <- function(x) pmax(x, 0) + log1p(exp(-abs(x)))

# The state's floats, kept as the bits of integers: see src/glue_state.c.
floats_of_bits <- function(bits) {
  readBin(writeBin(bits, raw()), "double", length(bits), size = 4L)
}

# Whole but for rounding, as 0.7 * 10 - 6 is: the numbers that were meant; else y as it
# is. Large numbers are less exact, but a half never becomes a whole one.
as_whole <- function(y, tolerance = pmin(1e-7 * pmax(1, abs(y)), 1e-4)) {
  near <- round(y)
  off <- abs(y - near)
  if (all(off <= tolerance, na.rm = TRUE) && any(off > 0, na.rm = TRUE)) near else y
}

all_whole <- function(y) all(is.finite(y)) && all(y == round(y))

# Shares are often written with a few digits: as near as for glm().
near_whole <- function(y) as_whole(y, 1e-3)
