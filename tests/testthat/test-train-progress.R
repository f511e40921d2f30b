# The progress bar, of one fit and of several.

bar_of <- function(...) {
  lines <- capture.output(fit <- quick(waves$x, waves$y, ...), type = "message")
  paste(lines, collapse = "")
}

# The last share that a bar shows.
last_share <- function(text) {
  shares <- regmatches(text, gregexpr("[0-9]+%", text))[[1L]]
  if (length(shares)) shares[length(shares)] else ""
}

test_that("the bar ends at 100 %, however short the fit", {
  for (epochs in c(1, 10, 3000)) {
    expect_identical(last_share(bar_of(epochs = epochs, verbose = TRUE)), "100%")
  }
  expect_identical(last_share(bar_of(verbose = TRUE, validation = 0.3, epochs = 500,
    patience = 1, kl_warmup = 0, learn_rate = 0.05)), "100%")
  half <- bar_of(verbose = TRUE, epochs = 1e5, max_seconds = 0.1)
  expect_match(last_share(half), "^[0-9]%|^[1-9][0-9]%$")
  expect_identical(bar_of(verbose = FALSE), "")
})

test_that("a bar is of the epochs that are left", {
  fit <- quick(waves$x, waves$y, schedule = "constant", verbose = TRUE)
  lines <- capture.output(bbb_continue(fit, waves$x, waves$y, epochs = 2), type = "message")
  expect_identical(last_share(paste(lines, collapse = "")), "100%")
})

test_that("several fits have one bar, wherever they are trained", {
  for (cores in c(1, if (.Platform$OS.type == "unix") 2)) with_cores(cores, {
    text <- bar_of(fits = 3, verbose = TRUE, epochs = 2000)
    expect_identical(last_share(text), "100%")
    expect_gt(length(unique(regmatches(text, gregexpr("[0-9]+%", text))[[1L]])), 2)
    expect_identical(lengths(gregexpr("100%", text)), 1L)
    expect_identical(bar_of(fits = 3, verbose = FALSE), "")
    expect_identical(list.files(tempdir(), "^bbb-fits-"), character())
  })
})

test_that("futures have it too", {
  skip_if_not_installed("future")
  skip_on_cran()
  old <- future::plan("multisession", workers = 2)
  on.exit(future::plan(old))
  expect_identical(last_share(bar_of(fits = 3, verbose = TRUE, epochs = 500)), "100%")
})

test_that("what is told is read, and half a number is a small one", {
  folder <- tempfile()
  dir.create(folder)
  calls <- teller(folder, 2L, numeric())
  expect_null(calls$keep)
  expect_identical(told_epoch(folder, 2L), 0)
  calls$tick(17)
  expect_identical(told_epoch(folder, 2L), 17)
  cat("", file = told_file(folder, "epoch", 2L))
  expect_identical(told_epoch(folder, 2L), 0)
  unlink(folder, recursive = TRUE)
  # a folder of another machine
  expect_silent(teller(folder, 2L, numeric())$tick(3))
  expect_silent(teller(folder, 2L, 1)$keep$save(fits$gaussian))
})
