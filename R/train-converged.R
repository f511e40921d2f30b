# Whether training may end: documented with summary.bbb_fit().

# Whether the ELBO had become flat, and the standard deviations had arrived where it is
# greatest. While the weight of the KL rises, neither is that of the ELBO that is
# maximised.
has_converged <- function(fit) {
  !in_warmup(fit) && is_flat(fit) && sds_arrived(fit)
}

# Whether the weight of the KL had not reached all of it.
in_warmup <- function(fit) {
  nrow(fit$history) < fit$control$kl_warmup * fit$control$epochs
}

# The gain of the ELBO from the third to the last quarter of the epochs is held against
# the way that the weights could go meanwhile: the sum of the learning rates, about as
# far as Adam can move one. A schedule that ends low makes any ELBO look flat, and too
# few steps are too short a way.
is_flat <- function(fit) {
  elbo <- fit$history$elbo
  quarter <- length(elbo) %/% 4L
  if (quarter < 5L) return(FALSE)
  last <- length(elbo) - quarter + seq_len(quarter)
  gain <- mean(elbo[last]) - mean(elbo[last - quarter])
  between <- fit$history$learn_rate[last - quarter %/% 2L]
  way <- sum(between) * batches_of(fit$n, fit$control)
  abs(gain) / fit$total_weight <= fit$control$tolerance * way
}

# Sds that are all at a share r of their best have a `sd_gap` of about 1 - r^2: 0.2 is
# a tenth. Without the KL there is no best.
sds_arrived <- function(fit) {
  fit$control$temperature == 0 || isTRUE(abs(fit$sd_gap) <= 0.2)
}
