# Log-likelihood and the number of rows.

#' @order 2
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
