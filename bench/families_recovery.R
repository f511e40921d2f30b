# Does each family find what made its data? The second part of families.R: sourced by
# it; runs nothing.

# Linear in a and b on the scale of the link, c without a part in it.
slopes <- c(a = 0.7, b = -0.4, c = 0)
level <- 0.3

# What each family learns beside the network, under the names of fit$parameters.
own_parameters <- list(
  gaussian = c("noise sd" = 0.5), student_t = c(scale = 0.3, df = 4),
  ordinal = c("low|mid" = cuts[1L], "mid|high" = cuts[2L]),
  negbinomial = c(dispersion = 0.5), gamma = c(shape = 3), lognormal = c("sd of log" = 0.5),
  weibull = c(scale = 0.5), loglogistic = c(scale = 1 / 3)
)

# The slopes of an output of a linear fit, and its level at 0, read off the link.
linear_parts <- function(link) {
  stats::setNames(c(link[2:4] - link[1L], link[1L]), c(names(slopes), "level"))
}

probe <- data.frame(a = c(0, 1, 0, 0), b = c(0, 0, 1, 0), c = c(0, 0, 0, 1))

# Classes are told apart by differences of scores, ordered ones by cutpoints less score.
recovered <- function(family, k) {
  data <- simulated(family, k, 500, function(a, b) level + slopes[["a"]] * a + slopes[["b"]] * b)
  fit <- bbb_fit(
    formula_of(family), data, family = sub("trials", "binomial", family),
    hidden = integer(0), seed = k, verbose = FALSE
  )
  link <- as.matrix(predict(fit, probe, "link"))
  if (family == "categorical") link <- link[, -1L] - link[, 1L]
  parts <- linear_parts(link[, 1L])
  second <- if (ncol(link) == 2L) linear_parts(link[, 2L])
  own <- fit$parameters
  if (family == "ordinal") {
    own <- own - parts[["level"]] + level
    parts[["level"]] <- level
  }
  c(parts, second, own)
}

truth_of <- function(family) {
  second <- switch(family,
    gaussian_hetero = c(a = 0.5, b = 0, c = 0, level = -1),
    categorical = c(a = 1, b = 0, c = 0, level = 0)
  )
  if (length(second)) {
    what <- if (family == "categorical") "of class 3" else "of log sd"
    names(second) <- paste(names(second), what)
  }
  c(slopes, level = level, second, own_parameters[[family]])
}

recovery_rows <- function(family, sets) {
  truth <- truth_of(family)
  found <- vapply(seq_len(sets), function(k) recovered(family, k), numeric(length(truth)))
  spread <- apply(found, 1L, stats::sd)
  bias <- rowMeans(found) - truth
  # ordered classes have no level of their own
  shown <- which(family != "ordinal" | names(truth) != "level")
  for (i in shown) {
    table_row(
      if (i == 1L) sub("trials", "binomial, of trials", family) else "",
      gsub("|", "\\|", names(truth)[i], fixed = TRUE),
      number(truth[i]), number(mean(found[i, ])), number(spread[i] / sqrt(sets)),
      number(spread[i]), if (abs(bias[i]) < spread[i]) "yes" else "**no**"
    )
  }
  (abs(bias) < spread)[shown]
}

recovery_table <- function(sets, wanted) {
  cat("## What made the data\n\n")
  say(
    "Outcomes simulated around a linear predictor, and linear fits to them",
    "(`hidden = integer(0)`, all else by default): means over", sets, "sets of 500 rows,",
    "with their standard error and the spread of a single estimate. A row holds where the",
    "bias is smaller than that spread. The prior draws slopes a little to 0; it learns how",
    "much from the data. Classes: difference of scores to the first class."
  )
  table_row("family", "parameter", "truth", "mean", "s.e.", "s.d.", "holds")
  table_row("---", "---", rep("---:", 4), "---")
  families <- names(rivals)[wanted(sub("trials", "binomial", names(rivals)))]
  ok <- unlist(lapply(families, recovery_rows, sets = sets))
  cat("\n", sum(ok), " of ", length(ok), " hold.\n", sep = "")
}
