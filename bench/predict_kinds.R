# What kinds of prediction cost beside `type = "response"`.
#
#   Rscript bench/predict_kinds.R [library of an earlier version] > bench/predict_kinds.md
#
# CPU seconds of one thread, the median of three turns; the versions take turns in
# processes of their own, on the same machine. An interval and a score need quantiles
# of a mixture of 200 distributions a row; the smaller the network, the more they
# weigh beside the forward pass.

tasks <- list(
  small = list(D = 13, hidden = 50, n = 5000),
  default = list(D = 30, hidden = c(50, 50), n = 5000),
  large = list(D = 20, hidden = c(200, 200), n = 5000)
)
families <- c("gaussian", "binomial", "poisson", "student_t", "categorical")

cpu <- function(code) {
  code <- substitute(code)
  frame <- parent.frame()
  eval(code, frame)
  stats::median(vapply(1:3, function(i) {
    before <- sum(proc.time()[1:2])
    eval(code, frame)
    sum(proc.time()[1:2]) - before
  }, 0))
}

outcome <- function(family, f) {
  n <- length(f)
  switch(family,
    gaussian = f + stats::rnorm(n) / 3, student_t = f + stats::rt(n, 4) / 3,
    binomial = factor(f + stats::rlogis(n) > 0), poisson = stats::rpois(n, exp(1 + f / 3)),
    categorical = factor(sample(letters[1:4], n, TRUE))
  )
}

timings <- function(task, family) {
  set.seed(1)
  x <- matrix(stats::rnorm(task$n * task$D), task$n)
  y <- outcome(family, x[, 1] + sin(x[, 2]))
  fit <- bbb::bbb_fit(
    x, y, family = family, hidden = task$hidden, epochs = 3, seed = 1, verbose = FALSE
  )
  ordered <- family != "categorical"
  c(
    response = cpu(predict(fit, x)),
    interval = if (ordered) cpu(predict(fit, x, type = "interval")) else NA,
    score = cpu(bbb::bbb_score(fit, x, y)),
    residuals = if (ordered) cpu(residuals(fit, "quantile", x, y)) else NA
  )
}

one_turn <- function() {
  options(bbb.threads = 1L)
  rows <- expand.grid(task = names(tasks), family = families, stringsAsFactors = FALSE)
  times <- t(mapply(function(task, family) timings(tasks[[task]], family), rows$task, rows$family))
  cbind(rows, times)
}

in_library <- function(library, script) {
  out <- tempfile()
  env <- c(paste0("R_LIBS=", library), "BBB_TURN=1")
  system2("Rscript", c(script, out), env = env)
  readRDS(out)
}

report <- function(rows, title) {
  cat("\n## ", title, "\n\n", sep = "")
  cat("| network | family | response, s | interval | score | quantile residuals |\n")
  cat("|---|---|---|---|---|---|\n")
  ratio <- function(x, i) if (is.na(x[i])) "" else sprintf("%.2f", x[i] / rows$response[i])
  for (i in seq_len(nrow(rows))) {
    cat(sprintf(
      "| %s | %s | %.3f | %s | %s | %s |\n", rows$task[i], rows$family[i], rows$response[i],
      ratio(rows$interval, i), ratio(rows$score, i), ratio(rows$residuals, i)
    ))
  }
}

args <- commandArgs(TRUE)
if (nzchar(Sys.getenv("BBB_TURN"))) {
  saveRDS(one_turn(), args[1L])
} else {
  script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  cat("# What kinds of prediction cost\n\nMade by `bench/predict_kinds.R`: CPU seconds of")
  cat(" `response` on one thread, and the cost of the others as multiples of it.\n")
  cat("5000 rows and 200 draws; small is 13-50-1, default 30-50-50-1, large 20-200-200-1.\n")
  now <- in_library(.libPaths()[1L], script)
  if (length(args)) {
    before <- in_library(args[1L], script)
    report(before, "Before")
    report(now, "Now")
    cat("\n## Seconds, before over now\n\n")
    cat("| network | family | response | interval | score | quantile residuals |\n")
    cat("|---|---|---|---|---|---|\n")
    kinds <- c("response", "interval", "score", "residuals")
    for (i in seq_len(nrow(now))) {
      x <- unlist(before[i, kinds]) / unlist(now[i, kinds])
      cells <- paste(ifelse(is.na(x), "", sprintf("%.1f", x)), collapse = " | ")
      cat("|", now$task[i], "|", now$family[i], "|", cells, "|\n")
    }
  } else {
    report(now, "Now")
  }
}
