# The training loop against itself: stopped and resumed, with rows held out, and
# beyond the finite numbers.

# ---- the same bits -----------------------------------------------------------

test_that("the same seed gives the same bits, another seed others", {
  problem <- fit_problem()
  run <- function(seed) {
    core_numbers(core_train(
      problem$model, short_control(seed = seed), problem_data(problem)
    ))
  }

  expect_identical(run(c(3L, 4L)), run(c(3L, 4L)))
  expect_false(identical(run(c(3L, 4L))$mu, run(c(4L, 3L))$mu))
})

test_that("a run leaves the state that it was given as it was", {
  problem <- fit_problem()
  control <- short_control(validation = 0.2)
  state <- core_start(problem$model, control)
  before <- unserialize(serialize(state, NULL))

  core_fit(problem$model, control, problem_data(problem, held_out = 1:4), state)

  expect_identical(state, before)
})

# One row an epoch, from the histories of many runs, each NA but in its own.
joined <- function(histories) {
  epochs <- max(lengths(lapply(histories, `[[`, "nll")))
  column <- function(name) {
    all <- lapply(histories, \(history) history[[name]][seq_len(epochs)])
    Reduce(\(a, b) ifelse(is.na(a), b, a), all)
  }
  sapply(c("nll", "kl", "aux", "learn_rate", "validation"), column)
}

# Run to the end, pausing after each step as long as `stops` says.
run_with_stops <- function(problem, control, data, stops) {
  from <- core_start(problem$model, control)
  histories <- list()
  repeat {
    pause <- if (stops(from$state$counters[["step"]])) -1
    run <- core_fit(problem$model, control, data, from, pause = pause)
    histories <- c(histories, list(run$history))
    if (run$status == "done") break
    expect_identical(run$status, "paused")
    expect_identical(
      run$state$counters[["step"]], from$state$counters[["step"]] + 1
    )
    from <- run
  }
  list(numbers = core_numbers(run), history = joined(histories))
}

for (optimizer in core_names("optimizer")) {
  test_that(paste("stopped after every step it ends with the same bits:", optimizer), {
    for (held_out in list(integer(), c(2L, 9L, 17L))) {
      problem <- fit_problem()
      data <- problem_data(problem, held_out = held_out)
      control <- short_control(optimizer = optimizer, samples = 2)

      whole <- run_with_stops(problem, control, data, \(step) FALSE)
      parts <- run_with_stops(problem, control, data, \(step) TRUE)

      expect_identical(parts, whole)
    }
  })
}

test_that("stopped after any one step it ends with the same bits", {
  problem <- fit_problem()
  data <- problem_data(problem)
  control <- short_control(kl_weight = "blundell")
  whole <- run_with_stops(problem, control, data, \(step) FALSE)

  for (at in 0:8) {
    expect_identical(run_with_stops(problem, control, data, \(step) step == at), whole)
  }
})

test_that("five epochs and five more are ten", {
  problem <- fit_problem()
  data <- problem_data(problem)
  control <- core_control(20, epochs = 10, batch_size = 8)
  start <- core_start(problem$model, control)

  ten <- core_fit(problem$model, control, data, start)
  five <- core_fit(problem$model, control, data, start, epochs = 5)
  more <- core_fit(problem$model, control, data, five)

  expect_identical(core_numbers(more), core_numbers(ten))
  expect_identical(
    joined(list(five$history, more$history)), joined(list(ten$history))
  )
})

# ---- validation --------------------------------------------------------------

# A small training set that is soon learned by heart
overfit <- function(epochs = 120, patience = 120) {
  set.seed(2)
  problem <- new_problem("tanh", "learned", "normal", 20L, n = 24L)
  control <- core_control(
    16, epochs = epochs, batch_size = 16, learn_rate = 0.05,
    schedule = "constant", patience = patience
  )
  held_out <- 1:8
  run <- core_train(
    problem$model, control, problem_data(problem, held_out = held_out)
  )
  list(problem = problem, run = run, held_out = held_out)
}

test_that("the validation score is the mean log predictive density of a row", {
  got <- overfit(epochs = 3)
  problem <- got$problem
  theta <- core_theta(got$run)
  x <- problem$x[got$held_out, ]
  y <- problem$y[got$held_out, , drop = FALSE]

  density <- vapply(0:9, function(s) {
    eps <- core_noise(problem$model, "validate", 0, s)
    w <- oracle_sample(problem$model, theta, eps)
    eta <- oracle_forward(problem$model, w, x)$eta
    dnorm(y, eta, exp(tail(theta, 1)))
  }, numeric(8))

  want <- mean(log(rowMeans(density)))
  expect_equal(got$run$history$validation[3], want, tolerance = 1e-5)
})

test_that("the best epoch is kept, and is where a shorter run ends", {
  got <- overfit()$run
  best <- which.max(got$history$validation)
  expect_lt(best, 120)

  shorter <- overfit(epochs = best)$run

  expect_identical(core_theta(got), core_theta(shorter))
  expect_false(identical(got$state$theta, shorter$state$theta))
  expect_identical(got$state$counters[["best_score"]], max(got$history$validation))
  expect_identical(got$state$counters[["since_best"]], 120 - best + 0)
})

test_that("training ends when no epoch was better for `patience`", {
  all <- overfit()$run$history$validation
  for (patience in c(1, 5, 20)) {
    got <- overfit(patience = patience)$run

    # the first epoch that is `patience` past the best before it
    since <- seq_along(all) - vapply(seq_along(all), \(e) which.max(all[1:e]), 1)
    last <- which(since >= patience)[1]
    expect_identical(got$status, "done")
    expect_identical(sum(!is.na(got$history$validation)), last)
    expect_identical(got$state$counters[["epoch"]], last + 0)
  }
})

test_that("rows that are held out are not trained on", {
  problem <- fit_problem()
  control <- short_control()
  held_out <- c(3L, 11L)
  theta <- function(problem) {
    data <- problem_data(problem, held_out = held_out)
    core_train(problem$model, control, data)$state$theta
  }
  other <- problem
  other$y[held_out, ] <- 100
  other$x[held_out, ] <- -5

  expect_identical(theta(other), theta(problem))
})

test_that("training with rows held out is training on the others", {
  problem <- fit_problem()
  control <- short_control()
  held_out <- c(3L, 11L)
  others <- core_data(problem$x[-held_out, ], problem$y[-held_out, , drop = FALSE])

  got <- core_train(
    problem$model, control, problem_data(problem, held_out = held_out)
  )

  want <- core_train(problem$model, control, others)
  bits <- function(v) readBin(writeBin(v, raw(), size = 4L), "integer", length(v))
  expect_identical(got$state$moments, want$state$moments)
  expect_identical(
    sort(got$state$theta), sort(bits(core_theta(want)))
  )
  expect_identical(got$history$nll, want$history$nll)
})

# ---- divergence --------------------------------------------------------------

# What a run gives back, all of it
from_bits <- function(bits) {
  readBin(writeBin(bits, raw()), "double", length(bits), size = 4L)
}

numbers_of <- function(run) {
  c(
    core_theta(run), from_bits(run$state$moments),
    run$history$nll, run$history$kl, exp(run$history$aux)
  )
}

for (optimizer in core_names("optimizer")) {
  test_that(paste("a run ends in finite numbers or says that it diverged:", optimizer), {
    for (task in names(core_tasks)) {
      for (learn_rate in 10^c(1, 2, 4, 6, 10, 20, 37, 300)) {
        problem <- fit_problem(task)
        control <- core_control(
          20, epochs = 20, optimizer = optimizer, learn_rate = learn_rate
        )

        run <- core_train(problem$model, control, problem_data(problem))

        # only a gaussian has an auxiliary in its history
        numbers <- numbers_of(run)
        if (problem$model$family != "gaussian") numbers <- stats::na.omit(numbers)
        expect_true(
          run$status == "diverged" || all(is.finite(numbers)),
          label = paste(task, learn_rate, run$status)
        )
      }
    }
  })
}

test_that("a rate beyond all bounds diverges, and the user is told", {
  problem <- fit_problem()
  control <- core_control(20, epochs = 5, learn_rate = 1e300)

  run <- core_train(problem$model, control, problem_data(problem))

  expect_identical(run$status, "diverged")
  expect_error(
    bbb_fit(problem$x, problem$y[, 1], epochs = 5, learn_rate = 1e300, seed = 1),
    class = "bbb_error_diverged"
  )
})

test_that("a last step out of the finite numbers is divergence, not a fit", {
  # its loss was finite, and no other comes after it
  problem <- fit_problem()
  control <- core_control(20, epochs = 1, learn_rate = 1e300)
  for (max_seconds in c(0, Inf)) {
    control$max_seconds <- max_seconds

    run <- core_train(problem$model, control, problem_data(problem))

    expect_identical(run$state$counters[["step"]], 1)
    expect_identical(run$status, "diverged")
  }
})

test_that("weights that are not finite at the start are divergence at once", {
  problem <- fit_problem()
  control <- short_control()
  for (bad in c(NaN, Inf, -Inf)) {
    state <- core_start(problem$model, control)
    state$mu[3] <- bad

    run <- core_fit(problem$model, control, problem_data(problem), state)

    expect_identical(run$status, "diverged")
    expect_identical(run$state$counters[["step"]], 0)
  }
})
