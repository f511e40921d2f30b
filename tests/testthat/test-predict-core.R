# Draws of the core: memory, blocks of rows, and rows drawn together.

test_that("an answer that no memory holds is refused, with its size", {
  skip_if(.Machine$sizeof.pointer < 8)
  x <- matrix(0, 1e5, 3, dimnames = list(NULL, c("a", "b", "c")))
  expect_error(
    predict(fits$gaussian, x, type = "draws", draws = 1e7), "7.28 TiB \\(10000000 x 100000 x 1 numbers\\)",
    class = "bbb_error_argument"
  )
})

test_that("sizes are said in a unit that suits them", {
  expect_identical(in_bytes(8), "8 bytes")
  expect_identical(in_bytes(1024^2), "1 MiB")
  expect_identical(in_bytes(1.5 * 1024^3), "1.5 GiB")
})

test_that("one draw is one function over all rows and calls", {
  all_rows <- predicted("gaussian", "draws", waves$x)

  expect_identical(predicted("gaussian", "draws"), all_rows[, c(3, 7, 1)])
  expect_identical(predicted("gaussian", "draws", draws = 5), all_rows[1:5, c(3, 7, 1)])
})

test_that("rows near each other differ smoothly only where they are drawn jointly", {
  x <- waves$x[rep(1, 50), ]
  x[, 1] <- x[, 1] + seq(0, 1e-3, length.out = 50)
  rough <- function(joint) sd(diff(predicted("gaussian", "response", x, joint = joint)))

  expect_lt(rough(TRUE), rough(FALSE) / 100)
})

test_that("many rows, in several blocks, are predicted as few", {
  many <- waves$x[rep(1:24, 700), ] # a block has at most 16384
  last <- nrow(many) - 23:0

  for (joint in c(TRUE, FALSE)) {
    expect_identical(
      predicted("gaussian", "response", many, joint = joint)[last],
      predicted("gaussian", "response", waves$x, joint = joint)
    )
  }
  expect_identical(
    predicted("binomial", "quantile", many)[last, ], predicted("binomial", "quantile", waves$x)
  )
})
