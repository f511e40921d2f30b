/* predict_job.h: what predict.c, its workspace and the kinds of prediction
 * share.
 */
#ifndef BBB_PREDICT_PREDICT_JOB_H
#define BBB_PREDICT_PREDICT_JOB_H

#include "bbb.h"

/* A group of rows on its way through the draws, for one kind. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first;               /* of the rows of all */
  size_t begin, end;          /* rows to finish */
  const float *aux;           /* (A) of the draw under way */
  const double *moments[2];   /* (V, block) mean and variance, of that draw */
  const bbb_cdf_table *table; /* (J, F) or NULL */
  float *kept;                /* (block, kept_a_row) */
  double *sums;               /* (block, sums_a_row) */
  double *room;               /* (2 S) */
  double *out;                /* of the kind */
  int (*stop)(void *ctx);
  void *ctx;
} bbb_predict_job;

static inline size_t bbb_predict_outcomes(const bbb_predictive *p) {
  const bbb_likelihood *lik = &p->model.likelihood;
  return lik->K / bbb_likelihood_outputs(lik);
}

/* What row i is given by its eta. */
static inline bbb_given bbb_predict_given(const bbb_predict_job *j,
                                          const float *eta, size_t i) {
  const bbb_given given = {eta + i, bbb_padded(j->block->N, BBB_LANES),
                           j->block->offset ? (double)j->block->offset[i] : 0,
                           j->aux};
  return given;
}

/* What row 0 is given of an outcome: the others' eta lie beside it. */
static inline bbb_given bbb_predict_outcome(const bbb_predict_job *j,
                                            const float *eta, size_t outcome) {
  const bbb_given given = {eta, bbb_padded(j->block->N, BBB_LANES), 0, j->aux};
  return bbb_likelihood_outcome(&j->p->model.likelihood, &given, outcome);
}

static inline double bbb_predict_offset(const bbb_predict_job *j, size_t i,
                                        size_t outcome) {
  const float *offset = outcome == 0 ? j->block->offset : NULL;
  return offset ? (double)offset[i] : 0;
}

/* A kind of prediction: the shape of its answer; how many numbers it gathers a
 * row; what it does with the eta (K, R) of draw s; and what it makes
 * of all in the end. */
typedef struct {
  const char *name;
  int needs_y, ordered, moments, table; /* what it needs: an outcome that has an
                                           order; moments of each draw; ... */
  bbb_predict_shape (*shape)(const bbb_predictive *p, size_t N);
  size_t (*sums_a_row)(const bbb_predictive *p);
  size_t (*kept_a_row)(const bbb_predictive *p);
  void (*gather)(bbb_predict_job *j, size_t s, const float *eta);
  void (*finish)(bbb_predict_job *j);
} bbb_predict_row;

extern const bbb_predict_row bbb_predict_link, bbb_predict_moments,
  bbb_predict_draws, bbb_predict_quantile, bbb_predict_log_density,
  bbb_predict_survival, bbb_predict_cdf;

/* ---- predict_room.c: the workspace ---- */

const bbb_predict_row *bbb_predict_row_of(int kind);

/* Whether some kind that is asked needs moments, and tables. */
int bbb_predict_needs_moments(const bbb_predictive *p);
int bbb_predict_needs_table(const bbb_predictive *p);

/* Numbers gathered for a row by all kinds that are asked and come before. */
size_t bbb_predict_sums_before(const bbb_predictive *p, int kind);
size_t bbb_predict_kept_before(const bbb_predictive *p, int kind);

/* Rows of a group, and groups of a block. */
size_t bbb_predict_group(const bbb_predictive *p);
size_t bbb_predict_groups(const bbb_predictive *p, size_t block);

/* Of a group: what the first layer makes of it under a posterior, its x, and
 * what it keeps of both. Of a thread. */
size_t bbb_predict_moments_floats(const bbb_predictive *p);
size_t bbb_predict_group_floats(const bbb_predictive *p);
size_t bbb_predict_worker_floats(const bbb_predictive *p);
size_t bbb_predict_worker_sums(const bbb_predictive *p);

/* What the threads share for a block. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first, s, layer; /* of the block; the draw; of weights to draw */
  size_t from;            /* the first task of those under way */
  size_t threads, some;   /* rows that are finished together */
  int stopped;
  bbb_source source;
  float *eps, *w, *groups, *kept, *workers;
  double *sums, *cells, *worker_sums;
  bbb_cdf_table *table; /* (J, F) */
} bbb_predict_shared;

bbb_predict_shared bbb_predict_share(const bbb_predictive *p,
                                     const bbb_batch *block, size_t first,
                                     const bbb_predict_to *to);

/* ---- predict_stop.c: being stopped ---- */

/* Who asks: the thread that called, worker 0, asks the caller, the others look
 * whether it was told to stop. A bbb_predict_asker is the ctx of ask(). */
typedef struct {
  bbb_predict_shared *all;
  size_t worker;
} bbb_predict_asker;
int bbb_predict_ask(void *ctx);
int bbb_predict_is_stopped(bbb_predict_shared *all);

/* All tasks, of so many multiplications each; nonzero: stopped between them. */
int bbb_predict_run(bbb_predict_shared *all, size_t tasks, double cost,
                    bbb_task *task);

#endif
