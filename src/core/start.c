/* start.c: where training starts. */
#include "bbb.h"

void bbb_fit_start(const bbb_model *model, bbb_key key, const bbb_start *start,
                   float *theta) {
  const bbb_source source = {key, BBB_STREAM_START, 0, 0};
  const size_t P = bbb_net_parameters(&model->net);
  const size_t T = bbb_model_size(model);
  float *mu = theta;
  model->net.kernels->normals(&source, 0, P, mu);
  for (size_t l = 0; l < model->net.L; l++) {
    const size_t D = model->net.width[l], H = model->net.width[l + 1];
    for (size_t j = 0; j < D * H; j++) mu[j] *= (float)start->mu_sd[l];
    for (size_t j = 0; j < H; j++) mu[D * H + j] *= (float)start->bias_sd[l];
    mu += (D + 1) * H;
  }
  for (size_t j = P; j < 2 * P; j++) theta[j] = (float)start->rho;
  for (size_t j = 2 * P; j < T; j++) theta[j] = (float)start->aux[j - 2 * P];
}
