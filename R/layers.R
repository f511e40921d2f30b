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

# Names of the units of each layer of a fit.
units_of <- function(fit) {
  unit_names(fit$predictors$names, fit$hidden, fit$outcome$outputs)
}

# A flat vector of the network's shape as a list of layers, each
# list(weight = inputs x units, bias = units).
by_layer <- function(flat, units) {
  at <- 0L
  lapply(seq_len(length(units) - 1L), function(l) {
    from <- units[[l]]
    to <- units[[l + 1L]]
    block <- matrix(
      flat[at + seq_len((length(from) + 1L) * length(to))],
      nrow = length(from) + 1L, byrow = TRUE, dimnames = list(c(from, ""), to)
    )
    at <<- at + length(block)
    bias <- nrow(block)
    list(weight = block[-bias, , drop = FALSE], bias = block[bias, ])
  })
}

# The inverse of by_layer().
flat_layers <- function(layers) {
  unlist(lapply(layers, function(layer) {
    as.vector(t(rbind(layer$weight, layer$bias, deparse.level = 0L)))
  }))
}

# What is wrong with a list of layers, as the end of a sentence; else NULL.
problem_of_layers <- function(layers) {
  if (!is.list(layers) || !length(layers) || !all(vapply(layers, is_layer, NA))) {
    return(paste(
      "must be a list of layers, each with a numeric matrix `weight`, inputs x",
      "units, and a numeric vector `bias`, one number for each unit."
    ))
  }
  inputs <- vapply(layers, function(layer) nrow(layer$weight), 0L)
  units <- vapply(layers, function(layer) ncol(layer$weight), 0L)
  if (!identical(inputs[-1L], units[-length(units)])) {
    paste(
      "must fit together: each layer must have as many inputs as the layer before",
      "has units."
    )
  }
}

is_layer <- function(layer) {
  is.list(layer) && is.matrix(layer$weight) && is.numeric(layer$weight) &&
    is.numeric(layer$bias) && length(layer$bias) == ncol(layer$weight)
}

# One finite number for each weight of the fit, given as a vector or as layers.
check_flat <- function(x, arg, fit) {
  if (is.list(x)) x <- if (fits_widths(x, fit$widths)) flat_layers(x)
  P <- n_weights(fit$widths)
  if (!is.numeric(x) || length(x) != P || !all(is.finite(x))) {
    stop_argument(
      "`", arg, "` must have one finite number for each of the ", P, " weights: a ",
      "vector in the order of `fit$mu`, or a list of layers as of `bbb_layers()`."
    )
  }
  as.double(x)
}

fits_widths <- function(layers, widths) {
  is.null(problem_of_layers(layers)) && length(layers) == length(widths) - 1L &&
    all(vapply(layers, function(l) nrow(l$weight), 0L) == widths[-length(widths)]) &&
    all(vapply(layers, function(l) ncol(l$weight), 0L) == widths[-1L])
}
