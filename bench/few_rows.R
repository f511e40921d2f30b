# How much too wide are the intervals of few rows?
#
#   Rscript bench/few_rows.R > bench/few_rows.md
#
# A sine of one predictor, observed on two sides of a hole, noise sd 0.2; eight data
# sets and fits of each size, with the defaults and with 8 tanh units, counted on 4000
# new outcomes where there are data. About 30 s.
library(bbb)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))

truth <- function(x) 1.5 * sin(1.5 * x)
observe <- function(x) data.frame(x = x, y = truth(x) + rnorm(length(x), sd = 0.2))
two_sides <- function(n) c(runif(n / 2, -2.2, -0.7), runif(n / 2, 0.7, 2.2))

one_fit <- function(n, seed, settings) {
  set.seed(seed)
  train <- observe(two_sides(n))
  fresh <- observe(two_sides(4000))
  fit <- do.call(bbb_fit, c(list(y ~ x, train, seed = seed, verbose = FALSE), settings))
  mean <- predict(fit, fresh, type = "uncertainty")
  c(
    coverage_90 = bbb_score(fit, fresh)$coverage,
    coverage_50 = bbb_score(fit, fresh, level = 0.5)$coverage,
    noise = fit$noise, epistemic = mean(mean$sd_epistemic),
    error = sqrt(mean((mean$mean - truth(fresh$x))^2))
  )
}

cat("# Intervals of few rows\n")
paragraph(
  "How much too wide are they? Made by `Rscript bench/few_rows.R`. Means of eight data",
  "sets; outcomes have a noise sd of 0.2. Coverage of 4000 new outcomes where there are",
  "data."
)
table_head(
  "network", "rows", "inside 90 %", "inside 50 %", "noise learned", "epistemic sd",
  "error of the mean"
)
networks <- list("32 relu" = list(), "8 tanh" = list(hidden = 8, activation = "tanh"))
for (name in names(networks)) {
  for (n in c(20, 50, 100, 200, 400, 1000, 4000)) {
    each <- vapply(1:8, one_fit, numeric(5), n = n, settings = networks[[name]])
    mean <- rowMeans(each)
    table_row(
      name, n, sprintf("%.1f %%", 100 * mean[1]), sprintf("%.1f %%", 100 * mean[2]),
      sprintf("%.3f", mean[3]), sprintf("%.3f", mean[4]), sprintf("%.3f", mean[5])
    )
  }
}
