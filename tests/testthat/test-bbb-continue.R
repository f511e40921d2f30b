# What training goes on from.

test_that("a fit that lost where it stands is an error that names the field", {
  several <- with_cores(1, quick(waves$x, waves$y, fits = 2))
  breaks <- list(
    history = function(one) replace(one, "history", list(NULL)),
    history = function(one) replace(one, "history", 3),
    state = function(one) replace(one, "state", list(NULL)),
    state = function(one) replace(one, "state", list(list())),
    state = function(one) {
      one$state$counters <- unname(one$state$counters)
      one
    },
    mu = function(one) replace(one, "mu", list(NULL)),
    stopped = function(one) replace(one, "stopped", list(NULL))
  )
  for (i in seq_along(breaks)) {
    name <- names(breaks)[i]
    for (epochs in list(NULL, 3)) {
      expect_error(
        bbb_continue(breaks[[i]](fits$gaussian), waves$x, waves$y, epochs = epochs),
        name, class = "bbb_error"
      )
      if (name == "mu") next # a member that has not begun
      broken <- several
      broken$members[[2]] <- breaks[[i]](broken$members[[2]])
      expect_error(
        bbb_continue(broken, waves$x, waves$y, epochs = epochs), name,
        class = "bbb_error"
      )
    }
  }
})

test_that("an update needs no history and no state", {
  fit <- fits$gaussian
  fit[c("history", "state")] <- NULL
  whole <- bbb_update(fits$gaussian, waves$x, waves$y, epochs = 2, seed = 1)
  expect_identical(bbb_update(fit, waves$x, waves$y, epochs = 2, seed = 1)$mu, whole$mu)
})

test_that("a member that is begun after an interrupt holds out its own rows", {
  whole <- with_cores(1, quick(waves$x, waves$y, fits = 2, validation = 0.25, batch_size = 5))
  fit <- whole
  own <- c("seed", "held_out", "total_weight", "log_units")
  fit$members[[2]] <- c(whole$members[[2]][own], list(history = empty_history()))
  fit[c("fitted", "residuals")] <- NULL
  expect_null(data_for_core(fit, waves$x, matrix(waves$y))$held_out)
  again <- with_cores(1, bbb_continue(fit, waves$x, waves$y))
  expect_identical(lapply(again$members, `[[`, "mu"), lapply(whole$members, `[[`, "mu"))
})

test_that("a fit by formula goes on from its data frame", {
  five <- quick(y ~ ., mixed, epochs = 5, schedule = "constant")
  ten <- quick(y ~ ., mixed, epochs = 10, schedule = "constant")

  expect_identical(bbb_continue(five, mixed, epochs = 5)$mu, ten$mu)
  expect_identical(bbb_continue(five, mixed, mixed$y, epochs = 5)$mu, ten$mu)
})

test_that("classes go on too", {
  five <- quick(trios$x, trios$y, epochs = 5, schedule = "constant")
  ten <- quick(trios$x, trios$y, epochs = 10, schedule = "constant")

  expect_identical(bbb_continue(five, trios$x, as.character(trios$y), epochs = 5)$mu, ten$mu)
})
