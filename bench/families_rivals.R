# The rivals of families.R: models that R users fit to such outcomes. Each takes a formula
# and data to fit and to score, and returns the log density of each row of `test`.
# Sourced by families.R; runs nothing.

outcome <- function(formula, data) stats::model.response(stats::model.frame(formula, data))

of_lm <- function(formula, train, test) {
  fit <- stats::lm(formula, train)
  p <- stats::predict(fit, test, se.fit = TRUE)
  sd <- sqrt(p$se.fit^2 + p$residual.scale^2)
  stats::dt((outcome(formula, test) - p$fit) / sd, p$df, log = TRUE) - log(sd)
}

of_lm_of_log <- function(formula, train, test) {
  logged <- stats::update(formula, log(.) ~ .)
  of_lm(logged, train, test) - log(outcome(formula, test))
}

# A linear model of the mean, with -log density `loss` of residual, design, parameters.
# Columns are scaled by the largest number of each, without which optim() stops far from
# the best.
by_optim <- function(loss, extra) {
  function(formula, train, test) {
    x <- stats::model.matrix(formula, train)
    y <- outcome(formula, train)
    largest <- apply(abs(x), 2L, max)
    design <- function(data) {
      sweep(stats::model.matrix(formula, data), 2L, largest, "/")
    }
    x <- design(train)
    mean <- seq_len(ncol(x))
    start <- stats::lm.fit(x, y)
    more <- extra(ncol(x), log(stats::sd(start$residuals)))
    total <- function(par) sum(loss(y - x %*% par[mean], x, par[-mean]))
    par <- stats::optim(c(start$coefficients, more), total, method = "BFGS",
      control = list(maxit = 1000, reltol = 1e-10))$par
    x <- design(test)
    -loss(outcome(formula, test) - x %*% par[mean], x, par[-mean])
  }
}

of_t <- by_optim(
  function(r, x, par) par[1L] - stats::dt(r / exp(par[1L]), 1 + exp(par[2L]), log = TRUE),
  function(d, log_sd) c(log_sd, 1)
)
of_location_scale <- by_optim(
  function(r, x, par) -stats::dnorm(r, 0, exp(x %*% par), log = TRUE),
  function(d, log_sd) c(log_sd, rep(0, d - 1L))
)

of_binomial <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::binomial(), train)
  y <- outcome(formula, test)
  p <- stats::predict(fit, test, type = "response")
  if (is.matrix(y)) return(stats::dbinom(y[, 1L], rowSums(y), p, log = TRUE))
  stats::dbinom(as.integer(as.factor(y)) - 1L, 1L, p, log = TRUE)
}

of_classes <- function(model) {
  function(formula, train, test) {
    p <- stats::predict(model(formula, train), test, type = "probs")
    # where classes can be told apart multinom() ends in probabilities of 0
    log(pmax(p[cbind(seq_len(nrow(test)), match(outcome(formula, test), colnames(p)))], 1e-6))
  }
}
of_multinom <- of_classes(function(formula, train) {
  nnet::multinom(formula, train, trace = FALSE, maxit = 1000)
})
# Penalised, of standardised numbers: where without it the classes can be told apart
of_multinom_penalised <- function(formula, train, test) {
  is_x <- vapply(train, is.numeric, NA)
  at <- scale(train[is_x])
  test[is_x] <- scale(test[is_x], attr(at, "scaled:center"), attr(at, "scaled:scale"))
  train[is_x] <- at
  of_classes(function(formula, train) {
    nnet::multinom(formula, train, trace = FALSE, maxit = 1000, decay = 1)
  })(formula, train, test)
}
of_polr <- of_classes(function(formula, train) MASS::polr(formula, train))

of_poisson <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::poisson(), train)
  mean <- stats::predict(fit, test, type = "response")
  stats::dpois(outcome(formula, test), mean, log = TRUE)
}

of_glm_nb <- function(formula, train, test) {
  fit <- MASS::glm.nb(formula, train, control = stats::glm.control(maxit = 200))
  mean <- stats::predict(fit, test, type = "response")
  stats::dnbinom(outcome(formula, test), fit$theta, mu = mean, log = TRUE)
}

of_gamma <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::Gamma("log"), train)
  shape <- MASS::gamma.shape(fit)$alpha
  mean <- stats::predict(fit, test, type = "response")
  stats::dgamma(outcome(formula, test), shape, shape / mean, log = TRUE)
}

of_survreg <- function(dist) {
  function(formula, train, test) {
    fit <- survival::survreg(formula, train, dist = dist)
    y <- outcome(formula, test)
    z <- (log(y[, 1L]) - stats::predict(fit, test, type = "lp")) / fit$scale
    later <- if (dist == "weibull") -exp(z) else stats::plogis(-z, log.p = TRUE)
    density <- if (dist == "weibull") z - exp(z) else stats::dlogis(z, log = TRUE)
    ifelse(y[, 2L] == 1, density - log(fit$scale * y[, 1L]), later)
  }
}
