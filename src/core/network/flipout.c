/* flipout.c: Flipout, by random signs for each row: see row_noise.c. */
#include "row_noise.h"

/* Random signs number `row` of a source, one bit for each row of the batch.
 * Those of a part of the batch are where they would be in all. */
static void fill_signs(const bbb_pass *p, size_t row, float *sign) {
  enum { BITS = 32 * BBB_GROUP };
  const bbb_row_noise *noise = p->noise;
  const size_t all = bbb_padded(noise->rows, BBB_LANES);
  const size_t groups = (all + BITS - 1) / BITS;
  const size_t R = bbb_padded(p->N, BBB_LANES);
  uint32_t word[BBB_GROUP];
  for (size_t n = 0; n < R; n++) {
    const size_t bit = (noise->first + n) % BITS;
    if (n == 0 || bit == 0) {
      const size_t group = row * groups + (noise->first + n) / BITS;
      p->net->kernels->bits(&noise->units, (uint32_t)(group * BBB_LANES), word);
    }
    sign[n] = word[bit / 32] >> bit % 32 & 1 ? 1.0f : -1.0f;
  }
}

static void flipout_inputs(const bbb_pass *p, const bbb_noise_path *it,
                           const size_t range[2], const float *x) {
  const size_t R = bbb_padded(p->N, BBB_LANES), first = range[0], n = range[1];
  float *input = it->input + first * R, *slope = it->slope + first * R;
  for (size_t d = 0; d < n; d++) {
    fill_signs(p, it->from + first + d, slope + d * R);
  }
  for (size_t i = 0; i < n * R; i++) input[i] = x[i] * slope[i];
}

static size_t all_inputs(const bbb_net *net) {
  size_t sum = 0;
  for (size_t l = 0; l < net->L; l++) sum += net->width[l] + 1;
  return sum;
}

static void flipout_units(const bbb_pass *p, const bbb_noise_path *it,
                          const size_t range[2], float *z) {
  const size_t R = bbb_padded(p->N, BBB_LANES), first = range[0], n = range[1];
  float *factor = it->factor + first * R;
  const float *product = it->product + first * R;
  for (size_t h = 0; h < n; h++) {
    fill_signs(p, all_inputs(p->net) + it->unit + first + h, factor + h * R);
  }
  for (size_t i = 0; i < n * R; i++) z[i] += product[i] * factor[i];
}

static const bbb_noise_kind kind = {flipout_inputs, flipout_units};

static void flipout_load(const bbb_pass *p) { bbb_noise_load(p, &kind); }

static void flipout_draw(const bbb_pass *p, const bbb_slice *s) {
  const bbb_posterior q = {s->P, NULL, p->rho + s->first};
  p->net->kernels->sample(&q, p->eps + s->first, p->noise->scale + s->first);
}

static void flipout_forward(const bbb_pass *p, const bbb_slice *s) {
  bbb_noise_forward(p, s, &kind);
}

static const float *flipout_sigma(const bbb_pass *p, const bbb_slice *s,
                                  float *turned, float *d_sigma) {
  const float *eps = p->eps + s->first;
  bbb_noise_backward_scale(p, s, turned, d_sigma);
  for (size_t j = 0; j < s->P; j++) d_sigma[j] *= eps[j];
  return d_sigma;
}

const bbb_estimator_row bbb_estimator_flipout = {
  .name = "flipout",
  .paths = 2,
  .reads_mu = 1,
  .workspace = bbb_noise_workspace,
  .load = flipout_load,
  .draw = flipout_draw,
  .forward = flipout_forward,
  .begin_backward = bbb_noise_begin_backward,
  .backward_inputs = bbb_noise_backward_inputs,
  .backward_sigma = flipout_sigma};
