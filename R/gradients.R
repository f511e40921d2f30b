#' One step of Bayes by Backprop, term by term
#'
#' The loss of Bayes by Backprop for one draw of the weights, its three terms and
#' its gradients in \eqn{\mu} and \eqn{\rho}, over all the rows given: what the
#' training step computes, in the shape that one thinks in.
#'
#' @param fit A fit made by [bbb_fit()]; `epochs = 1` will do to look at a start.
#' @param x,y Predictors and outcomes, as given to [bbb_fit()]; for a fit by
#'   formula `x` is a data frame and `y` may be left out.
#' @param eps The noise of the draw: a vector as long as `fit$mu`, or a list of
#'   layers as in the value. `NULL`: drawn from R's generator.
#' @param weights,offset As in the fit, if it had any: see [bbb_continue()].
#' @param member Which one of several `fits` (see [bbb_control()]), a whole number.
#'
#' @details
#' In the steps of section 3.2 of Blundell et al. (2015):
#' 1. \eqn{\epsilon \sim N(0, I)}: `eps`.
#' 2. \eqn{w = \mu + \log(1 + e^\rho) \epsilon}: `w`.
#' 3. \eqn{\theta = (\mu, \rho)}: `mu`, `rho`.
#' 4. \eqn{f = \log q(w|\theta) - \log P(w) - \log P(D|w)}: `f`, with its terms.
#' 5. \eqn{\Delta_\mu = \partial f/\partial w + \partial f/\partial\mu}: `d_mu`.
#' 6. \eqn{\Delta_\rho = \partial f/\partial w \; \epsilon / (1 + e^{-\rho}) +
#'   \partial f/\partial\rho}: `d_rho`.
#'
#' The network works on standardised predictors and a standardised outcome, and
#' its weights and gradients are those of that scale; the log-likelihood is of the
#' outcome in its own units. The family's own parameters, such as the noise
#' level, are held at the fit's. The KL has
#' weight 1, as for a single batch.
#'
#' @return A list: `log_posterior`, `log_prior`, `log_likelihood` and `f`, numbers in
#'   nats; and `w`, `eps`, `mu`, `rho`, `d_mu`, `d_rho`, each a list of layers, from
#'   the first hidden layer to the output, each with `weight`, a matrix inputs x
#'   units, and `bias`, a vector of one number a unit.
#' @references Blundell et al. (2015), section 3.2: see [bbb-package].
#' @seealso `vignette("bayes-by-backprop")`, `vignette("torch-to-bbb")`
#' @examples
#' x <- matrix(rnorm(300), 100, 3)
#' y <- rbinom(100, 1, plogis(x[, 1])) == 1
#' fit <- bbb_fit(x, y, hidden = 32, activation = "sigmoid", epochs = 20)
#' step <- bbb_gradients(fit, x, y)
#' step$f
#' dim(step$d_mu[[1]]$weight)
#' step$d_rho[[2]]$bias
#' @export
bbb_gradients <- function(fit, x, y, eps = NULL, weights = NULL, offset = NULL,
                          member = NULL) {
  fit <- check_member(check_fit(fit), member)
  data <- encode_pair(fit, x, y, offset, weights)
  P <- length(fit$mu)
  eps <- if (is.null(eps)) stats::rnorm(P) else check_eps(eps, P)
  model <- fit_model(fit)
  model$prior$scale <- fit$prior_sd
  # the terms of one draw of the weights for all rows, as in the paper
  model$prior$exact <- FALSE
  model$estimator <- match("shared", estimators) - 1L
  step <- native_step(
    model, c(fit$mu, fit$rho, fit$aux),
    data_for_core(fit, data$x, data$y, data$cases), eps, 1
  )
  each <- log_units(fit$outcome, data$y)
  if (!is.null(data$cases$weights)) each <- data$cases$weights * each
  log_likelihood <- step$log_likelihood - sum(each)
  units <- unit_names(fit$predictors$names, fit$hidden, fit$outcome$outputs)
  layers <- function(flat) by_layer(flat, units)
  list(
    log_posterior = step$log_posterior,
    log_prior = step$log_prior,
    log_likelihood = log_likelihood,
    f = step$log_posterior - step$log_prior - log_likelihood,
    w = layers(step$w),
    eps = layers(eps),
    mu = layers(fit$mu),
    rho = layers(fit$rho),
    d_mu = layers(step$d_theta[seq_len(P)]),
    d_rho = layers(step$d_theta[P + seq_len(P)])
  )
}

check_eps <- function(eps, P) {
  if (is.list(eps)) eps <- tryCatch(flat_layers(eps), error = function(e) NULL)
  if (!is.numeric(eps) || length(eps) != P || !all(is.finite(eps))) {
    stop_argument(
      "`eps` must have one finite number for each of the ", P, " weights, as a ",
      "vector like `fit$mu` or a list of layers like the value's `eps`."
    )
  }
  as.double(eps)
}
