#' One step of Bayes by Backprop, term by term
#'
#' The loss of Bayes by Backprop for one draw of the weights, its three terms and
#' its gradients in \eqn{\mu} and \eqn{\rho}, over all the rows given: what the
#' training step computes, as a list of layers.
#'
#' @param fit A fit made by [bbb_fit()]; use `epochs = 1` to inspect the start.
#' @param x,y Predictors and outcomes, as given to [bbb_fit()]; for a fit by
#'   formula `x` is a data frame and `y` may be left out.
#' @param eps The noise of the draw: a vector in the order of `fit$mu`, or a list of
#'   layers as in the value. `NULL`: drawn from R's generator.
#' @param weights,offset As in the fit, if it had any: see [bbb_continue()].
#' @param member Which one of several `fits` (see [bbb_control()]), a whole number.
#' @param kl_weight Weight of `log_posterior - log_prior` in `f` and in the gradients, a
#'   number, 0 or more. 1, the default, is for all rows at once. For batch \eqn{i} of
#'   \eqn{M} it is `1 / M` (equation 8) or `2^(M - i) / (2^M - 1)` (equation 9).
#' @param shape Of the parameters and gradients in the value: `"layers"`, matrices to
#'   read, or `"flat"`, vectors in the order of `fit$mu`, to calculate with.
#'   [bbb_layers()] and [bbb_flat()] turn the one into the other.
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
#' outcome in its own units. The family's own parameters, such as the noise level, are
#' held at the fit's, and so are the learned standard deviations of the prior.
#'
#' `f` is `kl_weight * (log_posterior - log_prior) - log_likelihood`, and `d_mu` and
#' `d_rho` are its gradients.
#'
#' To train with steps of your own, move `fit$mu` and `fit$rho` and ask again: see the
#' second example. What the fit tells of its training, such as `history`, `converged` and
#' `fitted`, is still that of [bbb_fit()].
#'
#' @return A list: `log_posterior`, `log_prior`, `log_likelihood` and `f`, numbers in
#'   nats; and `w`, `eps`, `mu`, `rho`, `d_mu`, `d_rho`. Of `shape = "flat"` these are
#'   vectors; of `"layers"` each is a list of layers, from the first hidden layer to the
#'   output, which have `weight`, a matrix inputs x units, and `bias`, a vector with one
#'   number for each unit.
#' @references Blundell et al. (2015), section 3.2: see [bbb-package].
#' @seealso [bbb_layers()], `vignette("bayes-by-backprop")`, `vignette("torch-to-bbb")`
#' @examples
#' x <- matrix(rnorm(300), 100, 3)
#' y <- rbinom(100, 1, plogis(x[, 1])) == 1
#' fit <- bbb_fit(x, y, hidden = 32, activation = "sigmoid", epochs = 20)
#' step <- bbb_gradients(fit, x, y)
#' step$f
#' dim(step$d_mu[[1]]$weight)
#' step$d_rho[[2]]$bias
#'
#' # gradient descent, in two batches an epoch
#' before <- step$f
#' for (rows in rep(split(1:100, rep(1:2, 50)), 20)) {
#'   step <- bbb_gradients(fit, x[rows, ], y[rows], kl_weight = 1 / 2, shape = "flat")
#'   fit$mu <- fit$mu - 0.001 * step$d_mu
#'   fit$rho <- fit$rho - 0.001 * step$d_rho
#' }
#' c(before = before, after = bbb_gradients(fit, x, y)$f)
#' @export
bbb_gradients <- function(fit, x, y, eps = NULL, weights = NULL, offset = NULL,
                          member = NULL, kl_weight = 1,
                          shape = c("layers", "flat")) {
  fit <- check_member(check_fit(fit), member)
  kl_weight <- check_number(kl_weight, "kl_weight", least = 0, most = 1e6)
  shape <- check_choice(shape, c("layers", "flat"), "shape")
  data <- encode_pair(fit, x, y, offset, weights)
  P <- length(fit$mu)
  eps <- if (is.null(eps)) stats::rnorm(P) else check_flat(eps, "eps", fit)
  step <- native_step(
    model_of_step(fit), c(fit$mu, fit$rho, fit$aux),
    data_for_core(fit, data$x, data$y, data$cases), eps, kl_weight
  )
  if (is.null(step)) raise_interrupt()
  each <- log_units(fit$outcome, data$y)
  if (!is.null(data$cases$weights)) each <- data$cases$weights * each
  log_likelihood <- step$log_likelihood - sum(each)
  flat <- list(
    w = step$w, eps = eps, mu = fit$mu, rho = fit$rho,
    d_mu = step$d_theta[seq_len(P)], d_rho = step$d_theta[P + seq_len(P)]
  )
  c(
    list(
      log_posterior = step$log_posterior, log_prior = step$log_prior,
      log_likelihood = log_likelihood,
      f = kl_weight * (step$log_posterior - step$log_prior) - log_likelihood
    ),
    if (shape == "flat") flat else lapply(flat, by_layer, units_of(fit))
  )
}

# The fit's model for one draw of the weights that all rows share, as in the paper,
# whatever the fit was trained with.
model_of_step <- function(fit) {
  model <- fit_model(fit)
  check_prior_sd(fit, model)
  model$prior$scale <- fit$prior_sd
  model$prior$exact <- FALSE
  model$estimator <- "shared"
  model
}
