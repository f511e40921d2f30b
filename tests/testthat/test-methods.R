# What R users expect of a fit.

# Printed text without what differs between machines or runs: numbers with a point,
# those of a few lines whatever they are, and runs of spaces.
without_numbers <- function(lines) {
  lines <- gsub(" +", " ", lines)
  lines <- gsub("-?[0-9]+\\.[0-9]+(e[-+]?[0-9]+)?", "<number>", lines)
  lines <- gsub("((ELBO|likelihood|KL|epochs,) )-?[0-9]+", "\\1<number>", lines)
  gsub("^( [1-3] [0-9]+) .*", "\\1 ...", lines)
}

test_that("a fit prints on three lines", {
  expect_snapshot(transform = without_numbers, {
    fits$gaussian
    fits$binomial
    fits$categorical
    quick(waves$x, waves$y, hidden = NULL, noise = 0.5)
    quick(waves$x, waves$y, hidden = c(3, 2), activation = "tanh", max_seconds = 0, batch_size = 5)
  })
})

test_that("a tempered posterior is said to be none wherever a fit is shown", {
  says <- function(x) paste(capture.output(print(x)), collapse = " ")
  for (fits in 1:2) {
    cold <- quick(waves$x, waves$y, temperature = 0.5, fits = fits)
    true <- quick(waves$x, waves$y, fits = fits)

    expect_match(says(cold), "Temperature 0.5, not 1: this is not the posterior", fixed = TRUE)
    expect_match(says(summary(cold)), "0.5, not 1: this is not the posterior", fixed = TRUE)
    expect_no_match(says(true), "emperature")
    expect_no_match(says(summary(true)), "emperature")
  }
})

test_that("print returns the fit invisibly", {
  expect_output(value <- withVisible(print(fits$gaussian)))

  expect_false(value$visible)
  expect_identical(value$value, fits$gaussian)
})

test_that("a summary prints architecture, noise, ELBO and convergence", {
  stopped <- quick(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  expect_snapshot(transform = without_numbers, {
    summary(fits$gaussian)
    summary(quick(waves$x, waves$y, noise = 0.5, prior = prior_normal(), hidden = c(3, 2)))
    summary(fits$categorical)
    print(summary(stopped)$stopped)
  })
})

test_that("a summary has the fields that it documents", {
  fit <- fits$gaussian
  s <- summary(fit)

  expect_s3_class(s, "summary.bbb_fit")
  expect_identical(
    setdiff(
      c("architecture", "family", "prior", "weights", "n", "elbo", "nll", "kl", "noise",
        "epochs", "converged", "stopped", "seconds", "layers"), names(s)
    ), character()
  )
  expect_identical(s$weights, length(fit$mu))
  expect_equal(s$elbo, -(s$nll + s$kl))
  expect_equal(s$elbo, mean(tail(fit$history$elbo, 1)))
  expect_identical(s$layers$weights, c(16L, 5L))
  first <- coef(fit)$layer == 1
  expect_equal(s$layers$sigma[1], median(coef(fit)$sigma[first]))
})

test_that("a summary says what to do when training had not converged", {
  says <- function(fit) paste(capture.output(print(summary(fit))), collapse = " ")

  expect_match(says(fits$gaussian), "fit again with more `epochs`, for example 18\\.")
  expect_match(
    says(quick(waves$x, waves$y, batch_size = 5, max_seconds = 0)), "`bbb_continue\\(\\)` goes on"
  )
  early <- quick(
    waves$x, waves$y, validation = 0.3, epochs = 500, learn_rate = 0.05, patience = 2
  )
  expect_match(says(early), "stopped by the validation score")
  converged <- fits$gaussian
  converged$converged <- TRUE
  expect_false(grepl("fit again", says(converged)))
})

test_that("coef is a data frame of each weight's posterior, in the order of mu", {
  fit <- quick(waves$x, waves$y, hidden = c(3, 2))
  weights <- coef(fit)

  expect_identical(names(weights), c("layer", "from", "to", "mu", "sigma"))
  expect_identical(weights$mu, fit$mu)
  expect_equal(weights$sigma, log1p(exp(fit$rho)))
  expect_identical(as.vector(table(weights$layer)), c(12L, 8L, 3L))
  expect_identical(weights$from[1:4], c("a", "a", "a", "b"))
  expect_identical(weights$to[1:4], c("h1_1", "h1_2", "h1_3", "h1_1"))
  expect_identical(tail(weights$from, 1), "(bias)")
  expect_identical(tail(weights$to, 1), "y")
  expect_identical(unique(coef(fits$categorical)$to[25:27 - 8]), c("high", "low", "mid"))
})

test_that("coef and bbb_gradients() agree on which weight is which", {
  fit <- quick(waves$x, waves$y, hidden = c(3, 2))
  weights <- coef(fit)
  layers <- bbb_gradients(fit, waves$x, waves$y)$mu

  for (i in c(1, 5, 9, 15, 20)) {
    at <- weights[i, ]
    layer <- layers[[at$layer]]
    mu <- if (at$from == "(bias)") layer$bias[[at$to]] else layer$weight[at$from, at$to]
    expect_identical(mu, at$mu)
  }
})

test_that("fitted values are predictions, and residuals what is left", {
  expect_identical(fitted(fits$gaussian), predict(fits$gaussian, waves$x))
  expect_equal(fitted(fits$gaussian) + residuals(fits$gaussian), waves$y)

  expect_identical(fitted(fits$binomial), predict(fits$binomial, pairs$x))
  expect_equal(fitted(fits$binomial) + residuals(fits$binomial), as.numeric(pairs$y))

  indicators <- fitted(fits$categorical) + residuals(fits$categorical)
  expect_identical(fitted(fits$categorical), predict(fits$categorical, trios$x))
  expect_equal(max.col(indicators), as.integer(factor(as.character(trios$y))))
  expect_equal(rowSums(indicators), rep(1, 24))
})

test_that("nobs counts the training rows", {
  expect_identical(nobs(fits$mixed), 24L)
  expect_identical(nobs(quick(waves$x, waves$y, validation = 0.25)), 24L)
})

test_that("formula is the user's, where there was one", {
  expect_equal(formula(quick(log(y) ~ a * f, mixed)), log(y) ~ a * f, ignore_attr = TRUE)
  expect_error(formula(fits$gaussian), "not made from a formula", class = "bbb_error_argument")
})

test_that("softplus neither overflows nor vanishes", {
  expect_equal(softplus(c(-90, 0, 90)), c(exp(-90), log(2), 90))
  expect_identical(softplus(1000), 1000)
})

test_that("a fit that was stopped while the KL rose has not converged", {
  fit <- quick(waves$x, waves$y, epochs = 1e6, max_seconds = 0.3, tolerance = 1e6)
  says <- capture.output(print(summary(fit)))

  expect_false(fit$converged)
  expect_match(paste(says, collapse = " "), "Converged +no.*bbb_continue")
  both <- with_cores(1, quick(
    waves$x, waves$y, epochs = 1e6, max_seconds = 0.3, tolerance = 1e6, fits = 2
  ))
  expect_output(print(both), "stopped by `max_seconds`, 0 converged")
})

test_that("numbers are printed alike whatever the decimal mark", {
  old <- options(OutDec = ",")
  on.exit(options(old))
  big <- quick(rep(1, 2000) * sin(1:2000), cos(1:2000), epochs = 1)

  expect_silent(said <- capture.output(print(big), print(summary(big))))
  expect_match(said[2L], "2.000 rows, 1 epoch (", fixed = TRUE)
})

test_that("one row is not rows", {
  expect_output(print(quick(waves$x[1, , drop = FALSE], 2)), " 1 row, 6 epochs")
})

test_that("many parameters of several fits are shortened as those of one", {
  levels <- factor(1 + (1:24) %% 8, ordered = TRUE)
  both <- with_cores(1, quick(waves$x, levels, fits = 2))
  expect_output(print(both), "3 more")
})
