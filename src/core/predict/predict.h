/* predict.h: the posterior predictive, a block of rows at a time. */
#ifndef BBB_PREDICT_PREDICT_H
#define BBB_PREDICT_PREDICT_H

#include "model/model.h"

/* Kinds of prediction: a row each of a table in predict.c, which has their
 * names. Any set of them is made in one pass over the draws. J outcomes, of
 * which classes are one. */
typedef enum {
  BBB_PREDICT_LINK,        /* (N, K)    mean of eta, with its offset */
  BBB_PREDICT_MOMENTS,     /* (N, V, 3) mean, epistemic, aleatoric variance */
  BBB_PREDICT_DRAWS,       /* (S, N, V) E[y | w] for each draw of w; (S, N)
                                        where V is 1 */
  BBB_PREDICT_QUANTILE,    /* (N, Q, J) at `probs`; for classes, of the first
                                        value's mean over the draws */
  BBB_PREDICT_LOG_DENSITY, /* (N)       log of the mean over draws of P(y | w)
                            */
  BBB_PREDICT_SURVIVAL,    /* (N, T, J) P(y > value) at `times`; no classes */
  BBB_PREDICT_CDF,         /* (N, 2, J) P(Y < y) and P(Y <= y): bbb_cdf */
  BBB_PREDICT_KINDS        /* how many there are */
} bbb_predict_kind;

/* The name, as R has it; whether it needs y; and whether the likelihood has it.
 */
bbb_name bbb_predict_name;
int bbb_predict_needs_y(bbb_predict_kind kind);
int bbb_predict_possible(bbb_predict_kind kind, const bbb_likelihood *lik);

/* Draw s is of posterior s % F, with noise number s and the auxiliaries of that
 * posterior: the answers are those of the equal mixture of the F. */
typedef struct {
  bbb_model model;
  const bbb_theta *theta; /* (F) */
  size_t F;
  bbb_source source; /* of draw 0; the weights of a draw depend on no row */
  size_t S;          /* a multiple of F */
  int rowwise; /* each row has its own draw of the first layer's units, in place
                  of weights that all rows share: the same distribution row by
                  row, and that layer's products once and not for every draw */
  int asked[BBB_PREDICT_KINDS]; /* which kinds are wanted */
  size_t Q, T;
  const double *probs;          /* (Q) in (0, 1) */
  const double *times;          /* (T) values as in y */
  const double *center, *scale; /* (V) draws are told as scale E[y | w] +
                                   center; NULL: as they are */
} bbb_predictive;

/* The shape of an answer for N rows, as above: dimensions that there are. */
typedef struct {
  int rank;
  size_t dim[3];
} bbb_predict_shape;
bbb_predict_shape bbb_predict_shape_of(const bbb_predictive *p,
                                       bbb_predict_kind kind, size_t N);

/* Where results go: shapes above are R's, the FIRST index runs fastest, so
 * (N, K) means out[i + N k]. stop(ctx), where not NULL, is asked often enough
 * for a person who waits, by the thread that called, and from inside of
 * parallel work; nonzero ends the work there. */
typedef struct {
  size_t N;                       /* rows in all */
  double *out[BBB_PREDICT_KINDS]; /* of what is asked */
  float *work;                    /* (bbb_predict_workspace) */
  double *sums;                   /* (bbb_predict_sums) */
  uint32_t *words;                /* (bbb_predict_words) */
  int (*stop)(void *ctx);
  void *ctx;
} bbb_predict_to;

/* How many rows to work on at a time: it bounds the memory and changes no bit
 * of the answer. Then the floats, doubles and words of workspace. */
size_t bbb_predict_block(const bbb_predictive *p, size_t N);
size_t bbb_predict_workspace(const bbb_predictive *p, size_t N);
size_t bbb_predict_sums(const bbb_predictive *p, size_t N);
size_t bbb_predict_words(const bbb_predictive *p, size_t N);

/* Predict the rows first .. first + block->N - 1 of to->N: BBB_OK, or
 * BBB_STOPPED with out of these rows unfinished. */
bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to);

#endif
