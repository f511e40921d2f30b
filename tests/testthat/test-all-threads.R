# Threads: the same bits for any number of them, and none in a forked process.

# A step large enough to be shared out: 30 x 100 + 100 x 100 weights, 128 rows.
wide_data <- function() {
  set.seed(1)
  x <- matrix(stats::rnorm(400 * 30), 400)
  list(x = x, y = sin(x[, 1]) + x[, 2] * x[, 3] + stats::rnorm(400, sd = 0.1))
}

wide_fit <- function(threads, ...) {
  data <- wide_data()
  old <- options(bbb.threads = threads)
  on.exit(options(old))
  fit <- bbb_fit(
    data$x, data$y, hidden = c(100, 100), epochs = 3, batch_size = 128, seed = 1, ...
  )
  list(
    fit[c("mu", "rho", "aux", "state", "prior_sd", "fitted")],
    fit$history[c("elbo", "nll", "kl", "noise")],
    lapply(
      c("interval", "uncertainty"), \(type) predict(fit, data$x, type = type, draws = 20)
    )
  )
}

for (isa in isas_here()) {
  test_that(paste("a fit and its predictions have the same bits on any threads:", isa), {
    local_isa(isa)
    one <- wide_fit(1)
    for (threads in c(2, 3, 7)) expect_identical(wide_fit(threads), one)
  })
}

test_that("so do those of each estimator, prior and optimiser", {
  for (more in list(
    list(estimator = "local"), list(estimator = "flipout"), list(samples = 3),
    list(prior = prior_mixture()), list(optimizer = "sgd"), list(validation = 0.2),
    list(clip = 0.01), list(clip = 0.01, samples = 2, optimizer = "sgd")
  )) {
    expect_identical(do.call(wide_fit, c(2, more)), do.call(wide_fit, c(1, more)))
  }
})

test_that("a forked process fits after its parent has used threads", {
  skip_on_os("windows")
  one <- wide_fit(2)
  got <- parallel::mclapply(1:2, \(i) wide_fit(2), mc.cores = 2)
  expect_identical(got, list(one, one))
})

test_that("threads that are no number are refused", {
  for (threads in list(0, -1, 1.5, NA, "two", c(1, 2))) {
    old <- options(bbb.threads = threads)
    expect_error(quick(waves$x, waves$y, epochs = 1), class = "bbb_error_argument")
    options(old)
  }
})

# As another package's OpenMP in the parent would leave no threads to its forks.
test_that("a forked process that loads the package works on one thread", {
  skip_on_os("windows")
  lib <- dirname(system.file(package = "bbb"))
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(
    "told <- parallel::mclapply(1:2, function(i) {",
    sprintf("  loadNamespace(\"bbb\", lib.loc = %s)", deparse(lib)),
    "  bbb:::threads_for_core()",
    "}, mc.cores = 2)",
    sprintf("loadNamespace(\"bbb\", lib.loc = %s)", deparse(lib)),
    "cat(unlist(told), is.null(bbb:::threads_for_core()))"
  ), script)
  said <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script), stdout = TRUE)
  expect_identical(utils::tail(said, 1L), "1 1 TRUE")
})
