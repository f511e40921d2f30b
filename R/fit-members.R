# The members of an ensemble, trained: see R/ensemble.R, and R/workers.R for where.

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

# list(member, interrupted), or the error that ended it; the member is NULL where the
# interrupt came before it began.
train_member <- function(task) {
  interrupted <- FALSE
  tryCatch({
    fit <- withCallingHandlers(
      run_training(task$fit, task$data, task$epochs, task$seconds, task$calls),
      bbb_warning_stopped = function(w) {
        interrupted <<- TRUE
        invokeRestart("muffleWarning")
      }
    )
    list(
      member = as_member(fit), interrupted = interrupted || fit$stopped == "interrupt"
    )
  }, interrupt = function(condition) list(interrupted = TRUE), error = identity)
}

# The first error of a member, as if it were the fit's own.
raise_failed <- function(results) {
  failed <- Filter(function(one) inherits(one, "error"), results)
  if (!length(failed)) return(invisible())
  error <- failed[[1L]]
  if (inherits(error, "bbb_error")) error$call <- user_call()
  stop(error)
}
