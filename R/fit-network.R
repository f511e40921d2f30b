# The network as R sees it: names, shapes and the place of each weight in `mu`.
#
# Layer after layer, each a block of (inputs + 1) x units, the unit index fastest
# and the bias last: the C core's layout (src/core/net.c).

layer_widths <- function(inputs, hidden, outputs) {
  widths <- c(inputs, hidden, outputs)
  weights <- sum((utils::head(widths, -1L) + 1) * utils::tail(widths, -1L))
  if (weights > 2^30) {
    stop_argument(
      "`hidden` makes a network of ", in_thousands(weights),
      " weights; at most 2^30 are possible."
    )
  }
  as.integer(widths)
}

n_weights <- function(widths) {
  as.integer(sum((utils::head(widths, -1L) + 1) * utils::tail(widths, -1L)))
}

# Names of the units of each layer: predictors, h1_1 ..., outputs.
weights_by_layer <- function(widths) {
  (utils::head(widths, -1L) + 1) * utils::tail(widths, -1L)
}

unit_names <- function(predictors, hidden, outputs) {
  units <- lapply(seq_along(hidden), function(l) {
    paste0("h", l, "_", seq_len(hidden[l]))
  })
  c(list(predictors), units, list(outputs))
}

# ---- layers and flat vectors --------------------------------------------------

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
