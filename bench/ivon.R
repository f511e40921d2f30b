# Would IVON, a natural-gradient optimiser for such posteriors, predict better than Adam
# in the same number of steps?
#
#   BBB_DATA=... Rscript bench/ivon.R > bench/ivon.md
#
# IVON is algorithm 1 of Shen et al. (2024), "Variational learning is effective for large
# deep networks", ICML. Both optimisers are plain R here, on the same network (50 relu
# units), likelihood (gaussian, its noise learned by Adam), prior N(0, 0.5^2), starting
# means, batches, number of steps, schedule of the rate and warm-up of the KL; those of
# the package are its defaults. BBB_DATA holds uci/, of whose published splits 0 to 4 the
# training rows alone are used: the last fifth of them is scored.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "published.R"))

meta <- utils::read.csv(file.path(uci, "meta.csv"))
splits <- 0:4
steps <- 24000L
hidden <- 50L
prior_sd <- 0.5

# Standardised by the rows seen, with a column of ones.
standardised <- function(set, k) {
  rows <- inner_split(set, k)
  seen <- cbind(rows$x, rows$y)
  mean <- colMeans(seen)
  sd <- sqrt(colMeans(sweep(seen, 2L, mean)^2))
  sd[sd == 0] <- 1
  d <- ncol(seen)
  to_units <- function(table) {
    z <- sweep(sweep(table, 2L, mean), 2L, sd, `/`)
    list(x = cbind(z[, -d], 1), y = z[, d])
  }
  list(
    train = to_units(seen), scored = to_units(cbind(rows$x_new, rows$y_new)), unit = sd[d]
  )
}

# ---- the network: weights are one vector, the hidden layer's first ------------------

shape <- function(w, inputs) {
  first <- seq_len(inputs * hidden)
  list(W = matrix(w[first], inputs), v = w[-first])
}

outputs <- function(w, x) {
  layer <- shape(w, ncol(x))
  a <- x %*% layer$W
  a[a < 0] <- 0
  drop(cbind(a, 1) %*% layer$v)
}

# Gradients of the mean negative log-likelihood of a row in w and in the log noise sd
gradients <- function(w, log_sd, x, y) {
  layer <- shape(w, ncol(x))
  a <- x %*% layer$W
  a[a < 0] <- 0
  off <- (drop(a %*% layer$v[seq_len(hidden)]) + layer$v[hidden + 1L] - y)
  d_eta <- off * exp(-2 * log_sd) / length(y)
  d_a <- tcrossprod(d_eta, layer$v[seq_len(hidden)]) * (a > 0)
  list(
    w = c(crossprod(x, d_a), crossprod(a, d_eta), sum(d_eta)),
    log_sd = 1 - sum(off * d_eta)
  )
}

softplus <- function(x) log1p(exp(-abs(x))) + pmax(x, 0)

# ---- the optimisers: begin(), then step() at the draw that posterior() tells of ------

adam_move <- function(at, g, rate, t) {
  at$m <- 0.9 * at$m + 0.1 * g
  at$v <- 0.999 * at$v + 0.001 * g^2
  at$x <- at$x - rate * at$m / (1 - 0.9^t) / (sqrt(at$v / (1 - 0.999^t)) + 1e-8)
  at
}

adam_begin <- function(x) list(x = x, m = 0 * x, v = 0 * x)

# Bayes by Backprop with Adam, as the package has it: the KL in closed form.
by_adam <- function(rate = 0.005) {
  list(
    rate = rate, warm_from = 0,
    begin = function(mu, N) {
      list(adam = adam_begin(c(mu, rep(-5, length(mu)))), N = N)
    },
    posterior = function(q, kl) {
      P <- length(q$adam$x) / 2
      list(mu = q$adam$x[seq_len(P)], sigma = softplus(q$adam$x[P + seq_len(P)]))
    },
    step = function(q, draw, g, kl, rate, t) {
      rho <- q$adam$x[-seq_along(draw$mu)]
      g_mu <- g + kl / q$N * draw$mu / prior_sd^2
      g_sigma <- g * draw$eps + kl / q$N * (draw$sigma / prior_sd^2 - 1 / draw$sigma)
      q$adam <- adam_move(q$adam, c(g_mu, g_sigma * stats::plogis(rho)), rate, t)
      q
    }
  )
}

# IVON. A KL of weight kl is what lambda = N / kl is in the paper, its "effective sample
# size"; delta is the prior's precision over lambda. The weight starts at `warm_from`,
# since at none sigma is none either, and with it the estimate of the Hessian undefined.
by_ivon <- function(rate = 0.03, h0 = 5, beta2 = 0.9999, warm_from = 0.1) {
  beta1 <- 0.9
  force(list(h0, beta2))
  delta <- function(q, kl) kl / (q$N * prior_sd^2)
  list(
    rate = rate, warm_from = warm_from,
    begin = function(mu, N) list(m = mu, g = 0 * mu, h = rep(h0, length(mu)), N = N),
    posterior = function(q, kl) {
      list(mu = q$m, sigma = sqrt(kl / (q$N * (q$h + delta(q, kl)))))
    },
    step = function(q, draw, g, kl, rate, t) {
      d <- delta(q, kl)
      h_hat <- g * draw$eps / draw$sigma
      q$g <- beta1 * q$g + (1 - beta1) * g
      q$h <- beta2 * q$h + (1 - beta2) * h_hat +
        (1 - beta2)^2 / 2 * (q$h - h_hat)^2 / (q$h + d)
      rate <- rate * (h0 + d)
      q$m <- q$m - rate * (q$g / (1 - beta1^t) + d * q$m) / (q$h + d)
      q
    }
  )
}

# ---- training -----------------------------------------------------------------------

start <- function(inputs) {
  sd <- c(rep(sqrt(2 / (inputs - 1)), inputs - 1L), 0.5)
  first <- matrix(stats::rnorm(inputs * hidden), inputs) * sd
  c(first, stats::rnorm(hidden, sd = sqrt(2 / (hidden + 1))), 0)
}

train <- function(by, x, y, seed) {
  set.seed(seed)
  N <- length(y)
  B <- min(32L, max(8L, N %/% 10L))
  q <- by$begin(start(ncol(x)), N)
  noise <- adam_begin(log(0.5))
  order <- integer()
  for (t in seq_len(steps)) {
    if (!length(order)) order <- sample.int(N)
    rows <- order[seq_len(min(B, length(order)))]
    order <- order[-seq_along(rows)]
    falls <- max(0.01, (1 + cos(pi * (t - 1) / steps)) / 2)
    kl <- max(by$warm_from, min(1, t / (0.7 * steps)))
    draw <- by$posterior(q, kl)
    draw$eps <- stats::rnorm(length(draw$mu))
    w <- draw$mu + draw$sigma * draw$eps
    g <- gradients(w, noise$x, x[rows, , drop = FALSE], y[rows])
    q <- by$step(q, draw, g$w, kl, by$rate * falls, t)
    noise <- adam_move(noise, g$log_sd, 0.005 * falls, t)
    if (!is.finite(g$log_sd)) return(NULL)
  }
  c(by$posterior(q, 1), noise = exp(noise$x))
}

# What both maximise, in nats of the standardised outcome
elbo <- function(q, rows, draws = 100L) {
  set.seed(1)
  log_likelihood <- mean(replicate(draws, {
    eta <- outputs(stats::rnorm(length(q$mu), q$mu, q$sigma), rows$x)
    sum(stats::dnorm(rows$y, eta, q$noise, log = TRUE))
  }))
  ratio <- q$sigma / prior_sd
  log_likelihood - sum(((q$mu / prior_sd)^2 + ratio^2 - 1) / 2 - log(ratio))
}

# c(log score of a row, RMSE), in the outcome's units
score <- function(q, rows, unit, draws = 500L) {
  set.seed(1)
  each <- vapply(seq_len(draws), function(s) {
    outputs(stats::rnorm(length(q$mu), q$mu, q$sigma), rows$x)
  }, rows$y)
  log_density <- stats::dnorm(rows$y, each, q$noise, log = TRUE)
  most <- apply(log_density, 1L, max)
  mixed <- most + log(rowMeans(exp(log_density - most)))
  c(mean(mixed) - log(unit), unit * sqrt(mean((rowMeans(each) - rows$y)^2)))
}

# ---- the table ----------------------------------------------------------------------

settings <- list(
  "Adam, rate 0.005" = by_adam(),
  "Adam, rate 0.01" = by_adam(0.01),
  "IVON, rate 0.03, h0 5, beta2 0.9999" = by_ivon(),
  "IVON, rate 0.01" = by_ivon(0.01),
  "IVON, rate 0.1" = by_ivon(0.1),
  "IVON, h0 1" = by_ivon(h0 = 1),
  "IVON, no warm-up" = by_ivon(warm_from = 1)
)

with_error <- function(x) {
  sprintf("%.2f±%.2f", mean(x), stats::sd(x) / sqrt(length(x)))
}

# Splits in which it ended far from any sensible score are counted, not averaged.
report <- function(set) {
  parts <- lapply(splits, function(k) standardised(set, k))
  first <- NULL
  for (name in names(settings)) {
    began <- sum(proc.time()[1:2])
    each <- vapply(seq_along(parts), function(k) {
      p <- parts[[k]]
      q <- train(settings[[name]], p$train$x, p$train$y, k)
      if (is.null(q)) return(rep(NA_real_, 3L))
      c(score(q, p$scored, p$unit), elbo(q, p$train))
    }, c(log_score = 0, rmse = 0, elbo = 0))
    seconds <- (sum(proc.time()[1:2]) - began) / length(parts)
    if (is.null(first)) first <- each
    lost <- is.na(each[1L, ]) | each[1L, ] < -20
    told <- if (any(lost)) {
      c("", "", paste("diverged in", sum(lost), "of", length(lost)), "")
    } else {
      c(
        sprintf("%.2f", rowMeans(each[1:2, ])), with_error(each[1L, ] - first[1L, ]),
        sprintf("%.0f", mean(each[3L, ]))
      )
    }
    table_row(set, name, told, sprintf("%.1f", seconds))
  }
}

cat("# IVON\n\nWould IVON, a natural-gradient optimiser, predict better than Adam in",
  "the same number of steps? Made by `BBB_DATA=... Rscript bench/ivon.R >",
  "bench/ivon.md`, which says how: both in plain R,", steps, "steps, inner splits of",
  "training rows. IVON's settings are those of its first row but for what is named.",
  "Differences of the log score are from the first row of a set, with their standard",
  "error over", length(splits), "splits. beta2 of 0.999 and rates of 0.3 diverged in a",
  "first try on another split. The ELBO, in nats of the standardised outcome of the",
  "rows trained on, is what both maximise: where it is much lower, what scores is not",
  "the posterior yet, but one that is too narrow.\n\n")
table_row(
  "set", "optimiser", "log score", "RMSE", "log score, difference", "ELBO",
  "processor seconds"
)
table_row(rep("---", 7L))
for (set in meta$set) report(set)
