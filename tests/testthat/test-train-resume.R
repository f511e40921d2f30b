# A file of a checkpoint that is there when a fit begins.

# A file as a session leaves it that was killed while it trained quick(...).
left_behind <- function(file, ...) {
  unlink(file)
  fit <- with_cores(1, quick(waves$x, waves$y, batch_size = 8, checkpoint = file, ...))
  if (is_ensemble(fit)) {
    fit$members[[2]] <- fit$members[[2]][c("seed", "held_out", "total_weight", "log_units")]
    fit$members[[2]]$history <- empty_history()
    fit[c("fitted", "residuals")] <- NULL
    fit$stopped <- "checkpoint"
  } else {
    fit <- quick(waves$x, waves$y, batch_size = 8, ..., max_seconds = 0)
    fit$control$checkpoint <- file
    fit$stopped <- "checkpoint"
  }
  saveRDS(fit, file)
  fit
}

in_file <- function(code) {
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  code(file)
}

test_that("the same call goes on with what was left, and says so", {
  for (with in list(list(), list(fits = 2), list(validation = 0.25))) in_file(function(file) {
    do.call(left_behind, c(list(file), with))
    whole <- do.call(quick, c(list(waves$x, waves$y, batch_size = 8), with))
    expect_message(
      fit <- do.call(quick, c(list(waves$x, waves$y, batch_size = 8, checkpoint = file), with)),
      "goes on with the fit in .* epochs are done", class = "bbb_message"
    )
    expect_identical(lapply(fit$members, timeless), lapply(whole$members, timeless))
    expect_identical(fit[c("mu", "state", "fitted")], whole[c("mu", "state", "fitted")])
    expect_identical(readRDS(file), fit)
    # that call has ended: the next one is anew
    expect_silent(quick(waves$x, waves$y, checkpoint = file))
  })
})

test_that("a seed that is not given is that of the file", {
  in_file(function(file) {
    left_behind(file, seed = 7)
    made <- function(...) suppressMessages(
      bbb_fit(
        waves$x, waves$y, hidden = 4, epochs = 6, samples = 1, batch_size = 8,
        checkpoint = file, ...
      )
    )
    expect_error(made(seed = 8), "other data or settings", class = "bbb_error_argument")
    expect_identical(made()$seed, c(7L, 0L))
  })
})

test_that("an unfinished fit of another kind is not overwritten", {
  in_file(function(file) {
    left_behind(file)
    before <- readRDS(file)
    others <- alist(
      quick(waves$x, rev(waves$y), batch_size = 8, checkpoint = file),
      quick(waves$x, waves$y, batch_size = 9, checkpoint = file),
      quick(waves$x, waves$y, batch_size = 8, checkpoint = file, hidden = 3),
      quick(waves$x, waves$y, batch_size = 8, checkpoint = file, prior = prior_laplace()),
      bbb_update(before, waves$x, waves$y, checkpoint = file),
      bbb_continue(
        {
          other <- quick(waves$x, waves$y, seed = 5)
          other$control$checkpoint <- file
          other
        },
        waves$x, waves$y, epochs = 1
      )
    )
    for (other in others) {
      expect_error(eval(other), "delete", class = "bbb_error_argument")
      expect_identical(readRDS(file), before)
    }
  })
})

test_that("a file that holds no fit is not overwritten", {
  in_file(function(file) {
    made <- function() quick(waves$x, waves$y, checkpoint = file)
    saveRDS(mixed, file)
    expect_error(made(), "holds no fit", class = "bbb_error_argument")
    expect_identical(readRDS(file), mixed)
    writeLines("text", file)
    expect_error(made(), "holds no fit", class = "bbb_error_argument")
    expect_identical(readLines(file), "text")
    unlink(file)
    dir.create(file)
    expect_error(made(), "holds no fit", class = "bbb_error_argument")
    unlink(file, recursive = TRUE)
  })
})

test_that("bbb_continue() goes on with what was left, and on writing", {
  in_file(function(file) {
    left_behind(file)
    whole <- quick(waves$x, waves$y, batch_size = 8)
    fit <- bbb_continue(readRDS(file), waves$x, waves$y)
    expect_identical(fit$mu, whole$mu)
    expect_identical(readRDS(file), fit)
  })
})

test_that("a session that ended after the last epoch left all but the end", {
  in_file(function(file) {
    whole <- quick(waves$x, waves$y, checkpoint = file)
    for (fits in c(1, 2)) {
      whole <- with_cores(1, quick(waves$x, waves$y, fits = fits, checkpoint = file))
      left <- whole
      left$stopped <- "checkpoint"
      left[c("fitted", "residuals")] <- NULL
      saveRDS(left, file)
      fit <- bbb_continue(readRDS(file), waves$x, waves$y)
      expect_identical(fit$fitted, whole$fitted)
      expect_identical(fit$stopped, whole$stopped)
      saveRDS(left, file)
      fit <- suppressMessages(quick(waves$x, waves$y, fits = fits, checkpoint = file))
      expect_identical(fit$mu, whole$mu)
      expect_identical(fit$members, whole$members)
    }
  })
})

test_that("a checkpoint is of its call: an update has none of its own accord", {
  in_file(function(file) {
    fit <- quick(waves$x, waves$y, checkpoint = file)
    before <- readRDS(file)
    more <- bbb_update(fit, waves$x, waves$y, epochs = 2)
    expect_null(more$control$checkpoint)
    expect_identical(readRDS(file), before)
    more <- bbb_update(fit, waves$x, waves$y, epochs = 2, checkpoint = file)
    expect_identical(readRDS(file), more)
  })
})

test_that("a fit under way prints, and its summary says how to go on", {
  in_file(function(file) {
    fit <- left_behind(file)
    expect_output(print(fit), "under way")
    expect_output(print(summary(fit)), "bbb_continue")
    fit <- left_behind(file, fits = 2)
    expect_output(print(fit), "1 of 2 fits")
    expect_output(print(summary(fit)), "bbb_continue")
  })
})
