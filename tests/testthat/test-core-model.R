# The training step against its twin in helper-oracle.R, which is itself held
# against central differences.

# Every activation with both priors and no to three hidden layers
combinations <- function(priors = c("normal", "mixture")) {
  expand.grid(
    activation = core_names("activation"), prior = priors, depth = seq_along(core_hidden),
    stringsAsFactors = FALSE
  )
}

expect_core_is_oracle <- function(problem, kl_weight) {
  core <- with_problem(core_step, problem, kl_weight)
  oracle <- with_problem(oracle_step, problem, kl_weight, w = core$w)
  expect_step_agrees(core, oracle, problem)
}

# NULL: rho of all sizes from -6 to 0
for (rho in list(NULL, -20, -5, 1, 5)) {
  for (task in names(core_tasks)) {
    test_that(paste("the core's step is the oracle's:", task, "rho =", rho), {
      set.seed(1)
      all <- combinations()
      for (i in seq_len(nrow(all))) {
        at <- all[i, ]
        problem <- new_problem(
          at$activation, task, at$prior, core_hidden[[at$depth]], rho
        )

        for (kl_weight in c(0, 0.3, 1)) expect_core_is_oracle(problem, kl_weight)
      }
    })
  }
}

# Priors beyond the paper's: exact, of heavier tails, with scales of their own
other_priors <- list(
  exact = list(prior_normal(0.8), "auto"),
  layers = list(prior_normal(c(0.5, 1, 2), bias_sd = 3), "auto"),
  fan_in = list(prior_mixture(0.4, 1, 0.1, bias_sd = 2, fan_in = TRUE), "auto"),
  learned = list(prior_normal("learned"), "auto"),
  drawn = list(prior_normal("learned"), "sampled"),
  laplace = list(prior_laplace(0.7, fan_in = TRUE), "auto"),
  student = list(prior_student(3, 0.5, bias_sd = 1), "auto")
)

for (isa in isas_here()) {
  test_that(paste("the core's step is the oracle's for every prior:", isa), {
    local_isa(isa)
    set.seed(7)
    for (name in names(other_priors)) {
      for (task in c("learned", "categorical")) {
        problem <- new_problem("gelu", task, "normal", c(9L, 5L))
        problem$model$prior <- other_priors[[name]][[1]]
        problem$model$kl <- other_priors[[name]][[2]]
        for (kl_weight in c(0, 0.3, 1)) expect_core_is_oracle(problem, kl_weight)
      }
    }
  })
}

test_that("the oracle's exact KL is the gradient of its loss", {
  set.seed(8)
  for (prior in list(prior_normal("learned"), prior_normal(c(0.5, 2)))) {
    problem <- new_problem("tanh", "learned", "normal", 3L)
    problem$model$prior <- prior
    problem$model$kl <- "auto"
    step <- with_problem(oracle_step, problem, 0.7)
    loss <- function(theta) {
      oracle_terms(problem$model, theta, problem$x, problem$y, problem$eps, 0.7)$loss
    }
    expect_gradient(c(step$d_mu, step$d_rho, step$d_aux), loss, problem$theta)
  }
})

test_that("the core's step is the oracle's for one row and for wide layers", {
  set.seed(3)
  wide <- new_problem("gelu", "categorical", "mixture", c(33L, 1L, 20L), D = 17L)

  expect_core_is_oracle(new_problem(n = 1L), 1)
  expect_core_is_oracle(wide, 0.5)
  expect_core_is_oracle(new_problem(n = 150L, hidden = 40L), 0.1)
})

test_that("the core draws w = mu + sigma eps to the last bits of a float", {
  set.seed(4)
  for (rho in list(NULL, -20, 1, 5)) {
    problem <- new_problem(rho = rho)
    q <- oracle_split(problem$theta, problem$model$widths)
    noise <- softplus(q$rho) * problem$eps

    got <- with_problem(core_step, problem, 1)$w

    # sigma, the product and the sum are each rounded to 24 bits
    bound <- 2^-24 * (2 * abs(noise) + abs(q$mu + noise) + 2^-100)
    expect_true(all(abs(got - q$mu - noise) <= 1.001 * bound))
  }
})

# ---- the oracle itself -------------------------------------------------------

# A problem whose relu units are all away from their kinks.
smooth_problem <- function(...) {
  repeat {
    problem <- new_problem(...)
    model <- problem$model
    w <- oracle_sample(model, problem$theta, problem$eps)
    z <- unlist(oracle_forward(model, w, problem$x)$z)
    if (!length(z) || all(abs(z) > 1e-3)) return(problem)
  }
}

# The loss as a function of one part of theta.
loss_in <- function(problem, part, kl_weight) {
  at <- oracle_split(seq_along(problem$theta), problem$model$widths)[[part]]
  function(value) {
    problem$theta[at] <- value
    with_problem(oracle_terms, problem, kl_weight)$loss
  }
}

expect_oracle_gradient <- function(problem, kl_weight, part) {
  at <- oracle_split(problem$theta, problem$model$widths)[[part]]
  got <- with_problem(oracle_step, problem, kl_weight)[[paste0("d_", part)]]
  expect_gradient(got, loss_in(problem, part, kl_weight), at)
}

for (task in names(core_tasks)) {
  test_that(paste("the oracle's gradients are those of its loss:", task), {
    set.seed(5)
    all <- combinations(c("normal", "gentle"))
    for (i in seq_len(nrow(all))) {
      at <- all[i, ]
      hidden <- rep(2L, at$depth - 1L)
      problem <- smooth_problem(
        at$activation, task, at$prior, hidden, D = 2L, n = 4L
      )
      kl_weight <- c(0, 0.3, 1)[i %% 3L + 1L]

      expect_oracle_gradient(problem, kl_weight, "mu")
      expect_oracle_gradient(problem, kl_weight, "rho")
      if (task == "learned") expect_oracle_gradient(problem, kl_weight, "aux")
    }
  })
}

test_that("the oracle's gradients are those of its loss at awkward rho", {
  set.seed(6)
  for (rho in c(-5, 1, 3)) {
    problem <- smooth_problem("tanh", hidden = c(3L, 2L), rho = rho, n = 4L)

    expect_oracle_gradient(problem, 1, "mu")
    expect_oracle_gradient(problem, 1, "rho")
  }
})

# ---- the checks can fail -----------------------------------------------------

test_that("the check of the step fails when one sign is flipped", {
  set.seed(7)
  problem <- new_problem(hidden = c(4L, 3L))
  core <- with_problem(core_step, problem, 1)
  oracle <- with_problem(oracle_step, problem, 1, w = core$w)
  flipped <- function(name, i) {
    core[[name]][i] <- -core[[name]][i]
    core
  }

  expect_step_agrees(core, oracle, problem)
  for (name in c("d_mu", "d_rho")) {
    for (i in seq_along(core[[name]])) {
      expect_failure(expect_step_agrees(flipped(name, i), oracle, problem))
    }
  }
  expect_failure(expect_step_agrees(flipped("d_aux", 1L), oracle, problem))
  expect_failure(expect_step_agrees(flipped("f", 1L), oracle, problem))
})

test_that("the check of the oracle fails when one sign is flipped", {
  set.seed(8)
  problem <- smooth_problem()
  oracle <- with_problem(oracle_step, problem, 1)
  part <- oracle_split(problem$theta, problem$model$widths)

  for (name in c("mu", "rho")) {
    loss <- loss_in(problem, name, 1)
    gradient <- oracle[[paste0("d_", name)]]
    expect_gradient(gradient, loss, part[[name]])
    for (i in seq_along(gradient)) {
      wrong <- replace(gradient, i, -gradient[i])
      expect_failure(expect_gradient(wrong, loss, part[[name]]))
    }
  }
})

# ---- properties --------------------------------------------------------------

test_that("the data's part of the gradient is a sum over rows", {
  set.seed(9)
  problem <- new_problem("softplus", "categorical", n = 9L)
  rows <- function(at) {
    problem$x <- problem$x[at, , drop = FALSE]
    problem$y <- problem$y[at, , drop = FALSE]
    with_problem(core_step, problem, 0)
  }

  whole <- rows(1:9)
  parts <- list(rows(1:2), rows(3:9))

  sum_of <- function(name) parts[[1]][[name]] + parts[[2]][[name]]
  expect_close(sum_of("d_theta"), whole$d_theta, 1e-6)
  expect_close(sum_of("log_likelihood"), whole$log_likelihood, 1e-6)
})

test_that("a known noise level has no gradient", {
  set.seed(10)

  step <- with_problem(core_step, new_problem(task = "known"), 1)

  expect_identical(step$d_aux, c(0, 0))
})
