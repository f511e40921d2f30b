# Blocks of rows: the numbers of model.matrix() of all of them.

encoded <- function(formula, data = mixed, rows = seq_len(nrow(data)), ...) {
  frame <- model.frame(formula, data)
  encode_terms(terms(frame), frame, NULL, rows)
}

test_that("rows are put into blocks of so many numbers, in their order", {
  expect_identical(blocks_of(5:9, block_cells / 2), list(5L, 6L, 7L, 8L, 9L))
  expect_identical(blocks_of(3:9, block_cells %/% 3 - 1), list(3:5, 6:8, 9L))
  expect_identical(blocks_of(1:4, 1e9), as.list(1:4))
  expect_identical(unlist(blocks_of(seq_len(1e6), 10)), seq_len(1e6))
})

test_that("what is encoded does not depend on the blocks", {
  n <- 20000
  d <- mixed[rep(1:24, length.out = n), ]
  d$w <- seq_len(n)
  formula <- y ~ s * a + f + i:b + poly(w, 2) + I(w^2) + factor(w %% 29)
  want <- model.matrix(formula, d)[, -1]
  got <- encoded(formula, d)

  expect_gt(length(blocks_of(seq_len(n), ncol(want))), 1)
  expect_identical(got$names, colnames(want))
  expect_identical(native_standard(got$x), native_standard(want))
  few <- encoded(y ~ s * a + f + i:b + poly(w, 2), d)
  dimnames(want)[1] <- list(NULL)
  expect_identical(few$x, want[, few$names])
  expect_identical(few$contrasts, attr(model.matrix(y ~ s * a + f, d), "contrasts"))
})

test_that("rows that are not asked for are NA", {
  got <- encoded(y ~ a + s, rows = c(2L, 5L))$x
  want <- encoded(y ~ a + s)$x

  expect_identical(got[c(2, 5), ], want[c(2, 5), ])
  expect_true(all(is.na(got[-c(2, 5), ])))
})

test_that("encoding needs the answer and a block", {
  make <- function(n) {
    i <- seq_len(n)
    d <- data.frame(a = sin(i), b = cos(i), f = factor(i %% 5), y = i)
    bbb:::frame_of_formula(y ~ a * f + b, d, list(), stats::na.pass, NULL)$frame
  }
  work <- function(frame) dim(bbb:::encode_predictors(frame)$x)
  # the answer has 76 MB; at once it took 153
  expect_lt(peak_of(work, make, 1e6, warm_up = list(10)), 76 + 40)
})
