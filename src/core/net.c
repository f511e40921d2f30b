/* net.c: forward and backward through the layers.
 *
 * A layer's bias is the weight of a further input that is always one, so that
 * the products see one matrix a layer. Within the network the rows run fastest,
 * (units, N): a product then reads rows in whole vectors however few units
 * there are, and only the weights are packed. See kernels_body.h.
 */
#include "bbb.h"

#include <string.h>

/* Where in the workspace a layer's things are; N is padded to 16. */
typedef struct {
  bbb_layer size; /* D counts the constant input */
  size_t W;       /* packed: (H / 8, D, 8) */
  size_t x;       /* (D, N): row D - 1 is ones */
  size_t z;       /* (H, N) */
  size_t end;
} layer_room;

/* What the layers share. */
typedef struct {
  size_t d_z, d_x;      /* (widest, N) each: gradients alternate between them */
  size_t d_z_rows, d_W; /* (N, H) and (D, H), H padded to 16 */
  size_t end;
} shared_room;

static size_t padded8(size_t n) { return bbb_padded(n, BBB_BLOCK); }

static size_t padded16(size_t n) { return bbb_padded(n, BBB_LANES); }

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static layer_room room_of(const bbb_net *net, size_t N, size_t layer) {
  layer_room room = {{0, 0, 0}, 0, 0, 0, 0};
  for (size_t l = 0; l <= layer; l++) {
    const bbb_layer size = {padded16(N), net->width[l] + 1, net->width[l + 1]};
    room.size = size;
    room.W = room.end;
    room.x = room.W + padded8(size.D) * padded8(size.H);
    room.z = room.x + padded8(size.D) * size.N;
    room.end = room.z + padded8(size.H) * size.N;
  }
  return room;
}

static shared_room shared_of(const bbb_net *net, size_t N) {
  const size_t rows = padded16(N);
  size_t widest = 0, d_W = 0;
  for (size_t l = 0; l < net->L; l++) {
    const size_t D = net->width[l] + 1, H16 = padded16(net->width[l + 1]);
    widest = larger(widest, larger(l > 0 ? padded8(D) : 0, H16));
    d_W = larger(d_W, padded8(D) * H16);
  }
  shared_room room;
  room.d_z = room_of(net, N, net->L - 1).end;
  room.d_x = room.d_z + widest * rows;
  room.d_z_rows = room.d_x + widest * rows;
  room.d_W = room.d_z_rows + widest * rows;
  room.end = room.d_W + d_W;
  return room;
}

static size_t layer_parameters(const bbb_net *net, size_t l) {
  return (net->width[l] + 1) * net->width[l + 1];
}

size_t bbb_net_parameters(const bbb_net *net) {
  size_t P = 0;
  for (size_t l = 0; l < net->L; l++) P += layer_parameters(net, l);
  return P;
}

size_t bbb_net_workspace(const bbb_net *net, size_t N) {
  return shared_of(net, N).end;
}

float *bbb_net_d_eta(const bbb_net *net, size_t N, float *work) {
  return work + shared_of(net, N).d_z;
}

/* ---- from one layout to another ---- */

/* (D, H) to (H / 8, D, 8), zeros in the padding */
static void pack(const bbb_layer *size, const float *w, float *W) {
  const size_t D8 = padded8(size->D), H = size->H;
  memset(W, 0, D8 * padded8(H) * sizeof *W);
  for (size_t h = 0; h < H; h += BBB_BLOCK) {
    const size_t n = H - h < BBB_BLOCK ? H - h : BBB_BLOCK;
    float *block = W + h * D8;
    for (size_t d = 0; d < size->D; d++) {
      for (size_t i = 0; i < n; i++)
        block[d * BBB_BLOCK + i] = w[d * H + h + i];
    }
  }
}

/* to (n, to_row) = the transpose of from (m, from_row), zeros in the padding */
typedef struct {
  const float *from;
  size_t m, from_row, n, to_row;
} transposed;

static void transpose(const transposed *t, size_t to_rows, float *to) {
  memset(to, 0, to_rows * t->to_row * sizeof *to);
  for (size_t i = 0; i < t->m; i += BBB_LANES) {
    const size_t end = t->m - i < BBB_LANES ? t->m : i + BBB_LANES;
    for (size_t j = 0; j < t->n; j++) {
      for (size_t k = i; k < end; k++) {
        to[j * t->to_row + k] = t->from[k * t->from_row + j];
      }
    }
  }
}

static void set_ones(const bbb_layer *size, float *x) {
  for (size_t n = 0; n < size->N; n++) x[(size->D - 1) * size->N + n] = 1;
}

/* ---- the passes ---- */

void bbb_net_load(const bbb_net *net, const bbb_batch *batch, float *work) {
  const size_t N = batch->N;
  const layer_room room = room_of(net, N, 0);
  const transposed x = {batch->x, N, net->width[0], net->width[0], room.size.N};
  transpose(&x, padded8(room.size.D), work + room.x);
}

const float *bbb_net_forward(const bbb_net *net, size_t N, const float *w,
                             float *work) {
  layer_room room = {{0, 0, 0}, 0, 0, 0, 0};
  for (size_t l = 0; l < net->L; l++) {
    room = room_of(net, N, l);
    set_ones(&room.size, work + room.x);
    pack(&room.size, w, work + room.W);
    net->kernels->forward(&room.size, work + room.W, work + room.x,
                          work + room.z);
    w += layer_parameters(net, l);
    if (l + 1 == net->L) break;
    const layer_room above = room_of(net, N, l + 1);
    net->kernels->activation_forward(net->activation, room.size.H * room.size.N,
                                     work + room.z, work + above.x);
    memset(work + above.x + room.size.H * room.size.N, 0,
           (padded8(above.size.D) - room.size.H) * room.size.N * sizeof *work);
  }
  return work + room.z;
}

/* d_w (D, H) += d_W (D, H padded) */
static void add_unpadded(const bbb_layer *size, const float *d_W, float *d_w) {
  const size_t H = size->H, H16 = padded16(H);
  for (size_t d = 0; d < size->D; d++) {
    for (size_t h = 0; h < H; h++) d_w[d * H + h] += d_W[d * H16 + h];
  }
}

void bbb_net_backward(const bbb_net *net, size_t N, float *work, float *d_w) {
  const size_t K = net->width[net->L];
  const shared_room shared = shared_of(net, N);
  float *d_z = work + shared.d_z, *d_x = work + shared.d_x;
  float *d_z_rows = work + shared.d_z_rows, *d_W = work + shared.d_W;
  memset(d_z + K * padded16(N), 0,
         (padded8(K) - K) * padded16(N) * sizeof *d_z);
  d_w += bbb_net_parameters(net);
  for (size_t l = net->L; l-- > 0;) {
    const layer_room room = room_of(net, N, l);
    const bbb_layer size = room.size;
    const transposed rows = {d_z, size.H, size.N, size.N, padded16(size.H)};
    transpose(&rows, size.N, d_z_rows);
    net->kernels->backward_weights(&size, work + room.x, d_z_rows, d_W);
    d_w -= layer_parameters(net, l);
    add_unpadded(&size, d_W, d_w);
    if (l == 0) break;
    net->kernels->backward_inputs(&size, work + room.W, d_z, d_x);
    net->kernels->activation_backward(net->activation, (size.D - 1) * size.N,
                                      work + room_of(net, N, l - 1).z,
                                      work + room.x, d_x);
    memset(d_x + (size.D - 1) * size.N, 0,
           (padded8(size.D) - size.D + 1) * size.N * sizeof *d_x);
    float *swapped = d_z;
    d_z = d_x;
    d_x = swapped;
  }
}
