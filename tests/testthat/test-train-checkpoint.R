# Fits that outlive their session.

# What a checkpoint sees of a fit, one after another: run_training() is given them.
kept_of <- function(fit, data, every = 0) {
  kept <- list()
  keep <- list(every = every, save = function(fit) kept[[length(kept) + 1L]] <<- fit)
  last <- run_training(fit, data, fit$control$epochs, Inf, list(keep = keep))
  list(kept = kept, last = last)
}

# A fit by matrix that has learned nothing yet, and its data.
untrained <- function(...) {
  fit <- quick(waves$x, waves$y, batch_size = 8, ...)
  data <- data_for_core(fit, waves$x, matrix(waves$y))
  fit[c("mu", "rho", "aux", "state", "stopped", "fitted", "residuals")] <- NULL
  fit$history <- empty_history()
  list(fit = fit, data = data)
}

in_file <- function(code) {
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  code(file)
}

test_that("a fit that goes on from any checkpoint has the bits of one that never stopped", {
  settings <- list(
    list(), list(optimizer = "sgd"), list(samples = 2, kl_weight = "blundell"),
    list(validation = 0.25), list(validation = 0.3, patience = 1, kl_warmup = 0, learn_rate = 0.05),
    list(prior = prior_mixture()), list(estimator = "flipout"), list(noise = 0.3)
  )
  for (with in settings) {
    start <- do.call(untrained, with)
    whole <- do.call(quick, c(list(waves$x, waves$y, batch_size = 8), with))
    got <- kept_of(start$fit, start$data)

    steps <- vapply(got$kept, function(fit) fit$state$counters[["step"]], 0)
    expect_identical(steps, seq_along(steps) + 0)
    expect_gt(length(steps), 5)
    expect_identical(got$last[c("mu", "state", "stopped")], whole[c("mu", "state", "stopped")])
    for (fit in got$kept) {
      expect_identical(fit$stopped, "checkpoint")
      expect_true(all(is.finite(predict(fit, waves$x, draws = 2))))
      more <- timeless(bbb_continue(fit, waves$x, waves$y))
      expect_identical(more[names(whole)], timeless(whole)[names(whole)])
    }
  }
})

test_that("a checkpoint changes no bit, and the file ends as the fit", {
  for (fits in c(1, 3)) for (cores in c(1, 2)) in_file(function(file) {
    made <- function(...) with_cores(cores, quick(waves$x, waves$y, fits = fits, ...))
    plain <- made()
    fit <- made(checkpoint = file, checkpoint_seconds = 0)

    expect_identical(readRDS(file), fit)
    expect_false(file.exists(paste0(file, ".part")))
    fit$control[c("checkpoint", "checkpoint_seconds")] <- plain$control["checkpoint_seconds"]
    fit$members <- lapply(fit$members, timeless)
    plain$members <- lapply(plain$members, timeless)
    same <- setdiff(names(plain), "control")
    expect_identical(timeless(fit)[same], timeless(plain)[same])
  })
})

test_that("the seconds of a fit add up over its pauses", {
  in_file(function(file) {
    took <- system.time(
      fit <- quick(waves$x, waves$y, epochs = 30, checkpoint = file, checkpoint_seconds = 0)
    )[["elapsed"]]
    expect_false(is.unsorted(fit$history$seconds))
    expect_lte(max(fit$history$seconds), took)
    expect_gt(max(fit$history$seconds), 0.3 * took)
  })
})

test_that("max_seconds is that of the call, over all pauses", {
  in_file(function(file) {
    took <- system.time(
      fit <- quick(
        waves$x, waves$y, epochs = 1e5, max_seconds = 0.3, checkpoint = file,
        checkpoint_seconds = 0.05
      )
    )
    expect_identical(fit$stopped, "max_seconds")
    expect_identical(readRDS(file), fit)
    expect_gt(took[["elapsed"]], 0.29)
    expect_lt(took[["user.self"]], 2)
  })
})

test_that("a checkpoint that cannot be written is a warning, and the fit is made", {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file <- file.path(folder, "fit.rds")
  dir.create(paste0(file, ".part"))
  warned <- 0
  fit <- withCallingHandlers(
    quick(waves$x, waves$y, checkpoint = file, checkpoint_seconds = 0),
    bbb_warning_checkpoint = function(w) {
      warned <<- warned + 1
      expect_match(conditionMessage(w), "^The checkpoint was not written: .*\\.$")
      invokeRestart("muffleWarning")
    }
  )
  expect_identical(warned, 1)
  expect_identical(fit$mu, fits$gaussian$mu)
})

test_that("bad names of a checkpoint are refused", {
  for (bad in list(1, NA_character_, c("a", "b"), "", TRUE)) {
    expect_error(bbb_control(checkpoint = bad), "one file", class = "bbb_error_argument")
  }
  for (bad in list(-1, NA, "1", NULL, Inf)) {
    expect_error(bbb_control(checkpoint_seconds = bad), class = "bbb_error_argument")
  }
  nowhere <- file.path(tempfile(), "fit.rds")
  expect_error(
    quick(waves$x, waves$y, checkpoint = nowhere), "written to", class = "bbb_error_argument"
  )
  expect_output(print(bbb_control()), "checkpoint +\\(none\\)")
})

# ---- kill -9 -------------------------------------------------------------------

# Each fits the same in another process as here, given the data and a checkpoint.
ways <- list(
  plain = function(d, ...) {
    bbb::bbb_fit(
      as.matrix(d[1:3]), d$y, hidden = 4, epochs = 6000, samples = 1, seed = 1,
      verbose = FALSE, ...
    )
  },
  validation = function(d, ...) {
    bbb::bbb_fit(
      as.matrix(d[1:3]), d$y, hidden = 4, epochs = 1500, samples = 2, validation = 0.25,
      patience = 1e6, batch_size = 5, seed = 2, verbose = FALSE, ...
    )
  },
  formula = function(d, ...) {
    bbb::bbb_fit(
      y ~ poly(a, 2) + f + offset(b), d, hidden = 4, epochs = 4000, samples = 1,
      weights = exp(c), subset = i < 6, na.action = na.omit, prior = bbb::prior_mixture(),
      seed = 3, verbose = FALSE, ...
    )
  },
  several = function(d, ...) {
    bbb::bbb_fit(
      f ~ a + b, d, hidden = 3, epochs = 2000, samples = 1, fits = 3, seed = 4,
      verbose = FALSE, ...
    )
  },
  apart = function(d, ...) {
    bbb::bbb_fit(
      as.matrix(d[1:3]), d$y, hidden = 3, epochs = 2000, samples = 1, fits = 3,
      validation = 0.2, batch_size = 5, seed = 5, verbose = FALSE, ...
    )
  }
)

goes_on <- function(way, fit, d) {
  if (!is.null(fit$formula)) bbb_continue(fit, d) else bbb_continue(fit, as.matrix(d[1:3]), d$y)
}

# A process that makes the fit and is killed when it has written `times` checkpoints and
# a little later, and what it left.
killed <- function(way, d, cores, times, later) {
  folder <- child_script(function(way, d, cores) {
    options(mc.cores = cores, bbb.threads = 1)
    writeLines(as.character(Sys.getpid()), "pid.part")
    file.rename("pid.part", "pid")
    way(d, checkpoint = "fit.rds", checkpoint_seconds = 0.01)
  }, list(way, d, cores))
  start_child(folder, wait = FALSE)
  path <- function(name) file.path(folder, name)
  wait_until(function() file.exists(path("pid")))
  seen <- character()
  wait_until(function() {
    seen <<- unique(c(seen, stats::na.omit(format(file.mtime(path("fit.rds")), "%OS6"))))
    length(seen) >= times || file.exists(path("value.rds"))
  })
  Sys.sleep(later)
  tools::pskill(as.integer(readLines(path("pid"))), tools::SIGKILL)
  folder
}

wait_until <- function(done, seconds = 30) {
  until <- Sys.time() + seconds
  while (!done()) {
    if (Sys.time() > until) stop("Nothing came for ", seconds, " s.")
    Sys.sleep(0.005)
  }
}

whole_of <- local({
  made <- list()
  function(name, d) {
    if (is.null(made[[name]])) made[[name]] <<- with_cores(1, ways[[name]](d))
    made[[name]]
  }
})

bits_of <- function(fit) {
  fit$members <- lapply(fit$members, timeless)
  timeless(fit[setdiff(names(fit), "control")])
}

# list(left, same): "none" where the process had written nothing, "under way" or "done".
dies_and_goes_on <- function(name, times, later, again) {
  d <- mixed
  d$y[2] <- NA
  if (!name %in% c("formula", "several")) d$y[2] <- 1
  cores <- if (name == "apart") 2 else 1
  whole <- whole_of(name, d)
  folder <- killed(ways[[name]], d, cores, times, later)
  on.exit(unlink(folder, recursive = TRUE))
  file <- file.path(folder, "fit.rds")
  # a file that was never whole would be an error here
  left <- if (!file.exists(file)) "none" else if (is_under_way(readRDS(file))) "under way" else "done"
  fit <- if (again || left == "none") {
    suppressMessages(with_cores(cores, ways[[name]](d, checkpoint = file)))
  } else {
    fit <- readRDS(file)
    fit$control["checkpoint"] <- list(NULL)
    if (left == "done") fit else with_cores(cores, goes_on(ways[[name]], fit, d))
  }
  list(left = left, same = identical(bits_of(fit), bits_of(whole)))
}

test_that("a fit that is killed goes on to the same bits", {
  skip_on_cran()
  skip_on_os("windows")
  extended <- identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")
  set.seed(9)
  times <- if (extended) 20 else 1
  under_way <- 0
  for (name in names(ways)) {
    got <- lapply(seq_len(times), function(i) {
      # now and then before the first checkpoint
      many <- if (extended) sample(0:9, 1L) else 2L
      dies_and_goes_on(name, many, runif(1, 0, 0.05), again = i %% 2 == 0)
    })
    left <- vapply(got, `[[`, "", "left")
    if (extended) message(name, ": ", paste(names(table(left)), table(left), collapse = ", "))
    expect_identical(vapply(got, `[[`, NA, "same"), rep(TRUE, times))
    under_way <- under_way + sum(left == "under way")
  }
  # else the kills came too late to say much
  if (extended) expect_gt(under_way, length(ways) * times / 4)
})

test_that("forks end when their session was killed", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if(!nzchar(Sys.which("pgrep")) || !nzchar(Sys.which("ps")))
  way <- function(d) {
    bbb::bbb_fit(
      as.matrix(d[1:3]), d$y, hidden = 4, epochs = 1e6, samples = 4, fits = 2, seed = 1,
      verbose = FALSE
    )
  }
  folder <- child_script(function(way, d) {
    options(mc.cores = 2, bbb.threads = 1)
    wait <- "while [ $(pgrep -P %1$d R | wc -l) != 2 ]; do sleep 0.1; done; "
    list_them <- "pgrep -P %1$d R > forks; mv forks pids"
    system(sprintf(paste0("(", wait, list_them, ") &"), Sys.getpid()))
    writeLines(as.character(Sys.getpid()), "session")
    way(d)
  }, list(way, mixed))
  on.exit(unlink(folder, recursive = TRUE))
  start_child(folder, wait = FALSE)
  pids <- file.path(folder, "pids")
  wait_until(function() file.exists(pids))
  forks <- as.integer(readLines(pids))
  tools::pskill(as.integer(readLines(file.path(folder, "session"))), tools::SIGKILL)

  expect_length(forks, 2L)
  # where nobody waits for orphans they stay as zombies
  ended <- function(pid) {
    stat <- suppressWarnings(system2("ps", c("-o", "stat=", "-p", pid), stdout = TRUE))
    !length(stat) || startsWith(stat[1L], "Z")
  }
  expect_silent(wait_until(function() all(vapply(forks, ended, NA))))
})
