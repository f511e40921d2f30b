# The check sum of data, beside the same in R, whose numbers are of 53 bits: words of 64
# are four of 16, the lowest first.

word <- function(...) c(...)
low_bits <- function(x, n) x %% 2^n

shifted_right <- function(w, n) {
  while (n >= 16) {
    w <- c(w[-1], 0)
    n <- n - 16
  }
  above <- c(w[-1], 0)
  w %/% 2^n + low_bits(above, n) * 2^(16 - n)
}

carried <- function(sums) {
  for (i in 1:4) {
    over <- sums[i] %/% 2^16
    sums[i] <- sums[i] - over * 2^16
    if (i < 4) sums[i + 1] <- sums[i + 1] + over
  }
  sums
}

plus <- function(a, b) carried(a + b)
times <- function(a, b) {
  carried(vapply(1:4, function(k) sum(a[1:k] * rev(b[1:k])), 0))
}
xor_words <- function(a, b) bitwXor(as.integer(a), as.integer(b)) + 0

hex <- function(text) {
  rev(strtoi(substring(text, c(1, 5, 9, 13), c(4, 8, 12, 16)), 16L)) + 0
}
as_hex <- function(w) paste(sprintf("%04x", as.integer(rev(w))), collapse = "")

of_double <- function(x) {
  readBin(writeBin(x + 0, raw(), endian = "little"), "integer", 4L, 2L, FALSE, "little") + 0
}

# The first output of SplitMix64 for a seed
splitmix <- function(seed) {
  z <- plus(seed, hex("9e3779b97f4a7c15"))
  z <- times(xor_words(z, shifted_right(z, 30)), hex("bf58476d1ce4e5b9"))
  z <- times(xor_words(z, shifted_right(z, 27)), hex("94d049bb133111eb"))
  xor_words(z, shifted_right(z, 31))
}
taken <- function(sum, w) splitmix(xor_words(sum, w))

oracle_checksum <- function(x) {
  count <- function(n) word(n, 0, 0, 0)
  sum <- taken(taken(count(0), count(nrow(x))), count(ncol(x)))
  for (d in seq_len(ncol(x))) {
    value <- c(x[, d], rep(0, -nrow(x) %% 4))
    lanes <- lapply(1:4, function(l) {
      Reduce(function(s, v) taken(s, of_double(v)), value[seq(l, length(value), 4)], count(l - 1))
    })
    sum <- taken(sum, Reduce(taken, lanes))
  }
  as_hex(sum)
}

test_that("the oracle has the published outputs of SplitMix64", {
  # of the authors' splitmix64.c, for the seeds 0 and 1234567
  expect_identical(as_hex(splitmix(c(0, 0, 0, 0))), "e220a8397b1dcdaf")
  # 6457827717110365317
  expect_identical(as_hex(splitmix(c(1234567 %% 65536, 1234567 %/% 65536, 0, 0))), "599ed017fb08fc85")
})

test_that("the check sum is the oracle's", {
  for (n in c(1, 3, 4, 64, 65, 71)) {
    x <- cbind(sin(seq_len(n)), -seq_len(n), 0)
    expect_identical(native_checksum(list(x)), oracle_checksum(x))
  }
})

test_that("any change of any number, and of the order, is another sum", {
  x <- cbind(rep(0:1, 5), rep(c(1, 0), 5), 0) + 0
  sums <- c(
    native_checksum(list(x)), native_checksum(list(x[10:1, ])),
    native_checksum(list(x[, 3:1])), native_checksum(list(matrix(x, 5))),
    native_checksum(list(x, NULL)), native_checksum(list(NULL, x)),
    vapply(seq_along(x), function(i) {
      native_checksum(list(replace(x, i, x[i] + 2^-52)))
    }, "")
  )
  expect_false(anyDuplicated(sums) > 0)
})

test_that("how numbers are stored does not matter", {
  x <- matrix(c(0:20, 0, 255, 7), 6)
  storage.mode(x) <- "integer"
  same <- list(x + 0, matrix(as.raw(x), 6), -(0 - x), structure(x + 0, dimnames = list(letters[1:6], NULL)))
  if (requireNamespace("Matrix", quietly = TRUE)) {
    same <- c(same, methods::as(x + 0, "dgCMatrix"))
  }
  for (one in same) expect_identical(native_checksum(list(one)), native_checksum(list(x)))
  expect_identical(native_checksum(list(x > 0)), native_checksum(list((x > 0) + 0)))
})

test_that("what is no matrix is refused", {
  for (bad in list(NULL, 1, list(1:3), list("a"), list(matrix("a")), list(mean))) {
    expect_error(native_checksum(bad))
  }
})
