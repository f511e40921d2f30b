# Members whose process is lost.

members_of <- function(fit) lapply(fit$members, timeless)

test_that("a fork that is killed loses its member only, which is trained again", {
  skip_on_os("windows")
  skip_on_cran()
  skip_if(!nzchar(Sys.which("pgrep")))
  got <- in_child(function() {
    x <- matrix(sin(1:3000), 1000)
    fit <- function(cores, ...) {
      options(mc.cores = cores, bbb.threads = 1)
      fit <- bbb_fit(
        x, x[, 1]^2, hidden = 10, epochs = 400, samples = 1, fits = 3, seed = 1, ...
      )
      lapply(fit$members, `[[`, "mu")
    }
    in_turn <- fit(1)
    # once, so that no second kill is left for the next fit where this one is fast
    kill <- "(sleep 0.3; kill -9 $(pgrep -P %d R | head -1)) &"
    lapply(list(list(), list(checkpoint = "fit.rds", checkpoint_seconds = 0.05)), function(with) {
      system(sprintf(kill, Sys.getpid()))
      same <- identical(do.call(fit, c(2, with)), in_turn)
      Sys.sleep(0.4)
      same
    })
  })
  expect_identical(got, list(TRUE, TRUE))
})

test_that("a process of a plan that is killed loses its member only", {
  skip_on_os("windows")
  skip_on_cran()
  skip_if_not_installed("future")
  got <- in_child(function() {
    x <- matrix(sin(1:3000), 1000)
    options(bbb.threads = 1, mc.cores = 1)
    fit <- function() {
      fit <- bbb_fit(x, x[, 1]^2, hidden = 10, epochs = 400, samples = 1, fits = 3, seed = 1)
      lapply(fit$members, `[[`, "mu")
    }
    in_turn <- fit()
    future::plan("multisession", workers = 2)
    victim <- future::value(future::future(Sys.getpid()))
    system(sprintf("(sleep 0.5; kill -9 %d) &", victim))
    warned <- character()
    got <- withCallingHandlers(fit(), warning = function(w) {
      warned <<- c(warned, class(w)[1L])
      invokeRestart("muffleWarning")
    })
    list(same = identical(got, in_turn), warned = warned)
  })
  expect_true(got$same)
  # none, where the package future starts another process itself
  expect_true(all(got$warned == "bbb_warning_worker"))
})

test_that("a plan that takes no task is an error that names the option", {
  skip_on_cran()
  skip_if_not_installed("future")
  old <- future::plan("multisession", workers = 2)
  limit <- options(future.globals.maxSize = 100)
  on.exit({
    options(limit)
    future::plan(old)
  })
  error <- caught(quick(waves$x, waves$y, fits = 2))
  expect_s3_class(error, "bbb_error_worker")
  expect_match(conditionMessage(error), "^`options\\(future.globals.maxSize\\)` is .* MB, and .* MB:")
  expect_identical(as.character(conditionCall(error)[[1]]), "bbb_fit")
})

# A pool whose processes are lost so often.
losing <- function(times) {
  lost <- 0
  list(
    workers = 2L, apart = TRUE, start = function(task) list(task = task),
    collect = function(running) lapply(running, function(one) {
      lost <<- lost + 1
      if (lost > times) train_member(one$task)
    }),
    stop = function(running) list()
  )
}

one_member <- function(fit, data, times) {
  watch <- new_watch(fit, 1:2, c(6, 6), TRUE)
  on.exit(close_watch(watch))
  tasks <- lapply(1:2, function(i) member_task(fit, i, data, 6, Inf, calls_of(watch, i)))
  run_tasks(tasks, losing(times), watch)$results
}

test_that("one that is lost three times is an error, and no more are begun", {
  whole <- with_cores(1, quick(waves$x, waves$y, fits = 2))
  fit <- whole
  own <- c("seed", "held_out", "total_weight", "log_units")
  fit$members <- lapply(whole$members, function(one) c(one[own], list(history = empty_history())))
  data <- data_for_core(fit, waves$x, matrix(waves$y))

  got <- one_member(fit, data, 3)
  expect_identical(lapply(got, function(one) timeless(one$member)$mu), lapply(whole$members, `[[`, "mu"))
  got <- one_member(fit, data, 100)
  expect_s3_class(got[[1]], "bbb_error_worker")
  expect_error(raise_failed(got), "without a result, 3 times", class = "bbb_error_worker")
})
