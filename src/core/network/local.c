/* local.c: local reparameterisation: see row_noise.c. */
#include "row_noise.h"

#include <math.h>

static void local_inputs(const bbb_pass *p, const bbb_noise_path *it,
                         const size_t range[2], const float *x) {
  const size_t R = bbb_padded(p->N, BBB_LANES), first = range[0], n = range[1];
  float *input = it->input + first * R, *slope = it->slope + first * R;
  for (size_t i = 0; i < n * R; i++) slope[i] = 2 * x[i];
  for (size_t i = 0; i < n * R; i++) input[i] = x[i] * x[i];
}

static void local_units(const bbb_pass *p, const bbb_noise_path *it,
                        const size_t range[2], float *z) {
  const size_t R = bbb_padded(p->N, BBB_LANES), first = range[0], n = range[1];
  const size_t all = bbb_padded(p->noise->rows, BBB_GROUP);
  float *factor = it->factor + first * R;
  const float *product = it->product + first * R;
  for (size_t h = 0; h < n; h++) {
    const size_t number = (it->unit + first + h) * all + p->noise->first;
    p->net->kernels->normals(&p->noise->units, number, R, factor + h * R);
  }
  for (size_t i = 0; i < n * R; i++) {
    const float sd = sqrtf(product[i] + 1e-20f); /* the sum may be zero */
    z[i] += sd * factor[i];
    factor[i] /= 2 * sd;
  }
}

static const bbb_noise_kind kind = {local_inputs, local_units};

static void local_load(const bbb_pass *p) { bbb_noise_load(p, &kind); }

static void local_draw(const bbb_pass *p, const bbb_slice *s) {
  const bbb_posterior q = {s->P, NULL, p->rho + s->first};
  p->net->kernels->variance(&q, p->noise->scale + s->first);
}

static void local_forward(const bbb_pass *p, const bbb_slice *s) {
  bbb_noise_forward(p, s, &kind);
}

static const float *local_sigma(const bbb_pass *p, const bbb_slice *s,
                                float *turned, float *d_sigma) {
  const float *variance = p->noise->scale + s->first;
  bbb_noise_backward_scale(p, s, turned, d_sigma);
  for (size_t j = 0; j < s->P; j++) d_sigma[j] *= 2 * sqrtf(variance[j]);
  return d_sigma;
}

const bbb_estimator_row bbb_estimator_local = {
  .name = "local",
  .paths = 2,
  .reads_mu = 1,
  .workspace = bbb_noise_workspace,
  .load = local_load,
  .draw = local_draw,
  .forward = local_forward,
  .begin_backward = bbb_noise_begin_backward,
  .backward_inputs = bbb_noise_backward_inputs,
  .backward_sigma = local_sigma};
