/* model.h: network, prior and likelihood. */
#ifndef BBB_MODEL_MODEL_H
#define BBB_MODEL_MODEL_H

#include "network/estimator.h"

typedef struct {
  bbb_net net;
  bbb_prior prior;
  bbb_likelihood likelihood;
  bbb_estimator estimator; /* of training */
} bbb_model;

/* T = 2 P + A */
size_t bbb_model_size(const bbb_model *model);

/* The terms of equation 2, in nats:
 *   f = log q(w | theta) - log P(w) - log P(D | w) */
typedef struct {
  double log_posterior, log_prior, log_likelihood;
} bbb_terms;

/* One draw, of S, of a step of the paper's section 3.2; steps 2 to 6. The rows
 * of a large batch pass part by part, under the same draw of the weights. */
typedef struct {
  bbb_theta theta;
  bbb_prior_at prior;
  bbb_place place;   /* (P) of the prior */
  bbb_source *noise; /* where eps comes from; NULL: it is given */
  size_t draw, S;
  size_t rows, first; /* of the batch; and the first of the part under way */
  float *eps, *w;     /* (P) */
  bbb_row_noise row_noise; /* where the estimator has it */
  int weigh;               /* else log q and log P are not taken, but 0 */
  int antithetic;          /* every second draw takes the eps before, negated */
  int whole; /* all of the gradient is taken before theta moves, so that the
                step can be given up until then */
  float *g_mu, *g_rho; /* (P), the gradient; where S is 1 and the batch has one
                          part they may be w and eps, which are then lost */
  const bbb_update *update; /* or NULL: only the gradient is wanted */
  bbb_stop *stop;           /* or NULL */
  float *d_aux;             /* (A) */
  float *net;               /* net, workers, sums: see bbb_model_room(); the */
  float *workers;           /* part's x is loaded in net */
  double *sums;
} bbb_step;

/* Rows of a part of a batch of N rows, at most: a multiple of BBB_GROUP, or all
 * of them. It does not depend on the threads, and bounds the memory. */
size_t bbb_model_part(const bbb_model *model, size_t N);

/* Whether a step that moves theta slice by slice would take too long to be
 * waited for. */
int bbb_model_long(const bbb_model *model, size_t N);

/* Draws for N rows between two looks at whether the caller wants out: one,
 * unless a look would cost something beside them. */
size_t bbb_model_unseen(const bbb_model *model, size_t N);

/* How many numbers step->net, workers, sums and row_noise.work need for parts
 * of N rows; row_noise.scale needs P more. */
typedef struct {
  size_t net, workers, sums, row_noise;
} bbb_room;
bbb_room bbb_model_room(const bbb_model *model, size_t N);

/* Threads that work on N rows of a step. */
size_t bbb_model_workers(const bbb_model *model, size_t N);

/* The forward pass of a part of the batch: draws w, with the first part, and
 * returns the terms, of which log q and log P come with the first part; adds
 * the gradient of -log P(D | w) to d_aux. */
bbb_terms bbb_model_forward(const bbb_model *model, const bbb_batch *part,
                            const bbb_step *step);

/* The backward pass that belongs to it: the gradient in mu and rho of
 *   kl_weight (log q(w | theta) - log P(w)) - log P(D | w), summed over parts
 * and draws, and with the last of them the update of mu and rho; but not that
 * of a step whose gradient is taken whole. */
void bbb_model_backward(const bbb_model *model, const bbb_batch *part,
                        double kl_weight, const bbb_step *step);

#endif
