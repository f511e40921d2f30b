# Priors: log densities against R's, where R's do not underflow and by
# log-sum-exp where they do; gradients by central differences.

prior_of <- function(prior, w) {
  native_test_prior(core_model(new_model(c(1L, 1L), prior = prior)), w)
}

# By log-sum-exp of R's log densities
log_mixture <- function(p, w) {
  wide <- log(p$pi) + dnorm(w, 0, p$sd1, log = TRUE)
  narrow <- log1p(-p$pi) + dnorm(w, 0, p$sd2, log = TRUE)
  most <- pmax(wide, narrow)
  most + log(exp(wide - most) + exp(narrow - most))
}

# One weight at a time, so that no error hides in a sum.
each_log_density <- function(prior, w) {
  vapply(w, \(one) prior_of(prior, one)$log_density, 0)
}

around <- as_single(c(-30, -2, -0.01, -1e-3, -1e-30, 0, 1e-30, 1e-4, 0.02, 0.5, 3))

for (isa in isas_here()) {
  test_that(paste("the normal prior is R's normal density:", isa), {
    local_isa(isa)
    for (sd in c(exp(-8), 0.3, 1, 20)) {
      got <- each_log_density(prior_normal(sd), around)

      expect_equal(got, dnorm(around, 0, sd, log = TRUE), tolerance = log_tolerance(isa, 1e-14))
      expect_close(prior_of(prior_normal(sd), around)$d_w, around / sd^2, 1e-7)
    }
  })
}

for (isa in isas_here()) {
  test_that(paste("the mixture is equation 7 where double precision can say it:", isa), {
    local_isa(isa)
    for (p in list(prior_mixture(), prior_mixture(0.25, 2, exp(-8)))) {
      direct <- p$pi * dnorm(around, 0, p$sd1) + (1 - p$pi) * dnorm(around, 0, p$sd2)

      got <- each_log_density(p, around)

      expect_equal(got, log(direct), tolerance = log_tolerance(isa, 1e-13))
    }
  })
}

for (isa in isas_here()) {
  test_that(paste("the mixture is right where the densities underflow:", isa), {
    local_isa(isa)
    # 30 is 1e5 sds of the narrow part, and 300 of the wide
    p <- prior_mixture(0.5, 0.1, exp(-8))
    expect_identical(dnorm(30, 0, p$sd1) + dnorm(30, 0, p$sd2), 0)

    got <- each_log_density(p, around)

    expect_equal(got, log_mixture(p, around), tolerance = log_tolerance(isa, 1e-13))
    expect_true(all(is.finite(prior_of(p, around)$d_w)))
  })
}

for (isa in isas_here()) {
  test_that(paste("the log density of many weights is the sum of each:", isa), {
    local_isa(isa)
    for (p in core_priors) {
      expect_equal(
        prior_of(p, around)$log_density, sum(each_log_density(p, around)),
        tolerance = log_tolerance(isa, 1e-14)
      )
    }
  })
}

for (isa in isas_here()) {
  test_that(paste("the mixture's gradient is that of its log density:", isa), {
    local_isa(isa)
    for (p in list(
      prior_mixture(0.25, 1, 0.1), prior_mixture(), prior_mixture(0.5, 1, exp(-8))
    )) {
      # where the two parts hand over, and on both sides of it
      for (w in as_single(p$sd2 * c(-4, -3, -1, 0.1, 1, 2, 3, 3.5, 4, 5, 20))) {
        got <- prior_of(p, w)$d_w

        h <- 1e-3 * p$sd2
        expect_gradient(got, \(w) -log_mixture(p, w), w, tolerance = 1e-5, h = h)
      }
    }
  })
}

test_that("the gradient check of the prior fails on a flipped sign", {
  p <- prior_mixture(0.25, 1, 0.1)
  got <- prior_of(p, 0.25)$d_w

  expect_gradient(got, \(w) -log_mixture(p, w), 0.25)
  expect_failure(expect_gradient(-got, \(w) -log_mixture(p, w), 0.25))
})

for (isa in isas_here()) {
  test_that(paste("the mixture's gradient is right at 0, 1e-30 and 30:", isa), {
    local_isa(isa)
    p <- prior_mixture(0.5, 1, exp(-8))
    narrow <- 0.5 * dnorm(0, 0, p$sd2)
    share <- narrow / (narrow + 0.5 * dnorm(0))
    precision <- share / p$sd2^2 + (1 - share)

    got <- prior_of(p, c(0, 1e-30, 30))$d_w

    expect_identical(got[1], 0)
    expect_equal(got[2], 1e-30 * precision, tolerance = 1e-6)
    expect_equal(got[3], 30, tolerance = 1e-6)
  })
}

for (isa in isas_here()) {
  test_that(paste("the smallest and largest sds that R allows stay finite:", isa), {
    local_isa(isa)
    for (p in list(prior_normal(1e-10), prior_normal(1e15),
                   prior_mixture(0.5, 1e15, 1e-10))) {
      got <- prior_of(p, c(-3, 0, 1e-20, 30))

      expect_true(all(is.finite(unlist(got))))
    }
  })
}

for (isa in isas_here()) {
  test_that(paste("a mixture of two equal parts is one normal:", isa), {
    local_isa(isa)
    mixture <- prior_of(prior_mixture(0.3, 0.7, 0.7), around)
    normal <- prior_of(prior_normal(0.7), around)

    expect_equal(mixture$log_density, normal$log_density, tolerance = log_tolerance(isa, 1e-14))
    expect_close(mixture$d_w, normal$d_w, 1e-6)
  })
}
