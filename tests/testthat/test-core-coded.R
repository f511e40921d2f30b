# Coded rows: what the network sees of them is what it sees of their indicators.

coded <- local({
  code <- cbind(c(2L, 0L, 5L, 2L, 5L), c(3L, 4L, 0L, 0L, 4L))
  value <- matrix(c(0.5, -1, 2, 0, 1, 3, 3, -3, 1, 0), 5)
  from <- c(1L, -1L, -2L, -2L, -1L, 2L)
  dense <- vapply(seq_along(from), function(d) {
    if (from[d] > 0) value[, from[d]] else (code[, -from[d]] == d) + 0
  }, numeric(5))
  list(x = list(value = value, code = code, from = from), dense = dense)
})
center <- c(0.5, 0.4, 0.2, 0.4, 0.4, 0.8)
scale <- c(1, 0.5, 0.4, 3, 1e-12, 2)

# Through a network that is the identity.
seen <- function(x, rows = 5L) {
  model <- identity_model("categorical", 6L)
  data <- list(x = x, x_center = center, x_scale = scale)
  matrix(core_predict(model, identity_theta(6), data, "link"), ncol = 6)
}

test_that("a row comes out with its indicators, standardised and held", {
  want <- sweep(sweep(coded$dense, 2, center), 2, scale, "/")

  expect_identical(seen(coded$x), as_single(pmax(pmin(want, 1e9), -1e9)))
  expect_identical(seen(coded$x), seen(coded$dense))
})

test_that("rows without numbers, or without indicators, are coded rows too", {
  for (d in list(2:5, c(1L, 6L))) {
    x <- list(
      value = coded$x$value[, seq_len(sum(coded$x$from[d] > 0)), drop = FALSE],
      code = array(match(coded$x$code, d, 0L), dim(coded$x$code)),
      from = coded$x$from[d]
    )
    model <- new_model(c(length(d), 2L))
    eps <- sin(seq_len(n_weights(model$widths)))
    theta <- c(eps, eps - 3, 0, 0)
    step <- function(x) core_predict(
      model, theta, list(x = x, x_center = center[d], x_scale = scale[d] + 1), "link"
    )

    expect_identical(step(x), step(coded$dense[, d]))
  }
})

test_that("levels that are not known are no numbers", {
  gap <- coded$x
  gap$code[2, 1] <- NA

  expect_identical(native_complete(gap), c(TRUE, FALSE, TRUE, TRUE, TRUE))
  expect_identical(native_standard(gap)$missing, c(0, 1, 0, 0, 1, 0))
})

test_that("a step on a batch of coded rows is that on their indicators", {
  model <- new_model(c(6L, 3L, 1L))
  P <- n_weights(model$widths)
  eps <- cos(seq_len(P))
  step <- function(x) {
    data <- core_data(coded$dense, matrix(sin(1:5)), x_center = center, x_scale = scale + 1)
    data$x <- x
    native_step(core_model(model), c(eps, eps - 3, 0), data, eps, 1)
  }

  expect_identical(step(coded$x), step(coded$dense))
})
