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

# ---- weights -----------------------------------------------------------------

often <- rep(0:2, 8)
repeated <- rep(1:24, often)

test_that("whole weights of a score are repeated rows, for every kind of outcome", {
  expect_repeated <- function(fit, x, y) {
    rows <- if (is.null(dim(y))) y[repeated] else y[repeated, ]
    got <- bbb_score(fit, x, y, weights = often)
    want <- bbb_score(fit, x[repeated, ], rows)
    expect_equal(got[-1], want[-1], tolerance = 1e-6)
    expect_true(all(got$n == 24L))
  }
  expect_repeated(fits$gaussian, waves$x, waves$y)
  expect_repeated(fits$binomial, pairs$x, pairs$y)
  expect_repeated(fits$categorical, trios$x, trios$y)
  two <- cbind(u = waves$y, v = 2 - waves$y)
  several <- quick(waves$x, two)
  got <- bbb_score(several, waves$x, two, weights = often)
  want <- bbb_score(several, waves$x[repeated, ], two[repeated, ])
  expect_equal(got[c("log_score", "rmse", "coverage")], want[c("log_score", "rmse", "coverage")])
  trials <- cbind(1:24 %% 5, 3)
  expect_repeated(quick(waves$x, trials, family = "binomial"), waves$x, trials)
  times <- cbind(waves$y, rep(0:1, 12))
  expect_repeated(quick(waves$x, times, family = "weibull"), waves$x, times)
})

test_that("the same weight for all rows changes no score", {
  plain <- bbb_score(fits$gaussian, waves$x, waves$y)

  expect_equal(bbb_score(fits$gaussian, waves$x, waves$y, weights = rep(3, 24)), plain)
  uneven <- bbb_score(fits$gaussian, waves$x, waves$y, weights = often)
  expect_gt(abs(uneven$log_score - plain$log_score), 1e-3)
})

test_that("weights of a formula's fit are found in the data that are scored", {
  d <- transform(mixed, w = often)
  fit <- quick(y ~ a + b, d, weights = w)
  want <- bbb_score(fit, mixed, weights = often)

  expect_identical(bbb_score(fit, d), want)
  expect_identical(as.double(logLik(fit, d)), as.double(logLik(fit, mixed, weights = often)))
  expect_equal(as.double(logLik(fit, d)), sum(often) * want$log_score)
  w <- rep(1, 24)
  for (call in expression(bbb_score(fit, mixed), logLik(fit, mixed), bbb_continue(fit, mixed, epochs = 1))) {
    expect_error(eval(call), "`x` lacks the column `w`", class = "bbb_error_data")
  }
  expect_false(identical(bbb_score(fit, d, weights = w), want))
})

test_that("weights of a matrix fit, and class weights, do not count by themselves", {
  by_matrix <- quick(waves$x, waves$y, weights = often)
  balanced <- quick(pairs$x, pairs$y, class_weights = c("TRUE" = 9, "FALSE" = 1))

  expect_equal(
    bbb_score(by_matrix, waves$x, waves$y),
    bbb_score(by_matrix, waves$x, waves$y, weights = rep(1, 24)), tolerance = 1e-14
  )
  p <- predict(balanced, pairs$x)
  expect_equal(
    bbb_score(balanced, pairs$x, pairs$y)$log_score, mean(log(ifelse(pairs$y, p, 1 - p))),
    tolerance = 1e-6
  )
})

test_that("weights that cannot be are refused by name", {
  for (wrong in list(1, -waves$y, replace(often, 2, NA), 0 * often, "a", list(1), waves$x)) {
    expect_error(
      bbb_score(fits$gaussian, waves$x, waves$y, weights = wrong), "`weights`",
      class = "bbb_error_data"
    )
  }
})
