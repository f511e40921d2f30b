# Do intervals cover as they claim, when the prior is the one that the data came from?
#
#   Rscript bench/calibration.R > bench/calibration.md
#
# Simulation-based: the weights of a tiny network are drawn from a prior, and data from
# the network; the network is fitted with that very prior, and its intervals at new
# points are held against the outcomes there, and against the network itself. An exact
# posterior covers as it claims, on average over such data; what a fit lacks is what is
# lost by taking the weights as independent, and by following one mode. A first number
# on the command line is that of the replicates, for a try.
#
# bbb_fit() standardises the outcome, and its prior is on the weights for that. Dividing
# by the sd s of the outcomes divides the weights and the bias of the output by s, so
# they are given the prior's sd over s. Centring moves the output's bias, whose prior is
# so wide (sd 10, where the data say it to some tenths) that it makes no difference
# where the prior is centred. So the prior of a fit is that of the simulation.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
options(bbb.threads = 1L, mc.cores = 1L)

given <- commandArgs(TRUE)
replicates <- if (length(given)) as.integer(given[1L]) else 200L
levels <- c(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
new_points <- 50L
draws <- 1000L

# ---- the simulation ---------------------------------------------------------------

# sd and bias_sd of the layers, the bias of the output apart
networks <- list(
  "linear, 3 predictors" = list(
    inputs = 3L, hidden = integer(), sd = 1, bias_sd = 10, noise = 0.5, n = 100L
  ),
  "1-4-1, tanh" = list(
    inputs = 1L, hidden = 4L, sd = c(1.5, 1), bias_sd = c(1.5, 10), noise = 0.3,
    n = 100L
  ),
  "2-5-1, tanh" = list(
    inputs = 2L, hidden = 5L, sd = c(1.5, 1), bias_sd = c(1.5, 10), noise = 0.3,
    n = 100L
  )
)

# A function of the predictors, its weights drawn from the prior.
draw_network <- function(of) {
  width <- c(of$inputs, of$hidden, 1L)
  layers <- lapply(seq_along(of$sd), function(l) {
    list(
      w = matrix(stats::rnorm(width[l] * width[l + 1L], sd = of$sd[l]), width[l]),
      b = stats::rnorm(width[l + 1L], sd = of$bias_sd[l])
    )
  })
  function(x) {
    for (l in seq_along(layers)) {
      x <- sweep(x %*% layers[[l]]$w, 2L, layers[[l]]$b, `+`)
      if (l < length(layers)) x <- tanh(x)
    }
    drop(x)
  }
}

simulate_data <- function(of) {
  f <- draw_network(of)
  predictors <- function(n) matrix(stats::rnorm(n * of$inputs), n)
  noisy <- function(mean) mean + stats::rnorm(length(mean), sd = of$noise)
  x <- predictors(of$n)
  x_new <- predictors(new_points)
  f_new <- f(x_new)
  list(x = x, y = noisy(f(x)), x_new = x_new, f_new = f_new, y_new = noisy(f_new))
}

# The prior of the simulation, for weights of the outcome over its sd
prior_over <- function(of, s) {
  last <- length(of$sd)
  of$sd[last] <- of$sd[last] / s
  of$bias_sd[last] <- of$bias_sd[last] / s
  prior_normal(sd = of$sd, bias_sd = of$bias_sd)
}

# ---- one replicate ----------------------------------------------------------------

# Where each value stands in the distribution whose central intervals are asked: the
# level of the smallest that holds it.
level_of <- function(below) abs(2 * below - 1)

# Shares of the new points whose outcome, and whose value of the network, lie in the
# intervals, by level; the share of the draws below the network's value, in tenths; and
# the mean square of its distance from the mean in sds of the draws.
covered <- function(fit, data) {
  each <- predict(fit, data$x_new, type = "draws", draws = draws / fit$control$fits)
  below <- colMeans(each < rep(data$f_new, each = nrow(each)))
  probs <- c(rev(1 - levels), 1 + levels) / 2
  outcome <- predict(
    fit, data$x_new, type = "quantile", probs = probs,
    draws = draws / fit$control$fits
  )
  K <- length(levels)
  inside <- vapply(seq_len(K), function(k) {
    mean(data$y_new >= outcome[, K + 1L - k] & data$y_new <= outcome[, K + k])
  }, 0)
  z <- (data$f_new - colMeans(each)) / apply(each, 2L, stats::sd)
  list(
    outcome = inside,
    network = vapply(levels, function(at) mean(level_of(below) <= at), 0),
    tenths = tabulate(pmin(10L, 1L + floor(10 * below)), 10L) / length(below),
    square = mean(z^2)
  )
}

fit_of <- function(data, of, seed, ...) {
  s <- sqrt(mean((data$y - mean(data$y))^2))
  fit <- bbb_fit(
    data$x, data$y, hidden = of$hidden, activation = "tanh",
    prior = prior_over(of, s), standardise = FALSE, seed = seed, verbose = FALSE, ...
  )
  stopifnot(all.equal(fit$outcome$scale, s))
  fit
}

settings <- list(
  "noise known" = function(of) list(noise = of$noise),
  "noise learned" = function(of) list(),
  "noise known, `fits = 5`" = function(of) list(noise = of$noise, fits = 5)
)

replicate_of <- function(of, r) {
  set.seed(r)
  data <- simulate_data(of)
  lapply(settings, function(setting) {
    covered(do.call(fit_of, c(list(data, of, r), setting(of))), data)
  })
}

# ---- tables -----------------------------------------------------------------------

percent <- function(share) formatC(100 * share, format = "f", digits = 1L)

# Mean and standard error of the columns, in per cent
shares <- function(each) {
  error <- apply(each, 2L, stats::sd) / sqrt(nrow(each))
  paste0(percent(colMeans(each)), "±", percent(error))
}

gather <- function(results, setting, what) {
  do.call(rbind, lapply(results, function(r) r[[setting]][[what]]))
}

curve_table <- function(results, what) {
  table_row("interval of", paste(100 * levels, "%"))
  table_row(rep("---", length(levels) + 1L))
  for (setting in names(settings)) {
    table_row(setting, shares(gather(results, setting, what)))
  }
}

report <- function(name, of) {
  results <- lapply(seq_len(replicates), function(r) replicate_of(of, r))
  cat("\n## ", name, "\n\nWeights ", paste0("N(0, ", of$sd, "^2)", collapse = ", "),
    ", biases ", paste0("N(0, ", of$bias_sd, "^2)", collapse = ", "),
    " by layer, noise sd ", of$noise, ", ", of$n, " rows.\n\nNew outcomes inside the ",
    "predictive intervals, per cent:\n\n", sep = "")
  curve_table(results, "outcome")
  cat("\nThe network's own value at new points inside the credible intervals of the",
    "mean, per cent:\n\n")
  curve_table(results, "network")
  cat("\nWhere that value stands among the draws, per cent in each tenth of them (10",
    "each if exact), and the root mean square of its distance from their mean, in",
    "their sds (1 if exact):\n\n")
  table_row("tenth", 1:10, "distance")
  table_row(rep("---", 12L))
  for (setting in names(settings)) {
    distance <- sqrt(mean(gather(results, setting, "square")))
    table_row(setting, shares(gather(results, setting, "tenths")), sprintf("%.2f", distance))
  }
}

cat("# Calibration under the prior\n\n")
cat("Do intervals cover as they claim, when the prior is the one that the data came",
  "from? Made by `Rscript bench/calibration.R > bench/calibration.md`, which says how.",
  "Predictors are N(0, 1);", replicates, "replicates,", new_points,
  "new points each; standard errors are over replicates. Settings of the fits are the",
  "defaults, but for the prior, what is said of the noise, and predictors that are taken",
  "as they are.\n")
for (name in names(networks)) report(name, networks[[name]])
