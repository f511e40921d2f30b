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

# As glue_model() takes it; the family is the core's, and levels are an ordinal
# outcome's.
model_for_core <- function(widths, activation, prior, family, learn_noise,
                           levels = 0L, kl = "auto", estimator = "shared",
                           earlier = NULL) {
  list(
    widths = widths,
    activation = activation,
    prior = prior_for_core(prior, widths, kl, earlier),
    family = family,
    learn_noise = learn_noise,
    levels = levels,
    estimator = estimator,
    isa = isa_for_core(),
    threads = threads_for_core()
  )
}

fit_model <- function(fit) {
  model_for_core(
    fit$widths, fit$activation, fit$prior, fit$outcome$core,
    is.null(fit$control$noise) && !is_update(fit$prior),
    if (fit$family == "ordinal") length(fit$outcome$levels) else 0L,
    fit$control$kl, fit$control$estimator, fit$earlier
  )
}

# Starting values. Means on the scale that keeps the size of activations and
# gradients from layer to layer: He et al. (2015) for the relu family, Glorot and
# Bengio (2010) for the others and for the output. Biases of hidden units are
# drawn too, so that their kinks do not all start at the centre of the data.
start_for_core <- function(widths, activation, control, aux) {
  inputs <- utils::head(widths, -1L)
  units <- utils::tail(widths, -1L)
  hidden <- seq_along(inputs) < length(inputs)
  he <- hidden & activation %in% c("relu", "leaky_relu", "elu", "gelu", "softplus")
  mu_sd <- ifelse(he, sqrt(2 / inputs), sqrt(2 / (inputs + units)))
  list(
    mu_sd = mu_sd,
    bias_sd = ifelse(hidden, 0.5, 0),
    rho = control$init_rho,
    aux = as.double(aux)
  )
}
