/* start.c: where training starts. */
#include "bbb.h"

/* Blocks of units of inputs, the bias last. */
static void scale_slice(const bbb_slice *s, float weight_sd, float bias_sd,
                        float *mu) {
  const size_t D = s->P / s->H;
  for (size_t h = 0, block; h < s->H; h += block) {
    block = bbb_block(s->H - h);
    for (size_t j = 0; j < D * block; j++) {
      *mu++ *= j < (D - 1) * block ? weight_sd : bias_sd;
    }
  }
}

void bbb_fit_start(const bbb_model *model, bbb_key key, const bbb_start *start,
                   const bbb_theta *theta) {
  const bbb_net *net = &model->net;
  const bbb_source source = {key, BBB_STREAM_START, 0, 0};
  const size_t P = bbb_net_parameters(net);
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  for (size_t l = 0; l < net->L; l++) {
    for (size_t i = 0; i < bbb_net_slices(net, l); i++) {
      const bbb_slice s = bbb_net_slice(net, l, i);
      net->kernels->normals(&source, s.noise, s.P, theta->mu + s.first);
      scale_slice(&s, (float)start->mu_sd[l], (float)start->bias_sd[l],
                  theta->mu + s.first);
    }
  }
  for (size_t j = 0; j < P; j++) theta->rho[j] = (float)start->rho;
  for (size_t j = 0; j < A; j++) theta->aux[j] = (float)start->aux[j];
}
