test_that("priors hold what was asked for", {
  mixture <- prior_mixture(pi = 0.25, sd1 = 2, sd2 = 0.1)

  expect_s3_class(mixture, "bbb_prior")
  expect_identical(unclass(mixture), list(
    kind = "mixture", pi = 0.25, sd1 = 2, sd2 = 0.1, bias_sd = NULL, fan_in = FALSE
  ))
  expect_identical(prior_normal(3L)$sd, 3)
  expect_identical(prior_laplace(c(1, 2), bias_sd = 3)$bias_sd, 3)
  expect_identical(fits$gaussian$prior, prior_normal("learned"))
})

test_that("a prior prints as its density", {
  expect_snapshot({
    prior_normal(0.5)
    prior_mixture(pi = 0.25, sd1 = 1, sd2 = 0.001)
    prior_normal()
    prior_laplace(1, fan_in = TRUE)
    prior_student(3, sd = c(1, 2), bias_sd = 5)
  })
})

test_that("numbers out of range are refused", {
  bad <- alist(
    prior_mixture(pi = 0), prior_mixture(pi = 1), prior_mixture(pi = NA),
    prior_mixture(sd1 = 0), prior_mixture(sd1 = -1), prior_mixture(sd2 = Inf),
    prior_mixture(sd2 = 1e-30), prior_mixture(sd2 = "a"), prior_normal(0),
    prior_normal(c(1, NA)), prior_normal(numeric()), prior_normal(NULL),
    prior_normal("wide"), prior_normal(1, bias_sd = 0), prior_normal(1, fan_in = NA),
    prior_normal("learned", fan_in = TRUE), prior_laplace("learned"),
    prior_student(df = 0), prior_student(sd = -1), prior_laplace(sd = Inf), prior_normal(list(1)),
    prior_normal(NaN), prior_normal(TRUE), prior_normal(1e300)
  )
  for (call in bad) {
    error <- caught(eval(call))

    expect_s3_class(error, "bbb_error_argument")
    expect_identical(conditionCall(error), call)
  }
})

test_that("what is no prior is refused by the fit", {
  changed <- prior_normal()
  changed$sd <- -1
  for (prior in list("normal", prior_normal, NULL, 1, list(), changed, prior_normal(1:5),
                     structure(list(), class = "bbb_prior"))) {
    expect_error(quick(waves$x, waves$y, prior = prior), class = "bbb_error_argument")
  }
})

test_that("a mixture of one part with itself is that part", {
  same <- prior_mixture(pi = 0.3, sd1 = 0.7, sd2 = 0.7)
  fit <- quick(waves$x, waves$y, prior = same)
  normal <- quick(waves$x, waves$y, prior = prior_normal(0.7))

  expect_equal(fit$mu, normal$mu, tolerance = 1e-4)
})

test_that("sds by layer are told as such", {
  expect_identical(format(prior_normal(c(1, 2))), "N(0, sd^2), sd 1, 2 by layer")
})
