# What predict() answers, by type, from what the core says of the rows; in units.

# How many outcomes there are, and values that the core tells the moments of.
n_outcomes <- function(fit) length(fit$outcome$scale)

n_values <- function(fit) {
  if (many_classes(fit)) length(fit$outcome$levels) else n_outcomes(fit)
}

value_names <- function(fit) {
  if (many_classes(fit)) fit$outcome$levels else fit$outcome$outputs
}

# A number of outcome j, or numbers whose last dimension is the outcome, in units.
in_units <- function(fit, value, j = NULL) {
  center <- fit$outcome$center
  scale <- fit$outcome$scale
  if (!is.null(j)) return(value * scale[j] + center[j])
  each <- length(value) / length(scale)
  value * rep(scale, each = each) + rep(center, each = each)
}

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
  eta <- predict_array(fit, x, "link", how, length(outputs))
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
  J <- n_outcomes(fit)
  out <- vapply(seq_len(J), function(j) {
    in_units(fit, predict_array(fit, x, "quantile", how, length(probs), probs, j), j)
  }, matrix(0, nrow(x), length(probs)))
  names <- paste0(each_short(100 * probs), "%")
  if (J == 1L) return(array(out, c(nrow(x), length(probs)), list(NULL, names)))
  array(out, c(nrow(x), length(probs), J), list(NULL, names, value_names(fit)))
}

# Numbers as names, each in as few digits as it needs: "2.5" and "50".
each_short <- function(x) vapply(x, format, "", digits = 7L)

interval_of <- function(fit, x, level, how) {
  tail <- (1 - level) / 2
  mean <- response_of(fit, predict_moments(fit, x, how))
  out <- quantiles_of(fit, x, c(tail, 1 - tail), how)
  names <- c("fit", "lwr", "upr")
  if (n_outcomes(fit) == 1L) {
    return(array(c(mean, out), c(nrow(x), 3L), list(NULL, names)))
  }
  both <- vapply(seq_len(n_outcomes(fit)), function(j) {
    cbind(mean[, j], matrix(out[, , j], ncol = 2L))
  }, matrix(0, nrow(x), 3L))
  array(both, c(nrow(x), 3L, n_outcomes(fit)), list(NULL, names, value_names(fit)))
}

draws_of <- function(fit, x, how) {
  V <- n_values(fit)
  ok <- complete_rows(x, how)
  out <- new_answer(c(how$draws, nrow(x), V))
  how$offset <- how$offset[ok]
  if (any(ok)) {
    out[, ok, ] <- core_predict(fit, x[ok, , drop = FALSE], "draws", how)
  }
  out[] <- in_units(fit, out)
  if (V == 1L) return(matrix(out, how$draws))
  dimnames(out) <- list(NULL, NULL, value_names(fit))
  out
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
  at <- log(times) - fit$outcome$y_center[1L]
  out <- predict_array(fit, x, "survival", how, length(times), at)
  colnames(out) <- each_short(times)
  out
}
