# Weights and offsets: against repeated rows, and against outcomes moved by hand.

# Full batches, so that a repeated row is a row of twice the weight.
full <- function(x, y, ...) quick(x, y, batch_size = 1000, ...)

times <- rep(0:2, 8)
again <- rep(1:24, times)
count <- c(round(exp(waves$x[, "a"] + 1)))

outcomes <- list(
  gaussian = waves$y, gaussian_hetero = waves$y, student_t = waves$y,
  binomial = pairs$y, categorical = trios$y, ordinal = trios$y, poisson = count,
  negbinomial = count, gamma = waves$y, lognormal = waves$y, weibull = waves$y,
  loglogistic = waves$y
)

test_that("whole weights are repeated rows", {
  for (family in names(outcomes)) for (optimizer in c("adam", "sgd")) {
    y <- outcomes[[family]]
    by_weight <- full(waves$x, y, family = family, weights = times, optimizer = optimizer)
    by_row <- full(waves$x[again, ], y[again], family = family, optimizer = optimizer)

    expect_equal(by_weight$mu, by_row$mu, tolerance = 1e-4)
    expect_equal(by_weight$aux, by_row$aux, tolerance = 1e-4)
    expect_equal(by_weight$history$elbo, by_row$history$elbo, tolerance = 1e-5)
    expect_equal(by_weight$outcome$y_scale, by_row$outcome$y_scale)
  }
})

test_that("the comparison of weights and repeated rows can fail", {
  by_weight <- full(waves$x, waves$y, weights = times)

  expect_gt(max(abs(by_weight$mu - full(waves$x, waves$y)$mu)), 1e-3)
})

test_that("weights of one change nothing, and all the same weight scales the likelihood", {
  fit <- full(waves$x, waves$y)
  one <- full(waves$x, waves$y, weights = rep(1, 24))
  three <- full(waves$x, waves$y, weights = rep(3, 24))

  expect_identical(one$mu, fit$mu)
  expect_identical(fit$total_weight, 24)
  expect_identical(three$total_weight, 72)
  expect_equal(three$history$nll[1], 3 * fit$history$nll[1], tolerance = 1e-5)
  expect_equal(three$history$kl[1], fit$history$kl[1], tolerance = 1e-5)
})

test_that("a row of weight 0 says nothing", {
  wild <- waves$y
  wild[3] <- 1e6
  weights <- replace(rep(1, 24), 3, 0)

  fit <- full(waves$x, wild, weights = weights)
  expect_identical(fit$mu, full(waves$x, replace(wild, 3, -5), weights = weights)$mu)
  expect_equal(fit$outcome$center, mean(wild[-3]))
})

test_that("a weighted validation score is that of repeated rows", {
  fit <- quick(waves$x, waves$y, validation = 0.5, weights = times)
  out <- fit$held_out
  twice <- quick(waves$x, waves$y, validation = 0.5, weights = 2 * times)

  expect_true(all(is.finite(fit$history$validation)))
  expect_equal(fit$total_weight, sum(times[-out]))
  expect_equal(twice$history$validation[1], fit$history$validation[1], tolerance = 1e-3)
})

test_that("balanced class weights count each class the same", {
  y <- factor(rep(c("no", "yes"), c(18, 6)))
  fit <- full(waves$x, y, class_weights = "balanced")
  by_hand <- full(waves$x, y, weights = rep(c(24 / 36, 24 / 12), c(18, 6)))

  expect_equal(fit$outcome$class_weights, c(no = 24 / 36, yes = 2))
  expect_identical(fit$mu, by_hand$mu)
  expect_identical(full(waves$x, y, class_weights = c(yes = 2, no = 24 / 36))$mu, fit$mu)
  both <- full(waves$x, y, class_weights = c(yes = 2, no = 1), weights = times)
  expect_identical(both$mu, full(waves$x, y, weights = times * rep(1:2, c(18, 6)))$mu)
})

test_that("class weights must name the classes", {
  for (wrong in list(c(1, 2), c(low = 1, mid = 2), c(low = 1, mid = 2, high = 0), "equal")) {
    expect_error(
      quick(waves$x, trios$y, class_weights = wrong), "`class_weights` must be",
      class = "bbb_error_argument"
    )
  }
  expect_error(
    quick(waves$x, waves$y, class_weights = "balanced"), "classes only",
    class = "bbb_error_argument"
  )
})

# ---- offsets -----------------------------------------------------------------

lift <- 2 + waves$x[, "c"]

test_that("an offset of a number is the outcome less the offset", {
  for (family in c("gaussian", "student_t", "gaussian_hetero")) {
    with <- full(waves$x, waves$y + lift, family = family, offset = lift)
    without <- full(waves$x, waves$y, family = family)

    expect_equal(with$mu, without$mu, tolerance = 1e-4)
    expect_equal(fitted(with), fitted(without) + lift, tolerance = 1e-5)
  }
})

test_that("an offset of a positive outcome is its log's", {
  for (family in c("gamma", "lognormal", "weibull", "loglogistic")) {
    with <- full(waves$x, waves$y * exp(lift), family = family, offset = lift)
    without <- full(waves$x, waves$y, family = family)

    expect_equal(with$mu, without$mu, tolerance = 1e-4)
    expect_equal(fitted(with), fitted(without) * exp(lift), tolerance = 1e-4)
    expect_equal(
      predict(with, waves$x, "survival", times = 20, offset = lift)[5],
      predict(without, waves$x, "survival", times = 20 / exp(lift[5]))[5], tolerance = 1e-4
    )
  }
})

test_that("log(exposure) scales counts", {
  d <- data.frame(waves$x, count, e = 1:24)
  fit <- quick(count ~ a + b + offset(log(e)), d, family = "poisson")
  many <- data.frame(a = sin(1:400), e = rep(c(1, 5, 30, 200), 100))
  many$count <- qpois(((7 * 1:400) %% 401) / 401, many$e * exp(many$a))
  linear <- bbb_fit(
    count ~ a + offset(log(e)), many, family = "poisson", hidden = integer(),
    epochs = 300, seed = 1
  )
  truth <- glm(count ~ a + offset(log(e)), poisson, many)

  expect_equal(
    predict(fit, transform(d, e = 10 * e)), 10 * predict(fit, d), tolerance = 1e-5
  )
  expect_equal(
    predict(fit, transform(d, e = 10 * e), "link"), log(10) + predict(fit, d, "link"),
    tolerance = 1e-6
  )
  expect_equal(unname(predict(linear, many)), unname(fitted(truth)), tolerance = 0.02)
})

test_that("a constant offset moves nothing but the answer of the link", {
  plain <- full(waves$x, count, family = "negbinomial")
  moved <- full(waves$x, count, family = "negbinomial", offset = rep(5, 24))

  expect_equal(moved$mu, plain$mu, tolerance = 1e-4)
  expect_equal(
    predict(moved, waves$x, offset = 5), predict(plain, waves$x), tolerance = 1e-5
  )
})

test_that("an offset of a formula, as an argument and of a matrix are the same", {
  d <- transform(mixed, lift = lift)
  want <- quick(y ~ a + b + offset(lift), d)
  argument <- quick(y ~ a + b, d, offset = lift)
  two <- quick(y ~ a + b + offset(lift / 2), d, offset = lift / 2)
  by_matrix <- quick(waves$x[, 1:2], waves$y, offset = lift)

  for (fit in list(argument, two, by_matrix)) expect_identical(fit$mu, want$mu)
  expect_identical(predict(argument, d[2:3, ]), predict(want, d)[2:3])
  expect_identical(predict(by_matrix, waves$x, offset = lift), unname(predict(want, d)))
  expect_identical(bbb_score(argument, d), bbb_score(want, d))
  expect_identical(
    bbb_score(by_matrix, waves$x, waves$y, offset = lift)$log_score, bbb_score(want, d)$log_score
  )
})

test_that("an offset is wanted again of new data, as predict.glm() does", {
  d <- transform(mixed, lift = lift)
  argument <- quick(y ~ a + b, d, offset = log(lift))
  formula <- quick(y ~ a + b + offset(log(lift)), d)
  by_matrix <- quick(waves$x, waves$y, offset = lift)

  for (fit in list(argument, formula)) {
    expect_error(predict(fit, mixed), "lacks the column `lift`", class = "bbb_error_data")
  }
  expect_error(predict(by_matrix, waves$x), "`offset` is missing", class = "bbb_error_argument")
  expect_error(
    predict(by_matrix, waves$x, offset = 1:2), "`offset` has 2 values for 24 rows",
    class = "bbb_error_data"
  )
  expect_error(
    predict(fits$gaussian, waves$x, offset = lift), "made without one",
    class = "bbb_error_argument"
  )
})

test_that("a row without an offset is NA", {
  d <- transform(mixed, lift = lift)
  fit <- quick(y ~ a + offset(lift), d)
  gap <- transform(d, lift = replace(lift, c(2, 5), c(NA, Inf)))

  expect_identical(predict(fit, gap), replace(predict(fit, d), c(2, 5), NA))
  expect_identical(
    predict(fit, gap, "draws", draws = 3)[, -c(2, 5)],
    predict(fit, d, "draws", draws = 3)[, -c(2, 5)]
  )
})

test_that("an offset that has no meaning is refused", {
  for (y in list(trios$y, waves$x)) {
    expect_error(
      quick(waves$x, y, offset = lift), "`offset` has no meaning",
      class = "bbb_error_argument"
    )
  }
  expect_error(
    quick(waves$x, count, family = "poisson", offset = lift * 1e300), "`offset` is too large",
    class = "bbb_error_data"
  )
})

# ---- training goes on --------------------------------------------------------

test_that("a fit with weights, offset, subset and gaps goes on as it began", {
  d <- transform(mixed, lift = lift, w = times + 1, b = replace(b, 7, NA))
  fit <- function(epochs) {
    quick(
      y ~ a + b, d, weights = w, offset = lift, subset = i != 2, na.action = na.omit,
      epochs = epochs, schedule = "constant"
    )
  }
  more <- bbb_continue(fit(3), d, epochs = 3)

  expect_identical(more$mu, fit(6)$mu)
  expect_length(fitted(more), 19L)
})

test_that("weights and offset of a matrix fit are given again", {
  fit <- function(epochs) {
    quick(
      waves$x, pairs$y, weights = times, offset = lift, class_weights = "balanced",
      epochs = epochs, schedule = "constant"
    )
  }
  three <- fit(3)

  more <- bbb_continue(three, waves$x, pairs$y, epochs = 3, weights = times, offset = lift)
  expect_identical(more$mu, fit(6)$mu)
  expect_error(
    bbb_continue(three, waves$x, pairs$y, epochs = 3, offset = lift),
    "`weights` are missing", class = "bbb_error_argument"
  )
  expect_error(
    bbb_gradients(fits$gaussian, waves$x, waves$y, weights = times), "made without them",
    class = "bbb_error_argument"
  )
})

test_that("the terms of a step count rows by their weights", {
  fit <- quick(waves$x, waves$y, weights = times)
  eps <- sin(seq_along(fit$mu))

  step <- bbb_gradients(fit, waves$x, waves$y, eps, weights = times)
  by_row <- bbb_gradients(
    fit, waves$x[again, ], waves$y[again], eps, weights = rep(1, length(again))
  )
  expect_equal(step$log_likelihood, by_row$log_likelihood, tolerance = 1e-6)
  expect_equal(step$d_mu, by_row$d_mu, tolerance = 1e-4)
})

test_that("what single precision cannot hold is refused by name", {
  two <- factor(rep(0:1, 12))
  for (weights in list(c("0" = 1e12, "1" = 1), c("0" = 1e-300, "1" = 1))) {
    expect_error(
      quick(waves$x, two, class_weights = weights), "`class_weights`", class = "bbb_error_data"
    )
  }
  expect_error(
    quick(waves$x, waves$y + 1e8 * sin(1:24), offset = 1e8 * sin(1:24)), "1e6 standard deviations",
    class = "bbb_error_data"
  )
})
