# How the benchmarks time a step, an epoch and a prediction through the public R
# interface. Sourced by speed.R, scaling.R, memory.R and compare.R; runs nothing.

# How often each measurement is made: `Rscript bench/x.R 1` makes it once, for a try.
repeats_asked <- function(default = 5L) {
  asked <- commandArgs(TRUE)
  if (length(asked)) as.integer(asked[1L]) else default
}

# ---- work to be timed -----------------------------------------------------------

# Rows of noise; two classes, or as many as there are outputs.
data_for <- function(n, width) {
  set.seed(1)
  classes <- utils::tail(width, 1L)
  y <- if (classes > 1) factor(seq_len(classes)) else c(TRUE, FALSE)
  list(x = matrix(stats::rnorm(n * width[1L]), n), y = rep_len(y, n))
}

hidden_of <- function(width) width[-c(1L, length(width))]

weights_of <- function(width) sum((width[-length(width)] + 1) * width[-1L])

net_name <- function(width) paste(width, collapse = "-")

fit_for <- function(data, batch, width, epochs) {
  bbb_fit(
    data$x, data$y, hidden = hidden_of(width), prior = prior_mixture(),
    batch_size = batch, samples = 1,
    epochs = epochs, learn_rate = 1e-3, verbose = FALSE
  )
}

# Rows turn into batches and memory into pages in the first epoch, so the time is that
# from its end to the end of the last.
epoch_seconds <- function(data, batch, width, epochs) {
  seconds <- fit_for(data, batch, width, epochs + 1L)$history$seconds
  (seconds[epochs + 1L] - seconds[1L]) / epochs
}

# At least so many steps after the first epoch, one draw each.
step_seconds <- function(steps, batch, width, batches = 10L) {
  data <- data_for(batches * batch, width)
  epoch_seconds(data, batch, width, ceiling(steps / batches)) / batches
}

# A prediction is timed whole, as a user sees it; a short one several times over.
prediction_seconds <- function(draws, rows, width, at_least = 0, ...) {
  fit <- fit_for(data_for(1280L, width), 128, width, 1L)
  x <- matrix(stats::rnorm(rows * width[1L]), rows)
  times <- 0L
  began <- now()
  repeat {
    predict(fit, x, type = "response", draws = draws, ...)
    times <- times + 1L
    if (now() - began >= at_least) return((now() - began) / times)
  }
}

now <- function() as.numeric(Sys.time())

with_threads <- function(threads, work) {
  old <- options(bbb.threads = threads)
  on.exit(options(old))
  work
}

# Medians of some jobs that are run in turn, so that a busy moment hits all of them.
medians <- function(jobs, times) {
  once <- function(i) vapply(jobs, \(job) job(), 0)
  all <- vapply(seq_len(times), once, numeric(length(jobs)))
  apply(matrix(all, length(jobs)), 1L, stats::median)
}

# ---- what is told ----------------------------------------------------------------

in_units <- function(seconds) {
  i <- findInterval(seconds, c(1e-6, 1e-3, 1)) + 1L
  paste(format(signif(seconds * c(1e9, 1e6, 1e3, 1)[i], 3L)), c("ns", "us", "ms", "s")[i])
}

number <- function(x, digits = 2L) {
  format(signif(x, digits), big.mark = ",", scientific = FALSE)
}

processor <- function() {
  lines <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)
  sub(".*: ", "", lines[1L])
}
