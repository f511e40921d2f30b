# Three tiny data sets, made by formula: the same on every machine and run.

# Numbers: a smooth function of the first two of three predictors.
waves <- local({
  i <- 1:24
  x <- cbind(a = sin(i), b = cos(2 * i), c = sin(3 * i + 1))
  list(x = x, y = 10 + 5 * x[, "a"]^2 - 3 * x[, "b"] + sin(7 * i) / 5, n = 24L)
})

# Classes, of two or three, that the first predictor tells apart.
pairs <- list(x = waves$x, y = waves$x[, "a"] > 0, n = 24L)
trios <- list(
  x = waves$x, n = 24L,
  y = factor(c("low", "mid", "high")[1 + findInterval(waves$x[, "a"], c(-0.5, 0.5))])
)

# All kinds of columns, with an outcome `y`.
mixed <- data.frame(
  waves$x,
  f = factor(rep(c("red", "green", "blue"), 8)), s = rep(c("on", "off"), 12),
  l = waves$x[, "b"] > 0, i = rep(1:6, 4), y = waves$y
)

# A fit that is made in milliseconds.
quick <- function(..., hidden = 4, epochs = 6, samples = 1, seed = 1) {
  bbb_fit(..., hidden = hidden, epochs = epochs, samples = samples, seed = seed)
}

# One of each family, and one by formula; made when a test first asks.
delayedAssign("fits", list(
  gaussian = quick(waves$x, waves$y),
  binomial = quick(pairs$x, pairs$y),
  categorical = quick(trios$x, trios$y),
  mixed = quick(y ~ ., mixed)
))

# A fit without what differs from run to run: the clock and how it was called.
timeless <- function(fit) {
  fit$call <- NULL
  fit$history$seconds <- NULL
  fit
}

# Run with so many processes for several fits.
with_cores <- function(cores, code) {
  old <- options(mc.cores = cores)
  on.exit(options(old))
  code
}

# What a call raised: the condition, or NULL.
caught <- function(expr) {
  tryCatch({
    expr
    NULL
  }, condition = identity)
}

on_null_device <- function(code) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  code
}

sparse_of <- function(x) {
  skip_if_not_installed("Matrix")
  methods::as(Matrix::Matrix(x, sparse = TRUE), "generalMatrix")
}

# A recipe for `mixed`, whose package the caller has looked for.
plain_recipe <- function() {
  recipes::step_dummy(
    recipes::recipe(y ~ a + b + f, data = mixed), recipes::all_nominal_predictors()
  )
}
