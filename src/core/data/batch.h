/* batch.h: parts of rows. */
#ifndef BBB_DATA_BATCH_H
#define BBB_DATA_BATCH_H

#include "data/data.h"

/* D inputs of a network, of which V are numbers. The others are indicators of
 * the levels of C factors: in a row at most one of a factor's is on. */
typedef struct {
  size_t D, V, C;
  const uint32_t *number; /* (V) which inputs are numbers */
  const float *off, *on;  /* (D) what an indicator is, standardised */
} bbb_coded;

/* Outcomes and what the network makes of the predictors have their rows
 * fastest, R = bbb_padded(N, BBB_LANES) of them for the latter; what is in the
 * padding is finite and does not matter. y may have no padding. */
typedef struct {
  size_t N;
  const float *x; /* (N, D); coded (N, V) */
  const float *y; /* (Y, apart) Y = bbb_likelihood_columns(); NULL to predict */
  size_t apart;   /* numbers from a column of y to the next */
  const float *weight; /* (N) of the rows in the likelihood, or NULL: all 1 */
  const float *offset; /* (N) added to the first output, or NULL: 0 */
  const bbb_coded *coded; /* or NULL */
  const uint32_t *code;   /* coded (N, C) 1 + the input that is on, or 0 */
} bbb_batch;

/* out[i] = from[order[i]], i < n; returns out, or NULL where from is NULL. */
const float *bbb_rows_gather(const float *from, const uint32_t *order, size_t n,
                             float *out);

/* The n rows of D predictors from `first` on, of a batch. */
bbb_batch bbb_batch_part(const bbb_batch *rows, size_t D, size_t first,
                         size_t n);

#endif
