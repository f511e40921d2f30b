# Arithmetic on plain numbers.

test_that("softplus neither overflows nor vanishes", {
  expect_equal(softplus(c(-90, 0, 90)), c(exp(-90), log(2), 90))
  expect_identical(softplus(1000), 1000)
})

test_that("whole but for rounding is whole, and a half is not", {
  expect_identical(as_whole(c(0.1 + 0.2 + 0.7, 1 - 0.9 - 0.1, 3 * 0.1 * 10)), c(1, 0, 3))
  expect_identical(as_whole(c(1, NA)), c(1, NA))
  for (y in c(0.5, 1 + 1e-5, 1e9 + 0.5, 1e7 + 0.001)) expect_identical(as_whole(y), y)
  expect_identical(as_whole(c(1 + 1e-9, 0.5)), c(1 + 1e-9, 0.5))
})
