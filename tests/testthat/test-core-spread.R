# Whether the sds have arrived: the derivative of the ELBO in the log of a factor of
# all sds, against closed forms and against the gradients of other code.

spread_at <- function(model, theta, data, ...) {
  P <- n_weights(model$widths)
  from <- list(
    mu = theta[seq_len(P)], rho = theta[P + seq_len(P)], aux = theta[-seq_len(2 * P)],
    state = NULL
  )
  control <- core_control(nrow(data$x), 1, ...)
  core_fit(model, control, data, from, epochs = 0L)$spread
}

linear_problem <- function(prior, n = 30) {
  set.seed(2)
  x <- cbind(rnorm(n), rnorm(n, sd = 2))
  list(
    model = new_model(c(2, 1), prior = prior, learn_noise = FALSE),
    data = core_data(x, matrix(rnorm(n))), design = cbind(x, 1),
    theta = c(0.3, -0.2, 0.1, softplus_inverse(c(0.05, 0.1, 0.02)), log(0.7))
  )
}

softplus_inverse <- function(sigma) log(expm1(sigma))

# One less the mean of (sigma / best sigma)^2
closed_form <- function(problem, prior_sd, temperature = 1, weights = 1) {
  sigma <- log1p(exp(problem$theta[4:6]))
  precision <- colSums(weights * problem$design^2) / 0.7^2 / temperature + 1 / prior_sd^2
  1 - mean(sigma^2 * precision)
}

test_that("of a linear model it is one less the mean share of the best variance", {
  for (kl in c("auto", "sampled")) for (batch in c(7, 30)) {
    problem <- linear_problem(prior_normal(0.8))
    problem$model$kl <- kl
    got <- spread_at(problem$model, problem$theta, problem$data, batch_size = batch)
    expect_lt(abs(got - closed_form(problem, 0.8)), 0.05)
  }
})

test_that("weights of rows and temperature count", {
  problem <- linear_problem(prior_normal(0.8))
  weights <- rep(c(0, 1, 3), 10)
  data <- utils::modifyList(problem$data, list(weights = weights))
  got <- spread_at(problem$model, problem$theta, data, temperature = 2)
  expect_lt(abs(got - closed_form(problem, 0.8, 2, weights)), 0.02)
  expect_identical(
    spread_at(problem$model, problem$theta, data, temperature = 0), NA_real_
  )
})

test_that("it is 0 where the sds are best, and where they are their prior's", {
  problem <- linear_problem(prior_normal(0.8))
  best <- 1 / sqrt(colSums(problem$design^2) / 0.7^2 + 1 / 0.8^2)
  problem$theta[4:6] <- softplus_inverse(best)
  expect_lt(abs(spread_at(problem$model, problem$theta, problem$data)), 0.02)

  # of inputs that are all 0 the prior decides, of the bias the rows
  nothing <- utils::modifyList(problem$data, list(x = 0 * problem$data$x))
  problem$theta[4:6] <- softplus_inverse(c(0.8, 0.8, 1 / sqrt(30 / 0.7^2 + 1 / 0.8^2)))
  expect_lt(abs(spread_at(problem$model, problem$theta, nothing)), 0.02)
})

# By the gradients in rho of many draws: d ELBO / d log sigma, per weight.
by_gradients <- function(model, theta, data, draws = 1000) {
  P <- n_weights(model$widths)
  rho <- theta[P + seq_len(P)]
  sigma <- log1p(exp(rho))
  set.seed(3)
  half <- matrix(rnorm(P * draws / 2), P)
  eps <- cbind(half, -half)
  each <- vapply(seq_len(draws), function(s) {
    step <- native_step(core_model(model), theta, data, eps[, s], 1)
    mean(-step$d_theta[P + seq_len(P)] / stats::plogis(rho) * sigma)
  }, 0)
  mean(each)
}

for (prior in names(core_priors)) {
  test_that(paste("it is what the gradients say, for all models:", prior), {
    set.seed(4)
    x <- matrix(rnorm(60), 20)
    y <- matrix(as.double(rep(0:2, length.out = 20)))
    model <- new_model(
      c(3, 4, 3), family = "categorical", prior = core_priors[[prior]]
    )
    P <- n_weights(model$widths)
    theta <- c(rnorm(P, sd = 0.5), rnorm(P, -1.5, 0.3))
    expected <- by_gradients(model, theta, core_data(x, y))
    for (estimator in core_names("estimator")) {
      model$estimator <- estimator
      got <- spread_at(model, theta, core_data(x, y), batch_size = 20)
      expect_lt(abs(got - expected), 0.03)
    }
  })
}

test_that("where its passes would take long after a stop it is not known, else it is", {
  x <- matrix(rnorm(1e5), 1000)
  y <- rnorm(1000)
  stopped <- function(hidden) {
    bbb_fit(
      x, y, hidden = hidden, epochs = 20, samples = 1, max_seconds = 0, seed = 1,
      batch_size = 1000
    )
  }
  expect_identical(stopped(1100)$sd_gap, NA_real_)
  expect_gt(stopped(8)$sd_gap, 0.9)
})
