#' Weights as layers or as one vector
#'
#' A fit keeps its weights in flat vectors, `fit$mu` and `fit$rho`.
#' `bbb_layers()` shows such a vector as matrices, and `bbb_flat()` puts the
#' matrices back into a vector, in the order that the fit has.
#'
#' @param fit A fit made by [bbb_fit()].
#' @param values A numeric vector with one number for each weight and bias, in the
#'   order of `fit$mu`. `NULL`: the means, `fit$mu`.
#' @param layers A list of layers, as `bbb_layers()` and [bbb_gradients()] give them.
#' @param member The number of the fit, where there are several: see `fits` of
#'   [bbb_control()].
#'
#' @details
#' The order of the vector: layer after layer, from the first hidden layer to the
#' output. Within a layer the weights of the first input to all units come first, then
#' those of the second input, and so on; the biases of all units are last. So layer
#' \eqn{l} with \eqn{D} inputs and \eqn{H} units is the transpose of a matrix
#' \eqn{(D + 1) \times H}{(D + 1) x H} whose last row is the bias.
#'
#' @return `bbb_layers()`: a list with one element for each layer, which has `weight`, a
#'   matrix inputs x units, and `bias`, a vector with one number for each unit, both with
#'   the names of the inputs and the units. `bbb_flat()`: a numeric vector.
#' @seealso [bbb_gradients()], [coef.bbb_fit()]
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, hidden = 3, epochs = 20, seed = 1)
#' layers <- bbb_layers(fit)
#' layers[[1]]
#' identical(bbb_flat(layers), fit$mu)
#'
#' # the posterior standard deviations, in the same shape
#' bbb_layers(fit, log1p(exp(fit$rho)))[[2]]
#' @export
bbb_layers <- function(fit, values = NULL, member = NULL) {
  fit <- check_member(check_fit(fit), member)
  if (is.null(values)) values <- fit$mu
  by_layer(check_flat(values, "values", fit), units_of(fit))
}

#' @rdname bbb_layers
#' @export
bbb_flat <- function(layers) {
  problem <- problem_of_layers(layers)
  if (!is.null(problem)) stop_argument("`layers` ", problem)
  flat_layers(layers)
}
