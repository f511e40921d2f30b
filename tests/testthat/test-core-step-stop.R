# Stopped within a step or a validation score: what was under way is given up, and made
# again with the same bits. A span of one multiplication makes every step a long one,
# looked at before each of its tasks, and a batch of more than 256 rows one of parts.

# A fit that is stopped at one of its looks, or at none (0).
looked_fit <- function(problem, control, data, from, looks = 0, span = 1, pause = NULL) {
  model <- core_model(problem$model)
  model$span <- span
  plan <- c(plan_for_core(control), looks = looks, pause = pause)
  run <- native_fit(model, plan, data, from)
  run$history$seconds <- NULL
  run
}

# What a run leaves after each step, the start first.
steps_of <- function(problem, control, data, start) {
  runs <- list(start)
  repeat {
    run <- looked_fit(problem, control, data, runs[[length(runs)]], pause = -1)
    runs <- c(runs, list(run))
    if (run$status == "done") return(runs)
  }
}

# Runs that are stopped at look 1, then at look 1 + by of what is left and so on; the
# last one is done.
runs_stopped <- function(problem, control, data, start, span = 1, by = 1) {
  runs <- list(start)
  for (looks in seq(1, 1000, by)) {
    run <- looked_fit(problem, control, data, runs[[length(runs)]], looks, span)
    runs <- c(runs, list(run))
    if (run$status == "done") return(runs)
    expect_identical(run$status, "stopped")
  }
}

steps_done <- function(run) run$state$counters[["step"]]

last_of <- function(list) list[[length(list)]]

expect_whole <- function(problem, control, data, label, ...) {
  start <- core_start(problem$model, control)
  steps <- steps_of(problem, control, data, start)
  stopped <- runs_stopped(problem, control, data, start, ...)
  expect_identical(
    core_numbers(last_of(stopped)), core_numbers(last_of(steps)), label = label
  )
  # within a step, so that it had to be made again
  expect_true(any(diff(vapply(stopped, steps_done, 0)) == 0), label = label)
  if (length(data$held_out)) return(invisible())
  for (run in stopped[-length(stopped)]) {
    expect_identical(
      core_numbers(run), core_numbers(steps[[steps_done(run) + 1]]), label = label
    )
  }
}

stop_problem <- function(estimator, n = 24L, hidden = c(20L, 12L)) {
  set.seed(7)
  problem <- new_problem("tanh", "learned", "normal", hidden, n = n)
  problem$model$estimator <- estimator
  # one that learns its scales
  problem$model$prior <- check_prior(prior_normal(), length(hidden) + 1L)
  problem
}

all_estimators <- c("shared", "flipout", "local")

# Half of all combinations, in which each two settings come in all ways that there are.
each_setting <- function(test, ...) {
  settings <- expand.grid(
    estimator = all_estimators, optimizer = core_names("optimizer"), samples = 1:2,
    clip = c(Inf, 0.1), stringsAsFactors = FALSE
  )
  odd <- (settings$optimizer == "sgd") + (settings$samples == 2) + (settings$clip == 0.1)
  settings <- settings[(odd + match(settings$estimator, all_estimators)) %% 2 == 0, ]
  for (i in seq_len(nrow(settings))) {
    one <- settings[i, ]
    # beyond ten steps a prior learns
    control <- core_control(
      24, epochs = 5, batch_size = 9, learn_rate = 0.02, optimizer = one$optimizer,
      samples = one$samples, clip = one$clip, ...
    )
    test(stop_problem(one$estimator), control, paste(one, collapse = " "))
  }
}

for (isa in isas_here()) {
  test_that(paste("a gradient taken whole moves theta as one that is not:", isa), {
    local_isa(isa)
    each_setting(function(problem, control, label) {
      data <- problem_data(problem)
      start <- core_start(problem$model, control)
      whole <- looked_fit(problem, control, data, start)
      expect_identical(
        whole, looked_fit(problem, control, data, start, span = 1e12), label = label
      )
    })
  })
}

test_that("a step that was stopped within is made again with the same bits", {
  each_setting(function(problem, control, label) {
    expect_whole(problem, control, problem_data(problem), label)
  })
})

test_that("so it is by two threads, and in a batch of several parts", {
  old <- options(bbb.threads = 2L)
  on.exit(options(old))
  for (estimator in all_estimators) {
    for (samples in 1:2) {
      problem <- stop_problem(estimator, n = 600L, hidden = c(70L, 40L))
      # worth the threads, and again with parts of 256, 256 and 88 rows
      for (batch_size in c(250, 600)) {
        control <- core_control(
          600, epochs = 1, batch_size = batch_size, samples = samples
        )
        expect_whole(problem, control, problem_data(problem), estimator, by = 11)
      }
    }
  }
})

test_that("parts of a batch have the gradient of all of it, noise included", {
  for (estimator in all_estimators) {
    problem <- stop_problem(estimator, n = 2500L)
    control <- core_control(2500, epochs = 3, samples = 2, learn_rate = 0.001)
    data <- problem_data(problem, weights = rep(c(1, 2), 1250), offset = sin(1:2500))
    start <- core_start(problem$model, control)

    parts <- looked_fit(problem, control, data, start)
    whole <- looked_fit(problem, control, data, start, span = 1e12)

    expect_equal(parts$history, whole$history, tolerance = 1e-6)
    expect_equal(core_theta(parts), core_theta(whole), tolerance = 1e-5)
    expect_false(identical(parts$mu, whole$mu))
  }
})

test_that("the gradient of one draw over many rows is that of its parts", {
  problem <- stop_problem("shared", n = 700L)
  P <- n_weights(problem$model$widths)
  theta <- c(sin(seq_len(P)) / 3, rep(-3, P), 0)
  step <- function(span) {
    model <- core_model(problem$model)
    model$span <- span
    native_step(model, theta, problem_data(problem), cos(seq_len(P)), 0.5)
  }

  expect_equal(step(1), step(1e12), tolerance = 1e-5)
  expect_identical(step(1)$w, step(1e12)$w)
})

test_that("a validation score that was stopped within is made again", {
  problem <- stop_problem("shared", n = 700L)
  control <- core_control(
    300, epochs = 4, batch_size = 150, validation = 0.5, patience = 1
  )
  data <- problem_data(problem, held_out = seq(1L, 700L, 2L))
  # of which a score has more looks than of a span of 1 can be tried one by one
  expect_whole(problem, control, data, "validation", span = 2e4)
})

test_that("no time at all is up within the first step, and gives the start back", {
  problem <- stop_problem("shared")
  control <- core_control(24, epochs = 5)
  control$max_seconds <- 0
  start <- core_start(problem$model, control)

  run <- looked_fit(problem, control, problem_data(problem), start)

  expect_identical(run$status, "max_seconds")
  expect_identical(core_numbers(run), core_numbers(start))
})
