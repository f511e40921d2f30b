# How a fit is printed.

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

test_that("many parameters of several fits are shortened as those of one", {
  levels <- factor(1 + (1:24) %% 8, ordered = TRUE)
  both <- with_cores(1, quick(waves$x, levels, fits = 2))
  expect_output(print(both), "3 more")
})

test_that("print() says what the likelihood counts where it is not the rows", {
  expect_output(print(quick(waves$x, waves$y, weights = rep(2, 24))), "24 rows of total weight 48")
  expect_output(print(quick(waves$x, waves$y)), "24 rows, 6 epochs")
})

test_that("an ensemble and its summary print", {
  lines <- capture.output(value <- withVisible(print(trio)))
  expect_false(value$visible)
  expect_identical(value$value, trio)
  expect_length(lines, 3L)
  expect_match(lines[2], "^3 fits of 21 weights, 24 rows, 6 epochs \\(0 converged\\)$")
  expect_match(lines[3], "^ELBO -?[0-9.]+ nats on average \\(.* to .*\\), noise sd .* to ")

  summary <- summary(trio)
  expect_identical(summary$elbo, mean(summary$members$elbo))
  expect_identical(
    summary$members$elbo, vapply(1:3, \(i) summary(member_fit(trio, i))$elbo, 0)
  )
  expect_identical(summary$fits, 3L)
  expect_false(summary$converged)
  expect_identical(summary$layers$weights, c(16L, 5L))
  expect_equal(summary$noise, mean(vapply(trio$members, `[[`, 0, "noise")))
  lines <- capture.output(print(summary))
  expect_match(lines, "a mean and a sd each, in 3 fits", all = FALSE)
  expect_match(lines, "nats on average", all = FALSE)
  expect_match(lines, "^Converged +no, 0 of 3", all = FALSE)
  expect_length(summary(three_fits(pairs$x, pairs$y))$parameters, 0L)
  ordered <- factor(trios$y, ordered = TRUE)
  expect_output(print(summary(three_fits(trios$x, ordered))), "Parameters")
  expect_output(print(three_fits(pairs$x, pairs$y)), "^Bayesian.*on average \\([^,]*\\)$")
})
