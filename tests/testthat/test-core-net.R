# Networks: layout of the weights, forward and backward through any layers.

link_of <- function(model, w, x) {
  K <- utils::tail(model$widths, 1L)
  theta <- sure(w, if (model$family == "gaussian") numeric(K))
  matrix(core_predict(model, theta, core_data(x), "link"), ncol = K)
}

test_that("each layer is a block (inputs + 1) x units, unit fastest, bias last", {
  # weights 1, 2, ...: any other layout gives other numbers
  model <- new_model(c(2L, 3L, 2L), "identity")
  w <- seq_len(n_weights(model$widths)) + 0
  first <- rbind(1:3, 4:6)
  second <- rbind(10:11, 12:13, 14:15)
  x <- matrix(c(1, 0, -2, 0, 1, 3), 3)

  got <- link_of(model, w, x)

  hidden <- x %*% first + rep(7:9, each = 3)
  expect_identical(got, hidden %*% second + rep(16:17, each = 3))
})

test_that("a network without hidden layers is a linear model", {
  set.seed(1)
  x <- as_single(matrix(rnorm(20), 5))
  w <- as_single(rnorm(5))

  for (activation in core_names("activation")) {
    got <- link_of(new_model(c(4L, 1L), activation), w, x)

    expect_equal(got, cbind(x, 1) %*% w, tolerance = 1e-6)
  }
})

test_that("the output has no activation", {
  model <- new_model(c(1L, 1L, 1L), "sigmoid")

  got <- link_of(model, c(0, 0, 10, -100), matrix(0))

  expect_identical(got, matrix(10 * 0.5 - 100))
})

test_that("the forward pass is the oracle's, deep and uneven", {
  set.seed(2)
  for (hidden in list(1L, c(9L, 1L, 7L), c(2L, 11L, 3L, 5L, 1L))) {
    for (activation in core_names("activation")) {
      model <- new_model(c(3L, hidden, 2L), activation, "categorical")
      w <- as_single(rnorm(n_weights(model$widths)))
      x <- as_single(matrix(rnorm(18), 6))

      got <- link_of(model, w, x)

      expect_close(got, oracle_forward(model, w, x)$eta, 1e-5)
    }
  }
})

test_that("the backward pass is the oracle's, deep and uneven", {
  # two gradients of different widths take turns in the workspace
  set.seed(3)
  for (hidden in list(1L, c(9L, 1L, 7L), c(2L, 11L, 3L, 5L, 1L))) {
    for (task in names(core_tasks)) {
      problem <- new_problem("softplus", task, hidden = hidden, D = 6L, n = 5L)

      core <- with_problem(core_step, problem, 0)

      oracle <- with_problem(oracle_step, problem, 0, w = core$w)
      expect_step_agrees(core, oracle, problem)
    }
  }
})

test_that("the backward pass is the gradient of the forward pass", {
  # without the oracle: whole-number weights and inputs, a network that is
  # linear, and so differences without any error
  model <- new_model(c(2L, 2L, 2L), "identity", prior = prior_normal())
  w <- c(1, -2, 0, 3, 1, 1, 2, 1, -1, 1, 0, 4)
  x <- matrix(c(1, 2, -1, 0, 3, 1), 3)
  y <- matrix(0, 3, 2)
  loss <- function(w) sum(link_of(model, w, x)^2) / 2

  got <- core_step(model, sure(w, c(0, 0)), x, y, rep(0, 12), 0)$d_mu

  # of a parabola, so exact for any h
  expect_gradient(got, loss, w, tolerance = 1e-12, h = 1)
})
