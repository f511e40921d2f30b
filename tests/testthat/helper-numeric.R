# Numbers compared, and gradients checked.

# The largest difference, in units of the largest value wanted.
relative_error <- function(got, want) {
  if (length(got) != length(want) || !all(is.finite(c(got, want)))) {
    return(Inf)
  }
  off <- max(0, abs(as.vector(got) - as.vector(want)))
  if (off == 0) 0 else off / max(abs(want))
}

expect_close <- function(got, want, tolerance) {
  error <- relative_error(got, want)
  testthat::expect(
    error <= tolerance,
    sprintf("relative error %.3g is above %.3g", error, tolerance)
  )
}

# Gradient of f at x by central differences: error O(h^2) + O(eps / h).
central_difference <- function(f, x, h = 1e-5) {
  vapply(seq_along(x), function(i) {
    step <- replace(numeric(length(x)), i, h)
    (f(x + step) - f(x - step)) / (2 * h)
  }, numeric(1))
}

# Signed: a gradient of the wrong sign is off by twice its size.
expect_gradient <- function(got, f, x, tolerance = 1e-6, h = 1e-5) {
  expect_close(got, central_difference(f, x, h), tolerance)
}

# What is left of a double in single precision, which is what the core sees.
as_single <- function(x) {
  x[] <- readBin(writeBin(as.double(x), raw(), size = 4L), "double", length(x),
    size = 4L
  )
  x
}

# Printed text without what differs between machines or runs: numbers with a point,
# those of a few lines whatever they are, and runs of spaces.
without_numbers <- function(lines) {
  lines <- gsub(" +", " ", lines)
  lines <- gsub("-?[0-9]+(\\.[0-9]+)?e[-+]?[0-9]+|-?[0-9]+\\.[0-9]+", "<number>", lines)
  lines <- gsub("((ELBO|likelihood|KL|epochs,) )-?[0-9]+", "\\1<number>", lines)
  gsub("^( [1-3] [0-9]+) .*", "\\1 ...", lines)
}
