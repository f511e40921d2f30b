# Data of each family, made by the same two predictors; and fits that have learned them.
delayedAssign("family_data", local({
  set.seed(8)
  n <- 300
  x <- cbind(a = runif(n, -1, 1), b = runif(n, -1, 1))
  eta <- 1.2 * x[, "a"] - 0.6 * x[, "b"]
  t <- 40 * exp(eta + 0.4 * log(rexp(n)))
  t2 <- 40 * exp(eta + 0.3 * rlogis(n))
  limit <- runif(n, 20, 150)
  of_eight <- function(yes) cbind(yes = yes, no = 8 - yes)
  level <- findInterval(eta + rlogis(n), c(-1, 0.5)) + 1
  list(
    x = x, n = n, eta = eta,
    gaussian_hetero = 50 + 10 * (eta + exp(x[, "b"] - 1) * rnorm(n)),
    student_t = 50 + 10 * (eta + 0.2 * rt(n, 3)),
    binomial = of_eight(rbinom(n, 8, plogis(eta))),
    ordinal = factor(c("low", "mid", "high")[level], c("low", "mid", "high"), ordered = TRUE),
    poisson = rpois(n, 6 * exp(eta)),
    negbinomial = rnbinom(n, 2, mu = 6 * exp(eta)),
    gamma = rgamma(n, 4, 4 / (70 * exp(eta))),
    lognormal = 70 * exp(eta + 0.3 * rnorm(n)),
    weibull = cbind(time = pmin(t, limit), event = t <= limit),
    loglogistic = cbind(time = pmin(t2, limit), event = t2 <= limit)
  )
}))

some_families <- c(
  "gaussian_hetero", "student_t", "binomial", "ordinal", "poisson", "negbinomial", "gamma",
  "lognormal", "weibull", "loglogistic"
)

learned_family <- function(family, ..., x = family_data$x, y = family_data[[family]]) {
  bbb_fit(
    x, y, hidden = integer(0), family = family, epochs = 120,
    learn_rate = 0.05, batch_size = 100, samples = 2, seed = 1, ...
  )
}

delayedAssign("family_fits", lapply(stats::setNames(nm = some_families), learned_family))

family_newx <- cbind(a = c(-0.8, 0, 0.7), b = c(0.3, 0, -0.5))
true_eta <- as.vector(family_newx %*% c(1.2, -0.6))

# An outcome of each family for the rows of `waves`, all of them known.
delayedAssign("known_families", local({
  set.seed(1)
  eta <- 0.5 + waves$x[, "a"] / 2
  list(
    gaussian = waves$y, gaussian_hetero = waves$y, student_t = waves$y, binomial = pairs$y,
    ordinal = factor(trios$y, c("low", "mid", "high"), ordered = TRUE),
    categorical = trios$y, poisson = rpois(24, exp(eta)), negbinomial = rpois(24, exp(eta)),
    gamma = rgamma(24, 3, 3 / exp(eta)), lognormal = exp(eta), weibull = exp(eta),
    loglogistic = exp(eta)
  )
}))

known_trials <- cbind(1:24 %% 5, 3)
