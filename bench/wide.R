# Do wide and short data score as well with the steps, draws and estimator that are
# chosen by the work as with the usual ones, and how much less time do they take?
#
#   Rscript bench/wide.R LOG > bench/wide.md
#
# LOG keeps a line for each fit, so that a run that was stopped goes on; without it there
# is bench/wide.log. The packages pls and modeldata have the real sets; without them
# there are only the made-up ones. Nothing is set but the seed; the usual settings, as
# they are for a small network, are given by hand. Seconds are processor time of one
# core. `Rscript bench/wide.R LOG report > bench/wide.md` only prints.
library(bbb)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
options(bbb.threads = 1L)
args <- c(commandArgs(TRUE), file.path(here, "wide.log"))
log_file <- args[1L]
columns <- c("set", "rows", "columns", "k", "usual", "seconds", "rmse", "log_score",
  "steps", "converged")

# ---- data --------------------------------------------------------------------

# Curves over p wavelengths: five peaks whose heights are drawn, and noise.
spectra <- function(n, p) {
  heights <- matrix(stats::rexp(5 * n), n)
  at <- stats::runif(5)
  width <- stats::runif(5, 0.03, 0.15)
  grid <- seq(0, 1, length.out = p)
  peaks <- t(vapply(1:5, function(j) stats::dnorm(grid, at[j], width[j]), grid))
  x <- heights %*% peaks + stats::rnorm(n * p, sd = 0.05)
  list(x = x, y = 3 * heights[, 1L] - 2 * heights[, 2L] + stats::rnorm(n, sd = 0.3))
}

# Three of p columns, which do not know of each other, are at work.
three <- function(kind) {
  function(n, p) {
    x <- matrix(stats::rnorm(n * p), n)
    linear <- drop(x[, 1:3] %*% c(3, -2, 1))
    y <- switch(kind,
      line = linear + stats::rnorm(n),
      curves = 3 * sin(1.5 * x[, 1L]) + x[, 2L]^2 + x[, 3L] + stats::rnorm(n, sd = 0.5),
      classes = factor(stats::rbinom(n, 1L, stats::plogis(linear)))
    )
    list(x = x, y = y)
  }
}

made_up <- list(
  line = three("line"), curves = three("curves"), classes = three("classes"),
  spectra = spectra
)

packaged <- function(package, name) {
  if (!requireNamespace(package, quietly = TRUE)) return(NULL)
  frame <- new.env()
  utils::data(list = name, package = package, envir = frame)
  frame[[name]]
}

real <- list(
  gasoline = function() {
    d <- packaged("pls", "gasoline")
    if (!is.null(d)) list(x = unclass(d$NIR), y = d$octane)
  },
  yarn = function() {
    d <- packaged("pls", "yarn")
    if (!is.null(d)) list(x = unclass(d$NIR), y = d$density)
  },
  speech = function() {
    d <- packaged("modeldata", "pd_speech")
    if (!is.null(d)) list(x = as.matrix(d[names(d) != "class"]), y = d$class)
  }
)

made_up_split <- function(name, n, p, k) {
  set.seed(k)
  d <- made_up[[name]](n + 1000L, p)
  split_at(d, seq_len(n))
}

real_split <- function(name, k) {
  d <- real[[name]]()
  if (is.null(d)) return(NULL)
  set.seed(k)
  split_at(d, sample(length(d$y), floor(0.8 * length(d$y))))
}

split_at <- function(d, seen) {
  list(
    x = d$x[seen, , drop = FALSE], y = d$y[seen],
    x_new = d$x[-seen, , drop = FALSE], y_new = d$y[-seen]
  )
}

# ---- fits --------------------------------------------------------------------

# What the defaults are where the work is small.
usual <- function(n) {
  batch <- min(32, max(8, n %/% 10))
  list(
    batch_size = batch, samples = min(8, ceiling(400 / n)),
    epochs = min(5000, max(30, ceiling(24000 / ceiling(n / batch)))), estimator = "shared"
  )
}

fit_and_score <- function(parts, k, settings) {
  seconds <- system.time(
    fit <- do.call(bbb_fit, c(
      list(parts$x, parts$y, seed = k, verbose = FALSE), settings
    ))
  )[["user.self"]]
  got <- bbb_score(fit, parts$x_new, parts$y_new, draws = 200)
  data.frame(
    seconds = seconds, rmse = if (is.null(got$rmse)) NA else got$rmse,
    log_score = got$log_score, steps = fit$state$counters[["step"]],
    converged = fit$converged
  )
}

known <- function() {
  if (!file.exists(log_file)) return(NULL)
  stats::setNames(utils::read.table(log_file), columns)
}

run <- function(set, parts, k) {
  if (is.null(parts)) return(invisible())
  n <- length(parts$y)
  for (is_usual in c(TRUE, FALSE)) {
    key <- data.frame(set = set, rows = n, columns = ncol(parts$x), k = k, usual = is_usual)
    before <- known()
    if (!is.null(before) && nrow(merge(key, before))) next
    got <- fit_and_score(parts, k, if (is_usual) usual(n) else list())
    line <- cbind(key, got)[columns]
    utils::write.table(
      line, log_file, append = TRUE, row.names = FALSE, col.names = FALSE, quote = FALSE
    )
  }
}

if (!"report" %in% args) {
  for (k in 1:4) {
    for (p in c(100L, 400L, 1000L)) for (n in c(60L, 200L)) for (set in names(made_up)) {
      run(set, made_up_split(set, n, p, k), k)
    }
    for (set in names(real)) for (split in 2L * k + 0:1) {
      run(set, real_split(set, split), split)
    }
  }
}

# ---- report ------------------------------------------------------------------

cat("# Wide and short data\n")
paragraph(
  "Do wide and short data score as well with the steps, draws and estimator that are",
  "chosen by the work as with the usual ones, and how much less time do they take? Made by",
  "`Rscript bench/wide.R LOG > bench/wide.md`, which says what is fitted. *line*,",
  "*curves* and *classes* have three columns at work, *spectra* all of them; they are",
  "scored on 1000 further rows, the real sets on a fifth of theirs. Each cell is",
  "\"usual / by the work\", the mean over the fits; the last column is the mean",
  "difference of the log score, by the work less usual, and its standard error where",
  "there are several fits."
)
table_head("set", "rows", "columns", "fits", "seconds", "steps", "RMSE", "log score",
  "gain")
both <- known()
groups <- unique(both[c("set", "rows", "columns")])
for (i in seq_len(nrow(groups))) {
  these <- merge(groups[i, ], both)
  pairs <- merge(
    these[these$usual, ], these[!these$usual, ],
    by = c("set", "rows", "columns", "k"), suffixes = c(".usual", ".work")
  )
  if (!nrow(pairs)) next
  cell <- function(name, digits) {
    values <- vapply(paste0(name, c(".usual", ".work")), function(column) {
      mean(pairs[[column]])
    }, 0)
    if (anyNA(values)) "" else paste(formatC(values, digits, format = "f"), collapse = " / ")
  }
  gain <- pairs$log_score.work - pairs$log_score.usual
  table_row(
    unlist(groups[i, ]), nrow(pairs), cell("seconds", 1), cell("steps", 0),
    cell("rmse", 2), cell("log_score", 2),
    paste0(sprintf("%.2f", mean(gain)), if (length(gain) > 1L) {
      sprintf("±%.2f", stats::sd(gain) / sqrt(length(gain)))
    })
  )
}
