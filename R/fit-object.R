# A fit before it is trained: its rows, its network and its outcome.

# A fit that has learned nothing yet.
new_fit <- function(recipe, outcome, hidden, prior, activation, control) {
  if (!is.null(control$noise) && outcome$family != "gaussian") {
    stop_argument("`noise` is for family \"gaussian\" only.")
  }
  y <- outcome$y
  cases <- outcome$cases
  outcome$y <- outcome$cases <- NULL
  if (!is.null(recipe$formula) && identical(outcome$outputs, "y")) {
    outcome$outputs <- deparse1(recipe$formula[[2L]])
  }
  widths <- layer_widths(length(recipe$names), hidden, length(outcome$outputs))
  if (!is.null(control$noise)) outcome$aux <- log(control$noise / outcome$scale)
  fit <- structure(
    list(
      hidden = hidden, activation = activation, prior = prior,
      family = outcome$family, control = control, seed = control$seed,
      n = nrow(y), widths = widths, predictors = recipe, outcome = outcome,
      formula = recipe$formula, history = empty_history()
    ),
    class = "bbb_fit"
  )
  fit$outcome$has_offset <- !is.null(cases$offset)
  with_rows(fit, y, cases$weights)
}

# What a fit keeps of its rows, those held out by its own key.
with_rows <- function(fit, y, weights) {
  fit$held_out <- hold_out(fit)
  fit$total_weight <- weight_trained_on(fit, weights)
  fit$outcome$log_units <- log_units_of(fit, y, weights)
  fit
}

# Rows for validation, by the fit's own key.
hold_out <- function(fit) {
  n_out <- fit$n - rows_trained(fit$n, fit$control)
  if (n_out == 0L) return(integer())
  from <- source_of(fit$seed, "holdout")
  sort(utils::head(native_permutation(from, fit$n), n_out))
}

# Where the core takes random numbers from that do not belong to a step.
source_of <- function(seed, stream) {
  list(seed = seed, stream = stream, step = 0L, draw = 0L)
}

# The density of y is that of its standardised value over its scale: the log of
# what that comes to in each row, which a censored time does not have.
log_units <- function(outcome, y) {
  each <- rep(sum(log(outcome$scale)), nrow(y))
  if (outcome$family %in% c("weibull", "loglogistic")) each * y[, 2L] else each
}

# Its sum over the rows trained on and its mean over those held out, with their
# weights.
log_units_of <- function(fit, y, weights) {
  each <- log_units(fit$outcome, y)
  weights <- rep(if (is.null(weights)) 1 else weights, length.out = nrow(y))
  out <- fit$held_out
  if (!length(out)) return(list(train = sum(weights * each), held_out = 0))
  list(
    train = sum((weights * each)[-out]),
    held_out = weighted_mean(each[out], weights[out])
  )
}

# How many observations the likelihood counts.
weight_trained_on <- function(fit, weights) {
  out <- fit$held_out
  if (is.null(weights)) return(as.double(fit$n - length(out)))
  if (length(out) && (all(weights[out] == 0) || all(weights[-out] == 0))) {
    stop_data("`weights` must not be 0 in all training rows, or in all validation rows.")
  }
  sum(if (length(out)) weights[-out] else weights)
}

# Rows that are trained on, of n; the others are held out for validation.
rows_trained <- function(n, control) {
  if (control$validation == 0) return(as.integer(n))
  as.integer(n - min(max(1, floor(control$validation * n)), n - 1))
}

empty_history <- function() {
  data.frame(
    epoch = integer(), elbo = numeric(), nll = numeric(), kl = numeric(),
    noise = numeric(), learn_rate = numeric(), validation = numeric(),
    seconds = numeric()
  )
}

# Batches of an epoch, as the core makes them.
batches_of <- function(n, control) {
  ceiling(rows_trained(n, control) / control$batch_size)
}
