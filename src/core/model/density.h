/* density.h: log P(D | w) + log P(w) at given weights, and its gradient: what
 * samplers, Laplace approximations and importance ratios ask of a model. */
#ifndef BBB_MODEL_DENSITY_H
#define BBB_MODEL_DENSITY_H

#include "model/model.h"

/* The posterior's density is known but for a constant. Of a batch of n rows out
 * of N the prior has the weight n / N, so that batches sum to the whole. */
typedef struct {
  const bbb_model *model; /* whose estimator does not matter */
  bbb_place place;        /* (P) of the prior */
  double prior_weight;    /* 1 for all rows */
  float *net, *workers;   /* workspace, of the sizes below */
  bbb_stop *stop;         /* or NULL */
} bbb_density;

/* How many floats `net` and `workers` need for N rows. */
size_t bbb_density_net(const bbb_model *model, size_t N);
size_t bbb_density_workers(const bbb_model *model, size_t N);

typedef struct {
  double log_likelihood, log_prior; /* the latter without prior_weight */
} bbb_log_joint;

/* At w (P) and aux (A). Where d_w is not NULL, set d_w (P) and d_aux (A) to the
 * gradient of -(log P(D | w) + prior_weight log P(w)). BBB_OK, BBB_STOPPED
 * where the caller wanted out, or BBB_DIVERGED where a term is not finite. */
bbb_status bbb_density_at(const bbb_density *density, const bbb_batch *batch,
                          const float *w, const float *aux, bbb_log_joint *at,
                          float *d_w, float *d_aux);

#endif
