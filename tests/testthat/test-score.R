# Scores, against the same worked out by hand from the draws.

by_hand <- function(fit, x, density) {
  draws <- predict(fit, x, type = "draws")
  mean(log(colMeans(density(draws))))
}

test_that("a gaussian score is the mixture's log density, RMSE and coverage", {
  fit <- fits$gaussian
  score <- bbb_score(fit, waves$x, waves$y, level = 0.5)
  interval <- predict(fit, waves$x, "interval", level = 0.5)
  density <- function(draws) dnorm(rep(waves$y, each = nrow(draws)), draws, fit$noise)

  expect_identical(names(score), c("n", "log_score", "rmse", "coverage"))
  expect_identical(score$n, 24L)
  expect_equal(
    score$log_score, by_hand(fit, waves$x, function(d) array(density(d), dim(d))),
    tolerance = 1e-5
  )
  expect_equal(score$rmse, sqrt(mean((waves$y - interval[, "fit"])^2)))
  inside <- waves$y >= interval[, "lwr"] & waves$y <= interval[, "upr"]
  expect_identical(score$coverage, mean(inside))
})

test_that("a binomial score is the mean log probability and the error", {
  fit <- fits$binomial
  score <- bbb_score(fit, pairs$x, pairs$y)
  p <- predict(fit, pairs$x)

  expect_identical(names(score), c("n", "log_score", "error"))
  expect_equal(score$log_score, mean(log(ifelse(pairs$y, p, 1 - p))), tolerance = 1e-6)
  expect_identical(score$error, mean((p > 0.5) != pairs$y))
})

test_that("a categorical score is the mean log probability and the error", {
  fit <- fits$categorical
  score <- bbb_score(fit, trios$x, trios$y)
  p <- predict(fit, trios$x)

  expect_equal(
    score$log_score, mean(log(p[cbind(1:24, match(trios$y, colnames(p)))])), tolerance = 1e-6
  )
  expect_identical(score$error, mean(predict(fit, trios$x, "class") != as.character(trios$y)))
})

test_that("a score is in the outcome's own units", {
  fit <- quick(waves$x, 100 * waves$y)
  score <- bbb_score(fit, waves$x, 100 * waves$y)
  in_units <- bbb_score(fits$gaussian, waves$x, waves$y)

  expect_equal(score$rmse, 100 * in_units$rmse, tolerance = 1e-5)
  expect_equal(score$log_score, in_units$log_score - log(100), tolerance = 1e-5)
  expect_identical(score$coverage, in_units$coverage)
})

test_that("outcomes of any size are scored without overflow", {
  fit <- quick(waves$x, 1e250 * waves$y)

  expect_true(all(is.finite(unlist(bbb_score(fit, waves$x, 1e250 * waves$y)))))
})

test_that("a formula's outcome is in its data, or given", {
  expect_identical(
    bbb_score(fits$mixed, mixed), bbb_score(fits$mixed, mixed[-8], mixed$y)
  )
})

test_that("draws and seed are those of predict()", {
  score <- function(...) bbb_score(fits$gaussian, waves$x, waves$y, ...)$log_score

  expect_identical(score(), score())
  expect_false(identical(score(seed = 2), score()))
  expect_false(identical(score(draws = 10), score()))
})

test_that("one row has a score", {
  expect_identical(bbb_score(fits$gaussian, waves$x[1, ], waves$y[1])$n, 1L)
})
