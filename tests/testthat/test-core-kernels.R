# The products of a layer against %*%, in the layouts of bbb_kernels, for every
# instruction set that this machine has.

padded <- function(n, of) (n + of - 1) %/% of * of

# (n, m) with its rows fastest and padded: as.vector() of it
with_padding <- function(x) rbind(x, matrix(0, padded(nrow(x), 16) - nrow(x), ncol(x)))

# z, d_x and d_W of x (N, D), W (D, H) and d_z (N, H)
kernels_of <- function(x, W, d_z) {
  N <- nrow(x)
  got <- native_test_kernels(
    c(N, ncol(x), ncol(W)), as.vector(with_padding(x)), as.vector(t(W)),
    as.vector(with_padding(d_z))
  )
  by_units <- function(value, units) {
    matrix(value, ncol = units)[seq_len(N), , drop = FALSE]
  }
  list(
    z = by_units(got$z, ncol(W)), d_x = by_units(got$d_x, ncol(x)),
    d_W = matrix(got$d_W, ncol(x), byrow = TRUE)
  )
}

# A sum of n products in single precision is off by at most n 2^-24 of the sum of
# their sizes.
expect_product <- function(got, a, b) {
  bound <- (ncol(a) + 1) * 2^-24 * (abs(a) %*% abs(b))
  off <- abs(got - a %*% b)
  testthat::expect(
    identical(dim(got), dim(bound)) && all(off <= bound),
    sprintf("off by %.3g of the bound", max(off / bound))
  )
}

random <- function(n, m) as_single(matrix(stats::rnorm(n * m), n))

sizes <- c(1, 2, 3, 8, 17, 39, 64)

for (isa in isas_here()) {
  test_that(paste("the products are R's, for all sizes of batch and layer:", isa), {
    local_isa(isa)
    set.seed(1)
    all <- expand.grid(N = sizes, D = sizes, H = sizes)
    for (i in seq_len(nrow(all))) {
      at <- all[i, ]
      x <- random(at$N, at$D)
      W <- random(at$D, at$H)
      d_z <- random(at$N, at$H)

      got <- kernels_of(x, W, d_z)

      expect_product(got$z, x, W)
      expect_product(got$d_x, d_z, t(W))
      expect_product(got$d_W, t(x), d_z)
    }
  })

  test_that(paste("whole numbers are multiplied without any error:", isa), {
    local_isa(isa)
    set.seed(2)
    whole <- function(n, m) matrix(sample(-9:9, n * m, TRUE) + 0, n)
    x <- whole(17, 33)
    W <- whole(33, 5)
    d_z <- whole(17, 5)

    got <- kernels_of(x, W, d_z)

    expect_identical(got$z, x %*% W)
    expect_identical(got$d_x, d_z %*% t(W))
    expect_identical(got$d_W, t(x) %*% d_z)
  })

  test_that(paste("a row's values do not depend on the rows beside it:", isa), {
    local_isa(isa)
    set.seed(3)
    x <- random(50, 30)
    W <- random(30, 20)
    d_z <- random(50, 20)

    all <- kernels_of(x, W, d_z)
    some <- kernels_of(x[40:47, ], W, d_z[40:47, ])

    expect_identical(some$z, all$z[40:47, ])
    expect_identical(some$d_x, all$d_x[40:47, ])
  })
}
