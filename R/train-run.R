# One run of the core: a single fit, or a member of several.

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

# A single fit, or a member, trained. `calls` has tick(epoch) for what is done, or NULL;
# keep, list(every, save) or NULL: save(fit) is called after so many seconds each; and
# `tell`, which is FALSE where nobody is to hear how long it will take. A training that
# is interrupted before it began leaves no fit.
run_training <- function(fit, data, epochs, seconds, calls = list()) {
  if (identical(fit$stopped, "validation")) fit$state$counters[["since_best"]] <- 0
  check_steps(fit, epochs)
  model <- fit_model(fit)
  plan <- plan_for_core(fit$control, epochs)
  plan$pause <- calls$keep$every
  before <- sum(utils::tail(fit$history$seconds, 1L))
  started <- seconds_now()
  told <- isFALSE(calls$tell) || tell_time(fit, epochs, trial_of(fit, data, epochs))
  if (!told) raise_interrupt()
  begun <- FALSE
  repeat {
    spent <- seconds_now() - started
    plan$max_seconds <- min(max(seconds - spent, 0), .Machine$double.xmax)
    from <- start_or_state(fit)
    run <- unless_interrupted(native_fit(model, plan, data, from, calls$tick))
    if (is.null(run) && !begun) raise_interrupt()
    if (!is.null(run)) {
      if (run$status == "diverged") stop_diverged(fit)
      fit <- trained(fit, run, epochs, before + spent)
      if (run$status != "paused") return(fit)
      calls$keep$save(fit)
      if (!is.null(calls$tick)) calls$tick(nrow(fit$history))
    }
    begun <- TRUE
    if (is.null(run) || interrupt_waits()) {
      fit$stopped <- "interrupt"
      return(fit)
    }
  }
}

# Some seconds of training that are not kept, to see how fast it goes.
trial_of <- function(fit, data, epochs) {
  function(seconds) {
    plan <- plan_for_core(fit$control, epochs)
    plan$max_seconds <- seconds
    unless_interrupted(native_fit(fit_model(fit), plan, data, start_or_state(fit)))
  }
}

# The core counts steps in 32 bits.
check_steps <- function(fit, epochs) {
  batches <- batches_of(fit$n, fit$control)
  if (epochs * batches > 4e9) {
    stop_argument(
      "`epochs` must make at most 4e9 steps: ", epochs, " of ", batches, " batches are more."
    )
  }
}

# Where the core is to start, or to go on.
start_or_state <- function(fit) {
  if (!is.null(fit$mu)) return(fit[c("mu", "rho", "aux", "state")])
  start_for_core(fit$widths, fit$activation, fit$control, fit$outcome$aux)
}

stop_diverged <- function(fit) {
  stop_bbb(
    "diverged", "The loss stopped being finite in epoch ",
    nrow(fit$history) + 1L, " or later; try a smaller `learn_rate` than ",
    format(fit$control$learn_rate),
    if (!is.null(fit$control$noise)) " or a larger `noise`", "."
  )
}

keeps_fitted <- function(fit) fit$n * as.double(n_weights(fit$widths)) <= 2e6

# Fitted values cost a prediction of the training rows; where that is no longer
# small beside training they are left to predict().
with_fitted <- function(fit, data) {
  if (!keeps_fitted(fit)) return(fit)
  moments <- unless_interrupted(
    predict_moments(fit, data$x, default_how(fit, data$offset))
  )
  if (is.null(moments)) {
    warn_late()
    return(fit)
  }
  fit$fitted <- response_of(fit, moments)
  fit$residuals <- observed_of(fit, data$y) - fit$fitted
  fit$fitted <- named_answer(fit$fitted, data$ids)
  fit
}
