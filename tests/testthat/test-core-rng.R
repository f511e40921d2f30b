# Noise: known answers, what the normals are made of, and statistics whose
# bounds are computed where they are used.

words <- function(hex) {
  # an integer of R has 31 bits
  high <- strtoi(substr(hex, 1, 4), 16L)
  high * 65536 + strtoi(substr(hex, 5, 8), 16L)
}

test_that("Philox4x32-10 gives the published answers", {
  table <- read.csv(
    test_path("fixtures", "rng-kat.csv"),
    comment.char = "#", colClasses = "character"
  )
  expect_identical(nrow(table), 3L)
  for (i in seq_len(nrow(table))) {
    word <- words(unlist(table[i, ]))

    got <- native_test_philox(unname(word[1:4]), unname(word[5:6]))

    expect_identical(got, unname(word[7:10]))
  }
})

# ---- normals: what they are made of ------------------------------------------

# Number j = 0, 1, ... of a source, by the layout that rng.c describes: sixteen
# counters to a group of 64, and word k of counter l is number 16 k + l.
normal_of <- function(j, stream, step, draw, seed) {
  counter <- 16 * (j %/% 64) + j %% 16
  oracle_normals(c(counter, step, draw, stream), seed)[(j %% 64) %/% 16 + 1]
}

test_that("a normal is a function of its number, stream, step, draw and seed", {
  seed <- c(123L, 456L)
  for (at in list(c(0, 0), c(7, 3), c(2^31, 2^32 - 1))) {
    want <- vapply(
      0:499, normal_of, 0, rng_stream[["predict"]], at[1], at[2], seed
    )

    got <- core_normals(500, "predict", at[1], at[2], seed)

    expect_lt(max(abs(got - want)), 1e-5)
  }
})

test_that("the uniform nearest to 1 gives a normal, and no NaN", {
  # word 2 of this counter, found by search, is within 256 of 2^32
  bits <- native_test_philox(c(70440, 2, 0, rng_stream[["train"]]), c(1, 2))
  expect_gt(bits[3], 2^32 - 256)

  pair <- core_normals(281785, step = 2)[c(281769, 281785)]

  expect_lte(max(abs(pair)), sqrt(-2 * log(1 - 2^-24)))
})

test_that("a negative seed is a key of its bits", {
  want <- vapply(0:99, normal_of, 0, 2, 0, 0, c(2^32 - 1, 2^32 - 5))

  expect_lt(max(abs(core_normals(100, seed = c(-1L, -5L)) - want)), 1e-5)
})

test_that("the first normals do not depend on how many are made", {
  all <- core_normals(300)

  for (n in c(0, 1, 15, 16, 17, 63, 64, 65, 100, 129, 299)) {
    expect_identical(core_normals(n), all[seq_len(n)])
  }
})

# ---- normals: statistics -----------------------------------------------------

test_that("normals have the moments of N(0, 1), within 5 standard errors", {
  n <- 1e6
  x <- core_normals(n, seed = c(11L, 12L))

  expect_lt(abs(mean(x)), 5 * sqrt(1 / n))
  expect_lt(abs(mean(x^2) - 1), 5 * sqrt(2 / n))
  expect_lt(abs(mean(x^3)), 5 * sqrt(15 / n))
  expect_lt(abs(mean(x^4) - 3), 5 * sqrt(96 / n))
})

test_that("normals have the distribution function of N(0, 1)", {
  n <- 2e5
  u <- sort(pnorm(core_normals(n, seed = c(13L, 14L))))

  distance <- max(seq_len(n) / n - u, u - (seq_len(n) - 1) / n)

  # Kolmogorov and Smirnov at p = 0.001
  expect_lt(distance, sqrt(-log(0.001 / 2) / (2 * n)))
})

test_that("normals have the tails of N(0, 1), and end before 6", {
  n <- 1e6
  x <- core_normals(n, seed = c(15L, 16L))
  cut <- c(-Inf, -4, -3.5, -3, -2.5, -2, 2, 2.5, 3, 3.5, 4, Inf)

  count <- table(findInterval(x, cut))

  expect_gt(chisq.test(count, p = diff(pnorm(cut)))$p.value, 1e-3)
  expect_lt(max(abs(x)), 6)
})

test_that("normals are independent of their neighbours", {
  n <- 2e5
  x <- core_normals(n, seed = c(17L, 18L))
  # the pairs of Box and Muller are 16 apart, counters 1, groups 64
  for (lag in c(1, 2, 16, 32, 48, 64, 1024)) {
    a <- x[seq_len(n - lag)]
    b <- x[lag + seq_len(n - lag)]

    expect_lt(abs(mean(a * b)), 5 / sqrt(n - lag))
    expect_lt(abs(mean((a^2 - 1) * (b^2 - 1))), 5 * 2 / sqrt(n - lag))
  }
})

test_that("normals of other streams, steps, draws and seeds are independent", {
  n <- 2e5
  x <- core_normals(n, "train", 0, 0)
  others <- list(
    core_normals(n, "predict", 0, 0), core_normals(n, "start", 0, 0),
    core_normals(n, "train", 1, 0), core_normals(n, "train", 0, 1),
    core_normals(n, seed = c(1L, 3L)), core_normals(n, seed = 2:1)
  )
  for (y in others) {
    expect_lt(abs(mean(x * y)), 5 / sqrt(n))
    expect_lt(abs(mean((x^2 - 1) * (y^2 - 1))), 5 * 2 / sqrt(n))
  }
})

test_that("normals are independent over steps and draws of one number", {
  first <- function(step, draw) core_normals(1, "train", step, draw)
  over_steps <- vapply(0:4999, first, 0, draw = 0)
  over_draws <- vapply(0:4999, \(draw) first(0, draw), 0)
  for (x in list(over_steps, over_draws)) {
    n <- length(x)

    expect_lt(abs(mean(x)), 5 / sqrt(n))
    expect_lt(abs(mean(x^2) - 1), 5 * sqrt(2 / n))
    expect_lt(abs(mean(x[-1] * x[-n])), 5 / sqrt(n - 1))
  }
})

# ---- permutations ------------------------------------------------------------

permutation <- function(n, step = 0, ...) {
  native_permutation(core_source("shuffle", step, ...), n)
}

test_that("a permutation holds every row once", {
  for (n in c(0L, 1L, 2L, 3L, 100L, 4097L)) {
    expect_identical(sort(permutation(n)), seq_len(n))
  }
})

test_that("permutations are uniform", {
  # all 24 orders of four rows
  n <- 4800
  orders <- vapply(
    seq_len(n), \(step) paste(permutation(4, step), collapse = ""), ""
  )
  expect_length(table(orders), 24L)
  expect_gt(chisq.test(table(orders))$p.value, 1e-3)

  # which row comes where, of twenty
  m <- 20
  rows <- vapply(seq_len(n), \(step) permutation(m, step), integer(m))
  count <- table(row(rows), rows)
  statistic <- sum((count - n / m)^2 / (n / m)) * (m - 1) / m
  expect_gt(pchisq(statistic, (m - 1)^2, lower.tail = FALSE), 1e-3)
})

test_that("each epoch and each seed has its own permutation", {
  all <- c(
    lapply(0:9, \(step) permutation(50, step)),
    list(permutation(50, seed = c(5L, 6L)))
  )

  expect_false(anyDuplicated(all) > 0)
})
