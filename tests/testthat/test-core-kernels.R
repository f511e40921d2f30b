# The products of a layer against %*%.

rows <- function(matrix) as.vector(t(matrix))

kernels_of <- function(x, W, d_z) {
  dims <- c(nrow(x), ncol(x), ncol(W))
  got <- native_test_kernels(as.integer(dims), rows(x), rows(W), rows(d_z))
  list(
    z = matrix(got$z, dims[1], byrow = TRUE),
    d_x = matrix(got$d_x, dims[1], byrow = TRUE),
    d_W = matrix(got$d_W, dims[2] + 1, byrow = TRUE)
  )
}

# A sum of n + 1 products in single precision is off by at most (n + 1) 2^-24 of
# the sum of their sizes.
expect_product <- function(got, a, b) {
  bound <- (ncol(a) + 1) * 2^-24 * (abs(a) %*% abs(b))
  off <- abs(got - a %*% b)
  testthat::expect(
    identical(dim(got), dim(bound)) && all(off <= bound),
    sprintf("off by %.3g of the bound", max(off / bound))
  )
}

random <- function(n, m) as_single(matrix(stats::rnorm(n * m), n))

sizes <- c(1, 2, 17, 64)

test_that("the products are R's, for all sizes of batch and layer", {
  set.seed(1)
  all <- expand.grid(N = sizes, D = sizes, H = sizes)
  for (i in seq_len(nrow(all))) {
    at <- all[i, ]
    x <- random(at$N, at$D)
    W <- random(at$D + 1, at$H)
    d_z <- random(at$N, at$H)

    got <- kernels_of(x, W, d_z)

    expect_product(got$z, cbind(x, 1), W)
    expect_product(got$d_x, d_z, t(W[-nrow(W), , drop = FALSE]))
    expect_product(got$d_W, t(cbind(x, 1)), d_z)
  }
})

test_that("whole numbers are multiplied without any error", {
  set.seed(2)
  whole <- function(n, m) matrix(sample(-9:9, n * m, TRUE) + 0, n)
  x <- whole(17, 33)
  W <- whole(34, 5)
  d_z <- whole(17, 5)

  got <- kernels_of(x, W, d_z)

  expect_identical(got$z, cbind(x, 1) %*% W)
  expect_identical(got$d_x, d_z %*% t(W[-34, ]))
  expect_identical(got$d_W, t(cbind(x, 1)) %*% d_z)
})

test_that("the last row of W is the bias", {
  x <- matrix(0, 3, 2)
  W <- rbind(matrix(5, 2, 4), 1:4)

  got <- kernels_of(x, W, matrix(1, 3, 4))

  expect_identical(got$z, matrix(1:4 + 0, 3, 4, byrow = TRUE))
  expect_identical(got$d_W[3, ], rep(3, 4))
})

test_that("a row's product has the same bits whatever rows are beside it", {
  set.seed(3)
  for (H in sizes) {
    x <- random(64, 17)
    W <- random(18, H)

    all <- kernels_of(x, W, random(64, H))$z

    for (i in c(1, 5, 64)) {
      alone <- kernels_of(x[i, , drop = FALSE], W, random(1, H))$z
      expect_identical(all[i, , drop = FALSE], alone)
    }
  }
})
