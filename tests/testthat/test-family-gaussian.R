# Numeric outcomes: their units, and what a fit of them learns.

test_that("a gaussian outcome is standardised, classes are not", {
  gaussian <- fits$gaussian$outcome
  classes <- fits$categorical$outcome

  expect_equal(gaussian$center, mean(waves$y))
  expect_equal(gaussian$scale, sqrt(mean((waves$y - mean(waves$y))^2)))
  expect_identical(c(classes$center, classes$scale), c(0, 1))
  expect_identical(fits$categorical$noise, NA_real_)
})

test_that("the units of a numeric outcome do not change the fit", {
  moved <- quick(waves$x, 1e6 * waves$y - 3e7)

  expect_equal(
    predict(moved, waves$x), 1e6 * predict(fits$gaussian, waves$x) - 3e7,
    tolerance = 1e-5
  )
})

test_that("a gaussian outcome's slopes and noise are learned", {
  set.seed(9)
  y <- 50 + 10 * (family_data$eta + 0.3 * rnorm(300))
  fit <- learned_family("gaussian", y = y)
  link <- predict(fit, family_newx, "link")

  expect_lt(max(abs(link - 50 - 10 * true_eta)), 1)
  expect_lt(abs(log(fit$parameters[["noise sd"]] / 3)), 0.12)
  expect_identical(fit$parameters[["noise sd"]], fit$noise)
})

test_that("the columns of a matrix are several gaussian outcomes", {
  y <- cbind(u = 5 + family_data$eta + rnorm(300, sd = 0.1), v = -100 * family_data$eta)
  y[, "v"] <- y[, "v"] + rnorm(300, sd = 50)
  fit <- bbb_fit(
    family_data$x, y, hidden = integer(0), epochs = 150, learn_rate = 0.05, batch_size = 100,
    seed = 1
  )

  expect_named(fit$parameters, c("noise sd of u", "noise sd of v"))
  expect_true(all(abs(log(fit$noise / c(0.1, 50))) < 0.3))
  response <- predict(fit, family_newx)
  expect_identical(colnames(response), c("u", "v"))
  expect_lt(max(abs(response[, "u"] - 5 - true_eta)), 0.1)
  expect_lt(max(abs(response[, "v"] + 100 * true_eta)), 30)
  expect_identical(dim(predict(fit, family_newx, "link")), c(3L, 2L))
  expect_identical(dim(predict(fit, family_newx, "draws", draws = 5)), c(5L, 3L, 2L))
  interval <- predict(fit, family_newx, "interval")
  expect_identical(dimnames(interval), list(NULL, c("fit", "lwr", "upr"), c("u", "v")))
  expect_identical(interval[, "fit", "v"], response[, "v"])
  q <- predict(fit, family_newx, "quantile", probs = c(0.05, 0.95))
  expect_equal(unname(q[, 2, "v"]), unname(interval[, "upr", "v"]))
  expect_lt(max(abs((interval[, "upr", "v"] - interval[, "lwr", "v"]) / (2 * 1.645 * 50) - 1)), 0.3)
  u <- predict(fit, family_newx, "uncertainty")
  expect_identical(u$outcome, rep(c("u", "v"), each = 3))
  expect_equal(u$mean, as.vector(response))
  score <- bbb_score(fit, family_data$x, y)
  expect_identical(score$outcome, c("u", "v"))
  expect_equal(unname(fitted(fit) + residuals(fit)), unname(y))
  expect_error(bbb_score(fit, family_data$x, y[, 1]), "2 columns", class = "bbb_error_data")
})
