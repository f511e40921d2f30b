# How fast is bbb beside others on the same machine, and how much memory does it need?
#
#   Rscript bench/speed.R > bench/speed.md
#
# Wants the package installed and, of Debian, python3-torch, libopenblas0-pthread,
# libtcmalloc-minimal4 and r-cran-rstan; what is not there is left out and named at the
# end. Shared helpers are in timing.R; PyTorch's side in speed_torch.py, torch_usual.py
# and torch_hand.py; whole fits beside R packages in speed_fits.R and speed.stan; and
# memory.R is run for each row on memory.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "timing.R"))
source(file.path(here, "speed_fits.R"))

options(bbb.threads = 1L) # unless a row says two
repeats <- repeats_asked()
left_out <- character()
python <- "/usr/bin/python3"

# OpenBLAS misreads new processors: it is told the best of those that it knows for this
# one's instruction set.
wide_vectors <- any(grepl("avx512f", readLines("/proc/cpuinfo")))
core_type <- if (wide_vectors) "SkylakeX" else "Haswell"

# PyTorch takes AVX2 where AVX-512 is there, unless told; with the C library's allocator
# it asks for large vectors anew in each step; and threads of its two pools that wait for
# work keep each other's from running. All three are mended for the rows by hand.
tuned <- c(
  if (wide_vectors) "ATEN_CPU_CAPABILITY=avx512",
  "LD_PRELOAD=libtcmalloc_minimal.so.4", "OMP_WAIT_POLICY=passive"
)

has_torch <- system2(python, c("-c", shQuote("import torch")), stderr = FALSE) == 0L
if (!has_torch) left_out <- c(left_out, "PyTorch")

torch <- function(what, steps, batch, width, threads = 1L) {
  if (!has_torch) return(NA_real_)
  settings <- c(
    paste0("OPENBLAS_CORETYPE=", core_type), "PYTHONDONTWRITEBYTECODE=1",
    paste0(c("OMP", "OPENBLAS"), "_NUM_THREADS=", threads),
    if (!what %in% c("rows", "usual")) tuned
  )
  script <- file.path(here, "speed_torch.py")
  arguments <- c(script, what, threads, steps, batch, width)
  as.numeric(system2("env", c(settings, python, arguments), stdout = TRUE))
}

versus <- function(work, peer, ours, theirs) {
  if (is.na(theirs)) return(invisible())
  times <- number(theirs / ours, if (theirs > 10 * ours) 3L else 2L)
  table_row(work, peer, in_units(ours), in_units(theirs), times)
}

against_head <- function(title, ...) {
  cat("\n## ", title, "\n", sep = "")
  paragraph(...)
  table_head("work", "peer", "bbb", "peer's time", "times faster")
}

# ---- training and predicting, beside PyTorch --------------------------------------

nets <- list(
  list(width = c(3, 32, 1), batch = 100, steps = c(20000, 300, 2000)),
  list(width = c(13, 50, 1), batch = 32, steps = c(20000, 300, 2000)),
  list(width = c(784, 400, 400, 10), batch = 128, steps = c(200, 20, 60)),
  list(width = c(784, 1200, 1200, 10), batch = 128, steps = c(50, 8, 20))
)

rows_at_a_time <- function() {
  width <- c(3, 32, 1)
  measured <- medians(list(
    \() step_seconds(20000, 100, width, 1L), \() torch("rows", 40, 100, width)
  ), repeats)
  work <- "3-32-1, 100 rows, an iteration"
  versus(work, "PyTorch, a row at a time", measured[1L], measured[2L])
}

# The smallest network sees its 100 rows in one batch.
steps_of <- function(net) {
  batches <- if (net$batch == 100) 1L else 10L
  ours <- \() step_seconds(net$steps[1L], net$batch, net$width, batches)
  peer <- \(what, i, threads) torch(what, net$steps[i], net$batch, net$width, threads)
  measured <- medians(list(
    ours, \() peer("usual", 2L, 1L), \() peer("hand", 3L, 1L),
    \() with_threads(2L, ours()), \() peer("hand", 3L, 2L), \() peer("floor", 3L, 1L)
  ), repeats)
  work <- paste0(net_name(net$width), ", batch ", net$batch, ", a step")
  versus(work, "PyTorch, as usually written", measured[1L], measured[2L])
  versus(work, "PyTorch, by hand", measured[1L], measured[3L])
  versus(work, "PyTorch, by hand; both two threads", measured[4L], measured[5L])
  measured[c(1L, 4L, 6L)]
}

predicting <- function() {
  width <- c(784, 400, 400, 10)
  ours <- \(...) prediction_seconds(100, 10000, width, ...)
  peer <- \(what) torch(what, 100, 10000, width)
  measured <- medians(list(
    ours, \() peer("predict"), \() with_threads(2L, ours()),
    \() ours(joint = FALSE), \() peer("rowwise")
  ), repeats)
  work <- "784-400-400-10, 10,000 rows, 100 draws"
  versus(work, "PyTorch, by hand", measured[1L], measured[2L])
  rowwise <- paste0(work, "; `joint = FALSE`")
  versus(rowwise, "PyTorch, by hand", measured[4L], measured[2L])
  versus(rowwise, "PyTorch, by hand, rowwise too", measured[4L], measured[5L])
  measured[c(1L, 3L)]
}

# ---- bbb beside its floor, and its memory -----------------------------------------

ratio_row <- function(work, a, b) {
  if (!is.na(b)) table_row(work, in_units(a), in_units(b), number(a / b))
}

# Bytes in numbers that people read, from processes that do nothing else.
memory <- function(what, rows, count, width) {
  command <- c("--vanilla", file.path(here, "memory.R"), what, rows, count, width)
  as.numeric(system2(file.path(R.home("bin"), "Rscript"), command, stdout = TRUE))
}

megabytes <- function(bytes) paste(number(bytes / 1e6, 3L), "MB")

memory_rows <- function() {
  width <- c(784, 1200, 1200, 10)
  for (rows in c(256L, 2000L)) {
    bytes <- memory("fit", rows, 2L, width)
    table_row(
      paste0(net_name(width), ", a fit to ", rows, " rows"), megabytes(bytes),
      paste(number(bytes / 4 / weights_of(width), 3L), "floats a weight")
    )
  }
  bytes <- memory("predict", 1000000L, 100L, c(3L, 32L, 1L))
  table_row(
    "3-32-1, predicting 1,000,000 rows with 100 draws", megabytes(bytes),
    paste(number(bytes / 1e6, 3L), "bytes a row")
  )
}

# ---- the page -----------------------------------------------------------------------

version_of <- function(package) {
  if (requireNamespace(package, quietly = TRUE)) {
    paste(package, utils::packageVersion(package))
  }
}

torch_version <- function() {
  if (!has_torch) return()
  print_it <- shQuote("import torch; print(torch.__version__)")
  version <- system2(python, c("-c", print_it), stdout = TRUE)
  paste("PyTorch", version, "of Debian with", core_type, "kernels of OpenBLAS")
}

cat("# Speed beside others\n")
paragraph(
  "How fast is bbb beside others on the same machine, and how much memory does it",
  "need? Made by `Rscript bench/speed.R > bench/speed.md`: medians of measurements that",
  "take turns, ours and the peers', in", repeats, "rounds (Stan's three at most); one",
  "thread unless said.", paste0(paste(c(
    processor(), R.version.string, torch_version(), version_of("rstan"),
    version_of("nnet")
  ), collapse = "; "), ".")
)
against_head(
  "A training step",
  "One draw of all weights, log q, log mixture prior, likelihood, gradients, Adam; bbb",
  "takes the two log densities at every fourth batch, since only their gradients train.",
  "*A row at a time*: the rows go through the network in a loop, as in the answer that",
  "bbb began with; else as usually written. *As usually written*: rows in batches, a",
  "module a layer, `torch.distributions`, `torch.optim.Adam`. *By hand*: the best that",
  "we could get of this PyTorch: all weights in one vector, autograd's backward recorded",
  "once and replayed by TorchScript, Adam in place, AVX-512 where there is, tcmalloc."
)
rows_at_a_time()
stepped <- lapply(nets, steps_of)
against_head(
  "A prediction",
  "Mean class probabilities, by draws of the weights in a loop over blocks of rows. With",
  "`joint = FALSE` each row has draws of the first layer's units in place of weights that",
  "all rows share: a row's answer has the same distribution, for fewer operations.",
  "*Rowwise too*: PyTorch does the same."
)
predicted <- predicting()
against_head(
  "A whole fit, beside R packages",
  "Default settings of `bbb_fit()` and of `nnet()`, which finds one network by BFGS,",
  "without prior or uncertainty: what a Bayesian fit costs beside it. *Stan*: tanh",
  "units, N(0, 1) priors; one chain, 500 warmup and 500 kept draws by NUTS, which",
  "approach the exact posterior where bbb fits a factorised one."
)
note <- whole_fits()
if (!is.null(note)) paragraph(note)

cat("\n## bbb beside its products, and two threads beside one\n")
paragraph(
  "The products are the matrix products of a step alone, forward and backward, by",
  "OpenBLAS in single precision on one thread: no step that uses them can take less.",
  "The option `bbb.threads` sets the threads; this machine has",
  parallel::detectCores(), "processors."
)
table_head("work", "first", "second", "first / second")
widest <- stepped[[4L]]
step_name <- "784-1200-1200-10, batch 128, a step"
ratio_row(paste0(step_name, "; its products alone"), widest[1L], widest[3L])
ratio_row(paste0(step_name, "; with two threads"), widest[1L], widest[2L])
ratio_row(
  "784-400-400-10, 10,000 rows, 100 draws; with two threads", predicted[1L], predicted[2L]
)
cat("\n## Memory\n")
paragraph(
  "The most by which a process's resident memory grows during the call, data excluded,",
  "result and copies of data included; the fits are of two epochs. A fit itself is 8",
  "floats a weight with Adam: see `design/fit-is-plain-data.md`."
)
table_head("work", "peak beyond the data", "")
memory_rows()
if (length(left_out)) paragraph("Not installed here, so left out:", toString(left_out))
