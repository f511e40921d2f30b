# The training loop against the oracle's, batch after batch.

# What a run learned, in units of the longest way that a number of its kind went.
# A wrong sign would be off by about 1. Single precision is off by 1e-7; under
# Adam, whose steps have one size whatever the gradient's, by some 1e-5. Beside
# that, theta itself is rounded at each step.
expect_run_is_oracle <- function(task, tolerance, ...) {
  problem <- fit_problem(task)
  control <- short_control(...)
  state <- core_start(problem$model, control)
  start <- core_theta(state)

  run <- core_fit(problem$model, control, problem_data(problem), state)

  want <- oracle_train(problem$model, control, problem$x, problem$y, start)
  steps <- run$state$counters[["step"]]
  split <- function(theta) oracle_split(theta, problem$model$widths)
  off <- split(core_theta(run) - want$theta)
  moved <- split(want$theta - start)
  for (part in names(off)) {
    bound <- tolerance * max(0, abs(moved[[part]])) +
      steps * 2^-24 * abs(split(want$theta)[[part]])
    expect_true(all(abs(off[[part]]) <= bound))
  }
  for (name in names(want$history)) {
    expect_close(run$history[[name]], want$history[[name]], 1e-5)
  }
}

for (task in names(core_tasks)) {
  test_that(paste("three epochs of SGD are the oracle's:", task), {
    for (kl_weight in core_names("kl_weight")) {
      for (momentum in c(0, 0.9)) {
        expect_run_is_oracle(
          task, 2e-6, optimizer = "sgd", kl_weight = kl_weight,
          momentum = momentum, schedule = "cosine"
        )
      }
    }
  })

  test_that(paste("three epochs of Adam are the oracle's:", task), {
    for (kl_weight in core_names("kl_weight")) {
      for (schedule in core_names("schedule")) {
        expect_run_is_oracle(task, 1e-4, kl_weight = kl_weight, schedule = schedule)
      }
    }
  })

  test_that(paste("a step over three draws is the oracle's:", task), {
    expect_run_is_oracle(task, 1e-4, samples = 3)
    expect_run_is_oracle(task, 2e-6, samples = 3, optimizer = "sgd")
  })
}

# ---- clipping ----------------------------------------------------------------

for (task in names(core_tasks)) {
  test_that(paste("steps along a clipped gradient are the oracle's:", task), {
    # the norms are some 0.5 to 5
    for (clip in c(0.1, 2)) {
      expect_run_is_oracle(task, 2e-6, clip = clip, optimizer = "sgd")
      expect_run_is_oracle(task, 2e-6, clip = clip, optimizer = "sgd", samples = 3)
      expect_run_is_oracle(task, 1e-4, clip = clip)
    }
  })
}

test_that("a clipped step of SGD is as long as the rate and the norm say", {
  for (task in names(core_tasks)) {
    problem <- fit_problem(task)
    control <- core_control(
      20, epochs = 1, learn_rate = 0.25, optimizer = "sgd", clip = 0.01
    )
    state <- core_start(problem$model, control)

    run <- core_fit(problem$model, control, problem_data(problem), state)

    moved <- core_theta(run) - core_theta(state)
    expect_equal(sqrt(sum(moved^2)), 0.25 * 0.01, tolerance = 1e-4)
  }
})

test_that("a norm that no gradient has clips nothing", {
  problem <- fit_problem()
  run <- function(...) {
    core_numbers(core_train(problem$model, short_control(...), problem_data(problem)))
  }

  for (optimizer in core_names("optimizer")) {
    for (samples in c(1, 2)) {
      whole <- run(optimizer = optimizer, samples = samples)
      expect_identical(run(optimizer = optimizer, samples = samples, clip = Inf), whole)
      high <- run(optimizer = optimizer, samples = samples, clip = 1e30)
      # Adam in one pass may round otherwise than in several
      if (optimizer == "adam" && samples == 1) {
        expect_equal(high[1:3], whole[1:3], tolerance = 1e-4)
      } else {
        expect_identical(high, whole)
      }
    }
  }
})

# ---- the start ---------------------------------------------------------------

test_that("means start as scaled noise, the others as told", {
  model <- new_model(c(3L, 8L, 2L))
  control <- core_control(10, epochs = 1)
  start <- list(mu_sd = c(0.5, 2), bias_sd = c(0.25, 0), rho = -4, aux = c(-1.5, 2))

  got <- core_begin(model, control, start)

  theta <- oracle_split(core_theta(got), model$widths)
  sd <- rep(c(0.5, 0.25, 2, 0), c(24, 8, 16, 2))
  expect_equal(theta$mu, core_noise(model, "start") * sd, tolerance = 1e-7)
  expect_identical(theta$rho, rep(-4, 50))
  expect_identical(theta$aux, c(-1.5, 2))
  expect_identical(unname(got$state$counters), numeric(7))
  expect_identical(got$state$moments, integer(2 * 102))
})

# ---- an epoch ----------------------------------------------------------------

test_that("weights and offsets go with their rows into every batch", {
  for (task in names(core_tasks)) {
    problem <- fit_problem(task, n = 23L)
    weights <- as_single(seq(0, 2, length.out = 23))
    offset <- as_single(cos(1:23))
    control <- core_control(
      23, epochs = 1, batch_size = 5, learn_rate = 1e-60, optimizer = "sgd"
    )
    control$init_rho <- -110 # every draw is the mean
    state <- core_start(problem$model, control)
    data <- problem_data(problem, weights = weights, offset = offset)

    run <- core_fit(problem$model, control, data, state)

    q <- oracle_split(core_theta(state), problem$model$widths)
    eta <- oracle_forward(problem$model, q$mu, problem$x)$eta
    eta[, 1] <- eta[, 1] + offset
    log_density <- oracle_families[[problem$model$family]]$log_density
    want <- -sum(weights * log_density(problem$y, eta, q$aux))
    expect_equal(run$history$nll, want, tolerance = 1e-5)
  }
})

test_that("an epoch's nll is a sum over all rows, whatever the batches", {
  for (task in names(core_tasks)) {
    problem <- fit_problem(task, n = 23L)
    # nothing moves, and every draw is the mean
    fixed <- function(batch_size, kl_weight) {
      control <- core_control(
        23, epochs = 1, batch_size = batch_size, learn_rate = 1e-60,
        optimizer = "sgd", kl_weight = kl_weight
      )
      control$init_rho <- -110
      state <- core_start(problem$model, control)
      run <- core_fit(problem$model, control, problem_data(problem), state)
      expect_identical(core_theta(run), core_theta(state))
      list(nll = run$history$nll, theta = core_theta(state))
    }
    for (batch_size in c(1, 5, 8, 22, 23)) {
      got <- fixed(batch_size, "blundell")

      problem$theta <- got$theta
      want <- -with_problem(oracle_terms, problem, 1)$log_likelihood
      expect_equal(got$nll, want, tolerance = 1e-6)
    }
  }
})

test_that("batches larger than the data are the data", {
  problem <- fit_problem()
  control <- core_control(20, epochs = 4)
  run <- function(batch_size) {
    control$batch_size <- batch_size
    core_numbers(core_train(problem$model, control, problem_data(problem)))
  }

  expect_identical(run(1000), run(20))
})
