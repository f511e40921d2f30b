# The weights of a fit: a table of all, and medians by layer.

#' Posterior of each weight
#'
#' @param object A fit made by [bbb_fit()].
#' @param member Which one of several `fits` (see [bbb_control()]), a whole number.
#'   `NULL`: all of them.
#' @param ... Not used.
#' @return A data frame, one row a weight in the order of `fit$mu`: `layer`, 1 for
#'   the first; `from`, the predictor or unit that it comes from, or `"(bias)"`;
#'   `to`, the unit that it goes to; `mu` and `sigma`, mean and standard deviation
#'   of its posterior, on the scale of standardised predictors and outcome. For all of
#'   several fits a first column, `member`, has the number of the fit.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, hidden = 4, epochs = 50, seed = 1)
#' coef(fit)
#' @export
coef.bbb_fit <- function(object, member = NULL, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  weights_of(object, member)
}

# Of a fit that was checked.
weights_of <- function(object, member = NULL) {
  if (is_ensemble(object) && is.null(member)) return(coef_members(object))
  object <- check_member(object, member)
  units <- units_of(object)
  sources <- lapply(units[-length(units)], c, "(bias)")
  targets <- units[-1L]
  inputs <- lengths(sources)
  outputs <- lengths(targets)
  out <- list(
    layer = rep(seq_along(sources), inputs * outputs),
    from = unlist(Map(rep, sources, each = outputs)),
    to = unlist(Map(rep, targets, times = inputs)),
    mu = object$mu,
    sigma = weight_numbers(list(object), 0, length(object$mu), function(mu, rho) {
      softplus(rho)
    })
  )
  list2DF(lapply(out, unname))
}

# f of each member's mu and rho, of `n` weights after the first `before`
weight_numbers <- function(members, before, n, f) {
  out <- numeric(n * length(members))
  for (m in seq_along(members)) {
    for (from in seq(0, n - 1, by = 2^18)) {
      some <- seq(from + 1, min(from + 2^18, n))
      mu <- members[[m]]$mu[before + some]
      out[(m - 1) * n + some] <- f(mu, members[[m]]$rho[before + some])
    }
  }
  out
}

coef_members <- function(fit) {
  begun <- which(!vapply(fit$members, function(one) is.null(one$mu), NA))
  do.call(rbind, lapply(begun, function(i) {
    cbind(member = i, weights_of(member_fit(fit, i)))
  }))
}
