# Likelihoods, seen through a network that is the identity: K inputs, K outputs,
# weights 1 on the diagonal and a posterior too narrow to matter. Then eta is x.

identity_model <- function(family, K, learn_noise = TRUE) {
  new_model(c(K, K), "identity", family, prior_normal(), learn_noise)
}

identity_theta <- function(K, aux) sure(c(t(rbind(diag(K), 0))), aux)

likelihood_step <- function(family, eta, y, aux = numeric(), ...) {
  K <- ncol(eta)
  model <- identity_model(family, K, ...)
  core_step(model, identity_theta(K, aux), eta, y, rep(0, K * (K + 1)), 0)
}

# -log P in eta, of one row: the gradient of the biases
d_eta_of <- function(step, K) utils::tail(step$d_mu, K)

extremes <- c(-80, -30, -1, -0.5, 0.25, 30, 80)

test_that("the gaussian is R's normal density, with one output and with two", {
  set.seed(1)
  for (K in 1:2) {
    eta <- as_single(matrix(rnorm(10 * K, sd = 3), 10))
    y <- as_single(matrix(rnorm(10 * K, sd = 3), 10))
    for (aux in as_single(c(log(1e-3), -1, 0, 2))) {
      got <- likelihood_step("gaussian", eta, y, aux)

      want <- sum(dnorm(y, eta, exp(aux), log = TRUE))
      expect_equal(got$log_likelihood, want, tolerance = 1e-12)
      d_aux <- sum(1 - (y - eta)^2 / exp(2 * aux))
      expect_equal(got$d_aux, d_aux, tolerance = 1e-6)
    }
  }
})

test_that("the gaussian's gradient is the residual over the variance", {
  eta <- matrix(c(-80, 80), 1)
  y <- matrix(c(0.5, 80), 1)

  got <- d_eta_of(likelihood_step("gaussian", eta, y, log(2)), 2)

  expect_equal(got, c(-80.5, 0) / 4, tolerance = 1e-6)
})

test_that("the binomial is R's, at log odds from -80 to 80", {
  for (y in 0:1) {
    for (eta in extremes) {
      got <- likelihood_step("binomial", matrix(eta), matrix(y + 0))

      want <- plogis((2 * y - 1) * eta, log.p = TRUE)
      # nats to the last bits of eta
      expect_lte(abs(got$log_likelihood - want), 2^-52 * abs(eta))
      expect_equal(d_eta_of(got, 1), plogis(eta) - y, tolerance = 1e-6)
    }
  }
  # and as a density, where p is neither 0 nor 1 in double precision
  eta <- matrix(c(-30, -1, 0, 0.5, 30))
  y <- matrix(c(0, 1, 1, 0, 1))
  expect_equal(
    likelihood_step("binomial", eta, y)$log_likelihood,
    sum(dbinom(y, 1, plogis(eta), log = TRUE)),
    tolerance = 1e-12
  )
})

test_that("the binomial's gradient is right where p is 1e-35, not just 0", {
  got <- likelihood_step("binomial", matrix(-80), matrix(0))

  expect_close(d_eta_of(got, 1), exp(-80), 1e-6)
})

test_that("the categorical is the softmax's log probability of the true class", {
  eta <- matrix(c(0.5, -1, 2), 1)
  p <- exp(eta) / sum(exp(eta))
  for (y in 0:2) {
    got <- likelihood_step("categorical", eta, matrix(y + 0))

    expect_equal(got$log_likelihood, log(p[y + 1]), tolerance = 1e-14)
    expect_equal(d_eta_of(got, 3), as.vector(p - (0:2 == y)), tolerance = 1e-6)
  }
})

test_that("the categorical neither overflows nor rounds to 0 at scores of 80", {
  for (eta in list(c(80, -80), c(80, 79), c(-80, -80), c(80, 80))) {
    eta <- matrix(eta, 1)

    got <- likelihood_step("categorical", eta, matrix(1))

    want <- plogis(eta[2] - eta[1], log.p = TRUE)
    expect_equal(got$log_likelihood, want, tolerance = 1e-14)
    p <- plogis(eta[1] - eta[2])
    expect_equal(d_eta_of(got, 2), c(p, -p), tolerance = 1e-6)
  }
})

test_that("two classes are the binomial of the difference of their scores", {
  set.seed(2)
  eta <- as_single(matrix(rnorm(20), 10))
  y <- matrix(rbinom(10, 1, 0.5) + 0)
  difference <- eta[, 2, drop = FALSE] - eta[, 1]

  got <- likelihood_step("categorical", eta, y)$log_likelihood

  want <- sum(plogis((2 * y - 1) * difference, log.p = TRUE))
  expect_equal(got, want, tolerance = 1e-12)
})

test_that("a categorical of one class is certain and has no gradient", {
  # the question's softmax over one output: constant, whatever the weights
  got <- likelihood_step("categorical", matrix(c(-3, 0, 5)), matrix(c(0, 0, 0)))

  expect_identical(got$log_likelihood, 0)
  expect_identical(got$d_mu, c(0, 0))
})

test_that("moments are those of the outcome, for each family", {
  eta <- as_single(matrix(c(-80, -1, 0.5, 0, 80, 3), 2))
  moments <- function(family, aux = numeric()) {
    model <- identity_model(family, 3L)
    theta <- identity_theta(3L, aux)
    got <- core_predict(model, theta, core_data(eta), "moments")
    array(got, c(2, 3, 3))
  }

  gaussian <- moments("gaussian", log(0.5))
  expect_equal(gaussian[, , 1], eta, tolerance = 1e-6)
  expect_equal(gaussian[, , 3], matrix(0.25, 2, 3), tolerance = 1e-6)

  binomial <- moments("binomial")
  expect_equal(binomial[, , 1], plogis(eta), tolerance = 1e-6)
  expect_equal(binomial[, , 3], plogis(eta) * plogis(-eta), tolerance = 1e-6)

  categorical <- moments("categorical")
  p <- exp(log_softmax(eta))
  expect_equal(categorical[, , 1], p, tolerance = 1e-6)
  expect_equal(categorical[, , 3], p * (1 - p), tolerance = 1e-6)
})

test_that("a learned noise level stays within a thousand; a known one stays", {
  aux_of <- function(learn_noise, aux, y = 0) {
    model <- new_model(c(1L, 1L), learn_noise = learn_noise)
    control <- core_control(
      16, epochs = 60, learn_rate = 0.05, schedule = "constant"
    )
    control$init_rho <- -110 # a sigma of 0, so that the residuals stay 0
    state <- core_start(model, control, aux)
    data <- core_data(matrix(0, 16), matrix(y, 16))
    run <- core_fit(model, control, data, state)
    expect_identical(run$status, "done")
    run$history$aux
  }

  # nothing to explain and nothing left over; then more than any noise explains
  least <- aux_of(TRUE, log(0.01))
  most <- aux_of(TRUE, log(900), y = 1e8)
  known <- aux_of(FALSE, log(0.5))

  expect_equal(min(least), log(1e-3), tolerance = 1e-6)
  expect_equal(max(most), log(1e3), tolerance = 1e-6)
  expect_identical(unique(known), as_single(log(0.5)))
})
