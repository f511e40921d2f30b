/* fit.h: the training loop. */
#ifndef BBB_TRAIN_FIT_H
#define BBB_TRAIN_FIT_H

#include "model/step.h"

typedef struct {
  bbb_optim optim;
  bbb_schedule schedule;
  bbb_kl_weight kl_weight;
  double kl_warmup;   /* share of the schedule in which the KL's weight rises
                         from 0 to temperature */
  double temperature; /* 1 for the posterior */
  double learn_rate;
  size_t epochs;          /* train until so many are done in all */
  size_t schedule_epochs; /* length of the learning-rate schedule */
  size_t batch_size, samples;
  int antithetic;
  size_t patience; /* epochs without a better validation score, once the KL
                      has risen */
  bbb_key key;
} bbb_plan;

typedef struct {
  bbb_batch train, held_out; /* held_out.N = 0: no validation */
  double mean_weight;        /* of the training rows: 1 where they have none */
} bbb_data;

/* Where training stands. The numbers are borrowed, so that a stopped fit can
 * go on and end with the same bits as one that never stopped. */
typedef struct {
  bbb_theta theta;
  float *moments; /* (bbb_optim_moments, T) */
  float *best;    /* (T) mu, rho, aux of the best validation score, or NULL */
  float *scale;   /* (bbb_prior_groups) of a prior that learns, or NULL */
  size_t epoch;   /* epochs done */
  size_t batch;   /* batches done of the epoch under way */
  uint32_t step;  /* steps done in all */
  double nll, kl; /* sums over the epoch under way */
  double best_score;
  size_t since_best; /* epochs since the best score */
} bbb_state;

/* One row an epoch, (epochs) each, lent by the caller; in nats. */
typedef struct {
  double *nll, *kl;   /* sums over the epoch, mean over draws; the KL by that
                         of every fourth batch */
  double *aux;        /* first auxiliary after the epoch */
  double *learn_rate; /* of the epoch's last step */
  double *validation; /* mean log predictive density of a held-out row */
} bbb_history;

typedef struct {
  bbb_model model;
  bbb_plan plan;
  bbb_data data;
  bbb_history history;
  float *eps, *w;  /* (P): lent apart, since they are large */
  float *narrow;   /* (P) where the prior has scales, or NULL */
  float *work;     /* (bbb_fit_workspace) */
  double *sums;    /* (bbb_fit_sums) */
  uint32_t *order; /* (data.train.N) */
  uint32_t *code;  /* (bbb_fit_codes) */
  /* Where not NULL, asked within long steps and validation scores too; nonzero
   * gives them up and stops training as it was before them. */
  int (*stop)(void *ctx);
} bbb_fit;

/* Called after each step; nonzero stops training there. ctx is also stop()'s.
 */
typedef int (*bbb_tick)(void *ctx, const bbb_state *now);

/* Floats, doubles and words of workspace that bbb_fit_run() needs. */
size_t bbb_fit_workspace(const bbb_fit *fit);
size_t bbb_fit_sums(const bbb_fit *fit);
size_t bbb_fit_codes(const bbb_fit *fit);

/* Train from state on. BBB_OK: plan.epochs are done, or patience ran out. */
bbb_status bbb_fit_run(const bbb_fit *fit, bbb_state *state, bbb_tick tick,
                       void *ctx);

/* state->best = state->theta; for a state that has room for it. */
void bbb_fit_keep(const bbb_fit *fit, const bbb_state *state);

#endif
