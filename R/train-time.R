# Saying beforehand that a fit takes long.

# A message, once the first steps have shown how long all of them take, of `rounds` fits
# one after the other. trial(seconds) takes steps that are not kept. FALSE where the user
# wanted out meanwhile.
tell_time <- function(fit, epochs, trial, rounds = 1) {
  least <- 10
  if (quickest_seconds(fit, epochs) * rounds < least / 3) return(TRUE)
  if (fit$control$max_seconds < least) return(TRUE)
  seconds <- measured_seconds(fit, epochs, trial) * rounds
  if (is.na(seconds)) return(FALSE)
  if (seconds >= least) {
    inform_bbb(
      "Training will take about ", in_words(seconds), ": ",
      in_thousands(steps_left(fit, epochs)), " steps of ",
      in_thousands(n_weights(fit$widths)), " weights",
      if (rounds > 1) paste0(", ", rounds, " times"), "."
    )
  }
  TRUE
}

steps_left <- function(fit, epochs) {
  (epochs - NROW(fit$history)) * batches_of(fit$n, fit$control)
}

# What a fast machine takes: nanoseconds for each weight of a step, of a draw, and of a
# row of it.
quickest_seconds <- function(fit, epochs) {
  control <- fit$control
  each <- 2 + control$samples * (2 + 0.03 * control$batch_size)
  steps_left(fit, epochs) * n_weights(fit$widths) * each * 1e-9
}

# NA if the user interrupted the trial.
measured_seconds <- function(fit, epochs, trial) {
  before <- if (is.null(fit$state)) 0 else fit$state$counters[["step"]]
  start <- proc.time()[["elapsed"]]
  run <- trial(0.25)
  seconds <- proc.time()[["elapsed"]] - start
  if (is.null(run) || run$status == "stopped") return(NA)
  steps <- run$state$counters[["step"]] - before
  rm(run)
  gc() # the fit itself is to find the room that these steps had
  seconds / max(1, steps) * steps_left(fit, epochs)
}

in_words <- function(seconds) {
  if (seconds < 100) return(paste(signif(seconds, 1), "seconds"))
  if (seconds < 6000) return(paste(signif(seconds / 60, 2), "minutes"))
  paste(signif(seconds / 3600, 2), "hours")
}
