# How much memory does a fit, or a prediction, need at its peak beyond its data? Prints
# bytes. Run by speed.R, each in a process of its own:
#
#   Rscript bench/memory.R fit ROWS EPOCHS WIDTH...
#   Rscript bench/memory.R predict ROWS DRAWS WIDTH...
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
