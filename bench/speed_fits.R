# A whole fit to 100 rows with a 3-32-1 network: bbb's beside nnet's and Stan's. Sourced
# by speed.R, whose table it adds to.

binary_data <- function(n = 100L) {
  set.seed(1)
  x <- matrix(stats::rnorm(3L * n), n)
  list(x = x, y = stats::rbinom(n, 1L, stats::plogis(3 * x[, 1L] - 2 * x[, 2L])))
}

has <- function(package) {
  found <- requireNamespace(package, quietly = TRUE)
  if (!found) left_out <<- c(left_out, package)
  found
}

elapsed <- function(work) system.time(work)[["elapsed"]]

nnet_seconds <- function(data) {
  elapsed(nnet::nnet(data$x, data$y, size = 32, entropy = TRUE, trace = FALSE))
}

# Debian keeps Boost apart from the R package that brings it elsewhere.
compiled_stan <- function() {
  boost <- rstan::rstan_options("boost_lib")
  if (!file.exists(boost)) boost <- "/usr/include"
  rstan::stan_model(file = file.path(here, "speed.stan"), boost_lib = boost)
}

stan_seconds <- function(data, model) {
  data <- list(n = nrow(data$x), d = 3L, units = 32L, x = data$x, y = data$y)
  elapsed(rstan::sampling(
    model, data, chains = 1L, warmup = 500L, iter = 1000L, seed = 1L, refresh = 0L
  ))
}

whole_fits <- function() {
  data <- binary_data()
  ours <- \() elapsed(bbb_fit(data$x, data$y, family = "binomial", verbose = FALSE))
  work <- "3-32-1, 100 rows, a whole fit"
  if (has("nnet")) {
    measured <- medians(list(ours, \() nnet_seconds(data)), repeats)
    versus(work, "nnet", measured[1L], measured[2L])
  }
  if (!has("rstan")) return()
  compiling <- elapsed(model <- suppressMessages(compiled_stan()))
  theirs <- \() suppressWarnings(stan_seconds(data, model))
  measured <- medians(list(ours, theirs), min(repeats, 3L))
  versus(work, "Stan", measured[1L], measured[2L])
  paste0("Before it samples, Stan compiles the model, in ", in_units(compiling), ".")
}
