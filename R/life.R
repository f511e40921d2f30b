# What other functions of R ask of a fit.

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

#' @rdname residuals.bbb_fit
#' @export
logLik.bbb_fit <- function(object, x, y, weights = NULL, offset = NULL, draws = 200,
                           seed = NULL, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  if (missing(x)) stop_argument("`x` is missing: `logLik()` needs the data again.")
  how <- check_how(object, draws, seed)
  data <- encode_pair(object, x, y, offset, weights, training = FALSE)
  n <- nrow(data$x)
  weights <- row_weights(object, x, weights, n)
  how$offset <- core_offset(object, data$cases$offset, n)
  each <- core_predict(object, data$x, "log_density", how, data$y)$log_density -
    log_units(object$outcome, data$y)
  structure(
    sum(if (is.null(weights)) each else weights * each),
    df = NA_real_, nobs = n, class = "logLik"
  )
}

#' @export
nobs.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  # step() hands it on
  check_dots(list(...), "use.fallback")
  object$n
}

# With the dot spelled out, as of lm().
#' @export
formula.bbb_fit <- function(x, ...) {
  x <- check_fit(x, "x")
  check_dots(list(...))
  if (is.null(x$formula)) {
    stop_argument("The fit was not made from a formula.")
  }
  stats::formula(full_terms(x$predictors))
}

#' @export
terms.bbb_fit <- function(x, ...) {
  x <- check_fit(x, "x")
  # model.matrix() hands on its own
  check_dots(list(...), "data")
  recipe <- x$predictors
  if (recipe$kind != "frame") {
    stop_argument("The fit was made from a matrix, which has no terms.")
  }
  full_terms(recipe)
}

#' @export
model.frame.bbb_fit <- function(formula, data, xlev = NULL, ...) {
  formula <- check_fit(formula, "formula")
  known <- c("subset", "na.action", "drop.unused.levels", "weights", "offset")
  check_dots(as.list(substitute(list(...)))[-1L], known)
  if (missing(data) || is.null(data)) {
    stop_argument("`data` is missing: the fit keeps no training data.")
  }
  stop_if_bound(formula$predictors, "terms", "data")
  # model.matrix() hands on a NULL of its own
  if (is.null(xlev)) xlev <- formula$predictors$xlev
  tryCatch(
    stats::model.frame(terms.bbb_fit(formula), data, xlev = xlev, ...),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
}

# R's own, where it has the family with this link.
#' @export
family.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  known <- switch(object$family,
    gaussian = stats::gaussian(), binomial = stats::binomial(),
    poisson = stats::poisson(), gamma = stats::Gamma("log")
  )
  if (!is.null(known)) return(known)
  link <- families[[object$family]]$link
  functions <- unclass(stats::make.link(link))[c("linkfun", "linkinv", "mu.eta", "valideta")]
  structure(c(list(family = object$family, link = link), functions), class = "family")
}

#' Noise of a numeric outcome
#'
#' @param object A fit made by [bbb_fit()] of family `"gaussian"`.
#' @param ... Not used.
#'
#' @return The standard deviation of the outcome around the network's output, in the
#'   outcome's units: the aleatoric part of its uncertainty. Of several outcomes a named
#'   vector; of several `fits` the root of the mean square, as of their mixture. Other
#'   families have no such number, which is an error; `object$parameters` has theirs.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 200, seed = 1)
#' sigma(fit)
#' @export
sigma.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  if (object$family != "gaussian") {
    stop_argument(
      "`sigma()` is for family \"gaussian\"; `parameters` of the fit has what \"",
      object$family, "\" learned beside the network."
    )
  }
  squares <- lapply(usable_fits(object), function(fit) fit$noise^2)
  noise <- sqrt(Reduce(`+`, squares) / length(squares))
  if (n_outcomes(object) > 1L) names(noise) <- value_names(object)
  noise
}
