#' Priors on the weights
#'
#' The prior \eqn{P(w)} is the same for every weight and bias, and independent
#' over them. Predictors and a numeric outcome are standardised before the
#' network sees them, so that a weight of size 1 is neither large nor small.
#'
#' @param pi Share of the wide part of the mixture, between 0 and 1.
#' @param sd1,sd2,sd Standard deviations, positive numbers: of the wide part of
#'   the mixture, of its narrow part, and of the single Gaussian.
#'
#' @details
#' `prior_mixture()` is the scale mixture of two Gaussians of equation 7 of
#' Blundell et al. (2015),
#' \deqn{P(w) = \prod_j \pi N(w_j | 0, \sigma_1^2) +
#'   (1 - \pi) N(w_j | 0, \sigma_2^2),}{
#'   P(w) = prod_j pi N(w_j | 0, sd1^2) + (1 - pi) N(w_j | 0, sd2^2),}
#' a continuous relative of spike and slab: the narrow part draws weights that
#' the data do not need towards zero, the wide part lets the others be. With the
#' defaults half of the prior is N(0, 1), the usual choice for standardised data,
#' and half is within about 0.01 of zero.
#'
#' `prior_normal()` is one Gaussian, \eqn{N(0, sd^2)}.
#'
#' @return A list of class `bbb_prior`, to be given to [bbb_fit()].
#' @references Blundell et al. (2015), section 3.3: see [bbb-package].
#' @examples
#' prior_mixture()
#' prior_mixture(pi = 0.25, sd1 = 1, sd2 = exp(-7))
#' prior_normal(0.5)
#' @export
prior_mixture <- function(pi = 0.5, sd1 = 1, sd2 = exp(-6)) {
  new_prior(
    "mixture",
    pi = check_number(pi, "pi", above = 0, below = 1),
    sd1 = check_sd(sd1, "sd1"),
    sd2 = check_sd(sd2, "sd2")
  )
}

#' @rdname prior_mixture
#' @export
prior_normal <- function(sd = 1) new_prior("normal", sd = check_sd(sd, "sd"))

new_prior <- function(kind, ...) {
  structure(list(kind = kind, ...), class = "bbb_prior")
}

# Within what single precision can square and invert
check_sd <- function(x, arg) check_number(x, arg, least = 1e-15, most = 1e15)

# The prior made again, since its numbers may have been changed by hand.
check_prior <- function(prior) {
  kind <- if (inherits(prior, "bbb_prior")) unclass(prior)$kind
  if (!identical(kind, "normal") && !identical(kind, "mixture")) {
    stop_argument(
      "`prior` must be made by `prior_mixture()` or `prior_normal()`."
    )
  }
  make <- switch(kind, normal = prior_normal, mixture = prior_mixture)
  do.call(make, unclass(prior)[-1L])
}

# As glue_model() takes it; kinds in the order of bbb_prior_kind.
prior_for_core <- function(prior) {
  switch(prior$kind,
    normal = list(kind = 0L, par = c(1, prior$sd, prior$sd)),
    mixture = list(kind = 1L, par = c(prior$pi, prior$sd1, prior$sd2))
  )
}

#' @export
format.bbb_prior <- function(x, ...) {
  switch(x$kind,
    normal = sprintf("N(0, %s^2)", short(x$sd)),
    mixture = sprintf(
      "%s N(0, %s^2) + %s N(0, %s^2)",
      short(x$pi), short(x$sd1), short(1 - x$pi), short(x$sd2)
    )
  )
}

#' @export
print.bbb_prior <- function(x, ...) {
  cat("Prior of each weight: ", format(x), "\n", sep = "")
  invisible(x)
}

short <- function(x) format(signif(x, 3L), digits = 3L)
