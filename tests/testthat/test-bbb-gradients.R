# One step, term by term. That its gradients are those of f is shown with the
# core; here it is what a user sees of them.

step_at <- function(fit, ..., eps = rep(0.5, length(fit$mu))) {
  bbb_gradients(fit, ..., eps = eps)
}

test_that("terms are numbers and parameters are layers of inputs x units", {
  fit <- quick(waves$x, waves$y, hidden = c(4, 2))
  step <- step_at(fit, waves$x, waves$y)

  expect_identical(
    names(step),
    c("log_posterior", "log_prior", "log_likelihood", "f", "w", "eps", "mu", "rho", "d_mu", "d_rho")
  )
  for (name in c("w", "eps", "mu", "rho", "d_mu", "d_rho")) {
    expect_length(step[[name]], 3L)
    expect_identical(
      dimnames(step[[name]][[1]]$weight), list(c("a", "b", "c"), paste0("h1_", 1:4))
    )
    expect_identical(dim(step[[name]][[2]]$weight), c(4L, 2L))
    expect_identical(names(step[[name]][[2]]$bias), c("h2_1", "h2_2"))
    expect_true(all(is.finite(flat_layers(step[[name]]))))
  }
  expect_identical(step$f, step$log_posterior - step$log_prior - step$log_likelihood)
})

test_that("w is mu + log(1 + exp(rho)) eps", {
  fit <- fits$gaussian
  eps <- sin(seq_along(fit$mu))
  step <- step_at(fit, waves$x, waves$y, eps = eps)

  w <- fit$mu + log1p(exp(fit$rho)) * eps
  expect_equal(as.vector(flat_layers(step$w)), w, tolerance = 1e-6)
  expect_identical(as.vector(flat_layers(step$mu)), fit$mu)
})

test_that("the terms are densities of R, the outcome's in its own units", {
  fit <- fits$gaussian
  step <- step_at(fit, waves$x, waves$y)
  w <- as.vector(flat_layers(step$w))
  sigma <- log1p(exp(fit$rho))
  # each input's weights have a prior sd of their own, and the biases
  units <- rep(fit$widths[-1], fit$widths[-length(fit$widths)] + 1)
  density <- dnorm(w, 0, rep(fit$prior_sd, units), log = TRUE)

  expect_equal(step$log_posterior, sum(dnorm(w, fit$mu, sigma, log = TRUE)), tolerance = 1e-5)
  expect_equal(step$log_prior, sum(density), tolerance = 1e-5)
  z <- scale(waves$x, fit$predictors$center, fit$predictors$scale)
  h <- pmax(cbind(z, 1) %*% rbind(step$w[[1]]$weight, step$w[[1]]$bias), 0)
  eta <- cbind(h, 1) %*% c(step$w[[2]]$weight, step$w[[2]]$bias)
  mean <- eta * fit$outcome$scale + fit$outcome$center
  density <- dnorm(waves$y, mean, fit$noise, log = TRUE)
  expect_equal(step$log_likelihood, sum(density), tolerance = 1e-5)
})

test_that("a binomial's log-likelihood is that of the class", {
  fit <- quick(pairs$x, pairs$y, hidden = NULL)
  step <- step_at(fit, pairs$x, pairs$y)

  z <- scale(pairs$x, fit$predictors$center, fit$predictors$scale)
  p <- plogis(cbind(z, 1) %*% c(step$w[[1]]$weight, step$w[[1]]$bias))
  expect_equal(step$log_likelihood, sum(log(ifelse(pairs$y, p, 1 - p))), tolerance = 1e-5)
})

test_that("d_mu points to where f rises", {
  # smooth on the scale of h, unlike a relu and a mixture prior
  fit <- quick(waves$x, waves$y, activation = "tanh", prior = prior_normal())
  step <- step_at(fit, waves$x, waves$y)
  h <- 1e-3
  moved <- fit
  direction <- as.vector(flat_layers(step$d_mu))
  direction <- direction / sqrt(sum(direction^2))
  moved$mu <- fit$mu + h * direction

  rise <- (step_at(moved, waves$x, waves$y)$f - step$f) / h
  expect_gt(rise, 0)
  expect_equal(rise, sum(as.vector(flat_layers(step$d_mu)) * direction), tolerance = 0.05)
})

test_that("eps is a vector, a list of layers, or drawn from R's generator", {
  fit <- fits$categorical
  eps <- cos(seq_along(fit$mu))
  first <- bbb_gradients(fit, trios$x, trios$y, eps = eps)

  expect_identical(bbb_gradients(fit, trios$x, trios$y, eps = first$eps), first)
  set.seed(4)
  drawn <- bbb_gradients(fit, trios$x, trios$y)
  set.seed(4)
  expect_identical(as.vector(flat_layers(drawn$eps)), rnorm(length(fit$mu)))
  expect_identical(bbb_gradients(fit, trios$x, trios$y, eps = drawn$eps), drawn)
})

test_that("a formula's outcome is in its data, or given", {
  fit <- fits$mixed

  expect_identical(step_at(fit, mixed), step_at(fit, mixed[-8], mixed$y))
})

test_that("the terms of the rows add up", {
  fit <- fits$gaussian
  part <- function(rows) step_at(fit, waves$x[rows, , drop = FALSE], waves$y[rows])$log_likelihood

  expect_equal(part(1:10) + part(11:24), part(1:24), tolerance = 1e-6)
  expect_true(is.finite(part(3)))
})

test_that("noise of the wrong length or kind is refused", {
  fit <- fits$gaussian
  for (eps in list(1, rep(NA_real_, 21), rep(Inf, 21), "a", list(), list(1), mean, 1:20)) {
    expect_error(
      bbb_gradients(fit, waves$x, waves$y, eps = eps), "one finite number for each of the 21",
      class = "bbb_error_argument"
    )
  }
})

test_that("the terms are of one draw for all rows, whatever estimator trained", {
  eps <- sin(1:21)
  for (estimator in c("flipout", "local")) {
    fit <- quick(waves$x, waves$y, estimator = estimator, init_rho = -1)
    shared <- fit
    shared$control$estimator <- "shared"
    expect_identical(
      bbb_gradients(fit, waves$x, waves$y, eps = eps),
      bbb_gradients(shared, waves$x, waves$y, eps = eps)
    )
  }
})

test_that("flat parameters and gradients are the layers', in the order of mu", {
  fit <- quick(waves$x, waves$y, hidden = c(4, 2))
  eps <- sin(seq_along(fit$mu))
  flat <- bbb_gradients(fit, waves$x, waves$y, eps = eps, shape = "flat")
  layers <- bbb_gradients(fit, waves$x, waves$y, eps = bbb_layers(fit, eps))

  expect_identical(flat$mu, fit$mu)
  expect_identical(flat$rho, fit$rho)
  for (name in c("w", "eps", "mu", "rho", "d_mu", "d_rho")) {
    expect_identical(bbb_flat(layers[[name]]), flat[[name]])
  }
  expect_identical(flat[1:4], layers[1:4])
})

test_that("f and its gradients are linear in the weight of the KL", {
  fit <- quick(waves$x, waves$y, activation = "tanh")
  at <- function(weight) {
    step_at(fit, waves$x, waves$y, kl_weight = weight, shape = "flat")
  }
  none <- at(0)
  all <- at(1)

  expect_identical(none$f, -none$log_likelihood)
  for (name in c("f", "d_mu", "d_rho")) {
    expect_equal(at(0.3)[[name]], 0.7 * none[[name]] + 0.3 * all[[name]], tolerance = 1e-5)
  }
})

test_that("the weights of equations 8 and 9 make the batches' f those of all rows", {
  fit <- quick(waves$x, waves$y)
  M <- 3
  batches <- split(1:24, rep(1:M, 8))
  sum_of <- function(weights) {
    each <- Map(function(rows, weight) {
      step_at(fit, waves$x[rows, ], waves$y[rows], kl_weight = weight)$f
    }, batches, weights)
    sum(unlist(each))
  }
  whole <- step_at(fit, waves$x, waves$y)$f

  expect_equal(sum_of(rep(1 / M, M)), whole, tolerance = 1e-6)
  expect_equal(sum_of(2^(M - 1:M) / (2^M - 1)), whole, tolerance = 1e-6)
})

test_that("d_mu and d_rho are the slopes of f at any weight of the KL", {
  fit <- quick(waves$x, waves$y, activation = "tanh", prior = prior_normal(1))
  eps <- sin(seq_along(fit$mu))
  f_at <- function(fit) {
    bbb_gradients(fit, waves$x, waves$y, eps = eps, kl_weight = 0.25, shape = "flat")
  }
  step <- f_at(fit)
  h <- 1e-3
  for (name in c("mu", "rho")) {
    d <- step[[paste0("d_", name)]]
    along <- d / sqrt(sum(d^2))
    up <- down <- fit
    up[[name]] <- fit[[name]] + h * along
    down[[name]] <- fit[[name]] - h * along

    expect_equal((f_at(up)$f - f_at(down)$f) / (2 * h), sum(d * along), tolerance = 2e-2)
  }
})

test_that("a loop of the user's own trains, and `kl_weight` is checked", {
  fit <- quick(waves$x, waves$y, activation = "tanh", epochs = 1)
  eps <- rep(0, length(fit$mu))
  loss <- function(fit) -bbb_gradients(fit, waves$x, waves$y, eps = eps)$log_likelihood
  before <- loss(fit)
  for (i in 1:50) {
    step <- bbb_gradients(fit, waves$x, waves$y, eps = eps, shape = "flat")
    fit$mu <- fit$mu - 1e-3 * step$d_mu
  }
  expect_lt(loss(fit), before)

  for (weight in list(-1, NA, "a", 1:2, Inf)) {
    expect_error(
      bbb_gradients(fit, waves$x, waves$y, kl_weight = weight), "`kl_weight` must be",
      class = "bbb_error_argument"
    )
  }
  expect_error(bbb_gradients(fit, waves$x, waves$y, shape = "list"), "`shape` must be one of")
})
