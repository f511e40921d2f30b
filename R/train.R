# Training, from the state that a fit is in. What `bbb_fit()` and
# `bbb_continue()` share.

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

# Run code that makes a fit so that an interrupt, whenever it comes, does not
# lose it: R is let to act on one only while there is no fit yet, and while the core
# trains, which stops and gives back what it has. One that comes after that is taken
# here, when the fit is whole.
keeping_fit <- function(expr) {
  suspendInterrupts({
    fit <- expr
    if (interrupt_waits()) warn_late()
    fit
  })
}

# Work in keeping_fit() before there is a fit.
preparing <- function(expr) allowInterrupts(expr)

# ---- the clock: what is prepared for the training counts ---------------------

# Predictors of a call that started then.
since <- function(started, x) structure(x, started = started)

start_of <- function(x) {
  started <- attr(x, "started", exact = TRUE)
  if (is.null(started)) seconds_now() else started
}

seconds_left <- function(seconds, started) {
  max(0, seconds - (seconds_now() - started))
}

# Whether the user wants out, now or within so many seconds; asking uses the
# interrupt up.
interrupt_waits <- function(seconds = 1e-4) {
  tryCatch(
    allowInterrupts({
      Sys.sleep(seconds)
      FALSE
    }),
    interrupt = function(condition) TRUE
  )
}

# The value of expr, during which R may act on an interrupt; NULL if one came first, as
# while the core packs the data. One that comes just after is not lost without a word.
unless_interrupted <- function(expr) {
  value <- NULL
  interrupted <- FALSE
  tryCatch(
    allowInterrupts(value <- expr),
    interrupt = function(condition) interrupted <<- TRUE
  )
  if (interrupted && !is.null(value)) warn_late()
  value
}

warn_late <- function() {
  warn_of_fit("stopped", "The interrupt came when training had ended.")
}

stop_diverged <- function(fit) {
  stop_bbb(
    "diverged", "The loss stopped being finite in epoch ",
    nrow(fit$history) + 1L, " or later; try a smaller `learn_rate` than ",
    format(fit$control$learn_rate),
    if (!is.null(fit$control$noise)) " or a larger `noise`", "."
  )
}

# The fit after a run of the core, which began after so many seconds of training.
trained <- function(fit, run, epochs, since = 0) {
  fit[c("mu", "rho", "aux")] <- run[c("mu", "rho", "aux")]
  gaussian <- fit$family == "gaussian"
  fit$noise <- if (gaussian) exp(fit$aux) * fit$outcome$scale else NA_real_
  fit$parameters <- family_parameters(fit)
  fit$state <- run$state
  fit$prior_sd <- prior_sd_of(fit)
  fit$history <- add_history(fit, run$history, since)
  all_done <- nrow(fit$history) >= epochs
  fit$stopped <- switch(run$status,
    stopped = "interrupt",
    paused = "checkpoint",
    max_seconds = if (all_done) "epochs" else "max_seconds",
    done = if (all_done) "epochs" else "validation"
  )
  fit$sd_gap <- run$spread
  fit$converged <- has_converged(fit)
  fit
}

# The prior sd of the weights of each input, and of the biases, layer after layer;
# NULL where all weights have the same prior.
prior_sd_of <- function(fit) {
  bits <- fit$state$scale
  if (!is.null(bits)) floats_of_bits(bits)
}

# The state's floats, kept as the bits of integers: see src/glue_state.c.
floats_of_bits <- function(bits) {
  readBin(writeBin(bits, raw()), "double", length(bits), size = 4L)
}

empty_history <- function() {
  data.frame(
    epoch = integer(), elbo = numeric(), nll = numeric(), kl = numeric(),
    noise = numeric(), learn_rate = numeric(), validation = numeric(),
    seconds = numeric()
  )
}

# Epochs that this run trained, in nats of the outcome in its own units.
add_history <- function(fit, run, since) {
  done <- which(!is.na(run$seconds))
  run <- lapply(run, `[`, done)
  before <- fit$history
  units <- fit$outcome$log_units
  nll <- run$nll + units$train
  gaussian <- fit$family == "gaussian"
  noise <- if (gaussian) exp(run$aux) * fit$outcome$scale[1L] else NA_real_
  rbind(before, data.frame(
    epoch = done, elbo = -(nll + run$kl), nll = nll, kl = run$kl,
    noise = rep(noise, length.out = length(done)), learn_rate = run$learn_rate,
    validation = run$validation - units$held_out,
    seconds = run$seconds + since
  ))
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
