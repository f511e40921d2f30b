# How much CPU time of one thread does a step of training take, or a prediction? Run by
# compare.R, each time in a process of its own, with one build of the package or another:
#
#   Rscript bench/compare_work.R                   the names of the rows
#   Rscript bench/compare_work.R ROW for SECONDS   how many steps or calls take so long
#   Rscript bench/compare_work.R ROW TIMES         seconds of each of so many, or NaN where
#                                                  this build has no such fit
library(bbb)
options(bbb.threads = 1L, mc.cores = 1L)

# ---- data ------------------------------------------------------------------------

outcome_of <- list(
  gaussian = \(eta, u) eta + stats::qnorm(u),
  student_t = \(eta, u) eta + stats::qt(u, 3),
  binomial = \(eta, u) u < stats::plogis(eta),
  categorical = \(eta, u) factor(1 + findInterval(eta + stats::qnorm(u), -4:4)),
  poisson = \(eta, u) stats::qpois(u, exp(eta / 2)),
  weibull = \(eta, u) cbind(stats::qweibull(u, 2, exp(eta)), u < 0.8)
)

made_up <- function(n, inputs, family) {
  set.seed(1)
  x <- matrix(stats::rnorm(n * inputs), n)
  eta <- drop(x[, 1:3] %*% c(1, -1, 0.5))
  list(x = x, y = outcome_of[[family]](eta, stats::runif(n)))
}

# ---- work ------------------------------------------------------------------------

cpu <- function(work) sum(system.time(work, gcFirst = FALSE)[1:2])

fit_to <- function(data, epochs, ...) {
  bbb_fit(data$x, data$y, epochs = epochs, samples = 1, seed = 1, verbose = FALSE, ...)
}

# Seconds of a step, in a fit of at least so many. What a fit does but once, and what R
# does when it calls a function first, cancels or is over.
training <- function(inputs, hidden, family, batch, ..., batches = 10) {
  function(times) {
    data <- made_up(batch * batches, inputs, family)
    fit <- \(epochs) fit_to(data, epochs, hidden = hidden, family = family,
      batch_size = batch, ...)
    epochs <- ceiling(times / batches)
    fit(1)
    once <- cpu(fit(1))
    (cpu(fit(1 + epochs)) - once) / (epochs * batches)
  }
}

# Seconds of a call, of which there are so many.
predicting <- function(inputs, hidden, family, call) {
  function(times) {
    data <- made_up(1000, inputs, family)
    fit <- fit_to(data, 1, hidden = hidden, family = family)
    call(fit, data)
    cpu(for (i in seq_len(times)) call(fit, data)) / times
  }
}

predicted <- function(...) \(fit, data) predict(fit, data$x, draws = 100, seed = 1, ...)

scored <- function(fit, data) bbb_score(fit, data$x, data$y, draws = 100, seed = 1)

rows <- list(
  "a step, 3-32-1, gaussian, batch 100" = training(3, 32, "gaussian", 100),
  "a step, 13-50-1, student_t, batch 32, Flipout" =
    training(13, 50, "student_t", 32, estimator = "flipout"),
  "a step, 13-50-1, poisson, batch 32" = training(13, 50, "poisson", 32),
  "a step, 13-50-1, weibull, batch 32, Laplace" =
    training(13, 50, "weibull", 32, prior = prior_laplace()),
  "a step, 200-50-1, gaussian, batch 32, local" =
    training(200, 50, "gaussian", 32, estimator = "local"),
  "a step, 50-200-200-1, binomial, batch 128, mixture" =
    training(50, c(200, 200), "binomial", 128, prior = prior_mixture()),
  "a step, 784-100-10, categorical, batch 128" = training(784, 100, "categorical", 128),
  "1000 means, 13-50-1, gaussian" = predicting(13, 50, "gaussian", predicted()),
  "1000 means, 13-50-1, gaussian, `joint = FALSE`" =
    predicting(13, 50, "gaussian", predicted(joint = FALSE)),
  "1000 intervals, 13-50-1, gaussian" =
    predicting(13, 50, "gaussian", predicted(type = "interval")),
  "1000 intervals, 13-50-1, poisson" =
    predicting(13, 50, "poisson", predicted(type = "interval")),
  "1000 times 10 probabilities, 784-100-10" =
    predicting(784, 100, "categorical", predicted(type = "prob")),
  "the score of 1000 rows, 13-50-1, weibull" = predicting(13, 50, "weibull", scored)
)

# ---- what is asked -----------------------------------------------------------------

# A first count that takes a tenth of a second tells how many take longer.
count_for <- function(work, seconds) {
  times <- 1
  while ((each <- work(times)) * times < 0.1) times <- times * 4
  ceiling(seconds / each)
}

asked <- commandArgs(TRUE)
if (!length(asked)) {
  writeLines(names(rows))
} else {
  work <- rows[[as.integer(asked[1L])]]
  one <- if (asked[2L] == "for") {
    \() count_for(work, as.numeric(asked[3L]))
  } else {
    \() work(as.numeric(asked[2L]))
  }
  writeLines(format(tryCatch(one(), error = function(e) NaN), digits = 8L))
}
