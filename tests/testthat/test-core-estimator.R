# The estimators of the gradient: each has the mean of the paper's, and ends at the
# exact limit; two have less noise.

# Mean of the gradient over many steps, and the standard error of that mean.
gradient_of <- function(problem, steps = 4000, kl_weight = 0.5, samples = 1,
                        antithetic = FALSE, step = 0) {
  how <- list(
    steps = steps, samples = samples, kl_weight = kl_weight, antithetic = antithetic
  )
  got <- native_test_gradient(
    core_model(problem$model), problem$theta, core_data(problem$x, problem$y),
    core_source("train", step), how
  )
  variance <- pmax(got$mean_square - got$mean^2, 0)
  list(mean = got$mean, se = sqrt(variance / steps), variance = variance)
}

estimated <- function(problem, estimator, kl = problem$model$kl) {
  problem$model$estimator <- estimator
  problem$model$kl <- kl
  problem
}

# Thousands of coordinates are compared: none may be off by 6 standard errors, which
# chance does to one in 500 million.
expect_same_mean <- function(got, want) {
  se <- sqrt(got$se^2 + want$se^2)
  off <- abs(got$mean - want$mean) / pmax(se, 1e-5 * max(abs(want$mean)))
  testthat::expect(max(off) < 6, sprintf("off by %.1f standard errors", max(off)))
}

for (isa in isas_here()) {
  test_that(paste("every estimator has the mean gradient of the paper's:", isa), {
    local_isa(isa)
    set.seed(1)
    for (prior in c("normal", "mixture", "laplace", "student")) {
      for (task in c("learned", "binomial", "categorical")) {
        problem <- new_problem("tanh", task, prior, c(4L, 3L), rho = -1, n = 20L)
        want <- gradient_of(problem)
        for (estimator in c("flipout", "local")) {
          for (kl in c("sampled", "auto")) {
            got <- gradient_of(estimated(problem, estimator, kl), step = 1e5)
            expect_same_mean(got, want)
          }
        }
        expect_same_mean(gradient_of(estimated(problem, "shared", "auto"), step = 2e5), want)
        pairs <- gradient_of(problem, 2000, samples = 2, antithetic = TRUE, step = 3e5)
        expect_same_mean(pairs, want)
      }
    }
  })
}

test_that("a wrong mean is seen", {
  set.seed(1)
  problem <- new_problem("tanh", "learned", "normal", c(4L, 3L), rho = -1, n = 20L)
  want <- gradient_of(problem)
  got <- want
  got$mean[1] <- -got$mean[1]
  expect_failure(expect_same_mean(got, want))
})

test_that("row by row noise is less noise", {
  set.seed(2)
  problem <- new_problem("relu", "learned", "normal", 20L, rho = -3, D = 5L, n = 200L)
  noise <- vapply(c("shared", "flipout", "local"), function(estimator) {
    mean(gradient_of(estimated(problem, estimator, "auto"), 500)$variance)
  }, 0)
  expect_lt(noise[["flipout"]], noise[["shared"]] / 5)
  expect_lt(noise[["local"]], noise[["shared"]] / 5)
})

test_that("an antithetic pair of a linear model's draws has the exact gradient in mu", {
  set.seed(3)
  problem <- new_problem("relu", "known", "normal", integer(), rho = -1)
  problem$model$kl <- "auto"
  mu <- seq_len(n_weights(problem$model$widths))
  got <- gradient_of(problem, 50, samples = 2, antithetic = TRUE)
  expect_lt(max(got$se[mu]), 1e-5 * max(abs(got$mean)))
})

test_that("fits by each estimator go on with the same bits, and differ", {
  fit <- function(...) quick(waves$x, waves$y, epochs = 6, schedule = "constant", ...)
  mus <- lapply(c("shared", "flipout", "local"), function(estimator) {
    whole <- fit(estimator = estimator)
    half <- quick(waves$x, waves$y, epochs = 3, schedule = "constant", estimator = estimator)
    more <- bbb_continue(half, waves$x, waves$y, epochs = 3)
    expect_identical(more$mu, whole$mu)
    whole$mu
  })
  expect_false(identical(mus[[1]], mus[[2]]) || identical(mus[[2]], mus[[3]]))
})
