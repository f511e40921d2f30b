/* estimator.h: noise that differs from row to row. */
#ifndef BBB_NETWORK_ESTIMATOR_H
#define BBB_NETWORK_ESTIMATOR_H

#include "network/net.h"

typedef enum {
  BBB_ESTIMATOR_SHARED,  /* one draw of the weights for a batch: the paper */
  BBB_ESTIMATOR_FLIPOUT, /* with random signs for each row */
  BBB_ESTIMATOR_LOCAL,   /* noise of the units, not of the weights */
  BBB_ESTIMATORS         /* how many there are */
} bbb_estimator;

bbb_name bbb_estimator_name;

/* The noise's own path through the network, beside that of the means. */
typedef struct {
  bbb_estimator kind;
  bbb_source units;   /* of the signs, or of the units' noise */
  size_t rows, first; /* of the whole batch; and which is our first */
  float *b;           /* (P) sigma eps, or sigma^2 */
  const float *eps;   /* (P) for Flipout */
  float *work;        /* (bbb_side_workspace) */
} bbb_side;
size_t bbb_side_workspace(const bbb_net *net, size_t N);

/* As bbb_net_load(), and after it, for each draw. */
void bbb_side_load(const bbb_net *net, size_t N, const bbb_side *side,
                   const float *work);

/* In place of bbb_net_forward(): mu (P), and b of the slice is known. */
void bbb_side_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                      const float *mu, const bbb_side *side, float *work);

/* The backward pass begins when d_eta is known. Beside
 * bbb_net_backward_weights(), which gives the gradient in mu: that in sigma,
 * d_sigma (s->P). In place of bbb_net_backward_inputs(): */
void bbb_side_begin_backward(const bbb_net *net, size_t N, const bbb_side *side,
                             float *work);
void bbb_side_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                               const bbb_side *side, float *turned,
                               float *d_sigma);
void bbb_side_backward_inputs(const bbb_net *net, size_t N, const bbb_slice *s,
                              const float *mu, const bbb_side *side,
                              float *work);

#endif
