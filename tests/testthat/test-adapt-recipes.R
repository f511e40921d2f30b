# A fit by recipe, beside what else a fit may be given.

skip_if_not_installed("recipes")

plain <- plain_recipe()

test_that("weights, settings and update() work beside a recipe", {
  w <- rep(1:3, 8)
  fit <- bbb_fit(plain, mixed, hidden = 4, epochs = 6, samples = 1, seed = 1, weights = w)

  expect_identical(fit$mu, quick(y ~ a + b + f, mixed, weights = w)$mu)
  expect_identical(nrow(update(fit, epochs = 2)$history), 2L)
})
