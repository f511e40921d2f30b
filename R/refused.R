# What R's own methods would answer of a fit, and wrongly: each says why not.

#' @export
vcov.bbb_fit <- function(object, ...) stop_no_intervals("vcov")

#' @export
confint.bbb_fit <- function(object, parm, level = 0.9, ...) stop_no_intervals("confint")

stop_no_intervals <- function(what) {
  stop_argument(
    "`", what, "()` of weights would mislead: hidden units can trade places, so that a ",
    "weight means nothing by itself; `coef()` has its posterior, `predict()` intervals ",
    "of what the network says."
  )
}

#' @export
AIC.bbb_fit <- function(object, ..., k = 2) stop_no_parameters("AIC")

#' @export
BIC.bbb_fit <- function(object, ...) stop_no_parameters("BIC")

#' @export
df.residual.bbb_fit <- function(object, ...) stop_no_parameters("df.residual")

stop_no_parameters <- function(what) {
  stop_argument(
    "`", what, "()` needs a number of parameters, and that of the weights does not tell ",
    "how flexible a Bayesian network is; `bbb_score()` of rows held out compares fits."
  )
}

#' @export
deviance.bbb_fit <- function(object, ...) {
  stop_argument(
    "`deviance()` is of a single best value of the weights, which a posterior does not ",
    "have; `logLik(fit, x, y)` has the predictive density of data, ",
    "`residuals(fit, \"deviance\", x, y)` deviances of the mean."
  )
}

# None were given: NULL, as of other models.
#' @export
weights.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  if (!object$outcome$has_weights) return(NULL)
  stop_argument("The fit keeps no weights of single rows; `total_weight` is their sum.")
}
