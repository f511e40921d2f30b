/* fit_room.h: what the training loop and its workspace share. */
#ifndef BBB_TRAIN_FIT_ROOM_H
#define BBB_TRAIN_FIT_ROOM_H

#include "bbb.h"

/* What lies where in fit->work and fit->sums; a batch has a part of its rows
 * there at a time. */
typedef struct {
  bbb_step step;
  float *x, *y;           /* (part, D), (Y, R) */
  float *weight, *offset; /* (part) */
  float *scale;           /* (bbb_prior_groups) of a prior that learns */
  bbb_batch batch;        /* all rows, where they are one batch and loaded */
  bbb_stop stop;
  bbb_predict_to score; /* (held_out.N) */
} bbb_fit_room;

static inline size_t bbb_smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Rows of a batch, and batches of an epoch. */
static inline size_t bbb_fit_batch(const bbb_fit *fit) {
  return bbb_smaller(fit->plan.batch_size, fit->data.train.N);
}

static inline size_t bbb_fit_batches(const bbb_fit *fit) {
  const size_t B = bbb_fit_batch(fit);
  return (fit->data.train.N + B - 1) / B;
}

/* Share out fit->work and fit->sums; returns the floats that it takes. */
size_t bbb_fit_carve(const bbb_fit *fit, float *work, bbb_fit_room *to);

/* What scores the rows held out, and their mean log predictive density;
 * BBB_STOPPED where the caller wanted out. */
bbb_predictive bbb_fit_validation(const bbb_fit *fit, const bbb_theta *theta);
bbb_status bbb_fit_score(const bbb_fit *fit, const bbb_state *state,
                         bbb_fit_room *to, double *score);

/* Load n rows from order[first] on, once when they are all. */
void bbb_fit_load(const bbb_fit *fit, size_t first, size_t n, bbb_fit_room *to);

#endif
