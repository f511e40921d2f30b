# No call of a registered routine, however wrong, may crash R or hang it. The calls
# are made in another process, whose death is then a failed test.

# All lists of arguments that differ from a valid one in one place: an argument, an
# element of a list in it, or one number of a vector. Made one at a time by `visit`.
each_change <- function(args, odd, visit) {
  numbers <- list(NA, NaN, Inf, -Inf, -1, 0, 0.5, 1, 7, 300, 1e5, 1e9, 1e308, 5e-324)
  walk <- function(value, put) {
    for (object in odd) visit(put(object))
    if (is.list(value)) {
      for (i in seq_along(value)) {
        visit(put(value[-i]))
        walk(value[[i]], function(object) {
          changed <- value
          changed[i] <- list(object)
          put(changed)
        })
      }
    } else if (is.numeric(value)) {
      visit(put(value[-1L]))
      visit(put(c(value, value[1L])))
      for (i in unique(c(1L, length(value), seq_len(min(8L, length(value)))))) {
        for (number in numbers) {
          changed <- value
          changed[i] <- suppressWarnings(methods::as(number, typeof(value)))
          visit(put(changed))
        }
      }
    }
  }
  for (i in seq_along(args)) {
    walk(args[[i]], function(object) {
      args[i] <- list(object)
      args
    })
  }
}

# Counts of what calls came to, of the changed ones each `every`th; the number of the
# call under way is in the file "at", always the same for the same call.
fuzz <- function(calls, odd, each_change, every, random) {
  calls <- calls()
  odd <- odd()
  routines <- getDLLRegisteredRoutines("bbb")$.Call
  at <- file("at", "w")
  count <- c(value = 0, error = 0)
  slowest <- 0
  call_routine <- function(name, args) {
    seek(at, 0, rw = "write")
    cat("call", sum(count) + 1, "of", name, "\n", file = at)
    flush(at)
    started <- proc.time()[["elapsed"]]
    outcome <- tryCatch({
      do.call(.Call, c(list(routines[[name]]), args), quote = TRUE)
      "value"
    }, error = function(e) "error")
    count[[outcome]] <<- count[[outcome]] + 1
    slowest <<- max(slowest, proc.time()[["elapsed"]] - started)
    outcome
  }

  sink(file(nullfile(), "w"), type = "message")
  before <- serialize(calls, NULL)
  valid <- vapply(seq_along(calls), function(i) call_routine(names(calls)[i], calls[[i]]), "")
  changed <- 0
  for (i in seq_along(calls)) {
    each_change(calls[[i]], odd, function(args) {
      changed <<- changed + 1
      if (changed %% every == 0) call_routine(names(calls)[i], args)
    })
  }
  set.seed(1)
  for (i in seq_len(random)) {
    name <- sample(names(routines), 1L)
    args <- sample(odd, routines[[name]]$numParameters, replace = TRUE)
    call_routine(name, args)
  }
  list(
    count = count, slowest = slowest, valid = valid, odd = length(odd),
    covered = setequal(names(calls), names(routines)),
    kept = identical(serialize(calls, NULL), before)
  )
}

test_that("odd objects in every place of every routine are errors, not crashes", {
  skip_on_cran()
  extended <- identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")

  # of the changes, some hundred odd objects in a row, a prime's multiple meets each kind
  got <- in_child(
    fuzz, valid_calls, odd_objects, each_change,
    every = if (extended) 1 else 7, random = if (extended) 50000 else 3000
  )

  expect_gte(got$odd, 100)
  expect_true(got$covered)
  expect_identical(unique(got$valid), "value")
  expect_gt(got$count[["error"]], 1e4)
  expect_lt(got$slowest, 5)
  expect_true(got$kept)
})

test_that("a wrong number of arguments is an error", {
  routines <- getDLLRegisteredRoutines("bbb")$.Call

  for (routine in routines) {
    args <- rep(list(NULL), routine$numParameters + 1L)
    expect_error(do.call(.Call, c(list(routine), args)), "number of arguments")
    if (length(args) == 1L) next
    expect_error(do.call(.Call, c(list(routine), args[-(1:2)])), "number of arguments")
  }
})

test_that("every routine keeps what it makes safe from the garbage collector", {
  skip_on_cran()
  got <- in_child(function(calls) {
    calls <- lapply(calls(), function(call) {
      lapply(call, function(arg) {
        # all is slow here
        if (is.list(arg) && "max_seconds" %in% names(arg)) arg$max_seconds <- 600
        arg
      })
    })
    routines <- getDLLRegisteredRoutines("bbb")$.Call
    vapply(seq_along(calls), function(i) {
      call_it <- function() do.call(.Call, c(list(routines[[names(calls)[i]]]), calls[[i]]))
      want <- call_it()
      gctorture(TRUE)
      got <- call_it()
      gctorture(FALSE)
      if (is.list(got)) want$history$seconds <- got$history$seconds <- NULL
      identical(got, want)
    }, NA)
  }, valid_calls)

  expect_true(all(got))
})
