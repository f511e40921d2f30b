# Ctrl-C in a running fit: SIGINT sent to another R process at random moments.

# Fits a few times to see how long it takes, then `times` times. It notes that each is
# about to start, and after it what the user got and when. It waits for one signal for
# each fit, in the fit or after.
interrupted_fits <- function(times) {
  note <- function(name, lines) {
    writeLines(lines, paste0(name, ".part"))
    file.rename(paste0(name, ".part"), name)
  }
  n <- 4000
  frame <- data.frame(
    a = sin(1:n), b = cos(1:n), f = factor(rep(letters[1:8], n / 8)),
    y = sin(1:n / 7)
  )
  one_fit <- function(i) {
    warned <- character()
    fit <- withCallingHandlers(
      bbb_fit(
        y ~ ., frame, hidden = 20, epochs = 40, batch_size = 128, samples = 1,
        seed = i, verbose = FALSE
      ),
      warning = function(w) {
        warned <<- class(w)[1L]
        invokeRestart("muffleWarning")
      }
    )
    list(fit = fit, at = as.numeric(Sys.time()), warned = warned)
  }
  wait <- function() {
    tryCatch(allowInterrupts({
      Sys.sleep(10)
      FALSE
    }), interrupt = function(e) TRUE)
  }

  suspendInterrupts({
    took <- min(vapply(1:4, function(i) system.time(one_fit(i))[["elapsed"]], 0))
    note("child", as.character(c(Sys.getpid(), took)))
    lapply(seq_len(times), function(i) {
      note(paste0("ready", i), format(as.numeric(Sys.time()), digits = 17))
      got <- tryCatch(allowInterrupts(one_fit(i)), interrupt = function(e) NULL)
      if (is.null(got)) {
        note(paste0("done", i), "lost")
        return(list(lost = TRUE))
      }
      late <- !length(got$warned) && wait()
      usable <- all(is.finite(predict(got$fit, frame[1:20, ])))
      note(paste0("done", i), "kept")
      list(
        lost = FALSE, at = got$at, late = late, warned = got$warned,
        usable = usable && all(is.finite(c(got$fit$mu, got$fit$rho))),
        epochs = nrow(got$fit$history), stopped = got$fit$stopped
      )
    })
  })
}

wait_for <- function(file, seconds = 60) {
  until <- Sys.time() + seconds
  while (!file.exists(file)) {
    if (Sys.time() > until) stop("No file ", basename(file), " after ", seconds, " s.")
    Sys.sleep(0.001)
  }
}

# Signals after these shares of the length of a fit; when they were sent.
send_signals <- function(folder, shares) {
  path <- function(...) file.path(folder, paste0(...))
  wait_for(path("child"))
  child <- as.numeric(readLines(path("child")))
  vapply(seq_along(shares), function(i) {
    wait_for(path("ready", i))
    Sys.sleep(shares[i] * child[2])
    sent <- as.numeric(Sys.time())
    tools::pskill(child[1], tools::SIGINT)
    wait_for(path("done", i))
    sent
  }, 0)
}

# A data frame with a row a signal.
interrupt_at <- function(shares) {
  folder <- child_script(interrupted_fits, list(length(shares)))
  on.exit(unlink(folder, recursive = TRUE))
  start_child(folder, wait = FALSE)
  sent <- tryCatch(send_signals(folder, shares), error = function(e) {
    stop(conditionMessage(e), "\n", paste(readLines(file.path(folder, "err")), collapse = "\n"))
  })
  wait_for(file.path(folder, "value.rds"))
  got <- readRDS(file.path(folder, "value.rds"))
  field <- function(name, none) {
    vapply(got, function(one) if (length(one[[name]])) one[[name]] else none, none)
  }
  data.frame(
    share = shares, lost = field("lost", NA), late = field("late", NA),
    latency = field("at", NA_real_) - sent, usable = field("usable", NA),
    warned = field("warned", ""), epochs = field("epochs", NA_integer_),
    stopped = field("stopped", "")
  )
}

test_that("SIGINT at any moment of a fit gives a usable fit within 0.2 s", {
  skip_on_cran()
  skip_on_os("windows")
  times <- if (identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")) 50 else 10
  set.seed(20)
  # any moment from the start, while the data are prepared, to just after the end
  shares <- c(0, 0.01, 0.98, 1, runif(times - 4, 0, 1.02))

  got <- interrupt_at(shares)

  expect_false(any(got$lost))
  expect_true(all(got$usable))
  during <- got[!got$late, ]
  expect_gt(nrow(during), times / 4)
  expect_identical(unique(during$warned), "bbb_warning_stopped")
  expect_lt(max(during$latency), 0.2)
})

test_that("an interrupted prediction ends at once, as R's own interrupt", {
  skip_on_cran()
  skip_on_os("windows")

  got <- in_child(function() {
    x <- matrix(sin(1:3000), 1000)
    fit <- bbb_fit(x, x[, 1], hidden = 20, epochs = 1, samples = 1, seed = 1)
    system(sprintf("(sleep 0.5; kill -INT %d) &", Sys.getpid()))
    took <- system.time(
      class <- tryCatch(predict(fit, x, draws = 1e6), condition = function(e) class(e)[1L])
    )
    list(class = class, seconds = took[["elapsed"]])
  })

  expect_identical(got$class, "interrupt")
  expect_lt(got$seconds, 2)
})

test_that("an interrupted validation score is made again when the fit goes on", {
  skip_on_cran()
  skip_on_os("windows")
  # its minutes of work without optimisation would tell nothing new
  skip_on_covr()
  skip_if(nzchar(Sys.getenv("ASAN_OPTIONS")), "under sanitizers")

  got <- in_child(function() {
    # nearly all of the time goes into the score of the held-out rows
    x <- matrix(sin(seq_len(2e5)), 40000)
    fit_it <- function() {
      bbb_fit(
        x, x[, 1], hidden = c(500, 500), epochs = 1, validation = 0.95,
        batch_size = 500, samples = 1, seed = 1
      )
    }
    seconds <- system.time(whole <- fit_it())[["elapsed"]]
    system(sprintf(
      "(sleep %f; date +%%s.%%N > sent; kill -INT %d) &", 0.2 * seconds, Sys.getpid()
    ))
    part <- suppressWarnings(fit_it())
    at <- as.numeric(Sys.time())
    list(
      latency = at - as.numeric(readLines("sent")), stopped = part$stopped,
      same = identical(bbb_continue(part, x, x[, 1])$mu, whole$mu)
    )
  })

  expect_identical(got$stopped, "interrupt")
  expect_lt(got$latency, 0.2)
  expect_true(got$same)
})

# An error, not an interrupt: it can be caught, and nothing is returned.
test_that("a time limit of R's ends a fit and a prediction", {
  limited <- function(code) {
    setTimeLimit(elapsed = 0.5, transient = TRUE)
    on.exit(setTimeLimit())
    tryCatch(code, error = conditionMessage, interrupt = \(i) "interrupt")
  }
  fit <- quick(waves$x, exp(sin(1:24)), family = "student_t")
  x <- waves$x[rep(1:24, 200), ]

  expect_match(limited(quick(waves$x, waves$y, epochs = 1e6)), "time limit")
  expect_match(limited(predict(fit, x, draws = 1e6)), "time limit")
  # some quarter second of draws, and then a minute of quantiles
  expect_match(limited(predict(fit, x, "quantile", draws = 4000)), "time limit")
})

test_that("an error of the call for progress is an error", {
  fit <- quick(waves$x, waves$y)
  fails <- function(epoch) stop("no bar")
  expect_error(
    native_fit(
      fit_model(fit), plan_for_core(fit$control, 1e6L),
      data_for_core(fit, waves$x, matrix(waves$y)), start_or_state(fit), fails
    ),
    "no bar"
  )
})
