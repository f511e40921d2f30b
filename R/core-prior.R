# The prior as the core takes it.

# Pull of a learned scale towards its start, in weights.
learned_strength <- 0.1

# As glue_model() takes it. `earlier` is the posterior, list(mu, rho), that a fit was
# updated from.
prior_for_core <- function(prior, widths, kl = "auto", earlier = NULL) {
  if (is_update(prior)) {
    made <- prior_for_core(prior_normal(1), widths, kl)
    return(c(made, list(earlier = earlier)))
  }
  scales <- prior_scales(prior, utils::head(widths, -1L))
  one <- unique(unlist(scales))
  common <- !learns(prior) && length(one) == 1L
  sd1 <- prior_unit(prior) * if (common) one else 1
  or <- function(x, other) if (is.null(x)) other else x
  list(
    kind = prior$kind,
    pi = or(prior$pi, 1), sd1 = sd1, sd2 = or(prior$sd2, 1), df = or(prior$df, 1),
    exact = prior$kind == "normal" && kl != "sampled",
    learn = learns(prior), strength = learned_strength,
    weight_scale = if (!common) scales$weights,
    bias_scale = if (!common) scales$biases
  )
}

# What the core calls sd1 when the standard deviation is 1; a mixture has its own.
prior_unit <- function(prior) {
  switch(prior$kind,
    normal = 1, laplace = sqrt(0.5), mixture = prior$sd1,
    student = if (prior$df > 2) sqrt((prior$df - 2) / prior$df) else 1
  )
}

# Of each layer with so many inputs: the standard deviations of weights and biases,
# or where learning starts; of a mixture over that of its wide part.
prior_scales <- function(prior, inputs) {
  mixture <- prior$kind == "mixture"
  sd <- if (mixture) 1 else if (learns(prior)) 1 / sqrt(inputs) else prior$sd
  bias <- if (is.null(prior$bias_sd)) {
    if (learns(prior)) 1 else sd
  } else {
    prior$bias_sd / if (mixture) prior$sd1 else 1
  }
  list(
    weights = rep_len(sd, length(inputs)) / if (prior$fan_in) sqrt(inputs) else 1,
    biases = rep_len(as.double(bias), length(inputs))
  )
}
