# Fits edited by hand, at random: each field dropped, retyped, resized, damaged or
# swapped with another. Whatever is asked of them is the right answer or a `bbb_error`.

edited_cases <- function() {
  x <- waves$x
  y <- waves$y
  counts <- round(y)
  case <- function(x, y, ..., more = NULL) {
    list(fit = suppressMessages(quick(x, y, hidden = 2, epochs = 8, ...)), x = x, y = y, more = more)
  }
  d <- transform(mixed, w = 1:24)
  cases <- list(
    gaussian = case(x, y), several = case(x, cbind(u = y, v = x[, 1])), hetero = case(x, y, family = "gaussian_hetero"),
    t = case(x, y, family = "student_t", prior = prior_student()), binomial = case(x, pairs$y, validation = 0.2),
    trials = case(x, cbind(counts, 3), family = "binomial"), classes = case(x, trios$y, class_weights = "balanced"),
    ordinal = case(x, factor(1:24 %% 4, ordered = TRUE)), poisson = case(x, counts, family = "poisson", offset = x[, 2], more = list(offset = x[, 2])),
    weibull = case(x, cbind(y, rep(1:0, 12)), family = "weibull"), lognormal = case(x, y, family = "lognormal", noise = NULL),
    noise = case(x, y, noise = 0.5, prior = prior_normal(c(1, 2))), both = case(x, y, fits = 2),
    voted = case(x, trios$y, fits = 2, validation = 0.3)
  )
  by_formula <- function(...) list(fit = quick(..., data = d, hidden = 2, epochs = 8), x = d)
  cases$formula <- by_formula(y ~ a + f + s:l)
  cases$weighted <- by_formula(log(y) ~ a * f + offset(b), weights = w, validation = 0.2)
  cases$updated <- within(cases$gaussian, fit <- bbb_update(fit, x, y, epochs = 8, seed = 2))
  cases
}

# Complaints about so many edits.
complaints_of <- function(numbers, every = FALSE) {
  cases <- edited_cases()
  wants <- lapply(cases, function(case) lapply(asks_of(case), outcome_of, case$fit))
  unlist(lapply(numbers, function(i) {
    at <- 1L + i %% length(cases)
    case <- cases[[at]]
    edit <- edit_fit(case$fit, i)
    asks <- asks_of(case)
    # what takes long is asked of some
    if (!every && i %% 6L) asks$plot <- NULL
    if (!every && i %% 3L) asks[c("continue", "update")] <- NULL
    lapply(names(asks), function(name) {
      wrong <- wrong_with(outcome_of(asks[[name]], edit$fit), wants[[at]][[name]], edit)
      if (!is.null(wrong)) paste(i, names(cases)[at], edit$what, "|", name, wrong)
    })
  }))
}

test_that("edited fits answer rightly or not at all", {
  many <- identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")
  on_null_device(wrong <- complaints_of(seq_len(if (many) 2000 else 150), many))
  expect(!length(wrong), paste(wrong, collapse = "\n"))
})

test_that("the check of edited fits can fail", {
  edit <- list(valid = FALSE, how = "retype")
  expect_match(wrong_with(list(error = simpleError("a")), list(value = 1), edit), "raw error")
  expect_match(wrong_with(list(value = 2), list(value = 1), edit), "another answer")
})
