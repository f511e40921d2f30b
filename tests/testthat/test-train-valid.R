# Where training stands, before it goes on.

fit <- fits$gaussian

test_that("training goes on only from a state that is whole", {
  go_on <- function(fit) bbb_continue(fit, waves$x, waves$y, epochs = 1)
  wrong <- list(
    "fit$state$moments" = edited(fit, fit$state$moments[] <- .Machine$integer.max),
    "fit$state$moments" = edited(fit, fit$state$moments <- fit$state$moments[-1]),
    "fit$state`" = edited(fit, fit$state$scale <- NULL),
    "fit$state$counters" = edited(fit, fit$state$counters[["epoch"]] <- 2),
    "fit$state$counters" = edited(fit, fit$history <- fit$history[1:3, ]),
    "fit$history" = edited(fit, fit$history$elbo <- NULL),
    "fit$control" = edited(fit, fit$control$learn_rate <- -1),
    "fit$control" = edited(fit, fit$control$epochs <- NULL),
    "fit$total_weight" = edited(fit, fit$total_weight <- 3),
    "fit$held_out" = edited(fit, fit$held_out <- 99L),
    "fit$outcome$log_units" = edited(fit, fit$outcome$log_units <- NULL)
  )
  for (i in seq_along(wrong)) {
    expect_error(go_on(wrong[[i]]), names(wrong)[i], fixed = TRUE, class = "bbb_error_argument")
  }
  expect_identical(nrow(go_on(fit)$history), 7L)
})
