# What a user fits: data of all kinds, networks of all kinds.

test_that("a matrix and a numeric outcome make a gaussian fit", {
  fit <- quick(waves$x, waves$y)

  expect_s3_class(fit, "bbb_fit")
  expect_identical(fit$family, "gaussian")
  expect_identical(nobs(fit), waves$n)
  expect_length(predict(fit, waves$x), waves$n)
})

test_that("a vector is a single predictor", {
  x <- waves$x[, "a"]
  fit <- quick(x, waves$y)

  expect_identical(fit$mu, quick(unname(cbind(x)), waves$y)$mu)
  expect_length(predict(fit, x[1:5]), 5)
})

test_that("networks of 0 to 3 hidden layers are fitted", {
  for (hidden in list(integer(0), NULL, 3, c(3, 2), c(4, 3, 2))) {
    fit <- quick(waves$x, waves$y, hidden = hidden)

    expect_identical(fit$widths, as.integer(c(3, hidden, 1)))
    expect_true(all(is.finite(predict(fit, waves$x))))
  }
})

test_that("every activation, prior, optimiser and schedule is fitted", {
  choices <- c(
    lapply(core_names("activation"), function(a) list(activation = a)),
    list(
      list(prior = prior_normal(0.5)), list(prior = prior_mixture(0.25, 2, 0.1)),
      list(optimizer = "sgd"), list(optimizer = "sgd", momentum = 0),
      list(schedule = "constant"), list(schedule = "step"),
      list(kl_weight = "blundell"), list(samples = 3), list(batch_size = 1),
      list(learn_rate = 1e-4), list(init_rho = -8)
    )
  )
  for (choice in choices) {
    fit <- do.call(quick, c(list(waves$x, waves$y), choice))

    expect_true(all(is.finite(c(fit$mu, fit$rho, fit$history$elbo))))
    used <- c(fit[c("activation", "prior")], unclass(fit$control))
    expect_equal(used[names(choice)], choice)
  }
})

test_that("a batch of more rows than there are is all of them", {
  expect_identical(quick(waves$x, waves$y, batch_size = 1000)$control$batch_size, 24L)
})

test_that("a known noise is kept", {
  fit <- quick(waves$x, waves$y, noise = 0.7)

  expect_equal(fit$noise, 0.7, tolerance = 1e-6)
  expect_equal(fit$history$noise, rep(0.7, 6), tolerance = 1e-6)
})

test_that("one training row makes a fit", {
  fit <- quick(waves$x[1, , drop = FALSE], 3)
  by_frame <- quick(y ~ a + f, mixed[1, ])

  expect_true(all(is.finite(predict(fit, waves$x))))
  expect_true(is.finite(predict(by_frame, mixed[1, ])))
})

test_that("more predictors than rows make a fit", {
  x <- matrix(sin(1:200), 5)

  expect_true(all(is.finite(predict(quick(x, 1:5), x))))
})

test_that("constant predictors and a constant outcome make a fit", {
  x <- cbind(waves$x, one = 1, zero = 0)
  constant <- quick(x[, c("one", "zero")], waves$y)
  flat <- quick(x, rep(7, waves$n), epochs = 400)

  expect_length(unique(predict(constant, x[, c("one", "zero")])), 1L)
  expect_equal(predict(flat, x), rep(7, waves$n), tolerance = 0.1)
})

test_that("set.seed() governs the fit, to the bit", {
  set.seed(7)
  first <- bbb_fit(waves$x, waves$y, hidden = 3, epochs = 2)
  set.seed(7)
  again <- bbb_fit(waves$x, waves$y, hidden = 3, epochs = 2)
  other <- bbb_fit(waves$x, waves$y, hidden = 3, epochs = 2)

  expect_identical(timeless(again), timeless(first))
  expect_false(identical(other$mu, first$mu))
  expect_length(first$seed, 2L)
})

test_that("seed fixes the fit, to the bit, and leaves R's generator alone", {
  set.seed(7)
  before <- .Random.seed
  first <- quick(waves$x, waves$y, seed = c(5, 6))

  expect_identical(.Random.seed, before)
  expect_identical(timeless(quick(waves$x, waves$y, seed = c(5, 6))), timeless(first))
  expect_false(identical(quick(waves$x, waves$y, seed = c(5, 7))$mu, first$mu))
})

test_that("the question's example climbs from every seed, with nothing NaN", {
  x <- matrix(sin(1:300 * sqrt(1:300)), 100, 3)
  y <- as.numeric(x[, 1] + x[, 2]^2 + cos(1:100) / 2 > 0.3)
  climbs <- vapply(1:100, function(seed) {
    fit <- bbb_fit(
      x, y, hidden = 32, family = "binomial", activation = "sigmoid",
      epochs = 12, batch_size = 25, seed = seed
    )
    elbo <- fit$history$elbo
    finite <- all(is.finite(c(elbo, fit$mu, fit$rho, fit$fitted)))
    finite && mean(elbo[10:12]) > mean(elbo[1:3])
  }, NA)

  expect_identical(sum(climbs), 100L)
})
