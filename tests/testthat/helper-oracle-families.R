# The families of the core once more, from bbb.h and R's distributions alone. Each
# has its shape (outputs, columns of y, levels), auxiliaries to look at, `draw` of n
# outcomes given eta, log density of each row, mean and variance, and `below`, its
# distribution function. Gradients are Richardson's, of the log density.

# d f / d x at x, of f with a value for each element of x: error O(h^4).
richardson <- function(f, x, h = 1e-3) {
  slope <- function(h) (f(x + h) - f(x - h)) / (2 * h)
  (4 * slope(h / 2) - slope(h)) / 3
}

# Gradients of -log density in eta, of each row, and in aux, summed.
oracle_d_eta <- function(family, y, eta, aux) {
  matrix(vapply(seq_len(ncol(eta)), function(k) {
    -richardson(function(value) {
      eta[, k] <- value
      family$log_density(y, eta, aux)
    }, eta[, k])
  }, numeric(nrow(eta))), nrow(eta))
}

oracle_d_aux <- function(family, y, eta, aux, weights = 1) {
  vapply(seq_along(aux), function(a) {
    -richardson(function(value) {
      aux[a] <- value
      sum(weights * family$log_density(y, eta, aux))
    }, aux[a])
  }, 0)
}

ordinal_below <- function(k, eta, aux) {
  cuts <- c(-Inf, cumsum(c(aux[1], exp(aux[-1]))), Inf)
  plogis(cuts[k + 2] - as.vector(eta))
}

# The logarithm of 1 - exp(-x)
log1mexp <- function(x) ifelse(x < 0.7, log(-expm1(-x)), log1p(-exp(-x)))

survival_density <- function(y, z, scale, log_density, log_survival) {
  ifelse(
    y[, 2] == 1, log_density(z) - log(scale) - y[, 1], log_survival(z)
  )
}

# Times with a third of them censored at half of what they were.
censor <- function(log_time) {
  seen <- seq_along(log_time) %% 3 > 0
  cbind(log_time - ifelse(seen, 0, log(2)), seen + 0)
}

new_families <- list(
  gaussian_hetero = list(
    K = 2L, aux = list(numeric()),
    draw = \(n, eta, aux) matrix(rnorm(n, eta[, 1], exp(eta[, 2]))),
    log_density = \(y, eta, aux) dnorm(y[, 1], eta[, 1], exp(eta[, 2]), log = TRUE),
    mean = \(eta, aux) eta[, 1], variance = \(eta, aux) exp(2 * eta[, 2]),
    below = \(q, eta, aux) pnorm(q, eta[, 1], exp(eta[, 2]))
  ),
  student_t = list(
    K = 1L, aux = list(c(log(0.5), log(3)), c(0.7, -2), c(-2, 6)),
    draw = \(n, eta, aux) matrix(eta + exp(aux[1]) * rt(n, 2 + exp(aux[2]))),
    log_density = \(y, eta, aux) {
      dt((y - eta) / exp(aux[1]), 2 + exp(aux[2]), log = TRUE)[, 1] - aux[1]
    },
    mean = \(eta, aux) eta[, 1],
    variance = \(eta, aux) 0 * eta[, 1] + exp(2 * aux[1]) * (1 + 2 * exp(-aux[2])),
    below = \(q, eta, aux) pt((q - eta[, 1]) / exp(aux[1]), 2 + exp(aux[2]))
  ),
  trials = list(
    K = 1L, aux = list(numeric()),
    draw = \(n, eta, aux) {
      trials <- rep_len(c(5, 1, 0, 1000), n)
      cbind(rbinom(n, trials, plogis(eta)), trials, deparse.level = 0) + 0
    },
    log_density = \(y, eta, aux) {
      lchoose(y[, 2], y[, 1]) + y[, 1] * plogis(eta[, 1], log.p = TRUE) +
        (y[, 2] - y[, 1]) * plogis(-eta[, 1], log.p = TRUE)
    },
    mean = \(eta, aux) plogis(eta[, 1]),
    variance = \(eta, aux) plogis(eta[, 1]) * plogis(-eta[, 1])
  ),
  ordinal = list(
    K = 1L, levels = 4L, aux = list(c(-1, 0, 0.5), c(0.3, -6, 3)),
    draw = \(n, eta, aux) matrix(seq_len(n) %% 4),
    log_density = \(y, eta, aux) {
      cuts <- c(-Inf, cumsum(c(aux[1], exp(aux[-1]))), Inf)
      a <- cuts[y + 1] - eta[, 1]
      b <- cuts[y + 2] - eta[, 1]
      plogis(b, log.p = TRUE) + plogis(-a, log.p = TRUE) + log1mexp(b - a)
    },
    mean = \(eta, aux) {
      vapply(0:3, \(k) {
        ordinal_below(k, eta, aux) - ordinal_below(k - 1, eta, aux)
      }, numeric(nrow(eta)))
    },
    variance = NULL
  ),
  poisson = list(
    K = 1L, aux = list(numeric()),
    draw = \(n, eta, aux) matrix(rpois(n, exp(eta)) + 0),
    log_density = \(y, eta, aux) (y * eta - exp(eta) - lgamma(y + 1))[, 1],
    mean = \(eta, aux) exp(eta[, 1]), variance = \(eta, aux) exp(eta[, 1]),
    below = \(q, eta, aux) ppois(q, exp(eta[, 1]))
  ),
  negbinomial = list(
    K = 1L, aux = list(-0.5, 2, -8),
    draw = \(n, eta, aux) matrix(rnbinom(n, exp(-aux), mu = exp(eta)) + 0),
    log_density = \(y, eta, aux) {
      dnbinom(y[, 1], exp(-aux), mu = exp(eta[, 1]), log = TRUE)
    },
    mean = \(eta, aux) exp(eta[, 1]),
    variance = \(eta, aux) exp(eta[, 1]) + exp(aux + 2 * eta[, 1]),
    below = \(q, eta, aux) pnbinom(q, exp(-aux), mu = exp(eta[, 1]))
  ),
  gamma = list(
    K = 1L, aux = list(0.7, -1, 5),
    draw = \(n, eta, aux) {
      matrix(pmax(log(rgamma(n, exp(aux), exp(aux - eta))), -30))
    },
    log_density = \(y, eta, aux) {
      dgamma(exp(y[, 1]), exp(aux), exp(aux - eta[, 1]), log = TRUE)
    },
    mean = \(eta, aux) exp(eta[, 1]), variance = \(eta, aux) exp(2 * eta[, 1] - aux),
    below = \(q, eta, aux) pgamma(exp(q), exp(aux), exp(aux - eta[, 1]))
  ),
  lognormal = list(
    K = 1L, aux = list(-0.7, 0.5),
    draw = \(n, eta, aux) matrix(rnorm(n, eta, exp(aux))),
    log_density = \(y, eta, aux) dlnorm(exp(y[, 1]), eta[, 1], exp(aux), log = TRUE),
    mean = \(eta, aux) exp(eta[, 1] + exp(2 * aux) / 2),
    variance = \(eta, aux) exp(2 * eta[, 1] + exp(2 * aux)) * expm1(exp(2 * aux)),
    below = \(q, eta, aux) plnorm(exp(q), eta[, 1], exp(aux))
  ),
  weibull = list(
    K = 1L, aux = list(-0.7, 0.5),
    draw = \(n, eta, aux) censor(log(rweibull(n, exp(-aux), exp(eta[, 1])))),
    log_density = \(y, eta, aux) {
      survival_density(
        y, (y[, 1] - eta[, 1]) / exp(aux), exp(aux), \(z) z - exp(z), \(z) -exp(z)
      )
    },
    mean = \(eta, aux) exp(eta[, 1]) * gamma(1 + exp(aux)),
    variance = \(eta, aux) {
      exp(2 * eta[, 1]) * (gamma(1 + 2 * exp(aux)) - gamma(1 + exp(aux))^2)
    },
    below = \(q, eta, aux) pweibull(exp(q), exp(-aux), exp(eta[, 1]))
  ),
  loglogistic = list(
    K = 1L, aux = list(-1.2, -0.1),
    draw = \(n, eta, aux) censor(rlogis(n, eta[, 1], exp(aux))),
    log_density = \(y, eta, aux) {
      survival_density(
        y, (y[, 1] - eta[, 1]) / exp(aux), exp(aux), \(z) dlogis(z, log = TRUE),
        \(z) plogis(z, lower.tail = FALSE, log.p = TRUE)
      )
    },
    # E[T^k] = exp(k eta) pi k s / sin(pi k s), where k s < 1
    mean = \(eta, aux) exp(eta[, 1]) * pi * exp(aux) / sin(pi * exp(aux)),
    variance = \(eta, aux) {
      s <- exp(aux)
      if (s >= 0.5) return(rep(Inf, nrow(eta)))
      exp(2 * eta[, 1]) * (2 * pi * s / sin(2 * pi * s) - (pi * s / sin(pi * s))^2)
    },
    below = \(q, eta, aux) plogis(q, eta[, 1], exp(aux))
  )
)

# Eta of n rows, single precision, of a spread that suits a log link.
family_eta <- function(family, n, sd = 1) {
  as_single(matrix(stats::rnorm(n * family$K, sd = sd), n))
}
