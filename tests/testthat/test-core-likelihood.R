# Likelihoods, seen through a network that is the identity: K inputs, K outputs,
# weights 1 on the diagonal and a posterior too narrow to matter. Then eta is x.

likelihood_step <- function(family, eta, y, aux = numeric(), ...) {
  K <- ncol(eta)
  model <- identity_model(family, K)
  core_step(model, identity_theta(K, aux), eta, y, rep(0, K * (K + 1)), 0, ...)
}

# -log P in eta, of one row: the gradient of the biases
d_eta_of <- function(step, K) utils::tail(step$d_mu, K)

extremes <- c(-80, -30, -1, -0.5, 0.25, 30, 80)

for (isa in isas_here()) {
  test_that(paste("the gaussian is R's normal density, with one output and with two:", isa), {
    local_isa(isa)
    set.seed(1)
    for (K in 1:2) {
      eta <- as_single(matrix(rnorm(10 * K, sd = 3), 10))
      y <- as_single(matrix(rnorm(10 * K, sd = 3), 10))
      for (aux in as_single(c(log(1e-3), -1, 0, 2))) {
        each <- aux + seq_len(K) / 8
        got <- likelihood_step("gaussian", eta, y, each)

        sd <- exp(each[col(eta)])
        want <- sum(dnorm(y, eta, sd, log = TRUE))
        expect_equal(got$log_likelihood, want, tolerance = log_tolerance(isa, 1e-12))
        d_aux <- colSums(1 - (y - eta)^2 / sd^2)
        expect_equal(got$d_aux, d_aux, tolerance = 1e-6)
      }
    }
  })

  test_that(paste("the gaussian's gradient is the residual over the variance:", isa), {
    local_isa(isa)
    eta <- matrix(c(-80, 80), 1)
    y <- matrix(c(0.5, 80), 1)

    got <- d_eta_of(likelihood_step("gaussian", eta, y, log(c(2, 2))), 2)

    expect_equal(got, c(-80.5, 0) / 4, tolerance = 1e-6)
  })

  test_that(paste("the binomial is R's, at log odds from -80 to 80:", isa), {
    local_isa(isa)
    for (y in 0:1) {
      for (eta in extremes) {
        got <- likelihood_step("binomial", matrix(eta), matrix(y + 0))

        want <- plogis((2 * y - 1) * eta, log.p = TRUE)
        # nats to the last bits of eta
        bound <- if (isa == "scalar") 2^-52 * abs(eta) else 1e-6 * abs(want)
        expect_lte(abs(got$log_likelihood - want), bound)
        expect_equal(d_eta_of(got, 1), plogis(eta) - y, tolerance = 1e-6)
      }
    }
    # and as a density, where p is neither 0 nor 1 in double precision
    eta <- matrix(c(-30, -1, 0, 0.5, 30))
    y <- matrix(c(0, 1, 1, 0, 1))
    expect_equal(
      likelihood_step("binomial", eta, y)$log_likelihood,
      sum(dbinom(y, 1, plogis(eta), log = TRUE)),
      tolerance = log_tolerance(isa, 1e-12)
    )
  })

  test_that(paste("the binomial's gradient is right where p is 1e-35, not just 0:", isa), {
    local_isa(isa)
    got <- likelihood_step("binomial", matrix(-80), matrix(0))

    expect_close(d_eta_of(got, 1), exp(-80), 1e-6)
  })

  test_that(paste("the categorical is the softmax's log probability of the true class:", isa), {
    local_isa(isa)
    eta <- matrix(c(0.5, -1, 2), 1)
    p <- exp(eta) / sum(exp(eta))
    for (y in 0:2) {
      got <- likelihood_step("categorical", eta, matrix(y + 0))

      expect_equal(got$log_likelihood, log(p[y + 1]), tolerance = log_tolerance(isa, 1e-14))
      expect_equal(d_eta_of(got, 3), as.vector(p - (0:2 == y)), tolerance = 1e-6)
    }
  })

  test_that(paste("the categorical neither overflows nor rounds to 0 at scores of 80:", isa), {
    local_isa(isa)
    for (eta in list(c(80, -80), c(80, 79), c(-80, -80), c(80, 80))) {
      eta <- matrix(eta, 1)

      got <- likelihood_step("categorical", eta, matrix(1))

      want <- plogis(eta[2] - eta[1], log.p = TRUE)
      expect_equal(got$log_likelihood, want, tolerance = log_tolerance(isa, 1e-14))
      p <- plogis(eta[1] - eta[2])
      expect_equal(d_eta_of(got, 2), c(p, -p), tolerance = 1e-6)
    }
  })

  test_that(paste("two classes are the binomial of the difference of their scores:", isa), {
    local_isa(isa)
    set.seed(2)
    eta <- as_single(matrix(round(rnorm(20), 2), 10))
    y <- matrix(rbinom(10, 1, 0.5) + 0)
    difference <- eta[, 2, drop = FALSE] - eta[, 1]

    got <- likelihood_step("categorical", eta, y)$log_likelihood

    want <- sum(plogis((2 * y - 1) * difference, log.p = TRUE))
    expect_equal(got, want, tolerance = log_tolerance(isa, 1e-12))
  })

  test_that(paste("a categorical of one class is certain and has no gradient:", isa), {
    local_isa(isa)
    # the question's softmax over one output: constant, whatever the weights
    got <- likelihood_step("categorical", matrix(c(-3, 0, 5)), matrix(c(0, 0, 0)))

    expect_identical(got$log_likelihood, 0)
    expect_identical(got$d_mu, c(0, 0))
  })
}

test_that("moments are those of the outcome, for each family", {
  eta <- as_single(matrix(c(-80, -1, 0.5, 0, 80, 3), 2))
  moments <- function(family, aux = numeric()) {
    model <- identity_model(family, 3L)
    theta <- identity_theta(3L, aux)
    got <- core_predict(model, theta, core_data(eta), "moments")
    array(got, c(2, 3, 3))
  }

  gaussian <- moments("gaussian", rep(log(0.5), 3))
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

# ---- weights, offsets and numbers of rows ------------------------------------

# Sum over rows of the oracle's log density, and its gradients, with weights and
# an offset of the first output.
oracle_weighted <- function(family, eta, y, aux, weights, offset) {
  eta[, 1] <- eta[, 1] + offset
  oracle <- oracle_families[[family]]
  each <- vapply(seq_along(weights), function(i) {
    row <- function(m) m[i, , drop = FALSE]
    weights[i] * oracle$d_aux(row(y), row(eta), aux)
  }, numeric(length(aux)))
  list(
    log_likelihood = sum(weights * oracle$log_density(y, eta, aux)),
    d_eta = colSums(weights * oracle$d_eta(y, eta, aux)),
    d_aux = rowSums(matrix(each, length(aux)))
  )
}

for (isa in isas_here()) for (task in names(core_tasks)) {
  test_that(paste("rows count by their weight, at eta and offset:", task, isa), {
    local_isa(isa)
    set.seed(3)
    family <- core_tasks[[task]]$family
    K <- core_tasks[[task]]$K
    # rows that fill vectors and blocks of 256, and rows that do not
    for (n in c(1, 15, 16, 17, 33, 300)) {
      eta <- as_single(matrix(rnorm(n * K, sd = 2), n))
      y <- new_outcome(family, n, K)
      aux <- if (family == "gaussian") as_single(seq_len(K) / 8 - 0.3)
      weights <- as_single(runif(n, 0, 3))
      offset <- as_single(rnorm(n))

      got <- likelihood_step(family, eta, y, aux, weights = weights, offset = offset)

      want <- oracle_weighted(family, eta, y, aux, weights, offset)
      expect_equal(got$log_likelihood, want$log_likelihood, tolerance = 1e-6)
      most <- max(abs(want$d_eta), n / 4)
      expect_lte(max(abs(d_eta_of(got, K) - want$d_eta)), 2e-6 * most)
      if (length(aux)) expect_lte(max(abs(got$d_aux - want$d_aux)), 2e-6 * sum(weights))
    }
  })
}

test_that("a weight of 2 is a row that comes twice, and 0 one that does not", {
  set.seed(4)
  eta <- as_single(matrix(rnorm(9), 3))
  y <- matrix(c(0, 2, 1))
  twice <- likelihood_step("categorical", eta[c(1, 1, 2), ], y[c(1, 1, 2), , drop = FALSE])

  got <- likelihood_step("categorical", eta, y, weights = c(2, 1, 0))

  expect_equal(got$log_likelihood, twice$log_likelihood, tolerance = 1e-6)
  expect_equal(got$d_mu, twice$d_mu, tolerance = 1e-5)
})

test_that("weights and offsets out of range are errors", {
  eta <- matrix(c(1, 2))
  step <- function(...) likelihood_step("gaussian", eta, eta, 0, ...)
  for (weights in list(-1, c(1, -1), c(1, NA), c(1, Inf), 1:2, "a")) {
    expect_error(step(weights = weights), "weights")
  }
  for (offset in list(1, c(1, NA), c(1, -Inf), 1:2)) {
    expect_error(step(offset = offset), "offset")
  }
})
