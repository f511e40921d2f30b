# The settings and the rows of a training as the core takes them.

# As glue_plan() takes it: train to `epochs` in all.
plan_for_core <- function(control, epochs = control$epochs) {
  list(
    optimizer = control$optimizer,
    beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8,
    momentum = control$momentum,
    clip = if (control$clip < Inf) control$clip else 0,
    schedule = control$schedule,
    kl_weight = control$kl_weight,
    kl_warmup = control$kl_warmup,
    temperature = control$temperature,
    learn_rate = control$learn_rate,
    epochs = epochs,
    schedule_epochs = control$epochs,
    batch_size = control$batch_size,
    samples = control$samples,
    antithetic = control$antithetic,
    patience = control$patience,
    max_seconds = min(control$max_seconds, .Machine$double.xmax),
    seed = control$seed
  )
}

data_for_core <- function(fit, x, y, cases = NULL) {
  list(
    x = x, x_center = fit$predictors$center, x_scale = fit$predictors$scale,
    y = y, y_center = fit$outcome$y_center, y_scale = fit$outcome$y_scale,
    weights = cases$weights, offset = core_offset(fit, cases$offset, nrow(x)),
    held_out = fit$held_out
  )
}

# What the core adds to the first output of each row: the outcome's own shift, and
# the user's offset in the units of the core's outcome.
core_offset <- function(fit, offset, n) {
  outcome <- fit$outcome
  if (is.null(offset)) return(if (outcome$shift != 0) rep(outcome$shift, n))
  out <- outcome$shift + (offset - outcome$offset_center) / outcome$y_scale[1L]
  # single precision has 24 bits for both
  if (any(abs(out) > 1e6, na.rm = TRUE)) {
    stop_data(
      "`offset` is too large: it must be below 1e6 standard deviations of the outcome."
    )
  }
  out
}
