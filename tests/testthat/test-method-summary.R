# The summary of a fit, and how it is printed.

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
