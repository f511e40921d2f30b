/* prior_scale.c: prior scales of groups of weights, fixed or learned.
 *
 * A group is the weights that leave one input of a layer: those of one
 * predictor, or of one hidden unit. Where the data need a predictor or a unit
 * its group's scale grows, and else it shrinks and takes the weights along, so
 * that nobody has to say how large weights are. Not by gradient: the paper's
 * section 3.3 found that harmful.
 */
#include "bbb.h"

#include <math.h>

size_t bbb_prior_groups(const bbb_net *net) {
  size_t G = 0;
  for (size_t l = 0; l < net->L; l++) G += net->width[l] + 1;
  return G;
}

void bbb_prior_scale_start(const bbb_model *model, float *scale) {
  for (size_t l = 0; l < model->net.L; l++) {
    const size_t D = model->net.width[l];
    for (size_t d = 0; d < D; d++) {
      *scale++ = (float)model->prior.weight_scale[l];
    }
    *scale++ = (float)model->prior.bias_scale[l];
  }
}

/* Sum over a layer's H units of mu^2 + sigma^2 for input d of D. */
static double sum_squares(const size_t size[2], size_t d, const float *mu,
                          const float *variance) {
  const size_t D = size[0], H = size[1];
  double sum = 0;
  for (size_t h = 0, block; h < H; h += block) {
    block = bbb_block(H - h);
    const size_t at = h * D + d * block;
    for (size_t k = 0; k < block; k++) {
      const double m = (double)mu[at + k];
      sum += m * m + (double)variance[at + k];
    }
  }
  return sum;
}

void bbb_prior_scale_learn(const bbb_model *model, const bbb_theta *theta,
                           float *room, float *scale) {
  const bbb_net *net = &model->net;
  const bbb_prior *prior = &model->prior;
  const size_t P = bbb_net_parameters(net);
  const bbb_posterior q = {P, theta->mu, theta->rho};
  const float *mu = theta->mu, *variance = room;
  net->kernels->variance(&q, room);
  for (size_t l = 0; l < net->L; l++) {
    const size_t D = net->width[l], size[2] = {D + 1, net->width[l + 1]};
    const double n = (double)size[1], start = prior->weight_scale[l];
    for (size_t d = 0; d < D; d++) {
      const double squares =
        sum_squares(size, d, mu, variance) / (prior->sd1 * prior->sd1);
      scale[d] = (float)sqrt((squares + prior->strength * start * start) /
                             (n + prior->strength));
    }
    scale += D + 1;
    mu += size[0] * size[1], variance += size[0] * size[1];
  }
}

void bbb_prior_scale_spread(const bbb_net *net, const float *scale,
                            float *narrow) {
  for (size_t l = 0; l < net->L; l++) {
    const size_t D = net->width[l] + 1, H = net->width[l + 1];
    for (size_t h = 0, block; h < H; h += block) {
      block = bbb_block(H - h);
      for (size_t d = 0; d < D; d++, narrow += block) {
        for (size_t k = 0; k < block; k++) narrow[k] = 1 / scale[d];
      }
    }
    scale += D;
  }
}
