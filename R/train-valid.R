# Whether training can go on from a fit: what check_fit() leaves unlooked at.

check_training <- function(fit) {
  check_records(fit)
  fit$control <- check_settings(fit)
  check_na_action_of(fit)
  members <- if (is_ensemble(fit)) fit$members else list(fit)
  at <- "fit$"
  for (i in seq_along(members)) {
    if (is_ensemble(fit)) at <- paste0("fit$members[[", i, "]]$")
    check_member_training(members[[i]], member_model(fit, i), fit, at)
  }
  fit
}

member_model <- function(fit, i) {
  fit_model(if (is_ensemble(fit)) member_fit(fit, i) else fit)
}

# Made again, since their numbers may have been changed by hand.
check_settings <- function(fit) {
  control <- unclass(fit$control)
  made <- tryCatch(do.call(bbb_control, control), error = function(e) {
    stop_control(": ", sub("\\.$", "", conditionMessage(e)))
  })
  chosen <- c("epochs", "batch_size", "learn_rate", "samples", "kl_warmup", "seed")
  open <- vapply(unclass(made)[chosen], is.null, NA)
  if (any(open)) stop_control("; it lacks ", quoted(chosen[open]))
  if (!identical(made$seed, fit$seed)) {
    stop_control(": its `seed` is not that of the fit")
  }
  if (made$kl == "exact" && !fit$prior$kind %in% c("normal", "posterior")) {
    stop_control(": `kl` can be \"exact\" for `prior_normal()` only")
  }
  if (!is.null(made$noise) && fit$family != "gaussian") {
    stop_control(": `noise` is for family \"gaussian\" only")
  }
  if (made$fits != max(1L, length(fit$members))) {
    stop_control(": `fits` must be how many there are, ", max(1L, length(fit$members)))
  }
  made
}

check_member_training <- function(one, model, fit, at) {
  for (name in c("held_out", "total_weight")) {
    if (is.null(one[[name]])) stop_field(name, "must be there.", at = at)
  }
  check_held_out(one$held_out, fit$n, at)
  check_total_weight(one, fit, at)
  units <- if (is_ensemble(fit)) one$log_units else fit$outcome$log_units
  ok <- is.list(units) && is_within(units$train, 1L) && is_within(units$held_out, 1L)
  if (!ok) {
    stop_field(
      if (is_ensemble(fit)) "log_units" else "outcome$log_units",
      "must be two finite numbers, `train` and `held_out`.", at = at
    )
  }
  if (is.null(one$mu)) return(check_start(fit))
  if (is.null(one$history) || is.null(one$state)) {
    stop_field(
      if (is.null(one$state)) "state" else "history",
      "is not there, and training cannot go on without it.", at = at
    )
  }
  check_stopped(one$stopped, at)
  check_state(one, model, fit$control, at)
}

# Where the auxiliaries of a member start that has not begun.
check_start <- function(fit) {
  outcome <- fit$outcome
  check_field_numbers(outcome$aux, counts_of(outcome)[["aux"]], "outcome$aux", "", 709)
}

# The core's own: floats as the bits of integers, and counters.
check_state <- function(one, model, control, at) {
  P <- length(one$mu)
  n <- 2L * P + length(one$aux)
  moments <- if (control$optimizer == "adam") 2L else 1L
  check_list(one$state, c("moments", "theta", "scale", "counters"), "state", at)
  check_bits(one$state$moments, n * moments, "state$moments", at)
  if (!is.null(one$state$theta)) check_bits(one$state$theta, n, "state$theta", at)
  if (!is.null(model$prior$weight_scale)) {
    G <- sum(utils::head(model$widths, -1L) + 1L)
    scale <- check_bits(one$state$scale, G, "state$scale", at)
    if (min(scale) <= 0) stop_field("state$scale", "must be above 0.", at = at)
  }
  counters <- one$state$counters
  known <- c("epoch", "batch", "step", "nll", "kl", "best_score", "since_best")
  ok <- is.double(counters) && identical(names(counters), known) &&
    all(is.finite(counters[setdiff(known, "best_score")])) &&
    !is.nan(counters[["best_score"]]) &&
    all(counters[c("epoch", "batch", "step", "since_best")] >= 0) &&
    all(counters[c("epoch", "since_best")] <= 1e8) && counters[["step"]] < 4e9 &&
    counters[["batch"]] <= counters[["step"]] &&
    counters[["epoch"]] == nrow(one$history)
  if (!ok) {
    stop_field(
      "state$counters", "must be where training stands, after the ",
      nrow(one$history), " epochs of the history.", at = at
    )
  }
}

check_bits <- function(bits, n, field, at) {
  ok <- is.integer(bits) && length(bits) == n && is.null(attributes(bits))
  values <- if (ok) floats_of_bits(bits)
  if (!ok || !all(is.finite(values))) {
    stop_field(
      field, "must have ", n, " integers, which are the bits of finite numbers of ",
      "single precision.", at = at
    )
  }
  values
}
