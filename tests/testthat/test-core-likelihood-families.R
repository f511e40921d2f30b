# The families that are not in test-core-likelihood.R: the core against R's
# distributions, and its gradients against differences of their log densities.

family_model <- function(name) {
  identity_model(name, new_families[[name]]$K, levels = new_families[[name]]$levels)
}

family_step <- function(name, eta, y, aux, ...) {
  K <- ncol(eta)
  core_step(family_model(name), identity_theta(K, aux), eta, y, rep(0, K * (K + 1)), 0, ...)
}

family_predict <- function(name, eta, aux, what, ...) {
  theta <- identity_theta(ncol(eta), aux)
  core_predict(family_model(name), theta, core_data(eta), what, ...)
}

each_aux <- function(name, f) {
  for (aux in new_families[[name]]$aux) f(new_families[[name]], as_single(aux))
}

# Those that have kernels, of single precision; the others are the plain functions.
in_vectors <- "gaussian_hetero"

for (name in names(new_families)) {
  test_that(paste("the log density is R's, and sums with weights and offsets:", name), {
    set.seed(1)
    each_aux(name, function(family, aux) {
      eta <- family_eta(family, 40)
      y <- as_single(family$draw(40, eta, aux))
      each <- core_predict(
        family_model(name), identity_theta(family$K, aux), core_data(eta, y), "log_density"
      )
      expect_close(each, family$log_density(y, eta, aux), 1e-9)

      weights <- as_single(runif(40, 0, 2))
      offset <- as_single(rnorm(40) / 2)
      moved <- eta
      moved[, 1] <- eta[, 1] + offset
      got <- family_step(name, eta, y, aux, weights = weights, offset = offset)
      want <- sum(weights * family$log_density(y, moved, aux))
      expect_close(got$log_likelihood, want, if (name %in% in_vectors) 1e-6 else 1e-9)
    })
  })

  test_that(paste("gradients are those of the log density:", name), {
    set.seed(2)
    each_aux(name, function(family, aux) {
      eta <- family_eta(family, 40)
      y <- as_single(family$draw(40, eta, aux))
      weights <- as_single(runif(40, 0, 2))

      got <- family_step(name, eta, y, aux, weights = weights)

      d_eta <- weights * oracle_d_eta(family, y, eta, aux)
      off <- abs(utils::tail(got$d_mu, family$K) - colSums(d_eta))
      expect_true(all(off <= 1e-6 * colSums(abs(d_eta)) + 1e-8))
      # of each row by itself, so that no error hides in the sum
      for (i in 1:6) {
        row <- family_step(name, eta[i, , drop = FALSE], y[i, , drop = FALSE], aux)
        want <- oracle_d_eta(family, y, eta, aux)[i, ]
        # Richardson's own error, beside that of a float
        bound <- 2e-6 * max(abs(want)) + 1e-8
        expect_lte(max(abs(utils::tail(row$d_mu, family$K) - want)), bound)
      }
      if (!length(aux)) return()
      d_aux <- oracle_d_aux(family, y, eta, aux, weights)
      expect_lte(max(abs(got$d_aux - d_aux)), 2e-6 * max(abs(d_aux), 10))
    })
  })

  test_that(paste("moments are the distribution's:", name), {
    set.seed(3)
    each_aux(name, function(family, aux) {
      eta <- family_eta(family, 9)
      offset <- as_single(seq(-1, 1, length.out = 9))
      got <- family_predict(name, eta, aux, "moments")
      got <- array(got, c(9, length(got) / 27, 3))
      mean <- family$mean(eta, aux)
      variance <- family$variance
      variance <- if (is.null(variance)) mean * (1 - mean) else variance(eta, aux)

      expect_equal(as.vector(got[, , 1]), as.vector(mean), tolerance = 1e-5)
      expect_equal(as.vector(got[, , 3]), as.vector(variance), tolerance = 1e-5)
      moved <- core_predict(
        family_model(name), identity_theta(family$K, aux),
        core_data(eta, offset = offset), "moments"
      )
      eta[, 1] <- eta[, 1] + offset
      expect_equal(
        moved[seq_along(mean)], as.vector(family$mean(eta, aux)), tolerance = 1e-5
      )
    })
  })
}

with_below <- names(Filter(function(family) !is.null(family$below), new_families))
counts <- c("poisson", "negbinomial")
logged <- c("gamma", "lognormal", "weibull", "loglogistic")

# Eta of a spread-out posterior: rows x outputs x draws, and the theta that has it.
spread <- function(name, aux, draws) {
  K <- new_families[[name]]$K
  theta <- identity_theta(K, aux)
  P <- K * (K + 1)
  theta[P + (P - K + seq_len(K))] <- log(expm1(0.5)) # biases of sd 1/2
  list(theta = as_single(theta), eta = function(x) {
    lapply(seq_len(draws) - 1, function(s) {
      eps <- core_normals(P, "predict", 0, s)
      sweep(x, 2, 0.5 * utils::tail(eps, K), "+")
    })
  })
}

for (name in with_below) {
  test_that(paste("survival is the mean over draws of 1 - P(y <= at):", name), {
    set.seed(4)
    each_aux(name, function(family, aux) {
      x <- family_eta(family, 5)
      at <- c(-2, 0, 0.5, 3)
      from <- spread(name, aux, 20)

      got <- core_predict(
        family_model(name), from$theta, core_data(x), "survival", 20, at
      )

      each <- vapply(from$eta(x), \(eta) {
        vapply(at, \(q) 1 - family$below(q, eta, aux), numeric(5))
      }, matrix(0, 5, 4))
      expect_close(got, apply(each, 1:2, mean), 1e-6)
    })
  })

  test_that(paste("quantiles are those of the mixture over draws:", name), {
    set.seed(5)
    each_aux(name, function(family, aux) {
      x <- family_eta(family, 4)
      probs <- c(1e-3, 0.05, 0.5, 0.9, 0.999)
      from <- spread(name, aux, 20)
      eta <- from$eta(x)
      below <- function(q) {
        # q is rows x 1: the distribution function at it, of each row
        rowMeans(vapply(eta, \(one) {
          vapply(1:4, \(i) family$below(q[i], one[i, , drop = FALSE], aux), 0)
        }, numeric(4)))
      }

      got <- core_predict(
        family_model(name), from$theta, core_data(x), "quantile", 20, probs
      )

      got <- matrix(got, 4)
      for (i in seq_along(probs)) {
        if (name %in% counts) {
          expect_identical(got[, i], round(got[, i]))
          expect_true(all(below(got[, i]) >= probs[i] - 1e-6))
          expect_true(all(below(got[, i] - 1) < probs[i] + 1e-6))
        } else {
          q <- if (name %in% logged) log(got[, i]) else got[, i]
          expect_lt(max(abs(below(q) - probs[i])), 1e-6)
        }
      }
    })
  })
}

test_that("a quantile far out is found where the distribution function is flat", {
  set.seed(6)
  for (name in setdiff(with_below, counts)) {
    each_aux(name, function(family, aux) {
      x <- family_eta(family, 4)
      from <- spread(name, aux, 20)
      eta <- from$eta(x)
      for (prob in c(1e-9, 1 - 5e-9)) {
        got <- core_predict(
          family_model(name), from$theta, core_data(x), "quantile", 20, prob
        )
        q <- if (name %in% logged) log(got) else got
        p <- rowMeans(vapply(eta, \(one) {
          vapply(1:4, \(i) family$below(q[i], one[i, , drop = FALSE], aux), 0)
        }, numeric(4)))
        expect_lt(max(abs((p - prob) / min(prob, 1 - prob))), 0.01)
      }
    })
  }
})

test_that("a gaussian's survival is the normal's", {
  eta <- as_single(matrix(c(-1, 0, 2)))
  aux <- as_single(log(0.3))
  model <- identity_model("gaussian", 1L)
  at <- c(-0.5, 1)

  got <- core_predict(model, identity_theta(1L, aux), core_data(eta), "survival", probs = at)

  want <- outer(eta[, 1], at, \(mean, q) pnorm(q, mean, exp(aux), lower.tail = FALSE))
  expect_equal(got, as.vector(want), tolerance = 1e-7)
})

test_that("quantiles of counts are found where they are many, and where none", {
  for (mean in c(1e-4, 3, 1e5, 1e7)) {
    eta <- as_single(matrix(log(mean)))
    got <- family_predict("poisson", eta, numeric(), "quantile", probs = c(0.05, 0.5, 0.95))

    want <- qpois(c(0.05, 0.5, 0.95), exp(eta))
    expect_lte(max(abs(got - want)), 1e-3 * sqrt(mean))
  }
})

for (isa in isas_here()) for (name in in_vectors) {
  test_that(paste("kernels are the distributions, for any number of rows:", name, isa), {
    local_isa(isa)
    set.seed(9)
    family <- new_families[[name]]
    for (n in c(1, 15, 16, 17, 33, 300)) {
      eta <- family_eta(family, n)
      y <- as_single(family$draw(n, eta, numeric()))
      weights <- as_single(runif(n, 0, 3))
      offset <- as_single(rnorm(n))

      got <- family_step(name, eta, y, numeric(), weights = weights, offset = offset)

      eta[, 1] <- eta[, 1] + offset
      want <- sum(weights * family$log_density(y, eta, numeric()))
      expect_close(got$log_likelihood, want, 1e-6)
      d_eta <- weights * oracle_d_eta(family, y, eta, numeric())
      off <- abs(utils::tail(got$d_mu, family$K) - colSums(d_eta))
      expect_true(all(off <= 2e-6 * colSums(abs(d_eta)) + 1e-7))
    }
    # held, and leading back only: of each row
    far <- cbind(c(0, 0, 3), as_single(c(-20, -20, 20)))
    y <- matrix(c(0, 100, 3))
    d <- vapply(1:3, function(i) {
      step <- family_step(name, far[i, , drop = FALSE], y[i, , drop = FALSE], numeric())
      utils::tail(step$d_mu, 1)
    }, 0)
    expect_equal(d, c(0, 1 - 1e10, 1), tolerance = 1e-5)
  })
}

test_that("gradients are finite where eta is far away", {
  for (name in names(new_families)) {
    each_aux(name, function(family, aux) {
      for (far in c(-90, 90)) {
        eta <- matrix(far, 2, family$K)
        y <- as_single(family$draw(2, 0 * eta, aux))
        got <- family_step(name, eta, y, aux)
        expect_true(all(is.finite(c(got$log_likelihood, got$d_theta))))
      }
    })
  }
})

test_that("a hetero gaussian's noise is held, and leads back only", {
  y <- matrix(c(0, 100))
  far <- family_step("gaussian_hetero", cbind(c(0, 0), -20), y, numeric())
  near <- family_step("gaussian_hetero", cbind(c(0, 0), -as_single(log(1000))), y, numeric())

  expect_equal(far$log_likelihood, near$log_likelihood, tolerance = 1e-6)
  # the exact row would lead further away, the other one leads back
  expect_equal(
    utils::tail(far$d_mu, 1), utils::tail(near$d_mu, 1) - 1, tolerance = 1e-6
  )
})

test_that("several outcomes are as many likelihoods, each with its auxiliaries", {
  set.seed(6)
  for (name in c("student_t", "negbinomial", "weibull")) {
    family <- new_families[[name]]
    aux <- as_single(family$aux[[1]])
    eta <- as_single(matrix(rnorm(14), 7))
    y <- lapply(1:2, \(j) as_single(family$draw(7, eta[, j, drop = FALSE], aux)))
    both <- identity_model(name, 2L)

    got <- core_step(
      both, identity_theta(2L, c(aux, aux + 0.25)), eta, do.call(cbind, y), rep(0, 6), 0
    )

    one <- family_step(name, eta[, 1, drop = FALSE], y[[1]], aux)
    two <- family_step(name, eta[, 2, drop = FALSE], y[[2]], aux + 0.25)
    expect_equal(got$log_likelihood, one$log_likelihood + two$log_likelihood, tolerance = 1e-6)
    expect_equal(got$d_aux, c(one$d_aux, two$d_aux), tolerance = 1e-5)
    expect_equal(utils::tail(got$d_mu, 2), c(utils::tail(one$d_mu, 1), utils::tail(two$d_mu, 1)),
      tolerance = 1e-5
    )
  }
})

test_that("quantiles are of the outcome that is asked for", {
  two <- identity_model("student_t", 2L)
  aux <- as_single(c(-1, 1, 0.5, 2))
  x <- as_single(matrix(c(0.5, -2, 1, 3), 2))
  ask <- function(j) {
    core_predict(two, identity_theta(2L, aux), core_data(x), "quantile", 3, 0.9, outcome = j)
  }

  for (j in 1:2) {
    one <- family_predict(
      "student_t", x[, j, drop = FALSE], aux[2 * j - 1:0], "quantile", probs = 0.9
    )
    expect_equal(ask(j), one, tolerance = 1e-6)
  }
})

test_that("learned auxiliaries are held in their ranges", {
  # one step of SGD of any size
  far <- function(name, aux, rate) {
    model <- family_model(name)
    control <- core_control(6, epochs = 1, learn_rate = rate, optimizer = "sgd")
    control$init_rho <- -110
    K <- model$widths[2]
    set.seed(1)
    y <- as_single(new_families[[name]]$draw(6, matrix(0, 6, K), aux))
    start <- list(mu_sd = 1e-20, bias_sd = 0, rho = -110, aux = aux)
    core_fit(model, control, core_data(matrix(0, 6, K), y), start)$aux
  }

  for (name in names(new_families)) {
    for (aux in new_families[[name]]$aux) {
      if (!length(aux)) next
      got <- far(name, aux, 1e3)
      expect_true(all(abs(got) <= 50.001) && all(is.finite(got)))
      expect_true(all(abs(got[-1]) <= log(1000) + 1e-4))
    }
  }
})

test_that("levels and outputs that do not suit the family are errors", {
  ask <- function(family, K, levels) {
    model <- new_model(c(1L, K), "identity", family, levels = levels)
    native_step(core_model(model), 0, core_data(matrix(0), matrix(0)), 0, 1)
  }
  expect_error(ask("ordinal", 1L, 1L), "levels")
  expect_error(ask("ordinal", 1L, 101L), "levels")
  expect_error(ask("gaussian_hetero", 3L, 0L), "levels")
})

test_that("outcomes that the family cannot have are errors", {
  bad <- list(
    trials = list(c(2, 1), c(-1, 1), c(0.5, 1)), ordinal = list(4, -1, 0.5),
    poisson = list(-1, 0.5, NaN, 2e9), negbinomial = list(-1),
    weibull = list(c(0, 2), c(0, 0.5)), loglogistic = list(c(1, -1))
  )
  for (name in names(bad)) for (y in bad[[name]]) {
    aux <- as_single(new_families[[name]]$aux[[1]])
    expect_error(family_step(name, matrix(0), matrix(y, 1), aux), "`y`")
  }
})
