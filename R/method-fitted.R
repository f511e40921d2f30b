# fitted() of a fit.

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
