# Generics of R for models with coefficients and leverages, which a Bayesian network does
# not have: each says why not, and what answers the question.

#' @export
vcov.bbb_fit <- function(object, ...) stop_no_intervals("vcov")

#' @export
confint.bbb_fit <- function(object, parm, level = 0.9, ...) stop_no_intervals("confint")

stop_no_intervals <- function(what) {
  stop_argument(
    "`", what, "()` is not available: hidden units are interchangeable, so that single ",
    "weights are not identified; `coef()` has their posterior, and ",
    "`predict(type = \"interval\")` intervals of the outcome."
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
    "`", what, "()` is not defined: a Bayesian neural network has no fixed number of ",
    "parameters; compare fits with `bbb_score()` on held-out rows."
  )
}

#' @export
deviance.bbb_fit <- function(object, ...) {
  stop_argument(
    "`deviance()` is not defined for a posterior: it needs one best value of the ",
    "weights; `logLik(fit, x, y)` has the predictive density of data, ",
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

#' @importFrom stats anova extractAIC drop1 add1 rstandard rstudent hatvalues
#' @importFrom stats cooks.distance influence dfbeta dfbetas profile alias effects
#' @importFrom stats dummy.coef proj case.names variable.names
NULL

#' @export
extractAIC.bbb_fit <- function(fit, scale, k = 2, ...) {
  stop_no_selection("step()` and `extractAIC")
}

#' @export
drop1.bbb_fit <- function(object, scope, ...) stop_no_selection("drop1")

#' @export
add1.bbb_fit <- function(object, scope, ...) stop_no_selection("add1")

stop_no_selection <- function(what) {
  stop_argument(
    "`", what, "()` choose terms by AIC, which a Bayesian network has not; its prior ",
    "switches off predictors that do not help (`prior_sd` of the fit has their sizes), ",
    "and `bbb_score()` of rows held out compares fits."
  )
}

#' @export
anova.bbb_fit <- function(object, ...) {
  stop_argument(
    "`anova()` tests terms by degrees of freedom, which the weights of a Bayesian ",
    "network do not tell; `bbb_score()` of rows held out compares fits."
  )
}

#' @export
rstandard.bbb_fit <- function(model, ...) stop_no_leverage("rstandard")

#' @export
rstudent.bbb_fit <- function(model, ...) stop_no_leverage("rstudent")

#' @export
hatvalues.bbb_fit <- function(model, ...) stop_no_leverage("hatvalues")

#' @export
cooks.distance.bbb_fit <- function(model, ...) stop_no_leverage("cooks.distance")

#' @export
influence.bbb_fit <- function(model, ...) stop_no_leverage("influence")

#' @export
dfbeta.bbb_fit <- function(model, ...) stop_no_leverage("dfbeta")

#' @export
dfbetas.bbb_fit <- function(model, ...) stop_no_leverage("dfbetas")

stop_no_leverage <- function(what) {
  stop_argument(
    "`", what, "()` needs the hat matrix of a linear model; `residuals()` of type ",
    "\"pearson\" or \"quantile\" are standardised, and a fit without a row, made anew, ",
    "shows what the row does."
  )
}

#' @export
profile.bbb_fit <- function(fitted, ...) stop_no_intervals("profile")

#' @export
effects.bbb_fit <- function(object, ...) stop_no_terms("effects")

#' @export
alias.bbb_fit <- function(object, ...) stop_no_terms("alias")

#' @export
dummy.coef.bbb_fit <- function(object, ...) stop_no_terms("dummy.coef")

#' @export
proj.bbb_fit <- function(object, ...) stop_no_terms("proj")

stop_no_terms <- function(what) {
  stop_argument(
    "`", what, "()` needs terms that add up, which a network has not; `predict()` with ",
    "`type = \"draws\"` at new data shows what a predictor does."
  )
}

#' @export
as.matrix.bbb_fit <- function(x, ...) stop_no_table("as.matrix", "a matrix")

#' @export
as.data.frame.bbb_fit <- function(x, ...) stop_no_table("as.data.frame", "a data frame")

stop_no_table <- function(what, kind) {
  stop_argument(
    "`", what, "()`: a fit is not ", kind, "; `coef()` has its weights as a data frame, ",
    "`predict()` with `type = \"draws\"` draws of the mean, `history` of the fit its epochs."
  )
}
