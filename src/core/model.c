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

/* Weights that are worked on at a time, so that what one pass leaves is still
 * in the cache for the next. A multiple of BBB_GROUP. */
enum { CHUNK = 1024 };

static bbb_posterior chunk_of(const bbb_posterior *q, size_t first) {
  const size_t left = q->P - first;
  const bbb_posterior chunk = {left < CHUNK ? left : CHUNK, q->mu + first,
                               q->rho + first};
  return chunk;
}

bbb_terms bbb_model_step(const bbb_model *model, const bbb_batch *batch,
                         const float *theta, double kl_weight,
                         bbb_scratch *scratch, float *d_theta) {
  const bbb_kernels *kernels = model->net.kernels;
  const bbb_posterior q = bbb_model_posterior(model, theta);
  float *d_mu = d_theta, *d_rho = d_theta + q.P, *d_aux = d_theta + 2 * q.P;
  float *d_eta = bbb_net_d_eta(&model->net, batch->N, scratch->net);
  bbb_terms terms = {0, 0, 0};

  for (size_t j = 0; j < q.P; j += CHUNK) {
    const bbb_posterior chunk = chunk_of(&q, j);
    const float *eps = scratch->eps + j;
    kernels->posterior_sample(&chunk, eps, scratch->w + j);
    terms.log_posterior += kernels->posterior_log_density(&chunk, eps);
    terms.log_prior +=
      kernels->prior_log_density(&model->prior, chunk.P, scratch->w + j);
  }
  const float *eta =
    bbb_net_forward(&model->net, batch->N, scratch->w, scratch->net);
  terms.log_likelihood = kernels->likelihood_log_density(
    &model->likelihood, batch, eta, bbb_model_aux(model, theta), d_eta, d_aux);

  memset(scratch->d_w, 0, q.P * sizeof *scratch->d_w);
  bbb_net_backward(&model->net, batch->N, scratch->net, scratch->d_w);
  for (size_t j = 0; j < q.P; j += CHUNK) {
    const bbb_posterior chunk = chunk_of(&q, j);
    float *d_w = scratch->d_w + j;
    kernels->prior_backward(&model->prior, chunk.P, kl_weight, scratch->w + j,
                            d_w);
    kernels->posterior_backward(&chunk, scratch->eps + j, d_w, kl_weight,
                                d_mu + j, d_rho + j);
  }
  return terms;
}
