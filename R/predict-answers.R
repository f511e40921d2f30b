# What predict() answers, by type, from what the core says of the rows; in units.

response_of <- function(fit, moments) {
  if (many_classes(fit)) return(class_probabilities(fit, moments))
  mean <- in_units(fit, moments[, , 1L])
  if (n_outcomes(fit) == 1L) return(as.vector(mean))
  matrix(mean, ncol = n_outcomes(fit), dimnames = list(NULL, value_names(fit)))
}

class_probabilities <- function(fit, moments) {
  p <- moments[, , 1L]
  p <- if (many_classes(fit)) matrix(p, ncol = n_values(fit)) else cbind(1 - p, p)
  dimnames(p) <- list(NULL, fit$outcome$levels)
  p
}

class_of <- function(fit, moments) {
  levels <- fit$outcome$levels
  factor(levels[most_probable(fit, moments)], levels)
}

# The first of the largest, or NA
most_probable <- function(fit, moments) {
  p <- class_probabilities(fit, moments)
  ok <- !is.na(p[, 1L])
  out <- rep(NA_integer_, nrow(p))
  out[ok] <- max.col(p[ok, , drop = FALSE], "first")
  out
}

# A positive outcome's log is in its units; the second output of a family of two is
# the log of a standard deviation.
link_of <- function(fit, x, how) {
  outputs <- fit$outcome$outputs
  eta <- core_predict(fit, x, "link", how)$link
  log_scale <- log(fit$outcome$scale[1L])
  if (fit$family == "categorical") {
    outputs <- fit$outcome$levels
  } else if (fit$family == "gaussian_hetero") {
    eta[, 1L] <- in_units(fit, eta[, 1L])
    eta[, 2L] <- eta[, 2L] + log_scale
  } else {
    eta <- if (families[[fit$family]]$above) eta + log_scale else in_units(fit, eta)
  }
  if (ncol(eta) == 1L) return(as.vector(eta))
  dimnames(eta) <- list(NULL, outputs)
  eta
}

quantiles_of <- function(fit, x, probs, how) {
  how$probs <- probs
  out <- in_units(fit, core_predict(fit, x, "quantile", how)$quantile)
  names <- paste0(each_short(100 * probs), "%")
  named_quantiles(fit, out, names)
}

# A matrix; of several outcomes an array rows x quantiles x outcomes
named_quantiles <- function(fit, out, names) {
  if (n_outcomes(fit) == 1L) {
    return(array(out, dim(out)[1:2], list(NULL, names)))
  }
  dimnames(out) <- list(NULL, names, value_names(fit))
  out
}

# Numbers as names, each in as few digits as it needs: "2.5" and "50".
each_short <- function(x) vapply(x, format, "", digits = 7L)

# The mean, and quantiles at interval_probs(), which `said` by the core has.
interval_of <- function(fit, said) {
  mean <- response_of(fit, said$moments)
  ends <- in_units(fit, said$quantile)
  J <- n_outcomes(fit)
  out <- array(0, c(dim(ends)[1L], 3L, J))
  out[, 1L, ] <- mean
  out[, 2:3, ] <- ends
  named_quantiles(fit, out, c("fit", "lwr", "upr"))
}

# The core tells draws in units, where they stay: they can be many.
draws_of <- function(fit, x, how) {
  how[c("center", "scale")] <- unit_of_values(fit)
  if (n_values(fit) > 1L) how$names <- value_names(fit)
  core_predict(fit, x, "draws", how)$draws
}

# Of each value that the core tells the moments of; probabilities have none.
unit_of_values <- function(fit) {
  V <- n_values(fit)
  list(
    center = rep_len(as.double(fit$outcome$center), V),
    scale = rep_len(as.double(fit$outcome$scale), V)
  )
}

uncertainty_of <- function(fit, moments) {
  n <- dim(moments)[1L]
  J <- n_outcomes(fit)
  pick <- rep(seq_len(J), each = n)
  if (many_classes(fit)) pick <- most_probable(fit, moments)
  at <- function(i) moments[cbind(rep(seq_len(n), J), pick, rep(i, n * J))]
  epistemic <- at(2L)
  aleatoric <- at(3L)
  scale <- rep(fit$outcome$scale, each = n)
  out <- data.frame(
    mean = in_units(fit, at(1L)),
    sd_epistemic = scale * sqrt(epistemic),
    sd_aleatoric = scale * sqrt(aleatoric),
    sd_total = scale * sqrt(epistemic + aleatoric)
  )
  if (J > 1L) return(cbind(outcome = value_names(fit)[pick], out))
  if (!many_classes(fit)) return(out)
  cbind(class = factor(fit$outcome$levels[pick], fit$outcome$levels), out)
}

# The core's times are logs, standardised as those of the outcome.
survival_of <- function(fit, x, times, how) {
  how$times <- log(times) - fit$outcome$y_center[1L]
  out <- core_predict(fit, x, "survival", how)$survival
  array(out, dim(out)[1:2], list(NULL, each_short(times)))
}
