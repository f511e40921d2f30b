/* model.c: one draw of the training step, from theta to f and its gradient. */
#include "bbb.h"

#include <string.h>

size_t bbb_model_size(const bbb_model *model) {
  return 2 * bbb_net_parameters(&model->net) +
         bbb_likelihood_auxiliaries(&model->likelihood);
}

bbb_posterior bbb_model_posterior(const bbb_model *model, const float *theta) {
  const size_t P = bbb_net_parameters(&model->net);
  const bbb_posterior q = {P, theta, theta + P};
  return q;
}

const float *bbb_model_aux(const bbb_model *model, const float *theta) {
  return theta + 2 * bbb_net_parameters(&model->net);
}

bbb_terms bbb_model_step(const bbb_model *model, const bbb_batch *batch,
                         const float *theta, double kl_weight,
                         bbb_scratch *scratch, float *d_theta) {
  const bbb_posterior q = bbb_model_posterior(model, theta);
  float *d_mu = d_theta, *d_rho = d_theta + q.P, *d_aux = d_theta + 2 * q.P;
  float *d_eta = bbb_net_d_eta(&model->net, batch->N, scratch->net);
  bbb_terms terms;

  bbb_posterior_sample(&q, scratch->eps, scratch->w);
  const float *eta =
    bbb_net_forward(&model->net, batch, scratch->w, scratch->net);
  terms.log_posterior = bbb_posterior_log_density(&q, scratch->eps);
  terms.log_prior = bbb_prior_log_density(&model->prior, q.P, scratch->w);
  memset(d_eta, 0, batch->N * model->likelihood.K * sizeof *d_eta);
  terms.log_likelihood = bbb_likelihood_log_density(
    &model->likelihood, batch, eta, bbb_model_aux(model, theta), d_eta, d_aux);

  memset(scratch->d_w, 0, q.P * sizeof *scratch->d_w);
  bbb_net_backward(&model->net, batch, scratch->w, scratch->net, scratch->d_w);
  bbb_prior_backward(&model->prior, q.P, kl_weight, scratch->w, scratch->d_w);
  bbb_posterior_backward(&q, scratch->eps, scratch->d_w, kl_weight, d_mu,
                         d_rho);
  return terms;
}
