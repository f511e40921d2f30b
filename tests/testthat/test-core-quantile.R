# Quantiles: of mixtures of normals against uniroot(), of values against R's.

# c(of the mixture, of the values)
quantiles_at <- function(mean, sd, prob) native_test_quantile(mean + 0, sd, prob)

below <- function(q, mean, sd) mean(pnorm(q, mean, sd))

probs <- c(1e-6, 0.01, 0.05, 0.3, 0.5, 0.75, 0.95, 0.999, 1 - 1e-6)

means <- list(
  one = 3,
  same = rep(-2, 5),
  near = c(0.1, -0.2, 0.3, 0),
  far = c(-1000, 0, 1, 1e4),
  skewed = exp(seq(-3, 3, length.out = 40))
)

for (name in names(means)) {
  test_that(paste("quantiles of a mixture are uniroot()'s; means:", name), {
    mean <- means[[name]]
    for (sd in c(0.01, 1, 30)) {
      range <- diff(range(mean)) + 18 * sd
      for (prob in probs) {
        want <- uniroot(
          \(q) below(q, mean, sd) - prob, range(mean) + c(-9, 9) * sd,
          tol = 1e-13 * range
        )$root

        got <- quantiles_at(mean, sd, prob)[1]

        # where the distribution function is flat, many q have the same prob
        right <- abs(got - want) <= 1e-7 * range ||
          abs(below(got, mean, sd) - prob) <= 1e-12
        expect_true(right, label = paste(name, sd, prob, got, want))
      }
    }
  })
}

test_that("quantiles of a mixture of unlike widths are uniroot()'s", {
  set.seed(3)
  for (i in 1:300) {
    sd <- 10^stats::runif(3, -4, 1)
    mean <- stats::rnorm(12, sd = 10^stats::runif(1, -2, 1))
    range <- diff(range(mean)) + 18 * max(sd)
    of <- function(q) mean(pnorm(q, mean, rep(sd, each = 4)))
    prob <- sample(probs, 1)
    want <- uniroot(
      \(q) of(q) - prob, range(mean) + c(-9, 9) * max(sd), tol = 1e-13 * range
    )$root

    got <- quantiles_at(mean, sd, prob)[1]

    right <- abs(got - want) <= 1e-7 * range || abs(of(got) - prob) <= 1e-12
    expect_true(right, label = paste(i, prob, got, want))
  }
})

test_that("the quantile of one normal is qnorm()", {
  for (prob in probs) {
    expect_equal(quantiles_at(2, 0.5, prob)[1], qnorm(prob, 2, 0.5), tolerance = 1e-6)
  }
})

test_that("quantiles of a mixture rise with prob", {
  set.seed(1)
  mean <- rnorm(50)

  got <- vapply(ppoints(99), \(prob) quantiles_at(mean, 0.3, prob)[1], 0)

  expect_false(is.unsorted(got, strictly = TRUE))
})

test_that("quantiles of values are R's, type 7, for any number of them", {
  set.seed(2)
  for (S in c(1:4, 10, 999)) {
    for (value in list(rnorm(S), rep(1, S), sample(S) %% 3, -seq_len(S))) {
      for (prob in c(0.001, 0.5, 0.9, 0.999)) {
        got <- quantiles_at(value, 1, prob)[2]

        # R rounds a place among the values that is all but whole
        off <- got - quantile(value, prob, type = 7)
        expect_lte(abs(off), 1e-14 * S * max(abs(value)))
      }
    }
  }
})
