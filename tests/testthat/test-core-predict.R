# The posterior predictive against R: draws of the weights from the oracle, on
# the core's own noise, and what each answer is of them. Rows share the draws of
# all weights, or have draws of the first layer's units apart.

seed <- c(21L, 22L)

# eta of draw number s = 0, 1 ... of the posterior theta
draw_eta <- function(problem, s, theta = problem$theta) {
  eps <- core_noise(problem$model, "predict", 0, s, seed)
  w <- oracle_sample(problem$model, theta, eps)
  first <- if (!problem$joint) {
    oracle_rowwise(problem$model, theta, problem$x, s, seed)
  }
  oracle_forward(problem$model, w, problem$x, first)$eta
}

# eta of each draw, an array rows x outputs x draws
oracle_eta <- function(problem, draws) {
  eta <- lapply(seq_len(draws) - 1, \(s) draw_eta(problem, s))
  array(unlist(eta), c(dim(eta[[1]]), draws))
}

problem_predict <- function(problem, what, draws = 30, ..., rows = TRUE) {
  data <- core_data(problem$x[rows, , drop = FALSE], problem$y[rows, , drop = FALSE])
  core_predict(
    problem$model, problem$theta, data, what, draws, ..., seed = seed,
    joint = problem$joint
  )
}

predict_problem <- function(task, ..., hidden = c(6L, 5L), joint = TRUE) {
  set.seed(1)
  c(new_problem("gelu", task, "normal", hidden, ...), list(joint = joint))
}

told_apart <- function(joint) if (joint) "" else "rows apart"

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

for (task in names(core_tasks)) for (joint in c(TRUE, FALSE)) {
  test_that(paste("the link is the mean of eta over the draws:", task, told_apart(joint)), {
    problem <- predict_problem(task, joint = joint)
    eta <- oracle_eta(problem, 30)

    got <- problem_predict(problem, "link")

    expect_close(got, over_draws(eta, mean), 1e-5)
  })

  test_that(paste("draws are E[y | w], draws x rows x outputs:", task, told_apart(joint)), {
    problem <- predict_problem(task, joint = joint)
    mean <- mean_of(problem, oracle_eta(problem, 30))

    got <- problem_predict(problem, "draws")

    expect_close(got, aperm(mean, c(3, 1, 2)), 1e-5)
  })

  test_that(paste("moments are those over the draws and within them:", task, told_apart(joint)), {
    problem <- predict_problem(task, joint = joint)
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

  test_that(paste("the log density is that of the mean over the draws:", task, told_apart(joint)), {
    problem <- predict_problem(task, joint = joint)
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

# ---- of several posteriors ----------------------------------------------------

# The problem with a posterior beside its own, whose noise is three times as large.
with_other <- function(problem) {
  other <- problem
  P <- n_weights(problem$model$widths)
  other$theta <- as_single(c(
    stats::rnorm(P, sd = 0.5), stats::runif(P, -6, 0),
    utils::tail(problem$theta, -2L * P) + log(3)
  ))
  problem$members <- list(problem$theta, other$theta)
  problem
}

member_of_draw <- function(s) s %% 2 + 1

# eta of each draw, of one member after the other
members_eta <- function(problem, draws) {
  eta <- lapply(seq_len(draws) - 1, \(s) {
    draw_eta(problem, s, problem$members[[member_of_draw(s)]])
  })
  array(unlist(eta), c(dim(eta[[1]]), draws))
}

# aux of each draw, draws x auxiliaries
members_aux <- function(problem, draws) {
  aux <- lapply(problem$members, \(theta) oracle_split(theta, problem$model$widths)$aux)
  do.call(rbind, aux[member_of_draw(seq_len(draws) - 1)])
}

members_predict <- function(problem, ...) {
  problem$theta <- unlist(problem$members)
  problem_predict(problem, ...)
}

for (task in names(core_tasks)) for (joint in c(TRUE, FALSE)) {
  test_that(paste("several posteriors are mixed draw by draw:", task, told_apart(joint)), {
    problem <- with_other(predict_problem(task, joint = joint))
    eta <- members_eta(problem, 20)
    mean <- mean_of(problem, eta)
    aux <- members_aux(problem, 20)
    variance <- if (ncol(aux)) {
      aperm(array(exp(2 * aux), c(20, ncol(aux), nrow(eta))), c(3, 2, 1))
    } else {
      mean * (1 - mean)
    }
    log_density <- oracle_families[[problem$model$family]]$log_density
    each <- vapply(1:20, \(s) {
      log_density(problem$y, matrix(eta[, , s], nrow(eta)), aux[s, ])
    }, numeric(nrow(eta)))

    expect_close(members_predict(problem, "link", 20), over_draws(eta, base::mean), 1e-5)
    expect_close(members_predict(problem, "draws", 20), aperm(mean, c(3, 1, 2)), 1e-5)
    got <- array(members_predict(problem, "moments", 20), c(dim(mean)[1:2], 3))
    expect_close(got[, , 1], over_draws(mean, base::mean), 1e-5)
    expect_close(got[, , 2], over_draws(mean, \(m) base::mean((m - base::mean(m))^2)), 1e-5)
    expect_close(got[, , 3], over_draws(variance, base::mean), 1e-5)
    got <- members_predict(problem, "log_density", 20)
    expect_close(got, log(rowMeans(exp(each))), 1e-5)
  })
}

# Distribution functions by R, given eta (draws x outputs) and aux (draws x auxiliaries)
below_by_r <- list(
  gaussian = \(y, eta, aux) pnorm(y, eta[, 1], exp(aux[, 1])),
  student_t = \(y, eta, aux) pt((y - eta[, 1]) / exp(aux[, 1]), 2 + exp(aux[, 2])),
  negbinomial = \(y, eta, aux) pnbinom(y, size = exp(-aux[, 1]), mu = exp(eta[, 1])),
  weibull = \(y, eta, aux) pweibull(exp(y), exp(-aux[, 1]), exp(eta[, 1])),
  gaussian_hetero = \(y, eta, aux) pnorm(y, eta[, 1], exp(eta[, 2]))
)

of_family <- function(family) {
  set.seed(2)
  model <- new_model(c(3L, 5L, if (family == "gaussian_hetero") 2L else 1L), "gelu", family)
  P <- n_weights(model$widths)
  A <- switch(family, student_t = 2L, gaussian_hetero = 0L, 1L)
  member <- function(aux) as_single(c(rnorm(P, sd = 0.5), runif(P, -4, -1), rep(aux, A)))
  list(
    model = model, x = as_single(matrix(rnorm(21), 7)), y = matrix(0, 7, 1),
    members = list(member(log(0.2)), member(log(1.5))), joint = TRUE
  )
}

for (family in names(below_by_r)) {
  test_that(paste("quantiles of several posteriors are the mixture's:", family), {
    problem <- of_family(family)
    eta <- members_eta(problem, 30)
    aux <- members_aux(problem, 30)
    below <- function(i, y) mean(below_by_r[[family]](y, t(matrix(eta[i, , ], ncol = 30)), aux))
    probs <- c(0.03, 0.5, 0.98)

    got <- matrix(members_predict(problem, "quantile", 30, probs = probs), ncol = 3)

    if (family == "weibull") got <- log(got)
    for (i in 1:7) {
      for (q in 1:3) {
        if (family == "negbinomial") {
          expect_gte(below(i, got[i, q]), probs[q])
          expect_lt(below(i, got[i, q] - 1), probs[q])
          next
        }
        want <- uniroot(\(y) below(i, y) - probs[q], c(-60, 60), tol = 1e-10)$root
        expect_equal(got[i, q], want, tolerance = 1e-4)
      }
    }
  })
}

test_that("survival is the mean over the draws of several posteriors", {
  problem <- of_family("weibull")
  eta <- members_eta(problem, 30)[, 1, ]
  scale <- exp(members_aux(problem, 30)[, 1])
  at <- c(-1, 0.5)

  got <- matrix(members_predict(problem, "survival", 30, probs = at), ncol = 2)

  want <- vapply(at, \(t) {
    apply(eta, 1, \(one) mean(pweibull(exp(t), 1 / scale, exp(one), lower.tail = FALSE)))
  }, numeric(7))
  expect_close(got, want, 1e-5)
})

test_that("quantiles of several outcomes use each outcome's own noise", {
  problem <- with_other(predict_problem("known"))
  eta <- members_eta(problem, 20)
  sd <- exp(members_aux(problem, 20))

  for (k in 1:2) {
    got <- members_predict(problem, "quantile", 20, probs = 0.8, outcome = k)
    want <- vapply(1:7, \(i) {
      uniroot(\(y) mean(pnorm(y, eta[i, k, ], sd[, k])) - 0.8, c(-60, 60), tol = 1e-10)$root
    }, 0)
    expect_equal(got, want, tolerance = 1e-5)
  }
})

test_that("a posterior twice is the posterior, and an odd draw of two an error", {
  problem <- predict_problem("learned")
  problem$members <- list(problem$theta, problem$theta)
  for (what in c("link", "moments", "draws", "log_density", "survival")) {
    expect_identical(
      members_predict(problem, what, 10, probs = 0.4),
      problem_predict(problem, what, 10, probs = 0.4)
    )
  }
  expect_equal(
    members_predict(problem, "quantile", 10, probs = 0.4),
    problem_predict(problem, "quantile", 10, probs = 0.4), tolerance = 1e-6
  )
  expect_error(members_predict(problem, "link", 9), "multiple of the posteriors")
  problem$theta <- problem$theta[-1]
  expect_error(problem_predict(problem, "link", 9), "multiple of the model's size")
})

test_that("a row's answer of several posteriors has the same bits alone", {
  problem <- with_other(predict_problem("learned", n = 700))
  for (what in core_kinds) {
    all <- members_predict(problem, what, 8, probs = 0.9)
    dim(all) <- if (what == "draws") c(8, 700) else c(1, 700, length(all) / 700)
    one <- members_predict(problem, what, 8, probs = 0.9, rows = 300L)

    expect_identical(as.vector(one), if (what == "draws") all[, 300] else as.vector(all[, 300, ]))
  }
})

# ---- what an answer does not depend on ---------------------------------------

whats <- core_kinds

for (task in c("learned", "binomial", "categorical")) for (joint in c(TRUE, FALSE)) {
  same_bits <- "a row's answer has the same bits alone, among others, in any block:"
  test_that(paste(same_bits, task, told_apart(joint)), {
    n <- 16500 # a block ends at 16128, a group in it at each 288
    draws <- 7
    # more inputs than there are units, so that x needs the most room
    problem <- predict_problem(task, n = n, D = 20L, joint = joint)
    kinds <- switch(task,
      learned = whats, binomial = setdiff(whats, "survival"),
      categorical = setdiff(whats, c("quantile", "survival", "cdf"))
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

      for (rows in list(1L, 288L, 289L, 4096L, 4097L, n, 8192:8194, 16120:16140, rev(seq_len(n)))) {
        expect_identical(pick(ask(rows), TRUE), pick(all, rows))
      }
    }
  })
}

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
  for (joint in c(TRUE, FALSE)) {
    problem <- predict_problem("learned", joint = joint)
    ten <- matrix(problem_predict(problem, "draws", 10), 10)

    expect_identical(matrix(problem_predict(problem, "draws", 4), 4), ten[1:4, ])
  }
})

test_that("no rows give no answers", {
  problem <- predict_problem("learned")
  for (what in whats) {
    expect_length(problem_predict(problem, what, probs = 0.5, rows = 0), 0)
  }
})

# ---- rows drawn apart --------------------------------------------------------

for (isa in isas_here()) {
  test_that(paste("rows are drawn apart as by R, for all sizes:", isa), {
    local_isa(isa)
    for (D in c(1L, 2L, 3L, 4L, 7L)) {
      for (hidden in list(integer(), 1L, 2L, 3L, 4L, 5L, c(9L, 2L))) {
        problem <- predict_problem("learned", D = D, n = 17L, hidden = hidden, joint = FALSE)

        got <- matrix(problem_predict(problem, "draws", 2), 2)

        expect_close(got, t(oracle_eta(problem, 2)[, 1, ]), 1e-5)
      }
    }
  })
}

test_that("rows that are the same share their draws, and -0 is 0", {
  problem <- predict_problem("learned", joint = FALSE)
  problem$x[2, ] <- c(0, 1, 0)
  problem$x[5, ] <- c(-0, 1, -0)
  expect_identical(1 / problem$x[5, 1], -Inf)

  draws <- matrix(problem_predict(problem, "draws", 20), 20)

  expect_identical(draws[, 2], draws[, 5])
  expect_false(any(draws[, 1] == draws[, 2]))
})

test_that("rows drawn apart have the closed form of a linear model, and no correlation", {
  draws <- 20000
  problem <- predict_problem("learned", hidden = integer(), n = 6L, joint = FALSE)
  # neighbours in the last bit only
  problem$x[2, ] <- problem$x[1, ] * (1 + c(0, 0, 2^-23))
  q <- oracle_split(problem$theta, problem$model$widths)
  x <- cbind(problem$x, 1)
  mean <- as.vector(x %*% q$mu)
  sd <- as.vector(sqrt(x^2 %*% softplus(q$rho)^2))

  f <- matrix(problem_predict(problem, "draws", draws), draws)

  z <- (f - rep(mean, each = draws)) / rep(sd, each = draws)
  expect_lt(max(abs(colMeans(z))), 5 / sqrt(draws))
  expect_lt(max(abs(colMeans(z^2) - 1)), 5 * sqrt(2 / draws))
  products <- crossprod(z) / draws
  expect_lt(max(abs(products[upper.tri(products)])), 5 / sqrt(draws))
  # those of shared weights have it
  problem$joint <- TRUE
  f <- matrix(problem_predict(problem, "draws", draws), draws)
  expect_gt(cor(f[, 1], f[, 2]), 0.999)
})

test_that("a row's draws have the same distribution, apart or not", {
  draws <- 20000
  by_joint <- lapply(c(TRUE, FALSE), \(joint) {
    problem <- predict_problem("learned", n = 4L, joint = joint)
    matrix(problem_predict(problem, "draws", draws), draws)
  })

  for (i in 1:4) {
    at <- sort(c(by_joint[[1]][, i], by_joint[[2]][, i]))
    below <- vapply(by_joint, \(f) ecdf(f[, i])(at), at)
    # Kolmogorov and Smirnov, of two samples at p = 0.001
    expect_lt(max(abs(below[, 1] - below[, 2])), sqrt(-log(0.001 / 2) / draws))
  }
})
