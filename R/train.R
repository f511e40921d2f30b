# Training, from the state that a fit is in, of one member or several: what `bbb_fit()`,
# `bbb_update()` and `bbb_continue()` share.

# Train until `epochs` are done in all, or for so many seconds.
train <- function(fit, data, epochs, seconds) {
  force(data)
  if (is_ensemble(fit)) return(train_members(fit, data, epochs, seconds))
  keeper <- checkpoint_of(fit)
  bar <- progress_bar(fit$control$verbose, nrow(fit$history), epochs)
  on.exit(bar$close(bar_place(fit, epochs)))
  fit <- run_training(fit, data, epochs, seconds, list(tick = bar$tick, keep = keeper))
  interrupted <- fit$stopped == "interrupt"
  if (!interrupted) fit <- with_fitted(fit, data)
  if (!is.null(keeper)) keeper$save(fit)
  if (interrupted) {
    warn_of_fit(
      "stopped", "Training was interrupted after ", nrow(fit$history), " of ",
      epochs, " epochs; this is the fit so far, and `bbb_continue()` goes on."
    )
  }
  fit
}

# Train each member until its number of `epochs` is done in all, or for so many seconds.
train_members <- function(fit, data, epochs, seconds) {
  members <- seq_along(fit$members)
  epochs <- rep_len(epochs, length(members))
  left <- Filter(function(i) {
    epochs[i] > NROW(fit$members[[i]]$history) || is.null(fit$members[[i]]$mu)
  }, members)
  pool <- worker_pool(length(left))
  fit$stopped <- NULL # of a checkpoint
  watch <- new_watch(fit, left, epochs, pool$apart)
  on.exit(close_watch(watch))
  rounds <- max(1, ceiling(length(left) / pool$workers))
  seconds <- seconds / rounds
  tasks <- lapply(left, function(i) {
    member_task(fit, i, data, epochs[i], seconds, calls_of(watch, i))
  })
  if (!tell_time_of(tasks, rounds)) raise_interrupt()
  ran <- run_tasks(tasks, pool, watch)
  raise_failed(ran$results)
  ended <- !vapply(ran$results, function(one) is.null(one$member), NA)
  fit$members <- lapply(watch$fit$members, let_go)
  stopped <- vapply(ran$results[ended], function(one) one$member$stopped, "")
  n_done <- length(members) - sum(!ended) - sum(stopped == "interrupt")
  if (n_done == length(members)) {
    if (ran$interrupted) warn_late()
    return(kept_at_end(with_fitted(fit, data), watch))
  }
  if (!length(usable_members(fit))) raise_interrupt()
  kept_at_end(fit, watch)
  warn_of_fit(
    "stopped", "Training was interrupted when ", n_done, " of ", length(members),
    " fits were done; this is the fit so far, and `bbb_continue()` goes on."
  )
  fit
}

kept_at_end <- function(fit, watch) {
  if (!is.null(watch$keeper)) watch$keeper$save(fit)
  fit
}

# A member that was lost by an interrupt, as it was seen last.
let_go <- function(member) {
  if (identical(member$stopped, "checkpoint")) member$stopped <- "interrupt"
  member
}

# What a worker needs to train member i.
member_task <- function(fit, i, data, epochs, seconds, calls) {
  fit <- member_fit(fit, i)
  data$held_out <- fit$held_out
  calls$tell <- FALSE
  list(fit = fit, data = data, epochs = epochs, seconds = seconds, calls = calls)
}

# As of the first; FALSE where the user wanted out meanwhile.
tell_time_of <- function(tasks, rounds) {
  if (!length(tasks)) return(TRUE)
  with(tasks[[1L]], tell_time(fit, epochs, trial_of(fit, data, epochs), rounds))
}

# The first error of a member, as if it were the fit's own.
raise_failed <- function(results) {
  failed <- Filter(function(one) inherits(one, "error"), results)
  if (!length(failed)) return(invisible())
  error <- failed[[1L]]
  if (inherits(error, "bbb_error")) error$call <- user_call()
  stop(error)
}
