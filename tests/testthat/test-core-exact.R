# The exact limit: models without hidden layers, whose best mean-field posterior
# is known. Training must end there, and not just near it by luck: each with
# several seeds.

# Settings under which the noise of the gradients is small beside the posterior:
# all rows in a batch, ten draws a step, and a rate that falls to 1e-5, which
# leaves the means within about 0.01 posterior sds.
patient_fit <- function(x, y, prior, seed, ...) {
  bbb_fit(
    x, y, hidden = integer(0), prior = prior, seed = seed,
    batch_size = nrow(x), samples = 10, epochs = 20000, learn_rate = 0.001,
    schedule = "cosine", kl_warmup = 0, ...
  )
}

# Standardised as the package does it, with a column of ones for the bias.
standardised <- function(x) {
  center <- colMeans(x)
  scale <- sqrt(colMeans(sweep(x, 2, center)^2))
  cbind(sweep(sweep(x, 2, center), 2, scale, "/"), 1)
}

# Two predictors of correlation 0.7, and one in other units
linear_problem <- function(seed, n = 60) {
  set.seed(seed)
  z <- rnorm(n)
  x <- cbind(z + 0.6 * rnorm(n), z + 0.6 * rnorm(n), 50 + 20 * rnorm(n))
  y <- drop(x %*% c(1, -0.5, 0.02)) + 2 + rnorm(n, sd = 0.5)
  scale <- sqrt(mean((y - mean(y))^2))
  list(x = x, y = y, X = standardised(x), Y = (y - mean(y)) / scale, scale = scale)
}

# Bayesian linear regression with noise s and prior N(0, sd^2). The best
# mean-field posterior has the exact means, and the diagonal of the precision.
closed_form <- function(problem, s, sd) {
  X <- problem$X
  precision <- crossprod(X) / s^2 + diag(ncol(X)) / sd^2
  list(
    mean = drop(solve(precision, crossprod(X, problem$Y) / s^2)),
    sd = 1 / sqrt(diag(precision))
  )
}

# E[nll] in the outcome's units, and KL, of a mean-field posterior
expected_nll <- function(problem, q, s) {
  X <- problem$X
  square <- sum((problem$Y - X %*% q$mean)^2) + sum(X^2 %*% q$sd^2)
  n <- nrow(X)
  n * log(2 * base::pi * s^2) / 2 + square / (2 * s^2) + n * log(problem$scale)
}

expected_kl <- function(q, sd) {
  sum(log(sd / q$sd) + (q$sd^2 + q$mean^2) / (2 * sd^2) - 0.5)
}

expect_posterior <- function(fit, want) {
  off <- max(abs(fit$mu - want$mean) / want$sd)
  ratio <- max(abs(softplus(fit$rho) / want$sd - 1))
  testthat::expect(
    off <= 0.05 && ratio <= 0.05,
    sprintf("means are off by %.3f sds, sds by %.1f %%", off, 100 * ratio)
  )
}

# from a prior as strong as the data to a weak one
for (sd in c(0.1, 0.2, 1)) {
  test_that(paste("a linear model ends at the closed form: prior sd", sd), {
    problem <- linear_problem(seed = 10 * sd)
    want <- closed_form(problem, 0.5 / problem$scale, sd)

    fit <- patient_fit(problem$x, problem$y, prior_normal(sd), 1, noise = 0.5)

    expect_posterior(fit, want)
    expect_equal(fit$noise, 0.5, tolerance = 1e-6)
  })
}

test_that("the history ends at the closed form's ELBO", {
  problem <- linear_problem(4)
  s <- 0.5 / problem$scale
  q <- closed_form(problem, s, 0.2)

  fit <- patient_fit(
    problem$x, problem$y, prior_normal(0.2), 4, noise = 0.5, kl = "sampled"
  )

  # each epoch's number is a mean over ten draws
  last <- utils::tail(fit$history, 1000)
  error <- function(v) 5 * sd(v) / sqrt(length(v))
  expect_lt(abs(mean(last$nll) - expected_nll(problem, q, s)), error(last$nll))
  expect_lt(abs(mean(last$kl) - expected_kl(q, 0.2)), error(last$kl))
  expect_equal(last$elbo, -(last$nll + last$kl), tolerance = 1e-12)
})

for (estimator in core_names("estimator")) {
  test_that(paste("with the exact KL the posterior is exact within 1 %:", estimator), {
    problem <- linear_problem(4)
    want <- closed_form(problem, 0.5 / problem$scale, 0.2)

    fit <- patient_fit(
      problem$x, problem$y, prior_normal(0.2), 4, noise = 0.5, estimator = estimator
    )

    expect_lt(max(abs(fit$mu - want$mean) / want$sd), 0.01)
    expect_lt(max(abs(softplus(fit$rho) / want$sd - 1)), 0.01)
    expect_equal(mean(tail(fit$history$kl, 1000)), expected_kl(want, 0.2), tolerance = 0.01)
  })
}

test_that("a learned noise level ends where the ELBO is highest", {
  problem <- linear_problem(5)
  n <- length(problem$Y)
  # the best posterior at a noise, and the best noise at a posterior, in turn
  s <- 1
  for (i in 1:200) {
    q <- closed_form(problem, s, 1)
    square <- sum((problem$Y - problem$X %*% q$mean)^2) +
      sum(problem$X^2 %*% q$sd^2)
    s <- sqrt(square / n)
  }

  fit <- patient_fit(problem$x, problem$y, prior_normal(1), 5)

  expect_posterior(fit, q)
  expect_equal(fit$noise, s * problem$scale, tolerance = 0.01)
})

test_that("a check of posteriors would see a wrong scale or a missing prior", {
  problem <- linear_problem(1)
  s <- 0.5 / problem$scale
  want <- closed_form(problem, s, 0.1)
  fit <- function(q) list(mu = q$mean, rho = log(expm1(q$sd)))

  expect_posterior(fit(want), want)
  expect_failure(expect_posterior(fit(closed_form(problem, 1.1 * s, 0.1)), want))
  expect_failure(expect_posterior(fit(closed_form(problem, s, Inf)), want))
})

# ---- logistic regression -----------------------------------------------------

# Nodes and weights for the mean over N(0, 1): the trapezoidal rule, which for a
# function as smooth as this is as good as exact.
nodes <- seq(-8, 8, by = 0.25)
node_weights <- dnorm(nodes) / sum(dnorm(nodes))

# -ELBO: log odds are normal under a mean-field posterior, so each row's
# likelihood is an integral over one dimension.
logistic_loss <- function(theta, X, y, sd) {
  K <- ncol(X)
  mean <- theta[seq_len(K)]
  sigma <- exp(theta[-seq_len(K)])
  spread <- sqrt(drop(X^2 %*% sigma^2))
  eta <- drop(X %*% mean) + outer(spread, nodes)
  nll <- -sum(plogis((2 * y - 1) * eta, log.p = TRUE) %*% node_weights)
  nll + expected_kl(list(mean = mean, sd = sigma), sd)
}

for (seed in 1:2) {
  test_that(paste("logistic regression ends at its best posterior: seed", seed), {
    set.seed(seed)
    z <- rnorm(60)
    x <- cbind(z + 0.6 * rnorm(60), z + 0.6 * rnorm(60))
    y <- rbinom(60, 1, plogis(x[, 1] - 0.5)) == 1
    X <- standardised(x)
    best <- optim(
      rep(c(0, -1.5), each = 3), logistic_loss, X = X, y = y, sd = 0.5,
      method = "BFGS", control = list(reltol = 1e-14, maxit = 500)
    )$par

    fit <- patient_fit(x, y, prior_normal(0.5), seed)

    expect_posterior(fit, list(mean = best[1:3], sd = exp(best[4:6])))
  })
}
