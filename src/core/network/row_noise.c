/* row_noise.c: noise of the weights that differs from row to row.
 *
 * One draw of the weights for a whole batch moves all its rows together. Two
 * estimators draw more freely, with the same mean gradient. Both have a second
 * path beside that of the means, z = x mu + noise:
 *
 *   Flipout (Wen et al. 2018, eq. 3 and 4): ((x s) (sigma eps)) r, with signs s
 *     of the inputs and r of the units for each row;
 *   local reparameterisation (Kingma, Salimans and Welling 2015, eq. 6):
 *     sqrt(x^2 sigma^2) zeta, with zeta ~ N(0, 1) for each unit and row.
 *
 * The path is a product of `input`, x s or x^2, and noise->scale, sigma eps or
 * sigma^2. `slope` is d input / d x, and `factor` what the gradient in z is
 * multiplied by to become that in the product: r, or zeta / (2 sqrt(x^2
 * sigma^2)).
 */
#include "row_noise.h"

#include "layers.h"

bbb_noise_path bbb_noise_path_of(const bbb_pass *p, size_t layer) {
  const size_t *width = p->net->width, R = bbb_padded(p->N, BBB_LANES);
  float *at = p->noise->work;
  bbb_noise_path it = {NULL, NULL, NULL, NULL, 0, 0};
  for (size_t l = 0; l <= layer; l++) {
    const size_t D = width[l] + 1, H = width[l + 1];
    if (l > 0) it.from += width[l - 1] + 1, it.unit += width[l];
    it.input = at, it.slope = it.input + D * R;
    it.factor = it.slope + D * R, it.product = it.factor + H * R;
    at = it.product + H * R;
  }
  return it;
}

size_t bbb_noise_workspace(const bbb_net *net, size_t N) {
  size_t floats = 0;
  for (size_t l = 0; l < net->L; l++) {
    floats += 2 * (net->width[l] + 1 + net->width[l + 1]);
  }
  return floats * bbb_padded(N, BBB_LANES);
}

void bbb_noise_load(const bbb_pass *p, const bbb_noise_kind *kind) {
  const size_t R = bbb_padded(p->N, BBB_LANES);
  for (size_t l = 0; l < p->net->L; l++) {
    const bbb_layer_room r = bbb_net_room(p->net, p->N, l);
    const bbb_noise_path it = bbb_noise_path_of(p, l);
    /* all inputs of the first layer, of the others the constant one */
    const size_t first = l > 0 ? r.D - 1 : 0, range[2] = {first, r.D - first};
    kind->inputs(p, &it, range, p->work + r.x + first * R);
  }
}

void bbb_noise_forward(const bbb_pass *p, const bbb_slice *s,
                       const bbb_noise_kind *kind) {
  const bbb_net *net = p->net;
  const size_t R = bbb_padded(p->N, BBB_LANES), at = s->unit * R;
  const bbb_layer_room r = bbb_net_room(net, p->N, s->layer);
  const bbb_noise_path it = bbb_noise_path_of(p, s->layer);
  const bbb_layer l = {R, r.D, s->H};
  const size_t units[2] = {s->unit, s->H};
  float *z = p->work + r.z + at;
  net->kernels->forward(&l, p->mu + s->first, p->work + r.x, z);
  net->kernels->forward(&l, p->noise->scale + s->first, it.input,
                        it.product + at);
  kind->units(p, &it, units, z);
  if (s->layer + 1 == net->L) return;
  const bbb_noise_path next = bbb_noise_path_of(p, s->layer + 1);
  net->kernels->activation_forward(net->activation, s->H * R, z,
                                   p->work + r.end + at);
  kind->inputs(p, &next, units, p->work + r.end + at);
}

void bbb_noise_begin_backward(const bbb_pass *p) {
  const bbb_net *net = p->net;
  const size_t K = net->width[net->L], R = bbb_padded(p->N, BBB_LANES);
  const bbb_noise_path it = bbb_noise_path_of(p, net->L - 1);
  const float *d_z = bbb_net_d_eta(net, p->N, p->work);
  for (size_t i = 0; i < K * R; i++) it.product[i] = d_z[i] * it.factor[i];
}

/* The gradient in noise->scale */
void bbb_noise_backward_scale(const bbb_pass *p, const bbb_slice *s,
                              float *turned, float *d_scale) {
  const size_t R = bbb_padded(p->N, BBB_LANES);
  const bbb_noise_path it = bbb_noise_path_of(p, s->layer);
  const bbb_layer l = {R, p->net->width[s->layer] + 1, s->H};
  p->net->kernels->backward_weights(&l, it.input, it.product + s->unit * R,
                                    turned, d_scale);
}

void bbb_noise_backward_inputs(const bbb_pass *p, const bbb_slice *s) {
  const bbb_net *net = p->net;
  const bbb_kernels *kernels = net->kernels;
  const size_t R = bbb_padded(p->N, BBB_LANES), at = s->unit * R;
  const size_t units[2] = {s->unit, s->unit + s->H};
  const bbb_layer_room r = bbb_net_room(net, p->N, s->layer + 1);
  const bbb_layer_room below = bbb_net_room(net, p->N, s->layer);
  const bbb_noise_path next = bbb_noise_path_of(p, s->layer + 1),
                       it = bbb_noise_path_of(p, s->layer);
  const bbb_layer l = {R, r.D, r.H};
  float *d_x = bbb_net_d_z(net, p->N, s->layer, p->work);
  kernels->backward_inputs(&l, p->mu + r.first,
                           bbb_net_d_z(net, p->N, s->layer + 1, p->work), units,
                           d_x);
  kernels->backward_inputs(&l, p->noise->scale + r.first, next.product, units,
                           it.product);
  for (size_t i = at; i < at + s->H * R; i++) {
    d_x[i] += next.slope[i] * it.product[i];
  }
  kernels->activation_backward(net->activation, s->H * R,
                               p->work + below.z + at, p->work + r.x + at,
                               d_x + at);
  for (size_t i = at; i < at + s->H * R; i++) {
    it.product[i] = d_x[i] * it.factor[i];
  }
}
