# sigma() of a fit.

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
