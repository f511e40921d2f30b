# How much memory does a fit, or a prediction, need at its peak beyond its data? Prints
# bytes. Run by speed.R, each in a process of its own:
#
#   Rscript bench/memory.R fit ROWS EPOCHS WIDTH...
#   Rscript bench/memory.R predict ROWS DRAWS WIDTH...
#
# and of data frames, by formula, for what grows with levels and columns; of these it
# prints the peak of the fit, of a prediction of all rows, and the size of the fit:
#
#   Rscript bench/memory.R levels ROWS LEVELS
#   Rscript bench/memory.R columns ROWS COLUMNS
#
# Counted: all growth of the process's resident memory (VmHWM) from just before the
# call, when package, data and fit are there, to the call's peak. So the result counts,
# and so do copies that the call makes of its data, but not the data themselves.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "timing.R"))

resident <- function(what) {
  line <- grep(paste0("^", what, ":"), readLines("/proc/self/status"), value = TRUE)
  1024 * as.numeric(gsub("[^0-9]", "", line))
}

# Linux starts VmHWM again from the memory in use when a 5 is written here.
forget_peak <- function() {
  invisible(gc(full = TRUE))
  cat("5", file = "/proc/self/clear_refs")
  resident("VmRSS")
}

peak_beyond <- function(work) {
  before <- forget_peak()
  force(work)
  resident("VmHWM") - before
}

arguments <- commandArgs(TRUE)
rows <- as.integer(arguments[2L])
count <- as.integer(arguments[3L])
width <- as.integer(arguments[-(1:3)])

frame_for <- function(kind, rows, count) {
  i <- seq_len(rows)
  x <- if (kind == "levels") {
    data.frame(a = sin(i), f = factor(i %% count))
  } else {
    as.data.frame(matrix(sin(seq_len(rows * count)), rows))
  }
  cbind(x, y = cos(i))
}

if (arguments[1L] %in% c("levels", "columns")) {
  work <- function(data) {
    bbb_fit(y ~ ., data, hidden = 2L, epochs = 1L, samples = 1L, seed = 1L)
  }
  small <- frame_for(arguments[1L], 200L, 10L)
  invisible(predict(work(small), small, draws = 2L))
  data <- frame_for(arguments[1L], rows, count)
  cat("fit", peak_beyond(fit <- work(data)), "\n")
  cat("prediction", peak_beyond(predict(fit, data, draws = 2L)), "\n")
  cat("size", as.numeric(object.size(fit)), "\n")
  quit()
}

# R loads and compiles functions when they are first used: done on a small fit.
small <- fit_for(data_for(200L, c(2, 4, 2)), 128, c(2, 4, 2), 2L)
invisible(predict(small, matrix(0, 2L, 2L), draws = 2))

data <- data_for(rows, width)
if (arguments[1L] == "predict") {
  fit <- fit_for(data_for(1280L, width), 128, width, 1L)
  cat(peak_beyond(predict(fit, data$x, draws = count)), "\n")
} else {
  cat(peak_beyond(fit_for(data, 128, width, count)), "\n")
}
