# Optimisers, learning-rate schedules and KL weights against their formulas.
# test-core-fit.R holds the optimisers against R over gradients that change.

optim_plan <- function(...) plan_for_core(core_control(10, epochs = 1, ...))

d <- as_single(c(-3, -1e-3, 0, 1e-20, 0.5, 200))
theta <- as_single(c(1, -1, 0.5, 0, 3, 2))

expect_steps <- function(got, want) {
  # a float resolves 2^-24 of theta, each step
  expect_lt(max(abs(got - want) / (abs(want) + 0.01)), 2e-5)
}

test_that("Adam is algorithm 1 of Kingma and Ba", {
  for (steps in c(0, 1, 2, 100)) {
    m <- v <- 0
    want <- theta
    for (t in seq_len(steps)) {
      m <- 0.9 * m + 0.1 * d
      v <- 0.999 * v + 0.001 * d^2
      m_hat <- m / (1 - 0.9^t)
      v_hat <- v / (1 - 0.999^t)
      want <- want - 0.005 * m_hat / (sqrt(v_hat) + 1e-8)
    }

    got <- native_test_optim(optim_plan(learn_rate = 0.005), steps, d, theta)

    expect_steps(got, want)
  }
})

test_that("the first step of Adam is the learning rate, whatever the gradient", {
  got <- native_test_optim(optim_plan(learn_rate = 0.25), 1, d, theta)

  big <- abs(d) > 1e-6
  expect_equal(got[big], (theta - 0.25 * sign(d))[big], tolerance = 1e-5)
  expect_identical(got[d == 0], theta[d == 0])
})

test_that("SGD is a step along the gradient, with a share of the last step", {
  for (momentum in c(0, 0.5, 0.9)) {
    for (steps in c(0, 1, 2, 50)) {
      m <- 0
      want <- theta
      for (t in seq_len(steps)) {
        m <- momentum * m + d
        want <- want - 0.01 * m
      }
      plan <- optim_plan(optimizer = "sgd", momentum = momentum, learn_rate = 0.01)

      expect_steps(native_test_optim(plan, steps, d, theta), want)
    }
  }
})

schedule_of <- function(name, done) {
  vapply(done, \(at) native_test_schedule(name, at), 0)
}

test_that("schedules are their formulas", {
  done <- c(0, 0.1, 0.25, 0.49, 0.5, 0.6, 0.74, 0.75, 0.9, 0.97, 1, 1.5, 40)

  expect_identical(schedule_of("constant", done), rep(1, length(done)))
  expect_equal(
    schedule_of("cosine", done),
    pmax((1 + cos(base::pi * pmin(done, 1))) / 2, 0.01), tolerance = 1e-14
  )
  expect_identical(
    schedule_of("step", done),
    c(1, 0.1, 0.01)[1 + (done >= 0.5) + (done >= 0.75)]
  )
})

test_that("schedules never rise and never end", {
  for (name in core_names("schedule")) {
    factor <- schedule_of(name, seq(0, 1.2, by = 0.01))

    expect_true(all(diff(factor) <= 0))
    expect_true(all(factor >= 0.01 & factor <= 1))
  }
})

kl_of <- function(name, M) native_test_kl_weights(name, M)

test_that("an epoch's KL weights sum to 1", {
  for (M in c(1, 2, 3, 10, 53, 1000, 2000)) {
    for (name in core_names("kl_weight")) {
      weight <- kl_of(name, M)

      expect_true(all(is.finite(weight) & weight >= 0))
      expect_equal(sum(weight), 1, tolerance = 1e-12)
    }
  }
})

test_that("uniform weights are equation 8", {
  for (M in c(1, 2, 10, 2000)) expect_identical(kl_of("uniform", M), rep(1 / M, M))
})

test_that("Blundell's weights are equation 9", {
  for (M in c(1, 2, 10, 30)) {
    i <- seq_len(M)

    expect_equal(kl_of("blundell", M), 2^(M - i) / (2^M - 1), tolerance = 1e-15)
  }
  # where 2^M overflows
  expect_equal(kl_of("blundell", 2000)[1:3], c(1 / 2, 1 / 4, 1 / 8), tolerance = 1e-15)
})
