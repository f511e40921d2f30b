# The S3 methods that R users expect of a fit.

#' @export
print.bbb_fit <- function(x, ...) {
  fit <- check_records(check_fit(x, "x"))
  check_dots(list(...))
  cat("Bayesian neural network, ", fit$family, ": ", architecture(fit), "\n", sep = "")
  if (is_ensemble(fit)) print_ensemble(fit) else print_single(fit)
  invisible(x)
}

print_single <- function(fit) {
  trained <- if (is.null(fit$history)) {
    without_history
  } else {
    paste0(", ", count_of(nrow(fit$history), "epoch"), ended(fit))
  }
  cat(
    count_of(length(fit$mu), "weight"), ", ", count_of(fit$n, "row"), of_weight(fit),
    trained, "\n", sep = ""
  )
  print_tempered(fit)
  if (NROW(fit$history)) {
    cat("ELBO ", number(mean(late_epochs(fit)$elbo)), " nats", sep = "")
    cat(paste0(", ", parameter_texts(fit$parameters), recycle0 = TRUE), sep = "")
    cat("\n")
  }
}

# Said of a fit whose `history` was set to NULL.
without_history <- "; its history was left out, and with it epochs and ELBO"

# What the likelihood counts, where it is not the rows.
of_weight <- function(fit) {
  given <- fit$outcome$has_weights || !is.null(fit$outcome$class_weights)
  if (given && !is.null(fit$total_weight)) paste(" of total weight", number(fit$total_weight))
}

# Said where the KL had another weight than Bayes' rule gives it.
tempered <- function(temperature) {
  paste0(number(temperature), ", not 1: this is not the posterior")
}

print_tempered <- function(fit) {
  temperature <- fit$control$temperature
  if (temperature != 1) cat("Temperature ", tempered(temperature), "\n", sep = "")
}

# "noise sd 0.31": each, of many the first few
parameter_texts <- function(parameters) {
  first_few(names(parameters), vapply(parameters, number, ""))
}

first_few <- function(names, texts) {
  all <- sprintf("%s %s", names, texts)
  more <- length(all) - 4L
  if (more > 0L) c(all[1:4], paste(more, "more")) else all
}

# "13-50-1, relu"
architecture <- function(fit) {
  paste0(
    paste(fit$widths, collapse = "-"),
    if (length(fit$hidden)) paste0(", ", fit$activation) else ", linear"
  )
}

ended <- function(fit) {
  if (is.null(fit$stopped) || is.null(fit$converged)) return(NULL)
  switch(fit$stopped,
    epochs = if (fit$converged) " (converged)" else " (not converged)",
    validation = " (stopped by the validation score)",
    max_seconds = " (stopped by `max_seconds`)",
    interrupt = " (interrupted)",
    checkpoint = " (a checkpoint: under way)"
  )
}

number <- function(x) format(x, digits = 4L)

# "2,000", whatever the decimal mark is.
in_thousands <- function(n) {
  format(
    n, big.mark = if (getOption("OutDec") == ",") "." else ",", scientific = FALSE
  )
}

# "2,000 rows" and "1 row"
count_of <- function(n, what) paste0(in_thousands(n), " ", what, if (n != 1) "s")

#' Summary of a fit
#'
#' @param object A fit made by [bbb_fit()].
#' @param x A summary.
#' @param ... Not used.
#'
#' @details
#' The ELBO, the evidence lower bound, is minus the mean of \eqn{f} over draws of
#' the weights: expected log-likelihood less the KL divergence of the posterior
#' from the prior. It is a mean over the last quarter of the epochs, since each
#' epoch's is a noisy draw.
#'
#' A fit counts as converged when the ELBO had become flat: its mean over the last
#' quarter of the epochs differs from that over the quarter before by less than
#' `tolerance` (see [bbb_control()]) nats per row, for each unit of learning rate
#' spent from the middle of the one to the middle of the other. The sum of the
#' learning rates is about as far as Adam can move a weight, so that neither a low
#' rate at the end nor a short run can pass for convergence; nor can one that was stopped
#' while the weight of the KL still rose (`kl_warmup`).
#'
#' The standard deviations, which start small and hardly move the ELBO, must have arrived
#' too. For this the derivative of the ELBO when all of them grow by one factor is taken,
#' per weight, by draws of its own when training ends:
#' \deqn{g = 1 + \frac{1}{P} \sum_j \sigma_j \frac{\partial}{\partial \sigma_j}
#'   E \left[ \log P(D|w) / T + \log P(w) \right]}{
#'   g = 1 + sum over weights j of sigma_j d/dsigma_j E[log P(D|w) / T + log P(w)] / P}
#' for P weights and the `temperature` T. It is the fit's `sd_gap`: 0 where the ELBO is
#' greatest, and near 1 when all are far too small. In a linear model it is 1 less the
#' mean of (sigma / best sigma)^2. A fit whose g is beyond 0.2 on either side, for
#' which sds that are a tenth too small or too large suffice, is not converged. It is not
#' known, and the fit not converged, when one of more than 100,000 weights was stopped by
#' the user or by `max_seconds`.
#'
#' A fit that is not converged may predict well all the same; more epochs will show.
#'
#' @return A list of class `summary.bbb_fit`: `architecture`, `family`, `prior`,
#'   `weights` (how many), `n`, `elbo`, `nll`, `kl` (nats), `noise`, `parameters`,
#'   `epochs`,
#'   `converged`, `stopped`, `seconds`, and `layers`, a data frame with the median
#'   of |mu|, of sigma and of the signal-to-noise ratio |mu| / sigma of each layer.
#'   Of several `fits` (see [bbb_control()]) they are means over the fits, or what holds
#'   of all, and `seconds` their sum; `members` has a row for each, `fits` how many were
#'   asked for.
#' @export
summary.bbb_fit <- function(object, ...) {
  object <- check_records(check_fit(object, "object"))
  check_dots(list(...))
  shared <- list(
    architecture = architecture(object), family = object$family,
    prior = object$prior, weights = n_weights(object$widths), n = object$n,
    known = parameters_from(object), temperature = object$control$temperature,
    planned = object$control$epochs,
    layers = layer_summary(object)
  )
  summarise <- if (is_ensemble(object)) summary_members else summary_training
  structure(c(shared, summarise(object)), class = "summary.bbb_fit")
}

# Where the family's own parameters come from.
parameters_from <- function(fit) {
  if (!is.null(fit$control$noise)) return("given")
  if (is_update(fit$prior)) "as before" else "learned"
}

summary_training <- function(fit) {
  late <- late_epochs(fit)
  list(
    elbo = mean(late$elbo), nll = mean(late$nll), kl = mean(late$kl),
    noise = fit$noise, parameters = fit$parameters,
    epochs = epochs_of(fit), converged = fit$converged, stopped = fit$stopped,
    seconds = seconds_of(fit)
  )
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

#' @rdname summary.bbb_fit
#' @export
print.summary.bbb_fit <- function(x, ...) {
  check_dots(list(...))
  line <- function(name, ...) cat(sprintf("%-14s", name), ..., "\n", sep = "")
  of_members <- function(...) if (!is.null(x$members)) paste0(...)
  cat("Bayesian neural network by Bayes by Backprop\n\n")
  line("Architecture", x$architecture)
  line("Outcome", x$family, ", ", count_of(x$n, "row"))
  line("Weights", in_thousands(x$weights), ", a mean and a sd each", of_members(", in ", x$fits, " fits"))
  line("Prior", format(x$prior))
  if (x$temperature != 1) line("Temperature", tempered(x$temperature))
  known <- paste0(", ", x$known)
  if (length(x$parameters) == 1L) {
    name <- names(x$parameters)
    name <- paste0(toupper(substr(name, 1L, 1L)), substring(name, 2L))
    line(name, number(x$parameters), known)
  } else if (length(x$parameters)) {
    line("Parameters", paste(parameter_texts(x$parameters), collapse = ", "), known)
  }
  if (is.na(x$epochs)) {
    line("Training", "unknown", without_history)
  } else {
    print_training(x, line, of_members)
  }
  cat("\nMedians by layer\n")
  print(x$layers, row.names = FALSE, digits = 3L)
  invisible(x)
}

print_training <- function(x, line, of_members) {
  line("ELBO", number(x$elbo), " nats", of_members(
    " on average (", number_range(x$members$elbo), ")"
  ))
  line("  likelihood", number(-x$nll))
  line("  KL", number(x$kl))
  line("Training", count_of(x$epochs, "epoch"), ", ", number(x$seconds), " s")
  if (is.null(x$converged)) return(invisible())
  line("Converged", if (x$converged) "yes" else "no", of_members(
    ", ", sum(x$members$converged), " of ", x$fits
  ))
  if (!x$converged && !is.null(x$stopped)) cat("\n", not_converged(x), "\n", sep = "")
}

not_converged <- function(x) {
  paste(strwrap(switch(x$stopped,
    interrupt = , checkpoint = , max_seconds = paste(
      "Training was stopped after", x$epochs, "of", x$planned, "epochs:",
      "`bbb_continue()` goes on."
    ),
    validation = paste(
      "Training was stopped by the validation score while the ELBO still moved;",
      "the fit is the epoch that predicted the held-out rows best."
    ),
    paste(
      "The ELBO or the sds still moved: fit again with more `epochs`, for example",
      paste0(3L * x$planned, ".")
    )
  )), collapse = "\n")
}

#' Fitted values
#'
#' Posterior predictive mean of the training rows, as `predict()` with
#' `type = "response"` gives it.
#'
#' A fit keeps no predictors; fitted values and residuals are worked out when it ends, and
#' their sum is the outcome; with them are the names of the rows. To share a fit without
#' all of these, set `fitted` and `residuals` to `NULL`. For a
#' large fit, with rows times weights above two million, they are not, since that
#' would take a while: use `predict(fit, x)`.
#'
#' @param object A fit made by [bbb_fit()].
#' @param ... Not used.
#' @return A vector, one number a training row; for more than two classes a matrix
#'   rows x classes of probabilities; for several outcomes a matrix rows x outcomes. Rows
#'   have the names of the data's: see [case.names()][case.names.bbb_fit].
#' @seealso [residuals()][residuals.bbb_fit]
#' @export
fitted.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  stats::napredict(object$na_action, kept(object, "fitted"))
}

# What fitted values are fitted to: 0/1 indicators of the second of two classes, or
# of each of more; shares of successes, where there were trials; of times those that are
# not censored.
observed_of <- function(fit, y) {
  if (many_classes(fit)) {
    return(outer(y[, 1L] + 1, seq_along(fit$outcome$levels), `==`) + 0)
  }
  if (answer_of(fit) == "share") return(ifelse(y[, 2L] > 0, y[, 1L] / y[, 2L], NA))
  if (fit$family == "gaussian" && ncol(y) > 1L) return(y)
  value <- if (families[[fit$family]]$above) exp(y[, 1L]) else y[, 1L]
  if (ncol(y) == 2L) ifelse(y[, 2L] == 1, value, NA) else value
}
