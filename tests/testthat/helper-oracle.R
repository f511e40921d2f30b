# The oracle: the training step once more, in plain R, double precision and
# matrices, from the paper and src/core/bbb.h alone. `model` is a list made by
# new_model(), theta = (mu, rho, aux), and a layer is a matrix (inputs + 1) x
# units whose last row is the bias.

softplus <- function(x) pmax(x, 0) + log1p(exp(-abs(x)))

# ---- activations: f and its derivative ---------------------------------------

oracle_activations <- list(
  relu = list(f = \(z) pmax(z, 0), slope = \(z) 1 * (z > 0)),
  sigmoid = list(f = plogis, slope = dlogis),
  tanh = list(f = tanh, slope = \(z) 1 / cosh(z)^2),
  softplus = list(f = softplus, slope = plogis),
  leaky_relu = list(
    f = \(z) pmax(z, 0) + 0.01 * pmin(z, 0),
    slope = \(z) ifelse(z > 0, 1, 0.01)
  ),
  elu = list(
    f = \(z) pmax(z, 0) + expm1(pmin(z, 0)), slope = \(z) exp(pmin(z, 0))
  ),
  gelu = list(f = \(z) z * pnorm(z), slope = \(z) pnorm(z) + z * dnorm(z)),
  identity = list(f = \(z) z, slope = \(z) 1 + 0 * z)
)

# ---- likelihoods: log P(y | eta) of each row; gradients of -log P in eta, aux

log_softmax <- function(eta) {
  most <- apply(eta, 1L, max)
  eta - most - log(rowSums(exp(eta - most)))
}

one_hot <- function(y, K) outer(as.vector(y), seq_len(K) - 1, `==`) * 1

oracle_families <- list(
  gaussian = list(
    log_density = \(y, eta, aux) {
      rowSums(matrix(dnorm(y, eta, exp(aux[col(eta)]), log = TRUE), nrow(eta)))
    },
    d_eta = \(y, eta, aux) (eta - y) / exp(2 * aux[col(eta)]),
    d_aux = \(y, eta, aux) colSums(1 - (y - eta)^2 / exp(2 * aux[col(eta)]))
  ),
  binomial = list(
    log_density = \(y, eta, aux) {
      rowSums(matrix(plogis((2 * y - 1) * eta, log.p = TRUE), nrow(eta)))
    },
    d_eta = \(y, eta, aux) plogis(eta) - y,
    d_aux = \(y, eta, aux) numeric()
  ),
  categorical = list(
    log_density = \(y, eta, aux) {
      log_softmax(eta)[cbind(seq_len(nrow(eta)), as.vector(y) + 1)]
    },
    d_eta = \(y, eta, aux) exp(log_softmax(eta)) - one_hot(y, ncol(eta)),
    d_aux = \(y, eta, aux) numeric()
  )
)

# ---- priors: log P(u) and the gradient of -log P(u), of sd 1 but for the mixture

oracle_priors <- list(
  normal = list(log_density = \(p, u) dnorm(u, log = TRUE), d_u = \(p, u) u),
  # equation 7
  mixture = list(
    log_density = \(p, u) {
      log(p$pi * dnorm(u, 0, p$sd1) + (1 - p$pi) * dnorm(u, 0, p$sd2))
    },
    d_u = \(p, u) {
      wide <- p$pi * dnorm(u, 0, p$sd1)
      narrow <- (1 - p$pi) * dnorm(u, 0, p$sd2)
      u * (wide / p$sd1^2 + narrow / p$sd2^2) / (wide + narrow)
    }
  ),
  laplace = list(
    log_density = \(p, u) -log(sqrt(2)) - sqrt(2) * abs(u), d_u = \(p, u) sqrt(2) * sign(u)
  ),
  student = list(
    log_density = \(p, u) {
      s <- sqrt((p$df - 2) / p$df)
      dt(u / s, p$df, log = TRUE) - log(s)
    },
    d_u = \(p, u) (p$df + 1) * u / (p$df - 2 + u^2)
  )
)

# The scale of each weight's prior: u = w / scale. Learned ones are at their start.
oracle_scale <- function(model) {
  prior <- model$prior
  inputs <- utils::head(model$widths, -1L)
  units <- utils::tail(model$widths, -1L)
  L <- length(inputs)
  learned <- identical(prior$sd, "learned")
  sd <- if (learned) 1 / sqrt(inputs) else if (is.null(prior$sd)) rep(1, L) else rep_len(prior$sd, L)
  bias <- if (!is.null(prior$bias_sd)) rep_len(prior$bias_sd, L) else if (learned) rep(1, L) else sd
  if (!is.null(prior$bias_sd) && prior$kind == "mixture") bias <- bias / prior$sd1
  if (prior$fan_in) sd <- sd / sqrt(inputs)
  unlist(lapply(seq_len(L), \(l) rep(c(sd[l], bias[l]), c(inputs[l], 1) * units[l])))
}

# Whether E log P under q is taken, not log P of the draw.
oracle_exact <- function(model) {
  model$prior$kind == "normal" && !identical(model$kl, "sampled")
}

# ---- the network -------------------------------------------------------------

oracle_layers <- function(w, widths) {
  at <- 0L
  lapply(seq_len(length(widths) - 1L), function(l) {
    size <- (widths[l] + 1L) * widths[l + 1L]
    at <<- at + size
    matrix(w[at - size + seq_len(size)], ncol = widths[l + 1L], byrow = TRUE)
  })
}

# list(eta, z of the hidden layers, inputs of all layers with a column of ones)
# first: the first layer's z, where it is not that of w.
oracle_forward <- function(model, w, x, first = NULL) {
  layers <- oracle_layers(w, model$widths)
  L <- length(layers)
  inputs <- z <- list()
  a <- x
  for (l in seq_len(L)) {
    inputs[[l]] <- cbind(a, 1)
    z[[l]] <- if (l == 1L && !is.null(first)) first else inputs[[l]] %*% layers[[l]]
    a <- oracle_activations[[model$activation]]$f(z[[l]])
  }
  list(eta = z[[L]], z = z[-L], inputs = inputs)
}

# list(d_w, size): the gradient in w of a loss whose gradient in eta is d_eta, and
# the same sums over the rows of the sizes of their terms.
oracle_backward <- function(model, w, pass, d_eta) {
  layers <- oracle_layers(w, model$widths)
  slope <- oracle_activations[[model$activation]]$slope
  d_w <- size <- list()
  d_z <- d_eta
  for (l in rev(seq_along(layers))) {
    d_w[[l]] <- t(t(pass$inputs[[l]]) %*% d_z)
    size[[l]] <- t(t(abs(pass$inputs[[l]])) %*% abs(d_z))
    if (l == 1L) break
    bias <- nrow(layers[[l]])
    d_a <- d_z %*% t(layers[[l]][-bias, , drop = FALSE])
    d_z <- d_a * slope(pass$z[[l - 1L]])
  }
  list(d_w = unlist(d_w), size = unlist(size))
}

# ---- the step ----------------------------------------------------------------

oracle_split <- function(theta, widths) {
  P <- n_weights(widths)
  list(
    mu = theta[seq_len(P)], rho = theta[P + seq_len(P)],
    aux = theta[-seq_len(2L * P)]
  )
}

oracle_sample <- function(model, theta, eps) {
  q <- oracle_split(theta, model$widths)
  q$mu + softplus(q$rho) * eps
}

# The three terms of equation 2, f, and `loss`: f with the KL part weighted.
oracle_terms <- function(model, theta, x, y, eps, kl_weight,
                         w = oracle_sample(model, theta, eps)) {
  q <- oracle_split(theta, model$widths)
  pass <- oracle_forward(model, w, x)
  prior <- oracle_priors[[model$prior$kind]]
  family <- oracle_families[[model$family]]
  sigma <- softplus(q$rho)
  scale <- oracle_scale(model)
  # N(w | mu, sigma^2) at w = mu + sigma eps
  log_posterior <- sum(dnorm(eps, log = TRUE) - log(sigma))
  log_prior <- sum(prior$log_density(model$prior, w / scale) - log(scale))
  if (oracle_exact(model)) {
    log_posterior <- sum(-0.5 - log(2 * base::pi) / 2 - log(sigma))
    log_prior <- sum(
      -log(2 * base::pi) / 2 - log(scale) - (q$mu^2 + sigma^2) / (2 * scale^2)
    )
  }
  log_likelihood <- sum(family$log_density(y, pass$eta, q$aux))
  list(
    q = q, w = w, pass = pass, log_posterior = log_posterior,
    log_prior = log_prior, log_likelihood = log_likelihood,
    f = log_posterior - log_prior - log_likelihood,
    loss = kl_weight * (log_posterior - log_prior) - log_likelihood
  )
}

# Steps 5 and 6 of section 3.2 as the paper has them, of `loss`: the whole of
# df/dw, and then what mu and rho do besides. `w` can be given as the core
# rounded it: where the mixture prior is steep, its gradient is not blind to that.
oracle_step <- function(model, theta, x, y, eps, kl_weight, ...) {
  step <- oracle_terms(model, theta, x, y, eps, kl_weight, ...)
  q <- step$q
  sigma <- softplus(q$rho)
  prior <- oracle_priors[[model$prior$kind]]
  family <- oracle_families[[model$family]]
  d_eta <- family$d_eta(y, step$pass$eta, q$aux)
  data <- oracle_backward(model, step$w, step$pass, d_eta)

  scale <- oracle_scale(model)
  d_prior <- prior$d_u(model$prior, step$w / scale) / scale

  d_w <- kl_weight * (-eps / sigma + d_prior) + data$d_w
  d_mu <- kl_weight * eps / sigma
  d_rho <- kl_weight * (eps^2 - 1) / sigma * plogis(q$rho)
  step$d_mu <- d_w + d_mu
  step$d_rho <- d_w * eps * plogis(q$rho) + d_rho
  if (oracle_exact(model)) {
    step$d_mu <- data$d_w + kl_weight * q$mu / scale^2
    step$d_rho <- (data$d_w * eps + kl_weight * (sigma / scale^2 - 1 / sigma)) *
      plogis(q$rho)
  }
  step$size <- list(d_mu = data$size, d_rho = data$size * abs(eps) * plogis(q$rho))
  step$d_aux <- model$learn_noise * family$d_aux(y, step$pass$eta, q$aux)
  step
}

# ---- training ----------------------------------------------------------------

oracle_schedule <- function(schedule, done) {
  switch(schedule,
    constant = 1,
    cosine = max((1 + cos(base::pi * done)) / 2, 0.01),
    step = c(1, 1, 0.1, 0.01)[1 + floor(4 * done)]
  )
}

# Equations 8 and 9, batches counted from 1
oracle_kl_weight <- function(kl_weight, i, M) {
  switch(kl_weight, uniform = 1 / M, blundell = 2^(M - i) / (2^M - 1))
}

# list(theta, m, v, t) after one step along the gradient g
oracle_optim <- function(control, at, g, rate) {
  at$t <- at$t + 1
  if (control$optimizer == "sgd") {
    at$m <- control$momentum * at$m + g
    at$theta <- at$theta - rate * at$m
    return(at)
  }
  at$m <- 0.9 * at$m + 0.1 * g
  at$v <- 0.999 * at$v + 0.001 * g^2
  m_hat <- at$m / (1 - 0.9^at$t)
  v_hat <- at$v / (1 - 0.999^at$t)
  at$theta <- at$theta - rate * m_hat / (sqrt(v_hat) + 1e-8)
  at
}

# The gradient, or one in its direction whose norm is clip
oracle_clip <- function(gradient, clip) {
  gradient * min(1, clip / sqrt(sum(gradient^2)))
}

# nll, kl and gradient of one batch: the mean over the draws of step t
oracle_batch <- function(model, control, theta, x, y, t, kl_weight) {
  S <- control$samples
  sum <- list(nll = 0, kl = 0, gradient = 0)
  for (s in seq_len(S)) {
    from <- core_source("train", t, s - 1, control$seed)
    eps <- native_noise(core_model(model), from)
    step <- oracle_step(model, theta, x, y, eps, kl_weight)
    kl <- kl_weight * (step$log_posterior - step$log_prior)
    gradient <- c(step$d_mu, step$d_rho, step$d_aux)
    sum$nll <- sum$nll - step$log_likelihood / S
    sum$kl <- sum$kl + kl / S
    sum$gradient <- sum$gradient + gradient / S
  }
  sum
}

# A whole run on the rows x, y from theta: list(theta, history). Noise and the
# order of rows are the core's own; nothing else is. The KL of an epoch is that of
# every fourth batch, for all of them.
oracle_train <- function(model, control, x, y, theta) {
  n <- nrow(x)
  B <- control$batch_size
  M <- ceiling(n / B)
  share <- vapply(seq_len(M), \(i) oracle_kl_weight(control$kl_weight, i, M), 0)
  weighed <- seq_len(M) %% 4 == 1
  at <- list(theta = theta, m = 0, v = 0, t = 0)
  history <- data.frame(nll = 0, kl = 0, learn_rate = 0)[rep(1, control$epochs), ]
  for (epoch in seq_len(control$epochs)) {
    order <- native_permutation(
      core_source("shuffle", epoch - 1, seed = control$seed), n
    )
    for (i in seq_len(M)) {
      rows <- order[seq((i - 1) * B + 1, min(i * B, n))]
      batch <- oracle_batch(
        model, control, at$theta, x[rows, , drop = FALSE],
        y[rows, , drop = FALSE], at$t, share[i]
      )
      rate <- control$learn_rate *
        oracle_schedule(control$schedule, at$t / (M * control$epochs))
      gradient <- oracle_clip(batch$gradient / B, control$clip)
      at <- oracle_optim(control, at, gradient, rate)
      history$nll[epoch] <- history$nll[epoch] + batch$nll
      kl <- weighed[i] * batch$kl / sum(share[weighed])
      history$kl[epoch] <- history$kl[epoch] + kl
      history$learn_rate[epoch] <- rate
    }
  }
  list(theta = at$theta, history = history)
}

# ---- noise -------------------------------------------------------------------

# The four normals of a counter: words 0 and 1 are a pair of Box and Muller (1958),
# and so are 2 and 3.
oracle_normals <- function(counter, seed) {
  bits <- native_test_philox(counter, as.double(seed))
  u <- as_single(floor(bits / 256) + 0.5) / 2^24
  radius <- sqrt(-2 * log(u[c(1, 1, 3, 3)]))
  angle <- 2 * base::pi * u[c(2, 2, 4, 4)]
  radius * c(cos(angle[1]), sin(angle[2]), cos(angle[3]), sin(angle[4]))
}

# A word for a row's numbers, three to a counter.
oracle_row_word <- function(row) {
  bits <- readBin(writeBin(row + 0, raw(), size = 4L), "integer", length(row), size = 4L)
  bits <- ifelse(is.na(bits), -2^31, bits) %% 2^32
  bits <- matrix(c(bits, numeric(-length(bits) %% 3)), 3)
  Reduce(\(word, three) {
    native_test_philox(c(word, bits[, three]), c(0, 0))[1]
  }, seq_len(ncol(bits)), 0)
}

# z of the first layer (rows x units), each row with a draw of its own.
oracle_rowwise <- function(model, theta, x, draw, seed) {
  q <- oracle_split(theta, model$widths)
  mu <- oracle_layers(q$mu, model$widths)[[1L]]
  sigma <- oracle_layers(softplus(q$rho), model$widths)[[1L]]
  words <- apply(x, 1L, oracle_row_word)
  blocks <- seq_len(ceiling(ncol(mu) / 4)) - 1
  eps <- vapply(words, \(word) {
    vapply(blocks, \(block) {
      oracle_normals(c(block, word, draw, rng_stream[["rows"]]), seed)
    }, numeric(4L))
  }, numeric(4L * length(blocks)))
  eps <- t(matrix(eps, ncol = nrow(x)))[, seq_len(ncol(mu)), drop = FALSE]
  cbind(x, 1) %*% mu + sqrt(cbind(x, 1)^2 %*% sigma^2) * eps
}
