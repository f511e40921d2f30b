# The posterior predictive against R: draws of the weights from the oracle, on
# the core's own noise, and what each answer is of them.

seed <- c(21L, 22L)

# eta of each draw, an array rows x outputs x draws
oracle_eta <- function(problem, draws) {
  eta <- lapply(seq_len(draws) - 1, function(s) {
    eps <- core_noise(problem$model, "predict", 0, s, seed)
    w <- oracle_sample(problem$model, problem$theta, eps)
    oracle_forward(problem$model, w, problem$x)$eta
  })
  array(unlist(eta), c(dim(eta[[1]]), draws))
}

problem_predict <- function(problem, what, draws = 30, ..., rows = TRUE) {
  data <- core_data(problem$x[rows, , drop = FALSE], problem$y[rows, , drop = FALSE])
  core_predict(
    problem$model, problem$theta, data, what, draws, ..., seed = seed
  )
}

predict_problem <- function(task, ...) {
  set.seed(1)
  new_problem("gelu", task, "normal", c(6L, 5L), ...)
}

# E[y | w] and var(y | w) of each draw, from eta
mean_of <- function(problem, eta) {
  switch(problem$model$family,
    gaussian = eta, binomial = plogis(eta),
    categorical = {
      p <- apply(eta, 3L, \(one) exp(log_softmax(one)))
      array(p, dim(eta))
    }
  )
}

variance_of <- function(problem, mean) {
  if (problem$model$family != "gaussian") return(mean * (1 - mean))
  aux <- oracle_split(problem$theta, problem$model$widths)$aux
  0 * mean + exp(2 * aux[slice.index(mean, 2L)])
}

over_draws <- function(value, f) apply(value, 1:2, f)

for (task in names(core_tasks)) {
  test_that(paste("the link is the mean of eta over the draws:", task), {
    problem <- predict_problem(task)
    eta <- oracle_eta(problem, 30)

    got <- problem_predict(problem, "link")

    expect_close(got, over_draws(eta, mean), 1e-5)
  })

  test_that(paste("draws are E[y | w], draws x rows x outputs:", task), {
    problem <- predict_problem(task)
    mean <- mean_of(problem, oracle_eta(problem, 30))

    got <- problem_predict(problem, "draws")

    expect_close(got, aperm(mean, c(3, 1, 2)), 1e-5)
  })

  test_that(paste("moments are those over the draws and within them:", task), {
    problem <- predict_problem(task)
    mean <- mean_of(problem, oracle_eta(problem, 30))

    got <- problem_predict(problem, "moments")

    got <- array(got, c(dim(mean)[1:2], 3))
    expect_close(got[, , 1], over_draws(mean, base::mean), 1e-5)
    # divided by the draws and not by one less
    epistemic <- over_draws(mean, \(m) base::mean((m - base::mean(m))^2))
    expect_close(got[, , 2], epistemic, 1e-5)
    aleatoric <- over_draws(variance_of(problem, mean), base::mean)
    expect_close(got[, , 3], aleatoric, 1e-5)
  })

  test_that(paste("the log density is that of the mean over the draws:", task), {
    problem <- predict_problem(task)
    eta <- oracle_eta(problem, 30)
    log_density <- oracle_families[[problem$model$family]]$log_density
    aux <- oracle_split(problem$theta, problem$model$widths)$aux
    each <- apply(eta, 3L, \(one) {
      log_density(problem$y, matrix(one, nrow(eta)), aux)
    })

    got <- problem_predict(problem, "log_density")

    expect_close(got, log(rowMeans(exp(each))), 1e-5)
  })
}

test_that("the log density does not underflow", {
  # 1e4 sds from every draw
  problem <- predict_problem("learned")
  problem$y[] <- 1e4
  eta <- oracle_eta(problem, 30)[, 1, ]
  aux <- utils::tail(problem$theta, 1L)
  each <- dnorm(1e4, eta, exp(aux), log = TRUE)
  expect_true(all(exp(each) == 0))

  got <- problem_predict(problem, "log_density")

  most <- apply(each, 1, max)
  expect_equal(got, most + log(rowMeans(exp(each - most))), tolerance = 1e-6)
})

test_that("quantiles of a gaussian are those of the mixture of normals", {
  problem <- predict_problem("learned")
  eta <- oracle_eta(problem, 30)[, 1, ]
  sd <- exp(utils::tail(problem$theta, 1L))
  probs <- c(0.05, 0.5, 0.975)

  got <- matrix(problem_predict(problem, "quantile", probs = probs), ncol = 3)

  # the roundings of eta, and what the root is found to
  bound <- 1e-5 * max(abs(eta)) + 1e-7 * (diff(range(eta)) + 18 * sd)
  for (i in seq_len(nrow(eta))) {
    for (q in seq_along(probs)) {
      want <- uniroot(
        \(y) mean(pnorm(y, eta[i, ], sd)) - probs[q],
        range(eta) + c(-9, 9) * sd, tol = 1e-12
      )$root
      expect_lt(abs(got[i, q] - want), bound)
    }
  }
})

test_that("quantiles are of the first output, where there are several", {
  probs <- c(0.05, 0.5, 0.95)
  quantiles <- function(problem) {
    matrix(problem_predict(problem, "quantile", probs = probs), ncol = 3)
  }
  # two outputs, of which the first alone is another model
  two <- predict_problem("known")
  units <- utils::tail(two$model$widths, 2L)[1L]
  kept <- seq_len(n_weights(two$model$widths) - 2L * (units + 1L))
  first <- seq(max(kept) + 1L, by = 2L, length.out = units + 1L)
  q <- oracle_split(two$theta, two$model$widths)
  one <- two
  one$model$widths[4] <- 1L
  one$theta <- sure(q$mu[c(kept, first)], q$aux[1])
  two$theta <- sure(q$mu, q$aux)
  expect_equal(quantiles(two), quantiles(one), tolerance = 1e-6)

  three <- predict_problem("categorical")
  p <- mean_of(three, oracle_eta(three, 30))[, 1, ]
  expect_close(quantiles(three), t(apply(p, 1, quantile, probs)), 1e-5)
})

test_that("quantiles of two classes are those of the probability over draws", {
  problem <- predict_problem("binomial")
  p <- plogis(oracle_eta(problem, 30)[, 1, ])
  probs <- c(0.1, 0.5, 0.9)

  got <- matrix(problem_predict(problem, "quantile", probs = probs), ncol = 3)

  expect_close(got, t(apply(p, 1, quantile, probs, type = 7)), 1e-5)
})

# ---- what an answer does not depend on ---------------------------------------

whats <- names(predict_what)

test_that("a row's answer has the same bits alone, among others, in any block", {
  n <- 8500 # more than two blocks
  draws <- 7
  for (task in c("learned", "binomial", "categorical")) {
    problem <- predict_problem(task, n = n)
    kinds <- switch(task,
      learned = whats, binomial = setdiff(whats, "survival"),
      categorical = setdiff(whats, c("quantile", "survival"))
    )
    for (what in kinds) {
      ask <- function(rows) {
        got <- problem_predict(problem, what, draws, probs = 0.9, rows = rows)
        dim <- if (what == "draws") c(draws, length(rows)) else length(rows)
        got <- array(got, c(dim, length(got) / prod(dim)))
        # rows first
        if (what == "draws") aperm(got, c(2, 1, 3)) else got
      }
      pick <- function(value, rows) {
        matrix(value, dim(value)[1])[rows, , drop = FALSE]
      }
      all <- ask(seq_len(n))

      for (rows in list(1L, 4096L, 4097L, n, 8192:8194, rev(seq_len(n)))) {
        expect_identical(pick(ask(rows), TRUE), pick(all, rows))
      }
    }
  }
})

test_that("a row's answer has the same bits in the small blocks of many draws", {
  problem <- predict_problem("binomial", n = 70)
  # 2^23 floats in a block: room for less than 65 rows
  ask <- function(rows) {
    problem_predict(problem, "quantile", 2^23 / 64, probs = 0.9, rows = rows)
  }

  all <- ask(1:70)

  for (i in c(1, 65, 70)) expect_identical(ask(i), all[i])
})

test_that("the first draws do not depend on how many there are", {
  problem <- predict_problem("learned")
  ten <- matrix(problem_predict(problem, "draws", 10), 10)

  expect_identical(matrix(problem_predict(problem, "draws", 4), 4), ten[1:4, ])
})

test_that("no rows give no answers", {
  problem <- predict_problem("learned")
  for (what in whats) {
    expect_length(problem_predict(problem, what, probs = 0.5, rows = 0), 0)
  }
})
