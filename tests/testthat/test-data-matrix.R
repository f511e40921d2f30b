# Matrices: of every kind they give the same fit, and columns are standardised.

pixels <- matrix(as.integer(round(255 * abs(sin(1:72)))), 24)

thin <- waves$x * (abs(waves$x) > 0.6)

test_that("doubles, integers, bytes and logicals give the same fit", {
  want <- quick(pixels + 0, waves$y)
  bytes <- matrix(as.raw(pixels), 24)

  expect_identical(quick(pixels, waves$y)$mu, want$mu)
  expect_identical(quick(bytes, waves$y)$mu, want$mu)
  expect_identical(predict(want, bytes), predict(want, pixels + 0))
  expect_identical(quick(pixels > 99, waves$y)$mu, quick((pixels > 99) + 0, waves$y)$mu)
})

test_that("a sparse matrix is the dense one, to the bit", {
  sparse <- sparse_of(thin)
  want <- quick(thin, waves$y)
  fit <- quick(sparse, waves$y)

  expect_s4_class(sparse, "dgCMatrix")
  expect_identical(fit[c("mu", "rho", "aux", "fitted")], want[c("mu", "rho", "aux", "fitted")])
  expect_identical(fit$predictors, want$predictors)
  expect_identical(predict(want, sparse[5:3, ]), predict(want, thin)[5:3])
  expect_identical(predict(fit, sparse[, 3:1]), predict(want, thin))
  expect_identical(bbb_score(fit, sparse, waves$y), bbb_score(want, thin, waves$y))
  expect_identical(
    quick(sparse, waves$y, validation = 0.3, weights = 1:24)$mu,
    quick(thin, waves$y, validation = 0.3, weights = 1:24)$mu
  )
})

test_that("other classes of the package Matrix do as well", {
  skip_if_not_installed("Matrix")
  want <- quick(thin, waves$y)$mu
  triplets <- methods::as(sparse_of(thin), "TsparseMatrix")
  rows <- methods::as(sparse_of(thin), "RsparseMatrix")
  flags <- sparse_of(thin != 0)

  for (x in list(triplets, rows, Matrix::Matrix(thin, sparse = FALSE))) {
    expect_identical(quick(x, waves$y)$mu, want)
  }
  expect_identical(quick(flags, waves$y)$mu, quick((thin != 0) + 0, waves$y)$mu)
  square <- Matrix::Matrix(crossprod(waves$x), sparse = TRUE)
  expect_identical(quick(square, 1:3)$mu, quick(as.matrix(square), 1:3)$mu)
})

test_that("missing numbers are found in every kind of matrix", {
  gaps <- replace(thin, c(2, 30), c(NA, Inf))
  whole <- replace(pixels, c(2, 30), NA)

  for (x in list(gaps, sparse_of(gaps), whole, replace(thin > 0, c(2, 30), NA))) {
    expect_error(
      quick(x, waves$y), "in 2 of 24 rows: `(a|x1)` \\(1\\) and `(b|x2)` \\(1\\)",
      class = "bbb_error_data"
    )
  }
  fit <- quick(thin, waves$y)
  expect_identical(predict(fit, sparse_of(gaps)), replace(predict(fit, thin), c(2, 6), NA))
  expect_identical(which(is.na(predict(quick(pixels, waves$y), whole))), c(2L, 6L))
})

test_that("a sparse matrix that is none is an error, not a crash", {
  bad <- lapply(
    list(
      list(i = 99L), list(i = 3:1), list(p = c(0L, 9L, 4L, 12L)), list(p = 0:1),
      list(p = c(0L, 4L, 8L, 1000L)), list(x = 1), list(Dim = c(2L, 3L)), list(i = -1L),
      list(p = c(-5L, 4L, 8L, 12L)), list(Dim = c(24L, -3L)), list(x = letters)
    ),
    function(change) {
      x <- sparse_of(thin)
      for (name in names(change)) {
        at <- seq_along(change[[name]])
        value <- methods::slot(x, name)
        value <- if (name == "i") replace(value, at, change[[name]]) else change[[name]]
        attr(x, name) <- value
      }
      x
    }
  )
  for (x in bad) {
    expect_error(native_complete(x))
    expect_error(native_standard(x))
  }
})

test_that("centers and scales are the weighted mean and population sd", {
  x <- cbind(waves$x, pixels, 1e6 + waves$x, constant = 3, flag = waves$x[, 1] > 0)
  w <- rep(0:2, 8) / 3
  got <- standardisation(x, w)
  center <- colSums(w * x) / sum(w)
  scale <- sqrt(colSums(w * sweep(x, 2, center)^2) / sum(w))

  expect_equal(got$center, unname(center), tolerance = 1e-14)
  expect_equal(got$scale[-10], unname(scale[-10]), tolerance = 1e-12)
  expect_identical(got$scale[10], 1)
  expect_identical(standardisation(sparse_of(x), w), got)
  expect_error(native_standard(x, -w), "`weights`")
})

test_that("a fit needs one copy of its predictors, in single precision", {
  skip_on_cran()
  skip_on_os(c("windows", "mac", "solaris"))
  peak <- function() {
    line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
    as.numeric(gsub("[^0-9]", "", line)) / 1024
  }
  got <- in_child(function(peak) {
    x <- matrix(0, 40000, 200)
    x[] <- sin(seq_len(2e5))
    y <- x[, 1]
    fit <- function(x, y) bbb_fit(x, y, hidden = 2, epochs = 1, seed = 1)
    fit(x[1:200, ], y[1:200])
    invisible(gc())
    writeLines("5", "/proc/self/clear_refs")
    before <- peak()
    fit(x, y)
    c(peak() - before, as.double(utils::object.size(x)) / 2^20)
  }, peak)

  expect_lt(got[1], 0.5 * got[2] + 25)
})
