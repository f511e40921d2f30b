#' Predictions of a Bayesian neural network
#'
#' The posterior predictive: predictions averaged over draws of the weights, with
#' the uncertainty that the draws show.
#'
#' @param object A fit made by [bbb_fit()].
#' @param newdata Predictors as in the fit: a matrix with the same columns, or a
#'   data frame with the same variables; further columns are ignored. A vector is
#'   the only predictor, or one row. Missing: the training rows.
#' @param type What to return; see Value.
#' @param level Probability of the interval, between 0 and 1.
#' @param probs Probabilities of the quantiles, between 0 and 1.
#' @param draws Draws of the weights, a whole number. The mean then has a Monte
#'   Carlo error of `1 / sqrt(draws)` of the epistemic standard deviation: 7 % with
#'   the default 200. Cost is proportional.
#' @param seed One or two whole numbers: the draws' own seed. `NULL`: the fit's, so
#'   that predictions are the same each time and one draw is one function over
#'   all rows and calls.
#' @param ... Not used.
#'
#' @return One row or element for each row of `newdata`, in its order; `NA` where a
#'   predictor is missing or infinite. An answer does not depend on the other
#'   rows. By `type`:
#'   \item{`"response"`}{mean of the outcome: a vector; for two classes the
#'     probability of the second; for more, a matrix as of `"prob"`}
#'   \item{`"link"`}{mean of the network's output: the mean itself (in the
#'     outcome's units), log odds, or a matrix of class scores}
#'   \item{`"class"`}{most probable class, a factor (classes only)}
#'   \item{`"prob"`}{matrix of class probabilities, named (classes only)}
#'   \item{`"interval"`}{matrix `fit`, `lwr`, `upr`: the mean with an interval that
#'     holds `level` of the predictive distribution, noise included; for two
#'     classes, a credible interval of the probability of the second}
#'   \item{`"quantile"`}{matrix, a column for each of `probs`, of the same
#'     distribution}
#'   \item{`"draws"`}{matrix draws x rows: the mean of the outcome at each draw of
#'     the weights, without noise; for more than two classes an array draws x rows
#'     x classes}
#'   \item{`"uncertainty"`}{data frame `mean`, `sd_epistemic` (of the mean over
#'     draws of the weights: it falls as data come), `sd_aleatoric` (of the
#'     outcome at given weights: it does not), `sd_total`, whose squares add up.
#'     For classes these are of the 0/1 indicator of a class: the second of two,
#'     else the most probable one, in a first column `class`}
#'
#' @details
#' Intervals and quantiles of a gaussian outcome are those of the mixture of
#' normals itself, one a draw of the weights, not of simulated noise.
#'
#' @seealso [bbb_score()] for predictions scored against outcomes.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 200, seed = 1)
#' predict(fit, data.frame(speed = c(10, 20, 30)), type = "interval", level = 0.8)
#' predict(fit, data.frame(speed = c(10, 20, 30)), type = "uncertainty")
#' @export
predict.bbb_fit <- function(object, newdata,
                            type = c("response", "link", "class", "prob",
                                     "interval", "quantile", "draws",
                                     "uncertainty"),
                            level = 0.9, probs = c(0.05, 0.5, 0.95),
                            draws = 200, seed = NULL, ...) {
  check_dots(list(...))
  type <- check_choice(type, eval(formals(predict.bbb_fit)$type), "type")
  level <- check_number(level, "level", above = 0, below = 1)
  probs <- check_probs(probs)
  how <- list(draws = check_draws(draws), seed = check_new_seed(seed, object))
  check_type_fits(type, object)
  if (missing(newdata) || is.null(newdata)) {
    if (type == "response") return(stats::fitted(object))
    stop_argument(
      "`newdata` is missing, and the fit keeps no training data to predict ",
      "`type = \"", type, "\"` for."
    )
  }
  x <- encode_new(object$predictors, newdata)
  switch(type,
    response = response_of(object, predict_moments(object, x, how)),
    link = link_of(object, x, how),
    class = class_of(object, predict_moments(object, x, how)),
    prob = class_probabilities(object, predict_moments(object, x, how)),
    interval = interval_of(object, x, level, how),
    quantile = quantiles_of(object, x, probs, how),
    draws = draws_of(object, x, how),
    uncertainty = uncertainty_of(object, predict_moments(object, x, how))
  )
}

check_draws <- function(draws) check_count(draws, "draws", most = 1e7)

check_new_seed <- function(seed, fit) {
  if (is.null(seed)) fit$seed else check_seed(seed)
}

check_type_fits <- function(type, fit) {
  classes <- fit$family != "gaussian"
  if (type %in% c("class", "prob") && !classes) {
    stop_argument(
      "`type = \"", type, "\"` is for classes; this outcome is numeric."
    )
  }
  if (type %in% c("interval", "quantile") && fit$family == "categorical") {
    stop_argument(
      "`type = \"", type, "\"` has no meaning for more than two classes; ",
      "`\"draws\"` has the distribution of their probabilities."
    )
  }
}

# What the core says of complete rows: a vector in the order of bbb_predict_what.
# An interrupt, which the core's way of asking for one used up, is passed on.
core_predict <- function(fit, x, what, how, probs = numeric(), y = NULL) {
  how <- c(list(what = predict_what[[what]], probs = probs), how)
  out <- native_predict(
    fit_model(fit), c(fit$mu, fit$rho, fit$aux), data_for_core(fit, x, y), how
  )
  if (is.null(out)) {
    signalCondition(structure(
      class = c("interrupt", "condition"), list(message = "", call = NULL)
    ))
    invokeRestart("abort")
  }
  out
}

# The same for all rows, as an array rows x dim, NA in the incomplete ones.
predict_array <- function(fit, x, what, how, dim, ...) {
  ok <- complete_rows(x)
  out <- array(NA_real_, c(nrow(x), dim))
  if (any(ok)) {
    out[rep(ok, length.out = length(out))] <-
      core_predict(fit, x[ok, , drop = FALSE], what, how, ...)
  }
  out
}

complete_rows <- function(x) rowSums(!is.finite(x)) == 0

# In the order of the core's bbb_predict_what.
predict_what <- c(
  link = 0L, moments = 1L, draws = 2L, quantile = 3L, log_density = 4L
)

n_outputs <- function(fit) length(fit$outcome$outputs)

in_units <- function(fit, value) value * fit$outcome$scale + fit$outcome$center

# rows x outputs x (mean, epistemic variance, aleatoric variance)
predict_moments <- function(fit, x, how = default_how(fit)) {
  predict_array(fit, x, "moments", how, c(n_outputs(fit), 3L))
}

# As predict() does without being told.
default_how <- function(fit) {
  list(draws = formals(predict.bbb_fit)$draws, seed = fit$seed)
}

response_of <- function(fit, moments) {
  mean <- in_units(fit, moments[, , 1L])
  if (fit$family != "categorical") return(as.vector(mean))
  class_probabilities(fit, moments)
}

class_probabilities <- function(fit, moments) {
  p <- moments[, , 1L]
  p <- if (fit$family == "binomial") {
    cbind(1 - p, p)
  } else {
    matrix(p, ncol = n_outputs(fit))
  }
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

link_of <- function(fit, x, how) {
  eta <- predict_array(fit, x, "link", how, n_outputs(fit))
  if (fit$family != "categorical") return(as.vector(in_units(fit, eta)))
  dimnames(eta) <- list(NULL, fit$outcome$levels)
  eta
}

quantiles_of <- function(fit, x, probs, how) {
  out <- predict_array(
    fit, x, "quantile", how, length(probs), probs
  )
  out <- in_units(fit, out)
  colnames(out) <- paste0(format(100 * probs, trim = TRUE, digits = 7L), "%")
  out
}

interval_of <- function(fit, x, level, how) {
  tail <- (1 - level) / 2
  fit_column <- response_of(fit, predict_moments(fit, x, how))
  out <- cbind(fit_column, quantiles_of(fit, x, c(tail, 1 - tail), how))
  colnames(out) <- c("fit", "lwr", "upr")
  out
}

draws_of <- function(fit, x, how) {
  K <- n_outputs(fit)
  ok <- complete_rows(x)
  out <- array(NA_real_, c(how$draws, nrow(x), K))
  if (any(ok)) {
    out[, ok, ] <- in_units(
      fit, core_predict(fit, x[ok, , drop = FALSE], "draws", how)
    )
  }
  if (K == 1L) return(matrix(out, how$draws))
  dimnames(out) <- list(NULL, NULL, fit$outcome$levels)
  out
}

uncertainty_of <- function(fit, moments) {
  n <- dim(moments)[1L]
  pick <- rep(1L, n)
  if (fit$family == "categorical") pick <- most_probable(fit, moments)
  at <- function(i) moments[cbind(seq_len(n), pick, rep(i, n))]
  epistemic <- at(2L)
  aleatoric <- at(3L)
  scale <- fit$outcome$scale
  out <- data.frame(
    mean = in_units(fit, at(1L)),
    sd_epistemic = scale * sqrt(epistemic),
    sd_aleatoric = scale * sqrt(aleatoric),
    sd_total = scale * sqrt(epistemic + aleatoric)
  )
  if (fit$family != "categorical") return(out)
  cbind(class = factor(fit$outcome$levels[pick], fit$outcome$levels), out)
}
