# The model as the core takes it, and where its weights start.

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
