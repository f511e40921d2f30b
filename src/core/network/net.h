/* net.h: a fully connected network. */
#ifndef BBB_NETWORK_NET_H
#define BBB_NETWORK_NET_H

#include "data/batch.h"
#include "kernels/kernels.h"

typedef struct {
  size_t L;                  /* layers; 1 is a linear model */
  const size_t *width;       /* (L + 1) inputs, hidden units ..., outputs K */
  bbb_activation activation; /* of the hidden layers; the last is identity */
  const bbb_kernels *kernels;
  size_t threads; /* at most, for work that is worth them */
  double span;    /* multiplications between two looks at whether the caller
                     wants out, about; 0: as many as take a few hundredths of a
                     second */
} bbb_net;

/* P: layer after layer, each the blocks of its D + 1 inputs, of which the last
 * is the bias, and H units. */
size_t bbb_net_parameters(const bbb_net *net);

/* Weights (P) from the natural order, layer after layer and each (D + 1, H), to
 * that of the blocks, and back. */
void bbb_net_pack(const bbb_net *net, const float *natural, float *packed);
void bbb_net_unpack(const bbb_net *net, const float *packed, float *natural);

/* Up to BBB_SLICE units of a layer with all their weights, which lie together:
 * what is worked on at a time. */
typedef struct {
  size_t layer, unit; /* its first unit in the layer */
  size_t H;           /* units */
  size_t first, P;    /* weights first .. first + P - 1 */
  size_t noise;       /* the number of its first weight's eps in a source */
  size_t number;      /* of the slice in the net */
} bbb_slice;
size_t bbb_net_slices(const bbb_net *net, size_t layer);
bbb_slice bbb_net_slice(const bbb_net *net, size_t layer, size_t i);
size_t bbb_net_largest_slice(const bbb_net *net); /* weights */

/* Floats of workspace for batches of up to N rows, and for predicting them. */
size_t bbb_net_workspace(const bbb_net *net, size_t N);
size_t bbb_net_predict_workspace(const bbb_net *net, size_t N);

/* Take the batch's x into work, for any number of passes. */
void bbb_net_load(const bbb_net *net, const bbb_batch *batch, float *work);

/* x (D + 1, R) = that of the batch, its rows fastest, and a row of ones */
void bbb_net_load_inputs(const bbb_net *net, const bbb_batch *batch, float *x);

/* The forward pass of a slice at weights w (P), after those of the layers
 * below, for the N rows loaded; all that the backward pass needs stays in work,
 * and, after the last layer, eta (K, R). */
void bbb_net_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                     const float *w, float *work);
const float *bbb_net_eta(const bbb_net *net, size_t N, const float *work);

/* Where in work the caller puts d_eta (K, R) between forward and backward. */
float *bbb_net_d_eta(const bbb_net *net, size_t N, float *work);

/* The backward pass, from the last layer down. First the gradient in a slice's
 * weights: d_w (s->P); turned (R, BBB_SLICE) is room to work. Then in the units
 * of each slice of the layer below. */
void bbb_net_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                              float *work, float *turned, float *d_w);
void bbb_net_backward_inputs(const bbb_net *net, size_t N,
                             const bbb_slice *below, const float *w,
                             float *work);

/* mean (H, R) and after it sd (H, R) of the first layer's z under q, given x (D
 * + 1, R) as loaded, which is lost: Kingma, Salimans and Welling (2015), eq. 6.
 * variance holds the sigma^2 of that layer's weights. */
void bbb_net_first_moments(const bbb_net *net, size_t N, const float *mu,
                           const float *variance, float *x, float *moments);

/* eta (K, R) at weights w of x (D + 1, R), as loaded; or, where the first layer
 * is drawn apart for each row, of its moments, and then with noise `units` and
 * none of that layer's weights. */
typedef struct {
  const float *x;       /* or NULL: */
  const float *moments; /* (2 H, R) */
  const uint32_t *word; /* (R) */
  bbb_source units;
} bbb_inputs;
const float *bbb_net_predict(const bbb_net *net, size_t N, const float *w,
                             const bbb_inputs *in, float *work);

#endif
