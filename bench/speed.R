# How fast is a step, and a prediction, beside PyTorch on the same machine?
#
#   Rscript bench/speed.R > bench/speed.md
#
# Wants the package installed, Debian's python3-torch and libopenblas0-pthread. Five
# repeats, ours and the peer's in turn; medians. OPENBLAS_CORETYPE names the core to
# OpenBLAS, which misreads new ones: here the best of those that it knows for this
# machine's instruction set.
library(bbb)

repeats <- 5L
core_type <- if (any(grepl("avx512f", readLines("/proc/cpuinfo")))) "SkylakeX" else "Haswell"
Sys.setenv(OPENBLAS_CORETYPE = core_type)

torch <- function(what, steps, batch, width, threads = 1L) {
  here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  script <- file.path(dirname(here), "speed_torch.py")
  Sys.setenv(OMP_NUM_THREADS = threads, OPENBLAS_NUM_THREADS = threads)
  as.numeric(system2(
    "/usr/bin/python3", c(script, what, threads, steps, batch, width), stdout = TRUE
  ))
}

# Rows for ten batches (one for the smallest network); two classes or ten.
data_for <- function(batch, width) {
  set.seed(1)
  n <- if (batch == 100) batch else 10L * batch
  classes <- utils::tail(width, 1L)
  y <- if (classes > 1) factor(rep_len(seq_len(classes), n)) else rep_len(c(TRUE, FALSE), n)
  list(x = matrix(stats::rnorm(n * width[1L]), n), y = y)
}

hidden_of <- function(width) width[-c(1L, length(width))]

ours <- function(steps, batch, width) {
  data <- data_for(batch, width)
  epochs <- ceiling(steps * batch / nrow(data$x))
  fit <- bbb_fit(
    data$x, data$y, hidden = hidden_of(width), batch_size = batch, samples = 1,
    epochs = epochs, learn_rate = 1e-3, verbose = FALSE
  )
  utils::tail(fit$history$seconds, 1L) / fit$state$counters[["step"]]
}

our_prediction <- function(draws, rows, width) {
  data <- data_for(128, width)
  fit <- bbb_fit(
    data$x, data$y, hidden = hidden_of(width), batch_size = 128, samples = 1, epochs = 1
  )
  x <- matrix(stats::rnorm(rows * width[1L]), rows)
  unname(system.time(predict(fit, x, type = "prob", draws = draws))["elapsed"])
}

# Medians of both, measured in turn.
pair <- function(mine, peer) {
  both <- vapply(seq_len(repeats), function(i) c(mine(), peer()), c(0, 0))
  apply(both, 1L, stats::median)
}

time <- function(s) {
  unit <- if (s < 1e-3) c("us", 1e6) else if (s < 1) c("ms", 1e3) else c("s", 1)
  paste(format(signif(s * as.numeric(unit[2L]), 3L)), unit[1L])
}

row <- function(name, seconds) {
  cat("|", name, "|", time(seconds[1L]), "|", time(seconds[2L]), "|",
    format(round(seconds[2L] / seconds[1L], 1L)), "|\n")
}

nets <- list(
  list(width = c(3, 32, 1), batch = 100, steps = c(20000, 1000)),
  list(width = c(13, 50, 1), batch = 32, steps = c(20000, 1000)),
  list(width = c(784, 400, 400, 10), batch = 128, steps = c(200, 40)),
  list(width = c(784, 1200, 1200, 10), batch = 128, steps = c(50, 10))
)
model <- sub(".*: ", "", grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1L])

cat("# Speed beside PyTorch\n\n")
cat("How fast is a step, and a prediction, beside PyTorch on the same machine?\n\n")
cat("Made by `Rscript bench/speed.R > bench/speed.md`: medians of", repeats, "repeats,",
  "ours and PyTorch's in turn, one thread each unless said.", model, "with",
  core_type, "kernels of OpenBLAS;", R.version.string, "and PyTorch",
  system2("/usr/bin/python3", c("-c", shQuote("import torch; print(torch.__version__)")), stdout = TRUE),
  "of Debian.\n\n")
cat("| work | bbb | PyTorch | times faster |\n|---|---|---|---|\n")
row("3-32-1, 100 rows one at a time in a loop, an iteration", pair(
  \() ours(20000, 100, c(3, 32, 1)), \() torch("rows", 40, 100, c(3, 32, 1))
))
floors <- numeric()
for (net in nets) {
  name <- paste0(paste(net$width, collapse = "-"), ", batch ", net$batch, ", a step")
  mine <- \() ours(net$steps[1L], net$batch, net$width)
  measured <- pair(mine, \() torch("step", net$steps[2L], net$batch, net$width))
  row(name, measured)
  row(paste0(name, ", PyTorch with two threads"), c(
    measured[1L], torch("step", net$steps[2L], net$batch, net$width, threads = 2L)
  ))
}
floor <- torch("floor", 20, 128, c(784, 1200, 1200, 10))
wide <- c(784, 400, 400, 10)
row("784-400-400-10, predicting 10000 rows with 100 draws", pair(
  \() our_prediction(100, 10000, wide), \() torch("predict", 100, 10000, wide)
))
cat("\nThe products alone of a step of 784-1200-1200-10, by OpenBLAS in single precision,",
  "take", time(floor), "on one thread; a whole step of ours takes",
  format(round(measured[1L] / floor, 1L)), "times that.\n")
