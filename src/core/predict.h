/* predict.h: what predict.c and the kinds of answer share. */
#ifndef BBB_PREDICT_H
#define BBB_PREDICT_H

#include "bbb.h"

/* A block of rows on its way through the draws. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first;
  const float *aux; /* (A) of the draw under way */
  float *kept;      /* (block, kept_a_row) */
  double *sums;     /* (block, sums_a_row) */
  double *one;      /* (2 V + S + F) for one row */
} bbb_predict_job;

/* What row i is given by its eta. */
static inline bbb_given bbb_predict_given(const bbb_predict_job *j,
                                          const float *eta, size_t i) {
  const bbb_given given = {eta + i, bbb_padded(j->block->N, BBB_LANES),
                           j->block->offset ? (double)j->block->offset[i] : 0,
                           j->aux};
  return given;
}

/* A kind of answer: how many numbers it gathers a row; what it does with the
 * eta (K, R) of draw s; and what it makes of all in the end. */
typedef struct {
  size_t (*sums_a_row)(const bbb_predictive *p);
  size_t (*kept_a_row)(const bbb_predictive *p);
  void (*gather)(bbb_predict_job *j, size_t s, const float *eta);
  void (*finish)(bbb_predict_job *j);
} bbb_predict_row;

extern const bbb_predict_row bbb_predict_link, bbb_predict_moments,
  bbb_predict_draws, bbb_predict_quantile, bbb_predict_log_density,
  bbb_predict_survival;

#endif
