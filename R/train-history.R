# What the core tells of a training, in the user's units.

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
