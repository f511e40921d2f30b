# Ctrl-C in a running fit: SIGINT sent to another R process at random moments.

# The CPU's seconds count, since another process may be waiting for its core.

# Calls `call` with what `prepare` made, `times` times. It notes that each call is about to
# start, and after it what the user got and when. It waits for one signal for each call,
# in the call or after.
interrupted_calls <- function(prepare, call, usable, times) {
  note <- function(name, lines = "") {
    writeLines(format(lines, digits = 17), paste0(name, ".part"))
    file.rename(paste0(name, ".part"), name)
  }
  cpu <- function() sum(proc.time()[1:2])
  wait <- function() {
    tryCatch(allowInterrupts({
      Sys.sleep(30)
      FALSE
    }), interrupt = function(e) TRUE)
  }
  one_call <- function(made, i) {
    warned <- character()
    value <- withCallingHandlers(
      tryCatch(allowInterrupts(call(made, i)), interrupt = function(e) NULL),
      warning = function(w) {
        warned <<- class(w)[1L]
        invokeRestart("muffleWarning")
      }
    )
    list(value = value, at = cpu(), warned = warned)
  }

  suspendInterrupts({
    made <- prepare()
    note("child", Sys.getpid())
    lapply(seq_len(times), function(i) {
      note(paste0("ready", i))
      got <- one_call(made, i)
      note(paste0("done", i))
      lost <- is.null(got$value)
      late <- !lost && !length(got$warned) && wait()
      list(
        at = got$at, lost = lost, late = late, warned = got$warned,
        usable = lost || usable(made, got$value)
      )
    })
  })
}

wait_for <- function(file, seconds = 200) {
  until <- Sys.time() + seconds
  while (!file.exists(file)) {
    if (Sys.time() > until) stop("No file ", basename(file), " after ", seconds, " s.")
    Sys.sleep(0.001)
  }
}

# Of all threads of a process, in steps of 10 ms.
cpu_of <- function(pid) {
  line <- readLines(file.path("/proc", pid, "stat"), warn = FALSE)
  fields <- strsplit(sub(".*[)] ", "", line), " ")[[1L]]
  sum(as.numeric(fields[12:13])) / 100
}

# A signal after so many seconds of each call; the child's CPU's seconds then.
send_signals <- function(folder, after) {
  path <- function(...) file.path(folder, paste0(...))
  wait_for(path("child"))
  pid <- as.integer(readLines(path("child")))
  vapply(seq_along(after), function(i) {
    wait_for(path("ready", i))
    started <- cpu_of(pid)
    while (cpu_of(pid) < started + after[i] && !file.exists(path("done", i))) {
      Sys.sleep(0.001)
    }
    sent <- cpu_of(pid)
    tools::pskill(pid, tools::SIGINT)
    wait_for(path("done", i))
    sent
  }, 0)
}

# A data frame with a row a signal. `late` came when the call had ended, and `lost`
# ended it as an interrupt of R's own.
interrupt_after <- function(after, prepare, call, usable = function(made, value) TRUE) {
  folder <- child_script(
    interrupted_calls, list(prepare, call, usable, length(after))
  )
  on.exit(unlink(folder, recursive = TRUE))
  start_child(folder, wait = FALSE)
  sent <- tryCatch(send_signals(folder, after), error = function(e) {
    stop(conditionMessage(e), "\n", paste(readLines(file.path(folder, "err")), collapse = "\n"))
  })
  wait_for(file.path(folder, "value.rds"))
  got <- readRDS(file.path(folder, "value.rds"))
  field <- function(name, none) {
    vapply(got, function(one) if (length(one[[name]])) one[[name]] else none, none)
  }
  data.frame(
    after = after, seconds = field("at", 0) - sent, lost = field("lost", NA),
    late = field("late", NA), usable = field("usable", NA), warned = field("warned", "")
  )
}

extended <- identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")

skip_where_signals_are_slow <- function() {
  skip_on_cran()
  skip_on_os(c("windows", "mac", "solaris"))
  # minutes of work without optimisation would tell nothing new
  skip_on_covr()
  skip_if(nzchar(Sys.getenv("ASAN_OPTIONS")), "under sanitizers")
}

test_that("SIGINT at any moment of a fit gives a usable fit within 0.2 s", {
  skip_where_signals_are_slow()
  times <- if (extended) 50 else 10
  set.seed(20)
  prepare <- function() {
    n <- 4000
    data.frame(
      a = sin(1:n), b = cos(1:n), f = factor(rep(letters[1:8], n / 8)), y = sin(1:n / 7)
    )
  }
  fit_it <- function(frame, i) {
    bbb_fit(
      y ~ ., frame, hidden = 20, epochs = 40, batch_size = 128, samples = 1, seed = i,
      verbose = FALSE
    )
  }
  usable <- function(frame, fit) {
    all(is.finite(predict(fit, frame[1:20, ]))) && all(is.finite(c(fit$mu, fit$rho)))
  }
  took <- median(replicate(3, sum(system.time(fit_it(prepare(), 1))[1:2])))
  # any moment from the start, while the data are prepared, to just after the end
  after <- took * c(0, 0.05, 0.98, 1, runif(times - 4, 0, 1.02))

  got <- interrupt_after(after, prepare, fit_it, usable)

  # before there is a fit an interrupt is R's own
  expect_lt(max(got$after[got$lost], 0), 0.4 * took)
  expect_true(all(got$usable))
  during <- got[!got$late & !got$lost, ]
  expect_gt(nrow(during), times / 5)
  expect_identical(unique(during$warned), "bbb_warning_stopped")
  expect_lt(max(got$seconds[!got$late]), 0.2)
})

# Work that looked for an interrupt too rarely once, and the CPU's seconds of it within
# which the signals come.
matrix_of <- function() matrix(stats::runif(1e6), 1e5)

places <- list(
  "one large step" = list(
    prepare = matrix_of,
    call = function(x, i) {
      bbb_fit(
        x, x[, 1], hidden = c(200, 200), batch_size = 1e5, samples = 8, epochs = 50,
        verbose = FALSE
      )
    },
    seconds = 2
  ),
  "a validation score" = list(
    prepare = matrix_of,
    call = function(x, i) {
      bbb_fit(
        x, x[, 1], hidden = c(500, 500), epochs = 1, validation = 0.99, batch_size = 500,
        samples = 1, verbose = FALSE
      )
    },
    seconds = 2
  ),
  "bbb_gradients()" = list(
    prepare = function() {
      x <- matrix(stats::runif(2e6), 2e5)
      list(x = x, fit = bbb_fit(x[1:200, ], x[1:200, 1], hidden = c(300, 300), epochs = 1))
    },
    call = function(made, i) bbb_gradients(made$fit, made$x, made$x[, 1]),
    seconds = 1.5
  ),
  "a formula's data" = list(
    prepare = function() {
      n <- 5e5
      frame <- data.frame(
        matrix(stats::runif(4 * n), n), f = sample(letters, n, TRUE),
        g = factor(sample(50, n, TRUE))
      )
      frame$y <- frame$X1
      frame
    },
    call = function(frame, i) bbb_fit(y ~ . + X1:X2, frame, epochs = 1, verbose = FALSE),
    seconds = 0.35
  ),
  "quantiles of many draws" = list(
    prepare = function() {
      x <- matrix(stats::runif(6000), 2000)
      list(x = x, fit = bbb_fit(x, x[, 1] + 1, family = "student_t", hidden = 8, epochs = 2))
    },
    call = function(made, i) predict(made$fit, made$x, type = "quantile", draws = 4e4),
    seconds = 1.5
  )
)

for (name in names(places)) {
  test_that(paste("SIGINT at any moment ends within 0.2 s:", name), {
    skip_where_signals_are_slow()
    times <- if (extended) 20 else 2
    place <- places[[name]]
    set.seed(21)
    after <- stats::runif(times, 0, place$seconds)

    got <- interrupt_after(after, place$prepare, place$call)

    file <- Sys.getenv("BBB_INTERRUPT_TABLE")
    if (nzchar(file)) saveRDS(got, paste0(file, make.names(name), ".rds"))
    # a signal that came after the end of the work says nothing
    expect_false(all(got$late))
    expect_lt(max(got$seconds[!got$late]), 0.2)
  })
}

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
    list(class = class, seconds = took[["user.self"]])
  })

  expect_identical(got$class, "interrupt")
  expect_lt(got$seconds, 2)
})

# An error, not an interrupt: it can be caught, and nothing is returned.
test_that("a time limit of R's ends a fit and a prediction", {
  limited <- function(code) {
    setTimeLimit(elapsed = 0.5, transient = TRUE)
    on.exit(setTimeLimit())
    tryCatch(code, error = conditionMessage, interrupt = \(i) "interrupt")
  }
  fit <- quick(waves$x, round(exp(2 + sin(1:24))), family = "negbinomial")
  x <- waves$x[rep(1:24, 200), ]

  expect_match(limited(quick(waves$x, waves$y, epochs = 1e6)), "time limit")
  expect_match(limited(predict(fit, x, draws = 1e6)), "time limit")
  # some tenths of a second of draws, and then many seconds of quantiles
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
