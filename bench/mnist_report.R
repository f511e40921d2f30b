# The tables of mnist.R: test error, and test error of what pruning leaves. Sourced by
# mnist.R; runs nothing.

# Blundell et al. (2015), Tables 1 and 2: test error in %, of two layers of so many
# units, and of 1200 of which a share of the weights is kept.
paper_error <- list(
  mixture = c(`400` = 1.36, `800` = 1.34, `1200` = 1.32),
  gaussian = c(`400` = 1.82, `800` = 1.99, `1200` = 2.04)
)
paper_pruned <- c(`1` = 1.24, `0.5` = 1.24, `0.25` = 1.24, `0.05` = 1.29, `0.02` = 1.39)

# A posterior standard deviation of exp(-80), which is none
point <- -80

softplus <- function(x) pmax(x, 0) + log1p(exp(-abs(x)))

# Weights and biases whose |mu| / sigma is among the highest share of them; all others
# are zero, without doubt. Only what predict() reads is changed: a pruned fit is not
# for bbb_continue().
pruned <- function(fit, share) {
  ratio <- abs(fit$mu) / softplus(fit$rho)
  out <- rank(-ratio, ties.method = "first") > round(share * length(ratio))
  fit$mu[out] <- 0
  fit$rho[out] <- point
  fit
}

# The network of the posterior means alone, which one draw shows
mean_network <- function(fit) {
  fit$rho[] <- point
  fit
}

percent <- function(x) formatC(100 * x, format = "f", digits = 2L)

nats <- function(x) formatC(x, format = "f", digits = 4L)

# Error and log-likelihood of the mean of so many draws. From one prediction, where
# bbb_score() makes two: of a wide network that is minutes.
score_of <- function(fit, rows, draws) {
  p <- predict(fit, rows$x, type = "prob", draws = draws)
  right <- p[cbind(seq_along(rows$y), match(rows$y, colnames(p)))]
  list(
    error = mean(colnames(p)[max.col(p, "first")] != rows$y), log_score = mean(log(right))
  )
}

# Of the whole fit: the mean of 100 draws, of 10, and the mean network
scores <- function(fit, rows, draws = c(100, 10)) {
  made <- lapply(draws, score_of, fit = fit, rows = rows)
  made <- c(made, list(score_of(mean_network(fit), rows, 1)))
  names(made) <- c(paste("mean of", draws, "draws"), "network of posterior means")
  made
}

none_as_dash <- function(x) if (is.null(x) || is.na(x)) "" else format(x, nsmall = 2L)

error_table <- function(whole, asked) {
  paper <- paper_error[[asked$prior]][as.character(asked$width)]
  table_row("prediction", "error, %", "log-likelihood", "paper, test error, %")
  table_row("---", rep("---:", 3L))
  for (name in names(whole)) {
    table_row(name, percent(whole[[name]]$error), nats(whole[[name]]$log_score),
      none_as_dash(paper))
  }
}

pruning_table <- function(fit, rows, whole, asked) {
  known <- asked$width == 1200 && asked$prior == "mixture"
  table_row("weights kept, %", "weights", "mean of 100 draws, error, %",
    "network of means, error, %", "paper, test error, %")
  table_row(rep("---:", 5L))
  for (share in as.numeric(names(paper_pruned))) {
    left <- pruned(fit, share)
    made <- if (share == 1) whole[-2L] else scores(left, rows, 100)
    table_row(format(100 * share), format(sum(left$rho > point), big.mark = ","),
      percent(made[[1L]]$error), percent(made[[2L]]$error),
      if (known) none_as_dash(paper_pruned[[as.character(share)]]) else "")
  }
}

# `scored` are the rows that the errors are of, and `which` says which these are.
report <- function(fit, scored, which, asked) {
  used <- fit$control
  cat("# MNIST,", asked$width, "units,", asked$prior, "prior\n\n")
  cat("Does bbb reach the test errors of Blundell et al. (2015), and does pruning leave",
    "them as they are? Made by `Rscript bench/mnist.R --width", asked$width, "--prior",
    asked$prior, "--epochs", asked$epochs, "--rows", paste0(fit$n, "`: 784-",
    asked$width, "-", asked$width, "-10, relu, prior ", format(fit$prior), ", Adam at ",
    used$learn_rate, " with a cosine schedule, KL warm-up ", used$kl_warmup,
    ", draws of a batch: ", used$samples, ", posterior sds that start at ",
    signif(softplus(used$init_rho), 2L), ", seed ", paste(used$seed, collapse = " "),
    "; trained on the first ", fit$n, " rows."),
    how_far(fit, asked), "Errors are of the", nrow(scored$x), paste0(which, ".\n\n"))
  whole <- scores(fit, scored)
  error_table(whole, asked)
  cat("\n## Pruned by |mu| / sigma\n\n")
  pruning_table(fit, scored, whole, asked)
}

how_far <- function(fit, asked) {
  now <- utils::tail(fit$history, 1L)
  if (!nrow(now)) return("Not one epoch was finished.")
  paste0(now$epoch, " of ", asked$epochs, " epochs in ", format(round(now$seconds / 60)),
    " minutes; in the last a row cost ", nats(now$nll / fit$n),
    " nats and its share of the KL was ", nats(now$kl / fit$n), ".")
}
