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
