# The joint log density of data and weights, at given weights, against its twin in
# helper-oracle.R.

at_weights <- function(problem, ...) {
  q <- oracle_split(problem$theta, problem$model$widths)
  native_density(
    core_model(problem$model), q$mu, as.double(q$aux), core_data(problem$x, problem$y), ...
  )
}

# Without noise the step's gradient in mu is that of the density: the terms of log q cancel.
twin_of <- function(problem, prior_weight = 1) {
  problem$eps <- 0 * problem$eps
  with_problem(oracle_step, problem, prior_weight)
}

for (prior in names(core_priors)) for (task in names(core_tasks)) {
  test_that(paste("the density and its gradient are the twin's:", prior, task), {
    set.seed(1)
    for (hidden in core_hidden) for (isa in isas_here()) {
      local_isa(isa)
      problem <- new_problem(task = task, prior = prior, hidden = hidden)
      got <- at_weights(problem)
      want <- twin_of(problem)

      expect_close(got$log_likelihood, want$log_likelihood, 2e-6)
      expect_close(got$log_prior, want$log_prior, 1e-6)
      expect_lt(max(abs(got$d_w - want$d_mu) / (1 + abs(want$d_mu))), 2e-5)
      if (length(got$d_aux)) expect_close(got$d_aux, want$d_aux, 2e-5)
    }
  })
}

test_that("the gradient is the slope of the density", {
  set.seed(2)
  problem <- new_problem("softplus", hidden = c(4L, 3L), n = 40L)
  P <- n_weights(problem$model$widths)
  along <- stats::rnorm(P)
  joint <- function(h) {
    moved <- problem
    moved$theta[seq_len(P)] <- problem$theta[seq_len(P)] + h * along
    at <- at_weights(moved)
    at$log_likelihood + at$log_prior
  }
  slope <- (joint(0.01) - joint(-0.01)) / 0.02

  parts <- at_weights(problem)$d_w * along
  expect_lt(abs(slope + sum(parts)), 1e-3 * sum(abs(parts)))
})

test_that("batches sum to the whole, the prior by their shares", {
  set.seed(3)
  problem <- new_problem(hidden = 5L, n = 30L)
  part <- function(rows) {
    some <- problem
    some$x <- problem$x[rows, , drop = FALSE]
    some$y <- problem$y[rows, , drop = FALSE]
    at_weights(some, length(rows) / 30)
  }
  whole <- at_weights(problem)
  parts <- list(part(1:12), part(13:30))

  expect_close(parts[[1]]$d_w + parts[[2]]$d_w, whole$d_w, 1e-5)
  expect_close(
    parts[[1]]$log_likelihood + parts[[2]]$log_likelihood, whole$log_likelihood, 1e-6
  )
  expect_identical(parts[[1]]$log_prior, whole$log_prior)
})

test_that("a large batch passes part by part, on any number of threads", {
  set.seed(4)
  problem <- new_problem(hidden = c(40L, 30L), n = 700L)
  q <- oracle_split(problem$theta, problem$model$widths)
  at <- function(threads, span = NULL) {
    model <- core_model(problem$model)
    model["span"] <- list(span)
    model$threads <- threads
    native_density(model, q$mu, as.double(q$aux), core_data(problem$x, problem$y))
  }
  whole <- at(1L)
  # so few multiplications between two looks for an interrupt that there are three parts
  parts <- at(1L, 1e4)

  expect_identical(at(2L), whole)
  expect_identical(at(2L, 1e4), parts)
  expect_false(identical(parts$d_w, whole$d_w))
  expect_close(parts$d_w, whole$d_w, 1e-5)
  expect_close(parts$log_likelihood, whole$log_likelihood, 1e-6)
})
