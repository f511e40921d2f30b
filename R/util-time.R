# The clock: what is prepared for a training counts towards its `max_seconds`.

seconds_now <- function() proc.time()[["elapsed"]]

# Predictors of a call that started then.
since <- function(started, x) structure(x, started = started)

start_of <- function(x) {
  started <- attr(x, "started", exact = TRUE)
  if (is.null(started)) seconds_now() else started
}

seconds_left <- function(seconds, started) {
  max(0, seconds - (seconds_now() - started))
}
