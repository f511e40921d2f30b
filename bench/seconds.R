# How long does a fit take by default, on one core?
#
#   BBB_DATA=... Rscript bench/seconds.R > bench/seconds.md
#
# BBB_DATA holds uci/, whose first published split of Boston housing is fitted; without
# it there are only the made-up sets. Each row is the median of three calls of bbb_fit()
# with nothing set but the seed, the fitted values included. It is processor time, which
# on an idle machine is the time that passes.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "published.R"))
options(bbb.threads = 1L, mc.cores = 1L)

boston <- function() if (dir.exists(uci)) training_rows("bostonHousing", 0L)

made_up <- function(n, inputs) {
  set.seed(1)
  x <- matrix(stats::rnorm(n * inputs), n)
  list(x = x, y = sin(2 * x[, 1L]) + x[, 2L] * x[, 3L] + stats::rnorm(n, sd = 0.3))
}

report <- function(name, data, ...) {
  if (is.null(data)) return(invisible())
  seconds <- vapply(1:3, function(i) {
    sum(system.time(fit <<- bbb_fit(data$x, data$y, seed = 1, verbose = FALSE, ...))[1:2])
  }, 0)
  steps <- fit$control$epochs * ceiling(fit$n / fit$control$batch_size)
  table_row(name, paste(dim(data$x), collapse = " x "), steps, fit$control$batch_size,
    sprintf("%.2f", stats::median(seconds)))
}

cat("# Seconds of a fit\n\nHow long does a fit take by default, on one core? Made by",
  "`BBB_DATA=... Rscript bench/seconds.R > bench/seconds.md`: medians of three calls of",
  "`bbb_fit(x, y, seed = 1)`, processor time.\n\n")
table_row("data", "rows x predictors", "steps of a fit", "rows of a step", "seconds")
table_row(rep("---", 5L))
report("Boston housing, training rows", boston())
report("the same, `fits = 5`", boston(), fits = 5)
report("made up", made_up(10000L, 10L))
report("made up, 200000 rows", made_up(200000L, 10L))
