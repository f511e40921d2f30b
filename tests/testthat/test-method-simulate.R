# simulate(): seeds, shapes and rows that cannot be predicted.

test_that("a seed gives the same simulations and leaves the generator as it was", {
  set.seed(5)
  before <- .Random.seed
  one <- simulate(fits$gaussian, 3, seed = 1, newdata = waves$x)

  expect_identical(.Random.seed, before)
  expect_identical(simulate(fits$gaussian, 3, seed = 1, newdata = waves$x), one)
  expect_named(one, c("sim_1", "sim_2", "sim_3"))
  expect_false(identical(one$sim_1, one$sim_2))
})

test_that("simulations keep the place of rows that cannot be predicted", {
  gaps <- replace(waves$x, 2, NA)

  for (fit in fits[c("gaussian", "binomial", "categorical")]) {
    expect_identical(which(is.na(simulate(fit, newdata = gaps)$sim_1)), 2L)
  }
})

test_that("several outcomes and trials are simulated in their shapes", {
  both <- quick(waves$x, cbind(u = waves$y, v = 0.01 * waves$y))
  shares <- quick(waves$x, known_trials, family = "binomial")

  got <- simulate(both, 2, seed = 1, newdata = waves$x)
  expect_identical(dim(got), c(24L, 2L, 2L))
  expect_gt(mean(got[, "u", ]), 10 * mean(got[, "v", ]))
  expect_true(all(simulate(shares, newdata = waves$x, trials = 7)$sim_1 %in% 0:7))
  expect_error(simulate(shares, newdata = waves$x, trials = -1), "`trials`")
  expect_error(simulate(both), "`newdata` is missing", class = "bbb_error_argument")
})
