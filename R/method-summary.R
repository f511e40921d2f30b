# summary() of a fit, and how it is printed.

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

#' @rdname summary.bbb_fit
#' @export
print.summary.bbb_fit <- function(x, ...) {
  check_dots(list(...))
  line <- function(name, ...) cat(sprintf("%-14s", name), ..., "\n", sep = "")
  of_members <- function(...) if (!is.null(x$members)) paste0(...)
  cat("Bayesian neural network by Bayes by Backprop\n\n")
  line("Architecture", x$architecture)
  line("Outcome", x$family, ", ", count_of(x$n, "row"))
  fits <- of_members(", in ", x$fits, " fits")
  line("Weights", in_thousands(x$weights), ", a mean and a sd each", fits)
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

# Medians over the weights of each layer, of all fits: without the table of coef(),
# and a part of them at a time, since they can be many.
layer_summary <- function(fit) {
  each <- weights_by_layer(fit$widths)
  ends <- cumsum(each)
  medians <- vapply(seq_along(each), function(l) {
    median_of <- function(f) {
      stats::median(weight_numbers(usable_members(fit), ends[l] - each[l], each[l], f))
    }
    c(
      mu = median_of(function(mu, rho) abs(mu)),
      sigma = median_of(function(mu, rho) softplus(rho)),
      signal_to_noise = median_of(function(mu, rho) abs(mu) / softplus(rho))
    )
  }, numeric(3L))
  data.frame(layer = seq_along(each), weights = as.integer(each), t(medians))
}

# What summary() has of several fits: means over them, and a row for each.
summary_members <- function(fit) {
  used <- usable_members(fit)
  each <- lapply(used, function(one) {
    late <- late_epochs(one)
    data.frame(
      elbo = mean(late$elbo), nll = mean(late$nll), kl = mean(late$kl),
      epochs = epochs_of(one), converged = isTRUE(one$converged), stopped = one$stopped,
      seconds = seconds_of(one)
    )
  })
  members <- do.call(rbind, each)
  first <- which.min(members$converged)
  unfinished <- !all(vapply(fit$members, is_done, NA))
  mean_of <- function(field) rowMeans(do.call(cbind, lapply(used, `[[`, field)))
  list(
    elbo = mean(members$elbo), nll = mean(members$nll), kl = mean(members$kl),
    noise = mean_of("noise"), parameters = mean_of("parameters"),
    epochs = max(members$epochs), converged = all(members$converged) && !unfinished,
    stopped = if (unfinished) "interrupt" else members$stopped[first],
    seconds = sum(members$seconds), members = members, fits = length(fit$members)
  )
}
