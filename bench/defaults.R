# Which default settings predict best on rows that the fit has not seen?
#
#   BBB_DATA=... Rscript bench/defaults.R > bench/defaults.md
#
# BBB_DATA holds uci/, the regression sets with the published splits. Only training
# rows are used: of each split the last fifth of them, in their published order, is
# scored. The small sets come with R; each is split at random eight times. Scores are
# means: RMSE, log score a row, coverage of the 90 % interval, noise level.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "published.R"))

meta <- utils::read.csv(file.path(uci, "meta.csv"))
splits <- 0:3

random_split <- function(formula, data, k) {
  set.seed(k)
  seen <- sample(nrow(data)) <= 0.8 * nrow(data)
  x <- stats::model.matrix(formula, data)[, -1L, drop = FALSE]
  y <- stats::model.response(stats::model.frame(formula, data))
  list(x = x[seen, , drop = FALSE], y = y[seen], x_new = x[!seen, , drop = FALSE], y_new = y[!seen])
}

score <- function(parts, ...) {
  each <- vapply(seq_along(parts), function(k) {
    p <- parts[[k]]
    fit <- bbb_fit(p$x, p$y, seed = k, verbose = FALSE, ...)
    got <- bbb_score(fit, p$x_new, p$y_new)
    c(got$rmse, got$log_score, got$coverage, fit$noise, mean(utils::tail(fit$history$elbo, 50)))
  }, numeric(5))
  rowMeans(each)
}

report <- function(set, setting, scores) {
  table_row(set, setting, formatC(scores[1:4], digits = 3, format = "fg"), round(scores[5]))
}

head <- function(title) {
  cat("\n##", title, "\n\n")
  table_row("set", "setting", "RMSE", "log score", "coverage", "noise sd", "ELBO")
  table_row(rep("---", 7))
}

cat("# Default settings\n\n")
cat("Which default settings predict best on rows that the fit has not seen? Made by",
  "`Rscript bench/defaults.R > bench/defaults.md`, which says what is scored: inner",
  "splits of training rows, 50 relu units; small sets 32.\n")

names(meta)[1L] <- "set"
parts <- lapply(
  stats::setNames(meta$set, meta$set),
  function(set) lapply(splits, inner_split, set = set)
)
epochs_for <- function(p, steps) ceiling(steps / ceiling(length(p[[1L]]$y) / 32))

head("Learning rate and steps, at batches of 32 rows and one draw")
for (set in meta$set) for (rate in c(0.002, 0.005, 0.01)) for (steps in c(12000, 24000, 48000)) {
  report(set, paste0(rate, ", ", steps, " steps"), score(
    parts[[set]], hidden = 50, learn_rate = rate, batch_size = 32, samples = 1,
    epochs = epochs_for(parts[[set]], steps)
  ))
}

head("Prior, other settings at their defaults")
priors <- list(
  prior_normal("learned"), prior_mixture(), prior_mixture(0.5, 1, exp(-3)),
  prior_mixture(0.25, 1, exp(-2)), prior_normal(1), prior_normal(0.5)
)
for (set in meta$set) for (prior in priors) {
  report(set, format(prior), score(parts[[set]], hidden = 50, prior = prior))
}

head("Share of the epochs in which the weight of the KL rises, others at their defaults")
for (set in meta$set) for (share in c(0, 0.3, 0.5, 0.7, 0.9)) {
  report(set, share, score(parts[[set]], hidden = 50, kl_warmup = share))
}

head("A fifth of the rows held out for validation, others at their defaults")
validations <- list(
  "none" = list(), "no warm-up" = list(validation = 0.2, kl_warmup = 0),
  "counted from the end of the warm-up" = list(validation = 0.2)
)
for (set in meta$set) for (name in names(validations)) {
  report(set, name, do.call(score, c(list(parts[[set]], hidden = 50), validations[[name]])))
}

head("Estimator of the gradient, other settings at their defaults")
for (set in meta$set) for (estimator in c("shared", "flipout", "local")) {
  report(set, estimator, score(parts[[set]], hidden = 50, estimator = estimator))
}

head("Draws a step, small sets, other settings at their defaults")
small <- list(
  cars = list(dist ~ speed, cars), mtcars = list(mpg ~ ., mtcars),
  swiss = list(Fertility ~ ., swiss)
)
for (set in names(small)) {
  p <- lapply(1:8, function(k) random_split(small[[set]][[1L]], small[[set]][[2L]], k))
  for (samples in c(1, 2, 4, 8, 16)) {
    report(set, paste(samples, "draws"), score(p, samples = samples))
  }
}

head("Prior, small sets, other settings at their defaults")
for (set in names(small)) {
  p <- lapply(1:8, function(k) random_split(small[[set]][[1L]], small[[set]][[2L]], k))
  for (prior in list(prior_normal("learned"), prior_normal(1), prior_normal(0.5))) {
    report(set, format(prior), score(p, prior = prior))
  }
}
