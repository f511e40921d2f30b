# The records of a training in a fit, as print(), summary() and plot() read them.

check_records <- function(fit) {
  f <- unclass(fit)
  temperature <- unclass(f$control)$temperature
  if (!is_integers(unclass(f$control)$epochs, 1L)) {
    stop_control(": `epochs` must be a whole number")
  }
  if (!is_within(temperature, 1L) || temperature < 0) {
    stop_control(": `temperature` must be a number, 0 or more")
  }
  if (is.null(f$members)) {
    check_record(f, f, "fit$")
  } else {
    for (i in seq_along(f$members)) {
      check_record(f$members[[i]], f, paste0("fit$members[[", i, "]]$"))
    }
  }
  fit
}

check_record <- function(one, f, at) {
  if (is.null(one$mu)) return(invisible())
  check_history(one$history, at)
  check_stopped(one$stopped, at, needed = FALSE)
  if (!is.null(one$converged) && !is_true_or_false(one$converged)) {
    stop_field("converged", "must be TRUE or FALSE.", at = at)
  }
  check_held_out(one$held_out, f$n, at)
  check_total_weight(one, f, at)
}

history_columns <- c(
  "epoch", "elbo", "nll", "kl", "noise", "learn_rate", "validation", "seconds"
)

# One that was left out, to save room, is none.
check_history <- function(history, at) {
  if (is.null(history)) return(invisible())
  shaped <- is.data.frame(history) && !anyNA(match(history_columns, names(history)))
  n <- if (shaped) nrow(history)
  history <- if (shaped) unclass(history)[history_columns]
  if (!shaped || !all(vapply(history, is_column, NA, n))) {
    stop_field(
      "history", "must be a data frame with the numeric columns ",
      quoted(history_columns, most = 10L), ".", at = at
    )
  }
  told <- history[c("epoch", "elbo", "nll", "kl", "learn_rate", "seconds")]
  if (!all(vapply(told, function(v) all(is.finite(v)), NA), history$epoch >= 1)) {
    stop_field("history", "must be finite numbers, but for `noise` and `validation`.",
      at = at
    )
  }
}

is_column <- function(x, n) {
  is.numeric(x) && length(x) == n && !is.object(x) && is.null(dim(x))
}

check_stopped <- function(stopped, at, needed = TRUE) {
  if (is.null(stopped) && !needed) return(invisible())
  reasons <- c("epochs", "validation", "max_seconds", "interrupt", "checkpoint")
  if (!is_one_of(stopped, reasons)) {
    stop_field("stopped", "must be one of ", quoted(reasons, "\""), ".", at = at)
  }
}

check_held_out <- function(held_out, n, at) {
  if (is.null(held_out)) return(invisible())
  ok <- is_integers(held_out) && length(held_out) < n &&
    (!length(held_out) || min(held_out) >= 1L && max(held_out) <= n &&
       !anyDuplicated(held_out))
  if (!ok) {
    stop_field("held_out", "must be the numbers of rows, fewer than all ", n, ".", at = at)
  }
}

# Without weights it is the number of rows trained on.
check_total_weight <- function(one, f, at) {
  total <- one$total_weight
  if (is.null(total)) return(invisible())
  rows <- f$n - length(one$held_out)
  counted <- f$outcome$has_weights || !is.null(f$outcome$class_weights)
  if (!is_within(total, 1L) || total <= 0 || !counted && total != rows) {
    stop_field(
      "total_weight", "must be what the likelihood counts: the weights of ", rows,
      " rows.", at = at
    )
  }
}

# The last quarter of the epochs: what is reported is a mean over them.
late_epochs <- function(fit) {
  if (is.null(fit$history)) return(list(elbo = NA_real_, nll = NA_real_, kl = NA_real_))
  utils::tail(fit$history, max(1L, nrow(fit$history) %/% 4L))
}

epochs_of <- function(fit) if (is.null(fit$history)) NA_integer_ else nrow(fit$history)

seconds_of <- function(fit) {
  if (is.null(fit$history)) NA_real_ else utils::tail(c(0, fit$history$seconds), 1L)
}

# Said of a fit whose `history` was set to NULL.
without_history <- "; its history was left out, and with it epochs and ELBO"
