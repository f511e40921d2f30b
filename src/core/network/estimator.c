/* estimator.c: noise of the weights that differs from row to row.
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
 * The path is a product of xb, x s or x^2, and b, sigma eps or sigma^2.
 * `slope` is d xb / d x, and `factor` what the gradient in z is multiplied by
 * to become that in xb b: r, or zeta / (2 sqrt(x^2 sigma^2)).
 */
#include "layers.h"

#include <math.h>

const char *bbb_estimator_name(int kind) {
  static const char *const names[BBB_ESTIMATORS] = {
    [BBB_ESTIMATOR_SHARED] = "shared",
    [BBB_ESTIMATOR_FLIPOUT] = "flipout",
    [BBB_ESTIMATOR_LOCAL] = "local",
  };
  return kind < BBB_ESTIMATORS ? names[kind] : NULL;
}

/* Where a layer's values are in side->work; R apart each. */
typedef struct {
  float *xb, *slope;   /* (D, R) */
  float *factor, *z_b; /* (H, R); z_b ends as the gradient in xb b */
  size_t input, unit;  /* number of its first input and unit in the network */
} path;

static path path_of(const bbb_net *net, size_t N, const bbb_side *side,
                    size_t layer) {
  const size_t R = bbb_padded(N, BBB_LANES);
  float *at = side->work;
  path p = {NULL, NULL, NULL, NULL, 0, 0};
  for (size_t l = 0; l <= layer; l++) {
    const size_t D = net->width[l] + 1, H = net->width[l + 1];
    if (l > 0) p.input += net->width[l - 1] + 1, p.unit += net->width[l];
    p.xb = at, p.slope = p.xb + D * R;
    p.factor = p.slope + D * R, p.z_b = p.factor + H * R;
    at = p.z_b + H * R;
  }
  return p;
}

size_t bbb_side_workspace(const bbb_net *net, size_t N) {
  size_t floats = 0;
  for (size_t l = 0; l < net->L; l++) {
    floats += 2 * (net->width[l] + 1 + net->width[l + 1]);
  }
  return floats * bbb_padded(N, BBB_LANES);
}

/* Signs number `row` of a source: a word a row of the batch would be a waste,
 * so a bit. Those of a part of the batch are where they would be in all. */
static void fill_signs(const bbb_net *net, const bbb_side *side, size_t row,
                       size_t R, float *sign) {
  enum { BITS = 32 * BBB_GROUP };
  const size_t all = bbb_padded(side->rows, BBB_LANES);
  const size_t groups = (all + BITS - 1) / BITS;
  uint32_t word[BBB_GROUP];
  for (size_t n = 0; n < R; n++) {
    const size_t bit = (side->first + n) % BITS;
    if (n == 0 || bit == 0) {
      const size_t group = row * groups + (side->first + n) / BITS;
      net->kernels->bits(&side->units, (uint32_t)(group * BBB_LANES), word);
    }
    sign[n] = word[bit / 32] >> bit % 32 & 1 ? 1.0f : -1.0f;
  }
}

static size_t all_inputs(const bbb_net *net) {
  size_t sum = 0;
  for (size_t l = 0; l < net->L; l++) sum += net->width[l] + 1;
  return sum;
}

/* xb and slope of n inputs of a layer from `first` on, given x (n, R). */
static void take_inputs(const bbb_net *net, size_t R, const bbb_side *side,
                        const path *p, const size_t range[2], const float *x) {
  const size_t first = range[0], n = range[1];
  float *xb = p->xb + first * R, *slope = p->slope + first * R;
  if (side->kind == BBB_ESTIMATOR_FLIPOUT) {
    for (size_t d = 0; d < n; d++) {
      fill_signs(net, side, p->input + first + d, R, slope + d * R);
    }
    for (size_t i = 0; i < n * R; i++) xb[i] = x[i] * slope[i];
  } else {
    for (size_t i = 0; i < n * R; i++) slope[i] = 2 * x[i];
    for (size_t i = 0; i < n * R; i++) xb[i] = x[i] * x[i];
  }
}

void bbb_side_load(const bbb_net *net, size_t N, const bbb_side *side,
                   const float *work) {
  const size_t R = bbb_padded(N, BBB_LANES);
  for (size_t l = 0; l < net->L; l++) {
    const bbb_layer_room r = bbb_net_room(net, N, l);
    const path p = path_of(net, N, side, l);
    /* all inputs of the first layer, of the others the constant one */
    const size_t first = l > 0 ? r.D - 1 : 0, range[2] = {first, r.D - first};
    take_inputs(net, R, side, &p, range, work + r.x + first * R);
  }
}

/* The noise of n units from `first` on is added to z (n, R). */
static void add_noise(const bbb_net *net, size_t R, const bbb_side *side,
                      const path *p, const size_t range[2], float *z) {
  const size_t first = range[0], n = range[1];
  float *factor = p->factor + first * R, *z_b = p->z_b + first * R;
  if (side->kind == BBB_ESTIMATOR_FLIPOUT) {
    for (size_t h = 0; h < n; h++) {
      const size_t row = all_inputs(net) + p->unit + first + h;
      fill_signs(net, side, row, R, factor + h * R);
    }
    for (size_t i = 0; i < n * R; i++) z[i] += z_b[i] * factor[i];
    return;
  }
  const size_t all = bbb_padded(side->rows, BBB_GROUP);
  for (size_t h = 0; h < n; h++) {
    const size_t number = (p->unit + first + h) * all + side->first;
    net->kernels->normals(&side->units, number, R, factor + h * R);
  }
  for (size_t i = 0; i < n * R; i++) {
    const float sd = sqrtf(z_b[i] + 1e-20f); /* a sum of squares may be zero */
    z[i] += sd * factor[i];
    factor[i] /= 2 * sd;
  }
}

void bbb_side_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                      const float *mu, const bbb_side *side, float *work) {
  const size_t R = bbb_padded(N, BBB_LANES), at = s->unit * R;
  const bbb_layer_room r = bbb_net_room(net, N, s->layer);
  const path p = path_of(net, N, side, s->layer);
  const bbb_layer l = {R, r.D, s->H};
  const size_t units[2] = {s->unit, s->H};
  float *z = work + r.z + at;
  net->kernels->forward(&l, mu + s->first, work + r.x, z);
  net->kernels->forward(&l, side->b + s->first, p.xb, p.z_b + at);
  add_noise(net, R, side, &p, units, z);
  if (s->layer + 1 == net->L) return;
  const path above = path_of(net, N, side, s->layer + 1);
  net->kernels->activation_forward(net->activation, s->H * R, z,
                                   work + r.end + at);
  take_inputs(net, R, side, &above, units, work + r.end + at);
}

void bbb_side_begin_backward(const bbb_net *net, size_t N, const bbb_side *side,
                             float *work) {
  const size_t K = net->width[net->L], R = bbb_padded(N, BBB_LANES);
  const path p = path_of(net, N, side, net->L - 1);
  const float *d_z = bbb_net_d_eta(net, N, work);
  for (size_t i = 0; i < K * R; i++) p.z_b[i] = d_z[i] * p.factor[i];
}

void bbb_side_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                               const bbb_side *side, float *turned,
                               float *d_sigma) {
  const size_t R = bbb_padded(N, BBB_LANES);
  const path p = path_of(net, N, side, s->layer);
  const bbb_layer l = {R, net->width[s->layer] + 1, s->H};
  const float *eps = side->eps + s->first, *b = side->b + s->first;
  net->kernels->backward_weights(&l, p.xb, p.z_b + s->unit * R, turned,
                                 d_sigma);
  if (side->kind == BBB_ESTIMATOR_FLIPOUT) {
    for (size_t j = 0; j < s->P; j++) d_sigma[j] *= eps[j];
  } else {
    for (size_t j = 0; j < s->P; j++) d_sigma[j] *= 2 * sqrtf(b[j]);
  }
}

void bbb_side_backward_inputs(const bbb_net *net, size_t N, const bbb_slice *s,
                              const float *mu, const bbb_side *side,
                              float *work) {
  const size_t R = bbb_padded(N, BBB_LANES), at = s->unit * R;
  const size_t units[2] = {s->unit, s->unit + s->H};
  const bbb_layer_room r = bbb_net_room(net, N, s->layer + 1);
  const bbb_layer_room below = bbb_net_room(net, N, s->layer);
  const path above = path_of(net, N, side, s->layer + 1);
  const path p = path_of(net, N, side, s->layer);
  const bbb_layer l = {R, r.D, r.H};
  const bbb_kernels *kernels = net->kernels;
  float *d_x = bbb_net_d_z(net, N, s->layer, work);
  kernels->backward_inputs(&l, mu + r.first,
                           bbb_net_d_z(net, N, s->layer + 1, work), units, d_x);
  kernels->backward_inputs(&l, side->b + r.first, above.z_b, units, p.z_b);
  for (size_t i = at; i < at + s->H * R; i++) {
    d_x[i] += above.slope[i] * p.z_b[i];
  }
  kernels->activation_backward(net->activation, s->H * R, work + below.z + at,
                               work + r.x + at, d_x + at);
  for (size_t i = at; i < at + s->H * R; i++) p.z_b[i] = d_x[i] * p.factor[i];
}
