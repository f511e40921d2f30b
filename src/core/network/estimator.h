/* estimator.h: estimators of the gradient, by how the noise of the weights
 * reaches the rows of a batch. */
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

/* Noise that differs from row to row has a path of its own through the network,
 * beside that of the means: see row_noise.c. */
typedef struct {
  bbb_source units;   /* of the signs, or of the units' noise */
  size_t rows, first; /* rows of the whole batch, and which is our first */
  float *scale;       /* (P) sigma eps, or sigma^2 */
  float *work;        /* (workspace of the estimator) */
} bbb_row_noise;

/* A pass of N rows through the network under one draw of the weights. */
typedef struct {
  const bbb_net *net;
  size_t N;
  const float *mu, *rho, *eps, *w; /* (P) */
  const bbb_row_noise *noise;
  float *work; /* (bbb_net_workspace) */
} bbb_pass;

/* An estimator: a row of the table in estimator.c. Its functions do for a slice
 * what bbb_net_*() of the same name do under shared weights. */
typedef struct {
  const char *name;
  size_t paths; /* products of a pass with the weights: 1, or 2 with noise */
  int reads_mu; /* the backward pass reads mu: theta must not move before */
  size_t (*workspace)(const bbb_net *net, size_t N); /* floats */
  /* For each draw, when the rows are loaded; for each slice, when w is drawn */
  void (*load)(const bbb_pass *p);
  void (*draw)(const bbb_pass *p, const bbb_slice *s);
  void (*forward)(const bbb_pass *p, const bbb_slice *s);
  /* When d_eta is known */
  void (*begin_backward)(const bbb_pass *p);
  void (*backward_inputs)(const bbb_pass *p, const bbb_slice *below);
  /* The gradient in sigma (s->P), set in d_sigma and returned; or NULL where it
   * is d_w eps. turned is as for bbb_net_backward_weights(). */
  const float *(*backward_sigma)(const bbb_pass *p, const bbb_slice *s,
                                 float *turned, float *d_sigma);
} bbb_estimator_row;

const bbb_estimator_row *bbb_estimator_of(bbb_estimator kind);

#endif
