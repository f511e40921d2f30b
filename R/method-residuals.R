# residuals() of a fit, of each type.

#' Residuals and log-likelihood
#'
#' Residuals of the training rows, or, of any kind and of any rows, of data given again:
#' a fit keeps no predictors.
#'
#' @inheritParams bbb_score
#' @param object A fit made by [bbb_fit()].
#' @param type `"response"`: outcome less posterior predictive mean. `"pearson"`: that,
#'   over the standard deviation of the predictive distribution. `"deviance"`: signed
#'   square root of the unit deviance of the mean, as of [stats::glm()] (gaussian,
#'   binomial, Poisson, negative binomial, gamma); for classes the root of minus twice
#'   the log of the probability of the outcome's class. `"quantile"` (Dunn and Smyth
#'   1996): the normal quantile of the predictive distribution function at the outcome,
#'   drawn at random within the step of a discrete one, by `seed`; standard normal where
#'   the model holds, whatever the family.
#' @param x,y Predictors and outcomes; for a fit by formula `x` is a data frame and `y` may
#'   be left out. Without both, residuals of `type = "response"` are those kept of the
#'   training rows, as [fitted()][fitted.bbb_fit] values are.
#' @param weights Weights of the rows, for the log-likelihood; `NULL` as for [bbb_score()].
#'   Residuals need them where the fit was given shares of trials only: they are then the
#'   numbers of trials.
#' @param ... Not used.
#'
#' @details
#' `logLik()` is the log of the posterior predictive density of the outcomes, summed over
#' rows with their weights: it is averaged over the posterior, not at its mean. Of the
#' training rows it is no marginal likelihood, and `df` is `NA`: the number of weights
#' does not tell how flexible a Bayesian network is, so that `AIC()` and `BIC()` are
#' refused. Held out rows compare fits: see [bbb_score()].
#'
#' @return `residuals()`: a vector, one number a row; for more than two classes, of type
#'   response and pearson, a matrix rows x classes; for several outcomes a matrix. `NA`
#'   for a censored time, but of type quantile, where it is drawn from what lies beyond,
#'   and for no trials.
#'   `logLik()`: a number of class `logLik`.
#' @references Dunn, P. K. and Smyth, G. K. (1996). Randomized quantile residuals.
#'   *Journal of Computational and Graphical Statistics* 5, 236-244.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 200, seed = 1)
#' head(residuals(fit))
#' head(residuals(fit, "quantile", cars))
#' logLik(fit, cars)
#' @order 1
#' @export
residuals.bbb_fit <- function(object,
                              type = c("response", "pearson", "deviance", "quantile"),
                              x, y, offset = NULL, draws = 200, seed = NULL,
                              weights = NULL, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  type <- check_type(type, eval(formals(residuals.bbb_fit)$type))
  how <- check_how(object, draws, seed)
  if (missing(x)) {
    if (type == "response") {
      check_no_effect(
        c(y = !missing(y), offset = !missing(offset), draws = !missing(draws),
          seed = !missing(seed), weights = !missing(weights)),
        "on the residuals that were kept; give `x`"
      )
      return(stats::naresid(object$na_action, kept(object, "residuals")))
    }
    stop_argument(
      "`x` is missing: residuals of `type = \"", type, "\"` need the data again."
    )
  }
  data <- encode_pair(object, x, y, offset, weights, training = FALSE)
  how$offset <- core_offset(object, data$cases$offset, nrow(data$x))
  named_answer(residuals_of(object, data, type, how), row_ids(x))
}

residuals_of <- function(object, data, type, how) {
  if (type == "quantile") return(quantile_residuals(object, data, how))
  moments <- predict_moments(object, data$x, how)
  if (type == "deviance") return(deviance_residuals(object, data$y, moments))
  left <- observed_of(object, data$y) - response_of(object, moments)
  if (type == "response") left else left / predictive_sd(object, data$y, moments)
}

# Of what observed_of() gives.
predictive_sd <- function(fit, y, moments) {
  aleatoric <- moments[, , 3L]
  if (answer_of(fit) == "share") aleatoric <- aleatoric / y[, 2L]
  sd <- sqrt(moments[, , 2L] + aleatoric)
  if (many_classes(fit)) return(sd)
  sd * rep(fit$outcome$scale, each = nrow(y))
}

# Families of R with a deviance of their own.
deviance_family <- function(fit) {
  if (fit$family == "negbinomial") {
    size <- mean(vapply(usable_fits(fit), function(one) 1 / one$parameters[[1L]], 0))
    return(function(y, mu, weight) {
      2 * (y * log(pmax(y, 1) / mu) - (y + size) * log((y + size) / (mu + size)))
    })
  }
  known <- switch(fit$family,
    gaussian = stats::gaussian(), binomial = stats::binomial(),
    poisson = stats::poisson(), gamma = stats::Gamma()
  )
  if (is.null(known)) {
    stop_argument(
      "Residuals of `type = \"deviance\"` are not defined for family \"", fit$family,
      "\"; those of \"quantile\" are."
    )
  }
  known$dev.resids
}

deviance_residuals <- function(fit, y, moments) {
  if (many_classes(fit)) {
    p <- class_probabilities(fit, moments)
    return(sqrt(-2 * log(p[cbind(seq_len(nrow(y)), y[, 1L] + 1)])))
  }
  deviance <- deviance_family(fit)
  mean <- response_of(fit, moments)
  y_seen <- observed_of(fit, y)
  trials <- if (answer_of(fit) == "share") y[, 2L] else rep(1, length(mean))
  value <- sqrt(pmax(deviance(as.vector(y_seen), as.vector(mean), trials), 0))
  shaped(as.vector(sign(y_seen - mean)) * value, y_seen)
}

# From the probabilities of less than y and of no more, means over the draws.
quantile_residuals <- function(fit, data, how) {
  if (fit$family == "categorical") {
    stop_argument(
      "Residuals of `type = \"quantile\"` need an order, which unordered classes lack."
    )
  }
  cdf <- core_predict(fit, data$x, "cdf", how, data$y)$cdf
  less <- as.vector(cdf[, 1L, ])
  upto <- as.vector(cdf[, 2L, ])
  u <- less + (upto - less) * within_step(how$seed, length(upto))
  # no outcome is beyond 8 standard deviations, which 1 - u cannot show
  residuals <- stats::qnorm(pmin(pmax(u, 1e-15), 1 - 1e-15))
  if (n_outcomes(fit) == 1L) return(residuals)
  shaped(residuals, data$y)
}

# Uniform numbers by the seed, of a stream of their own.
within_step <- function(seed, n) {
  stats::pnorm(native_normals(source_of(seed, "residuals"), n))
}
