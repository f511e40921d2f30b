# Several fits.

# Made in this process, and when a test first asks.
three_fits <- function(..., fits = 3) {
  with_cores(1, quick(..., fits = fits))
}

delayedAssign("trio", three_fits(waves$x, waves$y))

all_timeless <- function(fit) {
  fit$members <- lapply(fit$members, timeless)
  fit
}
