# Rows, standardised. Seen through a network that is the identity.

packed <- function(x, center = rep(0, ncol(x)), scale = rep(1, ncol(x))) {
  D <- ncol(x)
  model <- identity_model("categorical", D)
  data <- core_data(x, x_center = center, x_scale = scale)
  matrix(core_predict(model, identity_theta(D), data, "link"), ncol = D)
}

test_that("rows come out as (x - center) / scale in their places", {
  set.seed(1)
  x <- matrix(rnorm(35, 10, 3), 7)
  center <- c(10, 0, -5, 9.5, 1e3)
  scale <- c(3, 1, 0.1, 2, 50)

  got <- packed(x, center, scale)

  want <- sweep(sweep(x, 2, center), 2, scale, "/")
  expect_identical(got, as_single(want))
})

test_that("columns are centred in double precision before they are floats", {
  # at 1e9 a float resolves 64
  x <- matrix(1e9 + c(-1, 0, 0.5, 1))

  expect_identical(packed(x, 1e9, 0.5), matrix(c(-2, 0, 1, 2)))
})

test_that("wild values are held to a billion", {
  x <- matrix(c(1e300, -1e300, Inf, -Inf, 2e9, 1e9, 12))

  got <- packed(x)

  expect_identical(as.vector(got), as_single(c(1e9, -1e9, 1e9, -1e9, 1e9, 1e9, 12)))
})

test_that("a step is taken on standardised outcomes", {
  set.seed(2)
  problem <- new_problem(n = 6L)
  raw <- core_data(
    10 + 4 * problem$x, -3 + 0.5 * problem$y,
    x_center = rep(10, 3), x_scale = rep(4, 3), y_center = -3, y_scale = 0.5
  )

  got <- native_step(
    core_model(problem$model), problem$theta, raw, problem$eps, 1
  )

  want <- with_problem(core_step, problem, 1)
  expect_close(got$d_theta, want$d_theta, 1e-6)
  expect_close(got$log_likelihood, want$log_likelihood, 1e-6)
})

test_that("a constant outcome of any size is learned exactly", {
  for (v in c(1e300, -1e308, 1e-300, 0.1, -7e22)) {
    fit <- suppressMessages(quick(waves$x, rep(v, 24), epochs = 60))
    expect_identical(fit$outcome$center, v)
    expect_identical(fit$outcome$scale, 1)
    score <- bbb_score(fit, waves$x, rep(v, 24))
    expect_gt(score$log_score, -5)
    expect_lt(score$rmse, 1)
    expect_identical(score$coverage, 1)
  }
  weights <- replace(rep(1, 24), 3, 0)
  expect_identical(standardisation(cbind(replace(rep(1e300, 24), 3, 5)), weights)$center, 1e300)
  last <- 1e300 * (1 + rep(0:2, 8) * .Machine$double.eps)
  expect_gt(standardisation(cbind(last))$scale, 1e284)
})
