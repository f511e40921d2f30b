# How well does each family predict, beside the model that R users fit to such outcomes,
# and does it find what made its data?
#
#   Rscript bench/families.R > bench/families.md
#
#   --splits 20         of each data set, and simulated sets of each family
#   --only poisson      one family alone
#   --tables real,bent,recovery     some of the three tables alone
#
# Of each of 20 random splits a fifth of the rows is scored: mean log predictive density
# of a row, in nats. Defaults on both sides, the rival gets the same formula, and the
# difference is of the same splits.
library(bbb)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
for (file in c("options", "tables", "families_rivals", "families_data", "families_recovery")) {
  source(file.path(here, paste0(file, ".R")))
}
asked <- read_options(list(
  splits = 20L, only = NA_character_, tables = "real,bent,recovery"
))
tables <- strsplit(asked$tables, ",", fixed = TRUE)[[1L]]
wanted <- function(families) {
  if (is.na(asked$only)) rep(TRUE, length(families)) else families == asked$only
}

# The log of a mean of S densities is too low by about their relative variance over 2 S.
draws <- 1000L

split_scores <- function(task, k, ...) {
  data <- droplevels(task$data(k))
  set.seed(k)
  scored <- seq_len(nrow(data)) %in% sample(nrow(data), nrow(data) %/% 5)
  fit <- bbb_fit(
    task$formula, data[!scored, ], family = task$family, seed = k, verbose = FALSE, ...
  )
  c(
    nrow(data), bbb_score(fit, data[scored, ], draws = draws)$log_score,
    mean(task$rival(task$formula, data[!scored, ], data[scored, ]))
  )
}

number <- function(x, digits = 3) formatC(x, digits = digits, format = "f")

# list(scores, difference, error, n) over so many splits.
compare <- function(task, splits, ...) {
  scores <- vapply(seq_len(splits), function(k) split_scores(task, k, ...), numeric(3))
  difference <- scores[2L, ] - scores[3L, ]
  list(
    n = scores[1L], scores = rowMeans(scores[-1L, ]), difference = mean(difference),
    error = stats::sd(difference) / sqrt(splits)
  )
}

# Which of the tasks hold: TRUE where the difference is what `holds` asks of it.
compare_all <- function(tasks, holds) {
  table_row("family", "data", "rows", "bbb", "rival", "difference", "s.e.", "holds")
  table_row("---", "---", rep("---:", 5), "---")
  ok <- vapply(tasks, function(task) {
    got <- compare(task, asked$splits)
    as_asked <- holds(got$difference, got$error)
    table_row(
      task$label, task$name, got$n, number(got$scores), number(got$difference),
      number(got$error), if (as_asked) "yes" else "**no**"
    )
    as_asked
  }, NA)
  cat("\n", sum(ok), " of ", length(ok), " hold.\n\n", sep = "")
  invisible(ok)
}

# Of rows that do not hold: how much is it over more splits, and with other settings?
look_closer <- function(tasks) {
  if (!length(tasks)) return(invisible())
  splits <- 5L * asked$splits
  cat("What does not hold, over", splits, "splits, with what else a user may ask for:\n\n")
  table_row("family", "data", "settings", "difference", "s.e.")
  table_row("---", "---", "---", "---:", "---:")
  settings <- list(
    "the defaults" = list(), "`hidden = integer(0)`" = list(hidden = integer(0)),
    "`fits = 5`" = list(fits = 5)
  )
  for (task in tasks) for (name in names(settings)) {
    got <- do.call(compare, c(list(task, splits), settings[[name]]))
    table_row(task$label, task$name, name, number(got$difference), number(got$error))
  }
  cat("\n")
  say(
    "Where the fit without hidden units is as good as the rival, the rival's form is the",
    "truth, or near it: in Insurance, a table of three factors, their effects add up on",
    "the log scale (residual deviance 51 on 54 degrees of freedom). Hidden units then",
    "have nothing to find, and some fifty rows are few to learn that from."
  )
}

say <- function(...) cat(strwrap(paste(...), 89), "", sep = "\n")

cat("# Families\n\n")
say(
  "Made by `Rscript bench/families.R > bench/families.md` with bbb",
  format(utils::packageVersion("bbb")), "and", paste0(R.version.string, ":"),
  "one call of `bbb_fit(formula, data)` a split, with the family and a seed alone."
)
if ("real" %in% tables) {
  cat("## Real data\n\n")
  say(
    "Mean log predictive density of a held-out row, in nats, over", asked$splits,
    "random splits that hold out a fifth of the rows. Rivals: `lm()`, linear models with",
    "t or varying noise by maximum likelihood, `glm()`, `nnet::multinom()`,",
    "`MASS::polr()`, `MASS::glm.nb()`, `survival::survreg()`, with the same formula.",
    "A class that a rival gives less probability counts as one in a million; penalised:",
    "with `decay = 1`, of standardised columns. A row",
    "holds where bbb is at least as good within 2 standard errors. These take the",
    "splits as independent; allowing for the rows that they share",
    "(Nadeau and Bengio 2003) makes them",
    number(sqrt(1 + asked$splits / 4), 1), "times as large, and a row hold more easily."
  )
  tasks <- real[wanted(vapply(real, `[[`, "", "family"))]
  look_closer(tasks[!compare_all(tasks, function(d, se) d >= -2 * se)])
}
if ("bent" %in% tables) {
  cat("## Where the truth bends\n\n")
  say(
    "The same of outcomes simulated around `sin(2 a) + b^2 / 2 - 0.5`, each family's",
    "own distribution about it, with `c` that says nothing: another set of 500 rows for",
    "each split, so that they are independent. A row holds where bbb is better by more",
    "than 2 standard errors."
  )
  tasks <- bent[wanted(vapply(bent, `[[`, "", "family"))]
  compare_all(tasks, function(d, se) d > 2 * se)
}
if ("recovery" %in% tables) recovery_table(asked$splits, wanted)
