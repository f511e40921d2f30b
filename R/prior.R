#' Priors on the weights
#'
#' The prior \eqn{P(w)} is independent over weights. Predictors and a numeric
#' outcome are standardised before the network sees them, so that a weight of size
#' 1 is neither large nor small.
#'
#' @param sd Standard deviation of a weight: a positive number; one for each layer,
#'   the output layer included; or `"learned"`, see below.
#' @param bias_sd Standard deviation of a bias. `NULL`: that of the weights before
#'   `fan_in`, or 1 when that is learned: wide, since biases are few and set the places
#'   where the units bend.
#' @param fan_in `TRUE` divides the standard deviations of a layer's weights by the
#'   square root of its number of inputs, so that the prior of the outputs does not
#'   grow with the network's width (Neal 1996).
#' @param pi Share of the wide part of the mixture, between 0 and 1.
#' @param sd1,sd2 Standard deviations of the mixture's wide and narrow part.
#' @param df Degrees of freedom of Student's t, at least 0.001; above 2 it has the
#'   standard deviation `sd`, else `sd` is its scale.
#'
#' @details
#' `prior_normal()` is \eqn{N(0, sd^2)}. With `sd = "learned"`, the default of
#' [bbb_fit()], the weights that leave one input of a layer, that is, one predictor
#' or one hidden unit, have a standard deviation of their own. It is set, every ten
#' steps, to what maximises the ELBO, in closed form (Wu et al. 2019),
#' \deqn{s_g^2 = \frac{\sum_g (\mu^2 + \sigma^2) + \nu / D}{n_g + \nu}}{
#'   s_g^2 = (sum_g(mu^2 + sigma^2) + nu / D) / (n_g + nu)}
#' for the \eqn{n_g} weights of the group in a layer of \eqn{D} inputs, shrunk
#' towards \eqn{1 / D} as by \eqn{\nu = 0.1} additional weights, so that a group can
#' recover. Predictors and units that the data do not need
#' are switched off, and nobody has to say how large weights are. Not by gradient:
#' section 3.3 of Blundell et al. (2015) found that harmful.
#'
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
#' `prior_laplace()` and `prior_student()` have heavier tails than a normal: most
#' weights small, a few large.
#'
#' @return A list of class `bbb_prior`, to be given to [bbb_fit()].
#' @references Blundell et al. (2015), section 3.3: see [bbb-package].
#'
#'   Neal, R. M. (1996). *Bayesian Learning for Neural Networks*. Springer.
#'
#'   Wu, A., Nowozin, S., Meeds, E., Turner, R. E., Hernandez-Lobato, J. M. and
#'   Gaunt, A. L. (2019). Deterministic variational inference for robust Bayesian
#'   neural networks. *International Conference on Learning Representations*.
#' @examples
#' prior_normal()
#' prior_normal(0.5)
#' prior_mixture(pi = 0.25, sd1 = 1, sd2 = exp(-7))
#' prior_laplace(1, fan_in = TRUE)
#' @export
prior_normal <- function(sd = "learned", bias_sd = NULL, fan_in = FALSE) {
  if (identical(sd, "learned")) {
    if (!identical(fan_in, FALSE)) {
      stop_argument("`fan_in` has no meaning when `sd` is \"learned\".")
    }
  } else {
    sd <- check_sds(sd, "sd", " or \"learned\"")
  }
  new_prior("normal", sd = sd, bias_sd = bias_sd, fan_in = fan_in)
}

#' @rdname prior_normal
#' @export
prior_mixture <- function(pi = 0.5, sd1 = 1, sd2 = exp(-6), bias_sd = NULL,
                          fan_in = FALSE) {
  new_prior(
    "mixture",
    pi = check_number(pi, "pi", above = 0, below = 1),
    sd1 = check_sd(sd1, "sd1"), sd2 = check_sd(sd2, "sd2"),
    bias_sd = bias_sd, fan_in = fan_in
  )
}

#' @rdname prior_normal
#' @export
prior_laplace <- function(sd = 1, bias_sd = NULL, fan_in = FALSE) {
  new_prior(
    "laplace", sd = check_sds(sd, "sd"), bias_sd = bias_sd, fan_in = fan_in
  )
}

#' @rdname prior_normal
#' @export
prior_student <- function(df = 4, sd = 1, bias_sd = NULL, fan_in = FALSE) {
  new_prior(
    "student", df = check_number(df, "df", least = 1e-3, most = 1e5),
    sd = check_sds(sd, "sd"), bias_sd = bias_sd, fan_in = fan_in
  )
}

new_prior <- function(kind, ..., bias_sd, fan_in) {
  if (!is.null(bias_sd)) bias_sd <- check_sds(bias_sd, "bias_sd")
  fan_in <- check_flag(fan_in, "fan_in")
  structure(
    list(kind = kind, ..., bias_sd = bias_sd, fan_in = fan_in), class = "bbb_prior"
  )
}

# Within what single precision can square and invert
check_sd <- function(x, arg) check_number(x, arg, least = 1e-10, most = 1e15)

check_sds <- function(x, arg, or = "") {
  good <- is.numeric(x) && length(x) && all(is.finite(x)) && all(x >= 1e-10 & x <= 1e15)
  if (!good) {
    stop_argument(
      "`", arg, "` must be a number from 1e-10 to 1e15, or one for each layer", or, "."
    )
  }
  as.double(x)
}

prior_makers <- list(
  normal = prior_normal, mixture = prior_mixture, laplace = prior_laplace,
  student = prior_student
)

# The prior made again, since its numbers may have been changed by hand; one
# standard deviation, or as many as the network has layers.
check_prior <- function(prior, layers) {
  kind <- if (inherits(prior, "bbb_prior") && is.list(prior)) unclass(prior)$kind
  given <- setdiff(names(prior), "kind")
  known <- is_one_of(kind, names(prior_makers)) &&
    all(given %in% names(formals(prior_makers[[kind]])))
  if (!known) {
    stop_argument(
      "`prior` must be made by `prior_normal()`, `prior_mixture()`, ",
      "`prior_laplace()` or `prior_student()`."
    )
  }
  prior <- do.call(prior_makers[[kind]], unclass(prior)[given])
  for (name in c("sd", "bias_sd")) {
    sd <- prior[[name]]
    if (is.numeric(sd) && !length(sd) %in% c(1L, layers)) {
      stop_argument(
        "`", name, "` of the prior has ", length(sd), " numbers; the network has ",
        layers, " layers."
      )
    }
  }
  prior
}

learns <- function(prior) identical(prior$sd, "learned")

# What stands for the posterior of an earlier fit: see bbb_update().
prior_of_update <- structure(list(kind = "posterior"), class = "bbb_prior")

is_update <- function(prior) prior$kind == "posterior"

#' @export
format.bbb_prior <- function(x, ...) {
  check_dots(list(...))
  if (is_update(x)) return("the posterior of the fit that was updated")
  listed <- function(sd) paste(vapply(sd, short, ""), collapse = ", ")
  sd <- if (learns(x)) "s" else listed(as.double(x$sd))
  by_layer <- if (length(x$sd) > 1L) "N(0, sd^2), sd %s by layer" else "N(0, %s^2)"
  shape <- switch(x$kind,
    normal = sprintf(by_layer, sd),
    laplace = sprintf("Laplace, sd %s", sd),
    student = sprintf("t with %s df, sd %s", short(x$df), sd),
    mixture = sprintf(
      "%s N(0, %s^2) + %s N(0, %s^2)",
      short(x$pi), short(x$sd1), short(1 - x$pi), short(x$sd2)
    )
  )
  paste0(
    shape,
    if (learns(x)) ", s learned for each input of a layer",
    if (x$fan_in) ", sd over the root of the inputs",
    if (!is.null(x$bias_sd)) paste0("; biases sd ", listed(x$bias_sd))
  )
}

#' @export
print.bbb_prior <- function(x, ...) {
  check_dots(list(...))
  cat("Prior of each weight: ", format(x), "\n", sep = "")
  invisible(x)
}

short <- function(x) format(signif(x, 3L), digits = 3L)
