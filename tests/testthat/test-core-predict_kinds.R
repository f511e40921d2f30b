# A set of kinds of prediction in one pass over the draws, and the distribution
# function at an outcome, against R's own distributions.

# ---- the distribution function -----------------------------------------------

# P(Y <= y) and P(Y < y) by R, given eta (rows x outputs) and aux.
less_by_r <- list(
  binomial = \(y, eta, aux) pbinom(y - 1, 1, plogis(eta[, 1])),
  ordinal = \(y, eta, aux) {
    cuts <- cumsum(c(aux[1], exp(aux[-1])))
    plogis(c(-Inf, cuts)[y + 1] - eta[, 1])
  },
  poisson = \(y, eta, aux) ppois(y - 1, exp(eta[, 1])),
  negbinomial = \(y, eta, aux) pnbinom(y - 1, exp(-aux), mu = exp(eta[, 1]))
)
upto_by_r <- list(
  gaussian = \(y, eta, aux) pnorm(y, eta[, 1], exp(aux)),
  gaussian_hetero = \(y, eta, aux) pnorm(y, eta[, 1], exp(eta[, 2])),
  student_t = \(y, eta, aux) pt((y - eta[, 1]) / exp(aux[1]), 2 + exp(aux[2])),
  binomial = \(y, eta, aux) pbinom(y, 1, plogis(eta[, 1])),
  ordinal = \(y, eta, aux) {
    cuts <- cumsum(c(aux[1], exp(aux[-1])))
    plogis(c(cuts, Inf)[y + 1] - eta[, 1])
  },
  poisson = \(y, eta, aux) ppois(y, exp(eta[, 1])),
  negbinomial = \(y, eta, aux) pnbinom(y, exp(-aux), mu = exp(eta[, 1])),
  gamma = \(y, eta, aux) pgamma(exp(y), exp(aux), exp(aux - eta[, 1])),
  lognormal = \(y, eta, aux) pnorm(y, eta[, 1], exp(aux)),
  weibull = \(y, eta, aux) pweibull(exp(y), exp(-aux), exp(eta[, 1])),
  loglogistic = \(y, eta, aux) plogis((y - eta[, 1]) / exp(aux))
)
whole <- names(less_by_r)
timed <- c("weibull", "loglogistic")

# Rows with draws of eta that the core makes too
kinds_problem <- function(family) {
  set.seed(3)
  n <- 40
  K <- if (family == "gaussian_hetero") 2L else 1L
  levels <- if (family == "ordinal") 4L else 0L
  aux <- switch(family,
    gaussian_hetero = , binomial = , poisson = numeric(), student_t = c(-0.5, 1),
    ordinal = c(-1, 0.2, 0.1), -0.5
  )
  model <- new_model(c(2L, 4L, K), "gelu", family, prior_normal(), TRUE, levels)
  P <- n_weights(model$widths)
  y <- switch(family,
    binomial = rbinom(n, 1, 0.5), ordinal = sample(0:3, n, TRUE),
    poisson = , negbinomial = rpois(n, 3), rnorm(n)
  )
  # tails too
  if (!family %in% whole) y[1:4] <- c(-9, 6, -30, 2)
  if (family %in% whole[3:4]) y[1:3] <- c(0, 30, 90)
  y <- as_single(cbind(y, if (family %in% timed) rep(c(1, 1, 0, 1), n / 4)))
  list(
    model = model, aux = as_single(aux), x = as_single(matrix(rnorm(2 * n), n)), y = y,
    theta = as_single(c(rnorm(P, sd = 0.6), runif(P, -3, -1), aux)), joint = TRUE
  )
}

ask_kinds <- function(problem, kinds, draws = 25, at = c(0.05, 0.6), rows = TRUE, ...) {
  data <- core_data(
    problem$x[rows, , drop = FALSE], problem$y[rows, , drop = FALSE]
  )
  data[names(list(...))] <- list(...)
  native_predict(
    core_model(problem$model), problem$theta, data,
    core_how(kinds, draws, at, 31:32, problem$joint)
  )
}

etas <- function(problem, draws) {
  lapply(seq_len(draws) - 1, \(s) {
    eps <- core_noise(problem$model, "predict", 0, s, 31:32)
    w <- oracle_sample(problem$model, problem$theta, eps)
    oracle_forward(problem$model, w, problem$x)$eta
  })
}

for (family in names(upto_by_r)) {
  test_that(paste("the distribution function at y is R's, of all draws:", family), {
    problem <- kinds_problem(family)
    y <- problem$y[, 1]
    mean_of <- function(f) rowMeans(vapply(etas(problem, 25), \(eta) f(y, eta, problem$aux), y))
    upto <- mean_of(upto_by_r[[family]])
    less <- if (family %in% whole) mean_of(less_by_r[[family]]) else upto
    if (family %in% timed) upto[problem$y[, 2] == 0] <- 1

    got <- ask_kinds(problem, "cdf")$cdf

    expect_identical(dim(got), c(40L, 2L, 1L))
    expect_lt(max(abs(got[, 1, 1] - less)), 1e-6)
    expect_lt(max(abs(got[, 2, 1] - upto)), 1e-6)
    # in the tails, relative to what is there
    off <- abs(got[, 2, 1] - upto) / (pmin(upto, 1 - upto) + 1e-8)
    expect_lt(max(off), 1e-3)
  })
}

test_that("successes of trials have the binomial distribution function", {
  model <- identity_model("trials", 1L)
  y <- cbind(c(0, 3, 9, 40, 1000), c(0, 7, 9, 100, 5000))
  eta <- as_single(matrix(c(1, -0.3, 2, -0.5, -1.4)))

  got <- native_predict(
    core_model(model), identity_theta(1), core_data(eta, y), core_how("cdf", 1, numeric())
  )$cdf

  p <- plogis(eta[, 1])
  expect_equal(got[, 1, 1], pbinom(y[, 1] - 1, y[, 2], p), tolerance = 1e-8)
  expect_equal(got[, 2, 1], pbinom(y[, 1], y[, 2], p), tolerance = 1e-8)
})

# ---- sets of kinds -----------------------------------------------------------

possible <- function(family) {
  classes <- family %in% c("binomial", "ordinal")
  setdiff(core_kinds, if (classes) "survival")
}

for (family in names(upto_by_r)) for (joint in c(TRUE, FALSE)) {
  test_that(paste("kinds that are asked together are as asked alone:", family, joint), {
    problem <- kinds_problem(family)
    problem$joint <- joint
    kinds <- possible(family)
    # posteriors side by side, and rows in more groups than one
    problem$theta <- rep(problem$theta, 2)
    rows <- rep_len(1:40, 600)
    together <- ask_kinds(problem, rev(kinds), 8, rows = rows)

    expect_named(together, kinds)
    for (kind in kinds) {
      expect_identical(ask_kinds(problem, kind, 8, rows = rows)[[kind]], together[[kind]])
    }
  })
}

test_that("several outcomes are as many answers of one pass", {
  set.seed(4)
  for (family in c("gaussian", "student_t", "weibull")) {
    A <- if (family == "student_t") 2L else 1L
    aux <- as_single(rnorm(2 * A) / 3)
    both <- identity_model(family, 2L)
    x <- as_single(matrix(rnorm(14), 7))
    y <- as_single(matrix(rnorm(14 * (1 + (family == "weibull"))), 7))
    if (family == "weibull") y[, c(2, 4)] <- 1
    ask <- function(model, theta, x, y) {
      native_predict(
        core_model(model), theta, core_data(x, y),
        core_how(c("quantile", "survival", "cdf"), 3, c(0.1, 0.7, 0.999))
      )
    }
    got <- ask(both, identity_theta(2, aux), x, y)

    one <- identity_model(family, 1L)
    for (j in 1:2) {
      columns <- seq_len(ncol(y) / 2) + (j - 1) * ncol(y) / 2
      want <- ask(
        one, identity_theta(1, aux[seq_len(A) + (j - 1) * A]), x[, j, drop = FALSE],
        y[, columns, drop = FALSE]
      )
      for (kind in names(want)) {
        expect_equal(got[[kind]][, , j], want[[kind]][, , 1], tolerance = 1e-6)
      }
    }
  }
})

with_threads <- function(threads, code) {
  old <- options(bbb.threads = threads)
  on.exit(options(old))
  code
}

test_that("threads change no bit of any kind", {
  for (family in c("gaussian_hetero", "gamma", "negbinomial")) {
    problem <- kinds_problem(family)
    rows <- rep_len(1:40, 900)
    ask <- function(threads) {
      with_threads(threads, ask_kinds(problem, core_kinds, 8, rows = rows))
    }
    expect_identical(ask(1L), ask(2L))
  }
})

test_that("instruction sets agree on every kind", {
  for (family in c("gaussian", "gaussian_hetero", "lognormal", "student_t")) {
    problem <- kinds_problem(family)
    answers <- lapply(isas_here(), function(isa) {
      local_isa(isa)
      ask_kinds(problem, core_kinds, 25)
    })
    for (other in answers[-1]) expect_equal(other, answers[[1]], tolerance = 1e-5)
  }
})

test_that("rows that are not complete are NA and change no other", {
  problem <- kinds_problem("gaussian")
  data <- core_data(problem$x, problem$y)
  how <- core_how(core_kinds, 5, c(0.1, 0.9))
  all <- native_predict(core_model(problem$model), problem$theta, data, how)
  data$x[c(2, 40), 1] <- c(NA, Inf)
  how$complete <- !1:40 %in% c(2, 40)

  got <- native_predict(core_model(problem$model), problem$theta, data, how)

  rows_of <- function(value, kind) if (kind == "draws") t(value) else matrix(value, 40)
  for (kind in core_kinds) {
    value <- rows_of(got[[kind]], kind)
    expect_true(all(is.na(value[c(2, 40), ])))
    expect_identical(value[-c(2, 40), ], rows_of(all[[kind]], kind)[-c(2, 40), ])
  }
})

test_that("a kind that there is not is an error", {
  problem <- kinds_problem("binomial")
  expect_error(ask_kinds(problem, "mean"), "no kind \"mean\"")
  expect_error(ask_kinds(problem, "survival"), "have no \"survival\"")
  three <- new_model(c(2L, 3L), "identity", "categorical", prior_normal())
  expect_error(
    native_predict(
      core_model(three), sure(numeric(9)), core_data(diag(2), matrix(0:1)),
      core_how("cdf", 1, numeric())
    ), "have no \"cdf\""
  )
})

# ---- quantiles ---------------------------------------------------------------

for (family in setdiff(names(upto_by_r), c("binomial", "ordinal"))) {
  test_that(paste("the quantile at the distribution function is the outcome:", family), {
    problem <- kinds_problem(family)
    logged <- family %in% c("gamma", "lognormal", timed)
    probs <- c(1e-4, 0.0123, 0.3, 0.5077, 0.9321, 0.9991)
    q <- ask_kinds(problem, "quantile", at = probs)$quantile[, , 1]
    if (logged) q <- log(q)

    for (i in seq_along(probs)) {
      below <- function(q) {
        rowMeans(vapply(etas(problem, 25), \(eta) upto_by_r[[family]](q, eta, problem$aux), q))
      }
      if (family %in% whole) {
        expect_true(all(below(q[, i]) >= probs[i] - 1e-7))
        expect_true(all(below(q[, i] - 1) < probs[i] + 1e-7))
      } else {
        expect_lt(max(abs(below(q[, i]) - probs[i]) / min(probs[i], 1 - probs[i])), 1e-4)
        expect_lt(max(abs(below(q[, i]) - probs[i])), 1e-6)
      }
    }
  })
}

test_that("quantiles of counts are right however many there are", {
  probs <- c(0.0013, 0.0511, 0.5077, 0.9533)
  for (family in c("poisson", "negbinomial")) {
    model <- identity_model(family, 1L)
    aux <- if (family == "negbinomial") as_single(-1)
    size <- if (family == "negbinomial") exp(-aux)
    # the weight's sd spreads the log of the mean over the draws
    theta <- as_single(c(1, 0, log(expm1(0.05)), -110, aux))
    for (at in c(0.5, 3, 8, 15, 25, 36, 45, 56)) {
      eta <- vapply(0:29, \(s) {
        eps <- core_noise(model, "predict", 0, s, 1:2)
        oracle_forward(model, oracle_sample(model, theta, eps), matrix(at))$eta[1]
      }, 0)
      below <- function(k) {
        m <- exp(pmin(as_single(eta), 60))
        mean(if (family == "poisson") ppois(k, m) else pnbinom(k, size, mu = m))
      }
      q <- core_predict(model, theta, core_data(matrix(at)), "quantile", 30, probs)

      expect_identical(q, round(q))
      # eta is a float: a millionth of the count
      for (i in 1:4) {
        expect_gte(below(q[i] * (1 + 4e-6)), probs[i] - 1e-9)
        expect_lt(below(q[i] * (1 - 4e-6) - 1), probs[i] + 1e-9)
      }
    }
  }
})

test_that("the mean of a count that is held lies in its interval", {
  for (family in c("poisson", "negbinomial")) {
    model <- identity_model(family, 1L)
    theta <- identity_theta(1, if (family == "negbinomial") -2)
    how <- core_how(c("moments", "quantile"), 5, c(0.05, 0.95))
    got <- native_predict(core_model(model), theta, core_data(matrix(c(20, 59, 300))), how)

    expect_true(all(got$quantile[, 1, 1] <= got$moments[, 1, 1]))
    expect_true(all(got$quantile[, 2, 1] >= got$moments[, 1, 1]))
  }
})

# ---- what it costs -----------------------------------------------------------

test_that("an interval costs little more than the mean", {
  skip_on_cran()
  set.seed(1)
  x <- matrix(rnorm(300 * 20), 300)
  for (family in c("gaussian", "student_t")) {
    fit <- bbb_fit(
      x, x[, 1], family = family, hidden = c(100, 100), epochs = 1, seed = 1, verbose = FALSE
    )
    cpu <- function(type) {
      min(vapply(1:3, \(i) sum(system.time(predict(fit, x, type = type))[1:2]), 0))
    }
    # 1.3 is what is wanted; it took 2 to 12 times as long in passes of its own
    expect_lt(cpu("interval"), 1.6 * cpu("response") + 0.02)
  }
})
