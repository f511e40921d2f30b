# Recipes: prepared once, baked for the fit and for each prediction.

skip_if_not_installed("recipes")

plain <- plain_recipe()

test_that("a recipe gives the fit of what it bakes", {
  fit <- quick(plain, mixed)
  by_frame <- quick(y ~ a + b + f, mixed)

  expect_identical(fit$mu, by_frame$mu)
  expect_identical(predict(fit, mixed[5:2, ]), predict(by_frame, mixed)[5:2])
  expect_identical(bbb_score(fit, mixed), bbb_score(by_frame, mixed))
  expect_identical(bbb_continue(fit, mixed, epochs = 2)$mu, bbb_continue(by_frame, mixed, epochs = 2)$mu)
})

test_that("a fit by recipe survives being saved, and keeps no rows", {
  fit <- quick(plain, mixed)
  file <- tempfile(fileext = ".rds")
  saveRDS(fit, file)
  back <- readRDS(file)
  unlink(file)

  expect_identical(predict(back, mixed), predict(fit, mixed))
  expect_identical(nrow(fit$recipe$template), 0L)
})

test_that("what a recipe cannot do is a classed error", {
  gaps <- transform(mixed, a = replace(a, 3, NA))

  expect_error(quick(plain), "`data`", class = "bbb_error_argument")
  expect_error(quick(recipes::recipe(~ a + b, mixed), mixed), "no outcome", class = "bbb_error_data")
  expect_error(quick(plain, mixed["a"]), "The recipe fails", class = "bbb_error_data")
  expect_error(quick(plain, gaps), "`a` \\(1\\)", class = "bbb_error_data")
  fit <- quick(plain, mixed)
  expect_error(predict(fit, mixed["b"]), "The recipe fails", class = "bbb_error_data")
  expect_error(predict(fit, waves$x), "data frame", class = "bbb_error_data")
  expect_identical(unname(which(is.na(predict(fit, gaps)))), 3L)
})

test_that("case weights of a recipe are refused, not forgotten", {
  # the package hardhat comes with recipes, and makes such weights
  as_weights <- getExportedValue("hardhat", "importance_weights")
  d <- transform(mixed, i = as_weights(i))

  expect_error(
    quick(recipes::recipe(y ~ a + i, d), d), "`i`.*`weights`", class = "bbb_error_data"
  )
})
