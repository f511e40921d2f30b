/* net.c: a fully connected network, a slice of a layer at a time.
 *
 * A layer's bias is the weight of a further input that is always one, so that
 * the products see one matrix a layer. Weights lie in the order in which the
 * products read them, in theta and everywhere else in the core; the natural
 * order, units fastest, is for those outside: see bbb_net_pack().
 */
#include "layers.h"

#include <math.h>
#include <string.h>

size_t bbb_net_parameters(const bbb_net *net) {
  const bbb_layer_room last = bbb_net_room(net, 1, net->L - 1);
  return last.first + last.D * last.H;
}

size_t bbb_net_workspace(const bbb_net *net, size_t N) {
  return bbb_net_room(net, N, net->L - 1).end +
         2 * bbb_net_widest(net) * bbb_padded(N, BBB_LANES);
}

size_t bbb_net_predict_workspace(const bbb_net *net, size_t N) {
  return 2 * (bbb_net_widest(net) + 1) * bbb_padded(N, BBB_LANES);
}

float *bbb_net_d_eta(const bbb_net *net, size_t N, float *work) {
  return bbb_net_d_z(net, N, net->L - 1, work);
}

/* ---- slices ---- */

size_t bbb_net_slices(const bbb_net *net, size_t layer) {
  return (net->width[layer + 1] + BBB_SLICE - 1) / BBB_SLICE;
}

bbb_slice bbb_net_slice(const bbb_net *net, size_t layer, size_t i) {
  bbb_slice s = {layer, i * BBB_SLICE, 0, 0, 0, 0, i};
  const bbb_layer_room r = bbb_net_room(net, 1, layer);
  const size_t left = r.H - s.unit;
  for (size_t l = 0; l < layer; l++) s.number += bbb_net_slices(net, l);
  s.H = left < BBB_SLICE ? left : BBB_SLICE;
  s.first = r.first + s.unit * r.D;
  s.P = s.H * r.D;
  s.noise = bbb_padded(s.first, BBB_GROUP) + BBB_GROUP * s.number;
  return s;
}

size_t bbb_net_largest_slice(const bbb_net *net) {
  size_t most = 0;
  for (size_t l = 0; l < net->L; l++) {
    const size_t P = bbb_net_slice(net, l, 0).P;
    if (P > most) most = P;
  }
  return most;
}

/* From the natural order to ours, or back. */
static void reorder(const bbb_net *net, int back, const float *from,
                    float *to) {
  for (size_t l = 0; l < net->L; l++) {
    const bbb_layer_room r = bbb_net_room(net, 1, l);
    size_t j = r.first;
    for (size_t h = 0, block; h < r.H; h += block) {
      block = bbb_block(r.H - h);
      for (size_t d = 0; d < r.D; d++, j += block) {
        const size_t natural = r.first + d * r.H + h;
        memcpy(to + (back ? natural : j), from + (back ? j : natural),
               block * sizeof *to);
      }
    }
  }
}

void bbb_net_pack(const bbb_net *net, const float *natural, float *packed) {
  reorder(net, 0, natural, packed);
}

void bbb_net_unpack(const bbb_net *net, const float *packed, float *natural) {
  reorder(net, 1, packed, natural);
}

/* ---- the passes ---- */

static void set_ones(size_t R, float *x) {
  for (size_t n = 0; n < R; n++) x[n] = 1;
}

/* to (D, R) = from (N, D) transposed, zeros in the padding */
static void transpose(size_t N, size_t D, const float *from, float *to) {
  const size_t R = bbb_padded(N, BBB_LANES);
  for (size_t n = 0; n < R; n += BBB_LANES) {
    const size_t rows = N - n < BBB_LANES ? N - n : BBB_LANES;
    for (size_t d = 0; d < D; d++) {
      float *row = to + d * R + n;
      for (size_t i = 0; i < rows; i++) row[i] = from[(n + i) * D + d];
      for (size_t i = rows; i < BBB_LANES; i++) row[i] = 0;
    }
  }
}

void bbb_net_load_inputs(const bbb_net *net, const bbb_batch *batch, float *x) {
  const size_t D = net->width[0], R = bbb_padded(batch->N, BBB_LANES);
  if (batch->coded) {
    bbb_coded_spread(batch, x);
  } else {
    transpose(batch->N, D, batch->x, x);
  }
  set_ones(R, x + D * R);
}

void bbb_net_load(const bbb_net *net, const bbb_batch *batch, float *work) {
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  bbb_net_load_inputs(net, batch, work);
  for (size_t l = 1; l < net->L; l++) {
    const bbb_layer_room r = bbb_net_room(net, batch->N, l);
    set_ones(R, work + r.x + (r.D - 1) * R);
  }
}

void bbb_net_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                     const float *w, float *work) {
  const size_t R = bbb_padded(N, BBB_LANES), at = s->unit * R;
  const bbb_layer_room r = bbb_net_room(net, N, s->layer);
  const bbb_layer l = {R, r.D, s->H};
  float *z = work + r.z + at;
  net->kernels->forward(&l, w + s->first, work + r.x, z);
  if (s->layer + 1 == net->L) return;
  net->kernels->activation_forward(net->activation, s->H * R, z,
                                   work + r.end + at);
}

const float *bbb_net_eta(const bbb_net *net, size_t N, const float *work) {
  return work + bbb_net_room(net, N, net->L - 1).z;
}

void bbb_net_first_moments(const bbb_net *net, size_t N, const float *mu,
                           const float *variance, float *x, float *moments) {
  const size_t R = bbb_padded(N, BBB_LANES);
  const bbb_layer l = {R, net->width[0] + 1, net->width[1]};
  float *sd = moments + l.H * R;
  net->kernels->forward(&l, mu, x, moments);
  for (size_t i = 0; i < l.D * R; i++) x[i] *= x[i];
  net->kernels->forward(&l, variance, x, sd);
  for (size_t i = 0; i < l.H * R; i++) sd[i] = sqrtf(sd[i]);
}

const float *bbb_net_predict(const bbb_net *net, size_t N, const float *w,
                             const bbb_inputs *in, float *work) {
  const size_t R = bbb_padded(N, BBB_LANES),
               half = (bbb_net_widest(net) + 1) * R;
  const float *x = in->x;
  for (size_t l = 0; l < net->L; l++) {
    const bbb_layer size = {R, net->width[l] + 1, net->width[l + 1]};
    float *z = work + l % 2 * half;
    if (x) {
      net->kernels->forward(&size, w, x, z);
    } else {
      const bbb_rowwise rows = {R, size.H, in->word, in->moments,
                                in->moments + size.H * R};
      net->kernels->rowwise(&in->units, &rows, z);
    }
    x = z;
    w += size.D * size.H;
    if (l + 1 == net->L) break;
    net->kernels->activation_forward(net->activation, size.H * R, z, z);
    set_ones(R, z + size.H * R);
  }
  return x;
}

void bbb_net_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                              float *work, float *turned, float *d_w) {
  const size_t R = bbb_padded(N, BBB_LANES);
  const bbb_layer_room r = bbb_net_room(net, N, s->layer);
  const bbb_layer l = {R, r.D, s->H};
  const float *d_z = bbb_net_d_z(net, N, s->layer, work) + s->unit * R;
  net->kernels->backward_weights(&l, work + r.x, d_z, turned, d_w);
}

void bbb_net_backward_inputs(const bbb_net *net, size_t N, const bbb_slice *s,
                             const float *w, float *work) {
  const size_t R = bbb_padded(N, BBB_LANES), at = s->unit * R;
  const bbb_layer_room r = bbb_net_room(net, N, s->layer + 1);
  const bbb_layer_room below = bbb_net_room(net, N, s->layer);
  const bbb_layer l = {R, r.D, r.H};
  const size_t units[2] = {s->unit, s->unit + s->H};
  float *d_x = bbb_net_d_z(net, N, s->layer, work);
  net->kernels->backward_inputs(
    &l, w + r.first, bbb_net_d_z(net, N, s->layer + 1, work), units, d_x);
  net->kernels->activation_backward(
    net->activation, s->H * R, work + below.z + at, work + r.x + at, d_x + at);
}
