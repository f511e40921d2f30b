# The same numbers wherever members are trained.

members_of <- function(fit) lapply(fit$members, timeless)

make <- function(cores, ..., epochs = 30) {
  with_cores(cores, quick(waves$x, waves$y, fits = 5, epochs = epochs, ...))
}

test_that("forks give the same fits as training in turn, and draw no random number", {
  skip_on_os("windows")
  in_turn <- make(1)
  set.seed(4)
  before <- .Random.seed
  for (cores in c(2, 3, 9)) {
    forked <- make(cores)

    expect_identical(members_of(forked), members_of(in_turn))
    expect_identical(forked[names(forked) != "members"], in_turn[names(in_turn) != "members"])
  }
  expect_identical(.Random.seed, before)
  expect_length(parallel:::children(), 0L)
})

test_that("set.seed() governs an ensemble", {
  make_it <- function() {
    set.seed(9)
    members_of(bbb_fit(waves$x, waves$y, hidden = 2, epochs = 2, fits = 2))
  }
  expect_identical(make_it(), make_it())
})

test_that("futures give the same fits, and their errors", {
  skip_if_not_installed("future")
  skip_on_cran()
  in_turn <- make(1)
  old <- future::plan("multisession", workers = 2)
  on.exit(future::plan(old))

  expect_true(uses_futures())
  expect_identical(members_of(make(1)), members_of(in_turn))
  error <- caught(quick(waves$x, waves$y, fits = 3, optimizer = "sgd", learn_rate = 1e30))
  expect_s3_class(error, "bbb_error_diverged")
  expect_identical(as.character(conditionCall(error)[[1]]), "bbb_fit")
  future::plan("sequential")
  expect_false(uses_futures())
})

test_that("forks after a threaded fit do not hang", {
  skip_on_os("windows")
  skip_on_cran()

  same <- in_child(function() {
    options(bbb.threads = 2)
    x <- matrix(sin(1:4000), 500)
    fit <- function(cores) {
      options(mc.cores = cores)
      fit <- bbb_fit(
        x, x[, 1], hidden = c(200, 200), epochs = 2, batch_size = 256, fits = 2, seed = 1
      )
      lapply(fit$members, `[[`, "mu")
    }
    in_turn <- fit(1)
    identical(fit(2), in_turn)
  }, timeout = 60)

  expect_true(same)
})

test_that("an ensemble can be made in a fork", {
  skip_on_os("windows")
  got <- parallel::mclapply(1:2, function(i) members_of(make(2, seed = i)), mc.cores = 2)

  expect_identical(got[[1]], members_of(make(1)))
})

test_that("odd settings of mc.cores train in turn", {
  for (cores in list(0, -1, NA, "two", 1:2)) {
    with_cores(cores, expect_identical(fork_limit(), 1L))
  }
  with_cores(NULL, expect_true(fork_limit() %in% 1:2))
})

test_that("a process that is lost each time is an error", {
  skip_on_os("windows")
  kill_itself <- pool_of_forks(2L)
  fork <- kill_itself$start
  environment(fork) <- list2env(
    list(train_tied = function(task) tools::pskill(Sys.getpid(), tools::SIGKILL)),
    parent = environment(fork)
  )
  kill_itself$start <- fork
  watch <- new_watch(with_cores(1, quick(waves$x, waves$y, fits = 2)), 1:2, c(6, 6), TRUE)

  ran <- run_tasks(list(list(fit = list(), n = 1), list(fit = list(), n = 2)), kill_itself, watch)

  # the first that was lost so often ends the other
  expect_true(any(vapply(ran$results, inherits, NA, "bbb_error_worker")))
  expect_error(raise_failed(ran$results), "died 3 times", class = "bbb_error_worker")
  expect_length(parallel:::children(), 0L)
})

# A signal to the process that the user sees, as by an IDE, or to its children too, as
# by Ctrl-C.
interrupted_members <- function(how) {
  in_child(function(how) {
    x <- matrix(sin(1:3000), 1000)
    options(mc.cores = 2)
    futures <- how == "futures"
    if (futures) future::plan("multisession", workers = 2)
    kill <- if (how == "all") "kill -INT $(pgrep -P %1$d) %1$d" else "kill -INT %d"
    lapply(if (futures) 3 else 1:5, function(i) {
      system(paste0("(trap '' INT; sleep ", 0.2 * i, "; ", sprintf(kill, Sys.getpid()), ") &"))
      warned <- character()
      suspendInterrupts({
        fit <- NULL
        took <- system.time(withCallingHandlers(
          tryCatch(
            fit <- allowInterrupts(bbb_fit(
              x, x[, 1], hidden = 20, epochs = 40000, samples = 1, seed = 1, fits = 4,
              max_seconds = 20
            )),
            interrupt = function(condition) NULL
          ),
          warning = function(w) {
            warned <<- c(warned, class(w)[1L])
            invokeRestart("muffleWarning")
          }
        ))
      })
      if (is.null(fit)) return("none had ended")
      list(
        # of all processes, the two that train at work until the signal
        warned = warned, late = sum(took[-3]) - 2 * 0.2 * i, usable = all(is.finite(predict(fit, x))),
        left = length(parallel:::children()), used = length(bbb:::usable_members(fit))
      )
    })
  }, how)
}

test_that("an interrupt reaches the forks, and the fit so far is kept", {
  skip_on_cran()
  skip_on_os("windows")
  for (how in c("one", if (nzchar(Sys.which("pgrep"))) "all")) {
    all <- interrupted_members(how)
    # one that came before any member had begun is an interrupt as any other
    fits <- Filter(is.list, all)
    expect_gte(length(fits), 2L)
    for (got in fits) {
      expect_identical(got$warned, "bbb_warning_stopped")
      expect_true(got$usable)
      expect_identical(got$left, 0L)
      expect_gte(got$used, 1L)
      expect_lt(got$late, 1)
    }
  }
})

test_that("an interrupt while futures are trained gives the fits that have ended", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("future")
  # one only: futures that are let go keep their workers busy
  for (got in interrupted_members("futures")) {
    if (identical(got, "none had ended")) next # an interrupt as any other
    expect_identical(got$warned, "bbb_warning_stopped")
    expect_true(got$usable)
    expect_gte(got$used, 1L)
  }
  succeed()
})

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
  expect_error(raise_failed(got), "died 3 times", class = "bbb_error_worker")
})
