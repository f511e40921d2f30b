/* layers.h: the places of a network's values, for net.c and estimator.c. */
#ifndef BBB_NETWORK_LAYERS_H
#define BBB_NETWORK_LAYERS_H

#include "bbb.h"

/* Where in the workspace a layer's things are. */
typedef struct {
  size_t D, H;  /* D counts the constant input */
  size_t first; /* its first weight */
  size_t x;     /* (D, R): row D - 1 is ones */
  size_t z;     /* (H, R) */
  size_t end;
} bbb_layer_room;

static inline bbb_layer_room bbb_net_room(const bbb_net *net, size_t N,
                                          size_t layer) {
  const size_t R = bbb_padded(N, BBB_LANES);
  bbb_layer_room r = {0, 0, 0, 0, 0, 0};
  for (size_t l = 0; l <= layer; l++) {
    r.first += r.D * r.H;
    r.D = net->width[l] + 1, r.H = net->width[l + 1];
    r.x = r.end;
    r.z = r.x + r.D * R;
    r.end = r.z + r.H * R;
  }
  return r;
}

/* Units of the layer with the most. */
static inline size_t bbb_net_widest(const bbb_net *net) {
  size_t most = 0;
  for (size_t l = 1; l <= net->L; l++) {
    if (net->width[l] > most) most = net->width[l];
  }
  return most;
}

/* d_z of a layer (H, R): that of the next is where the last but one was. */
static inline float *bbb_net_d_z(const bbb_net *net, size_t N, size_t layer,
                                 float *work) {
  const size_t R = bbb_padded(N, BBB_LANES);
  return work + bbb_net_room(net, N, net->L - 1).end +
         layer % 2 * bbb_net_widest(net) * R;
}

#endif
