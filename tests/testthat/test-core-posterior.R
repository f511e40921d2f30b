# The variational posterior: sigma, log q and the gradient in rho, at the ends
# of what a rho can be.

extremes <- c(-90, -40, -30.001, -30, -29.999, -5, -1e-3, 0, 1, 5, 30, 90)

test_that("the softplus and its inverse are right from -90 to 90", {
  got <- native_test_softplus(extremes)

  expect_equal(got$softplus, log1p(exp(extremes)), tolerance = 1e-15)
  # element by element: the smallest are as right as the largest
  expect_lt(max(abs(got$softplus / log1p(exp(extremes)) - 1)), 1e-14)
  # near 0 on the sigma side a relative error becomes an absolute one in rho
  expect_lt(max(abs(got$inverse - extremes)), 1e-13)
})

test_that("the softplus of 800 is 800 and of -800 is 0", {
  expect_identical(native_test_softplus(c(800, -800))$softplus, c(800, 0))
})

# ---- through a step on one weight and one bias, without hidden layers --------

posterior_step <- function(rho, eps, mu = c(0.3, -0.2), kl_weight = 1,
                           x = 0, y = 0) {
  model <- new_model(c(1L, 1L), prior = prior_normal(2), learn_noise = FALSE)
  core_step(model, c(mu, rho, 0), matrix(x), matrix(y), eps, kl_weight)
}

for (isa in isas_here()) {
  test_that(paste("log q is the normal log density of the drawn weights:", isa), {
    local_isa(isa)
    mu <- as_single(c(0.3, -0.2))
    for (rho in c(-12, -5, 0, 2, 30, 80)) {
      rho <- as_single(c(rho, rho / 2))
      eps <- as_single(c(1.5, -0.25))
      sigma <- log1p(exp(rho))

      got <- posterior_step(rho, eps)$log_posterior

      want <- sum(dnorm(mu + sigma * eps, mu, sigma, log = TRUE))
      expect_equal(got, want, tolerance = log_tolerance(isa, 1e-8))
    }
  })
}

# sigma is 1e-35, and 0 even in double precision
for (rho in c(-80, -1000)) {
  test_that(paste("log q is right where rho is", rho), {
    eps <- c(0.5, -2)

    got <- posterior_step(c(rho, rho), eps)$log_posterior

    expect_equal(got, sum(dnorm(eps, log = TRUE)) - 2 * rho, tolerance = 1e-14)
  })

  test_that(paste("the gradient in rho is finite and right at", rho), {
    eps <- c(0.5, -2)
    for (kl_weight in c(0, 0.3, 1)) {
      step <- posterior_step(c(rho, rho), eps, kl_weight = kl_weight)

      # d log sigma / d rho is 1 there, and the path through w is worth nothing
      expect_equal(step$d_rho, rep(-kl_weight, 2), tolerance = 1e-7)
      expect_true(all(is.finite(step$d_mu)))
    }
  })
}

test_that("the path through the weights is not lost at rho = -80", {
  # kl_weight 0 leaves d_w eps / (1 + exp(80)); here d_w is (w x + b - y) x, 1
  step <- posterior_step(c(-80, -80), c(0.5, -2), c(1, 0), 0, x = 3, y = 1)

  expect_close(step$d_rho, c(2 * 3 * 0.5, 2 * -2) * exp(-80), 1e-6)
})

test_that("the gradient in rho is right at 80", {
  eps <- as_single(c(0.5, -2))
  sigma <- 80
  mu <- as_single(c(0.3, -0.2))

  step <- posterior_step(c(80, 80), eps, mu, x = 0)

  # normal prior with sd 2; the bias also meets the datum y = 0
  w <- mu + sigma * eps
  d_w <- w / 4 + c(0, w[2])
  expect_close(step$d_rho, d_w * eps - 1 / sigma, 1e-6)
})

test_that("d_rho does not jump where the formula of log sigma changes", {
  d_rho <- function(rho) posterior_step(c(rho, rho), c(1, -1))$d_rho

  expect_lt(max(abs(d_rho(-30.001) - d_rho(-29.999))), 1e-6)
})

test_that("with no data, f averages to the KL of two gaussians", {
  # equal to log q - log P; the likelihood of one row is taken off
  mu <- as_single(c(0.7, -0.4))
  rho <- as_single(c(-1, 0.5))
  sigma <- log1p(exp(rho))
  n <- 4000
  eps <- matrix(core_normals(2 * n), n)

  got <- vapply(seq_len(n), function(i) {
    step <- posterior_step(rho, eps[i, ], mu)
    step$log_posterior - step$log_prior
  }, 0)

  kl <- sum(log(2 / sigma) + (sigma^2 + mu^2) / (2 * 4) - 0.5)
  expect_lt(abs(mean(got) - kl), 5 * sd(got) / sqrt(n))
})
