# How does bbb do on regression sets with published scores?
#
#   Rscript bench/uci.R --data DIR --out bench/uci.md
#
# DIR holds meta.csv and a folder a set: data.txt, splits.csv.gz and, if there is one,
# *_per_split.csv with another method's scores of the same splits. README.md may hold
# published tables, under lines that begin with "RMSE" and "Test log-likelihood".
# A set may have several outcomes: target_col0 then has their columns, with blanks between.
# Each split is one call of bbb_fit(), the same for every set: nothing is given but the
# hidden units of the protocol, the split's number as the seed, and --fits and --family
# if they are.
#
#   --sets a,b,c    which of meta.csv; all of them if left out
#   --splits 0:19   which splits; all of a set's
#   --fits 5        to bbb_control(); --family gaussian_hetero to bbb_fit()
#   --out FILE      the tables go there, else to the terminal
#   --keep DIR      where uci.csv is kept, a line a split; by default FILE's folder and
#                   name. Splits that are in it with these settings are not run again,
#                   so the script can be stopped and started
#   --fresh         runs them again all the same: after a change of the package
library(bbb)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "options.R"))
source(file.path(here, "tables.R"))
source(file.path(here, "uci_report.R"))

asked <- read_options(list(
  data = NA_character_, sets = NA_character_, splits = NA_character_,
  fits = NA_integer_, family = NA_character_, out = NA_character_,
  keep = NA_character_, fresh = FALSE
))
if (is.na(asked$data)) stop("--data must name the folder with meta.csv", call. = FALSE)

# The density of an outcome is a mean over draws, and the log of a mean of S terms is
# too low by about its relative variance over 2 S. With 1000 draws that is below the
# third decimal, and costs less than the fit.
draws <- 1000L

# ---- data -----------------------------------------------------------------------

read_set <- function(dir, of) {
  table <- as.matrix(utils::read.table(file.path(dir, of$set, "data.txt")))
  splits <- utils::read.csv(file.path(dir, of$set, "splits.csv.gz"))
  target <- scan(text = as.character(of$target_col0), quiet = TRUE) + 1L
  stopifnot(nrow(table) == of$n, ncol(table) == of$n_features + length(target))
  y <- unname(table[, target, drop = FALSE])
  list(x = unname(table[, -target]), y = y, splits = splits)
}

# Training rows are the first of a split's column, counted from zero.
one_split <- function(data, of, k) {
  rows <- data$splits[[k + 1L]] + 1L
  train <- rows[seq_len(of$n_train)]
  test <- rows[-seq_len(of$n_train)]
  settings <- list(hidden = of$n_hidden, seed = k, verbose = FALSE)
  if (!is.na(asked$fits)) settings$fits <- asked$fits
  if (!is.na(asked$family)) settings$family <- asked$family
  began <- proc.time()[["elapsed"]]
  y <- function(rows) data$y[rows, , drop = ncol(data$y) == 1L]
  fit <- do.call(bbb_fit, c(list(data$x[train, ], y(train)), settings))
  seconds <- proc.time()[["elapsed"]] - began
  score <- bbb_score(fit, data$x[test, ], y(test), level = 0.9, draws = draws)
  data.frame(
    set = of$set, outcome = if (is.null(score$outcome)) NA else score$outcome,
    split = k, fits = asked$fits, family = asked$family,
    hidden = of$n_hidden, rmse = score$rmse, ll = score$log_score,
    coverage = score$coverage, seconds = round(seconds, 2L), built = built
  )
}

# ---- what is kept ---------------------------------------------------------------

# When the package that makes a row was built: the report says so if rows differ.
built <- strsplit(utils::packageDescription("bbb")$Built, "; ", fixed = TRUE)[[1L]][3L]

kept_in <- if (!is.na(asked$keep)) {
  file.path(asked$keep, "uci.csv")
} else if (!is.na(asked$out)) {
  paste0(tools::file_path_sans_ext(asked$out), ".csv")
}

# Rows of these settings and, of a split that was run twice, the last.
read_kept <- function() {
  if (is.null(kept_in) || !file.exists(kept_in)) return(NULL)
  kept <- utils::read.csv(kept_in, colClasses = c(family = "character"))
  same <- function(value, wanted) if (is.na(wanted)) is.na(value) else value %in% wanted
  kept <- kept[same(kept$fits, asked$fits) & same(kept$family, asked$family), ]
  kept[!duplicated(kept[c("set", "outcome", "split")], fromLast = TRUE), ]
}

keep <- function(result) {
  if (is.null(kept_in)) return(invisible())
  old <- file.exists(kept_in)
  utils::write.table(
    result, kept_in, append = old, col.names = !old, row.names = FALSE, sep = ",",
    qmethod = "double"
  )
}

# ---- the run --------------------------------------------------------------------

run_set <- function(of, kept) {
  wanted <- seq_len(of$n_splits) - 1L
  if (!is.na(asked$splits)) wanted <- intersect(read_range(asked$splits), wanted)
  have <- kept[kept$set == of$set & kept$split %in% wanted, ]
  missing <- setdiff(wanted, have$split)
  data <- if (length(missing)) read_set(asked$data, of)
  made <- lapply(missing, function(k) {
    result <- one_split(data, of, k)
    keep(result)
    message(of$set, " ", k, ": RMSE ", toString(signif(result$rmse, 3L)),
      ", log-likelihood ", signif(result$ll[1L], 3L), ", ", result$seconds[1L], " s")
    result
  })
  do.call(rbind, c(list(have), made))
}

meta <- utils::read.csv(file.path(asked$data, "meta.csv"))
if (!is.na(asked$sets)) {
  wanted <- strsplit(asked$sets, ",", fixed = TRUE)[[1L]]
  stopifnot("--sets are not all in meta.csv" = wanted %in% meta$set)
  meta <- meta[match(wanted, meta$set), ]
}
kept <- if (!asked$fresh) read_kept()
each <- split(meta, factor(meta$set, meta$set))
results <- do.call(rbind, lapply(each, run_set, kept = kept))

if (!is.na(asked$out)) sink(asked$out)
report(results, meta, asked, draws)
if (!is.na(asked$out)) sink()
