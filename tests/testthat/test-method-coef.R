# The table of weights.

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

test_that("coef() has all members or one", {
  all <- coef(trio)

  expect_identical(names(all), c("member", "layer", "from", "to", "mu", "sigma"))
  expect_identical(all$mu, unlist(lapply(trio$members, `[[`, "mu")))
  expect_identical(coef(trio, 2)$mu, trio$members[[2]]$mu)
  expect_identical(names(coef(trio, 2)), names(all)[-1])
  expect_identical(coef(fits$gaussian, 1), coef(fits$gaussian))
  for (member in list(0, 4, "a", 1:2, NA)) {
    expect_error(
      coef(trio, member), "`member` must be one whole number", class = "bbb_error_argument"
    )
  }
})
