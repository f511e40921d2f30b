# Draws of an outcome given the network's output, in the user's units. `eta` is a draw
# of what predict(type = "link") averages, and `par` are the fit's parameters.

noisy <- function(eta, r, ...) r(length(eta), ...)

shaped <- function(x, like) {
  dim(x) <- dim(like)
  dimnames(x) <- dimnames(like)
  x
}

# Levels are numbered from 1.
ordinal_draw <- function(eta, par) {
  1L + rowSums(outer(stats::rlogis(length(eta), eta), par, `>`))
}

categorical_draw <- function(eta, par) {
  gumbel <- -log(stats::rexp(length(eta)))
  max.col(eta + gumbel, "first")
}

# An outcome for each row, by family
outcome_draws <- list(
  gaussian = function(eta, par) {
    shaped(noisy(eta, stats::rnorm, eta, rep(par, each = NROW(eta))), eta)
  },
  gaussian_hetero = function(eta, par) {
    stats::rnorm(nrow(eta), eta[, 1L], exp(eta[, 2L]))
  },
  student_t = function(eta, par) {
    eta + par[["scale"]] * noisy(eta, stats::rt, par[["df"]])
  },
  binomial = function(eta, par) noisy(eta, stats::rbinom, 1L, stats::plogis(eta)),
  categorical = categorical_draw,
  ordinal = ordinal_draw,
  poisson = function(eta, par) noisy(eta, stats::rpois, exp(eta)),
  negbinomial = function(eta, par) {
    noisy(eta, stats::rnbinom, 1 / par, mu = exp(eta))
  },
  gamma = function(eta, par) noisy(eta, stats::rgamma, par, par / exp(eta)),
  lognormal = function(eta, par) noisy(eta, stats::rlnorm, eta, par),
  weibull = function(eta, par) noisy(eta, stats::rweibull, 1 / par, exp(eta)),
  loglogistic = function(eta, par) exp(noisy(eta, stats::rlogis, eta, par))
)
