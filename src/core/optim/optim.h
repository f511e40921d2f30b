/* optim.h: optimisers, learning-rate schedules, KL weights. */
#ifndef BBB_OPTIM_OPTIM_H
#define BBB_OPTIM_OPTIM_H

#include "base/base.h"

typedef enum {
  BBB_OPTIMIZER_ADAM, /* Kingma and Ba (2015): moments m and v */
  BBB_OPTIMIZER_SGD,  /* heavy-ball momentum: m = momentum m + g */
  BBB_OPTIMIZERS      /* how many there are */
} bbb_optimizer;

bbb_name bbb_optimizer_name;

typedef struct {
  bbb_optimizer kind;
  double beta1, beta2, epsilon; /* Adam */
  double momentum;              /* SGD */
  double clip; /* largest norm of a step's gradient, or 0: any */
} bbb_optim;

/* How many numbers an optimiser remembers for each one that it trains. */
size_t bbb_optim_moments(const bbb_optim *optim);

/* What all numbers share in step t = 1, 2, ... */
typedef struct {
  float rate;     /* the learning rate, over Adam's correction of m */
  float v_factor; /* Adam's correction of v */
  float scale;    /* of the gradient */
  size_t apart;   /* from a number's first moment to its second */
} bbb_optim_at;
bbb_optim_at bbb_optim_begin(const bbb_optim *optim, double learn_rate,
                             double scale, uint32_t t, size_t apart);

/* The scale, of at most at->scale, under which a gradient whose squares sum to
 * so much has a norm of at most clip. */
float bbb_optim_clip(const bbb_optim *optim, const bbb_optim_at *at,
                     double squares);

/* Sum of squares of d (n), in an order that n alone decides. */
double bbb_optim_squares(size_t n, const float *d);

/* The step for n numbers at theta with gradient scale * d; their moments,
 * `apart` from each other, are zero before step 1. */
void bbb_optim_step(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                    const float *d, float *moments, float *theta);

/* What is trained: T = 2 P + A numbers. */
typedef struct {
  float *mu, *rho; /* (P) */
  float *aux;      /* (A) */
} bbb_theta;

/* Some of them, and the first moments of each. */
typedef struct {
  bbb_theta theta;
  float *mu_moments, *rho_moments;
} bbb_trained;

/* What the last draw of a step does with the gradient, where it is to. */
typedef struct {
  const bbb_optim *optim;
  bbb_optim_at at;
  float *moments; /* of mu (P), rho (P) and aux (A), one after the other */
} bbb_update;

typedef enum {
  BBB_SCHEDULE_CONSTANT, /* 1 */
  BBB_SCHEDULE_COSINE,   /* (1 + cos(pi done)) / 2, never below 1/100 */
  BBB_SCHEDULE_STEP,     /* 1, then 1/10 and 1/100 from done = 1/2 and 3/4 */
  BBB_SCHEDULES          /* how many there are */
} bbb_schedule;

bbb_name bbb_schedule_name;

/* The factor of the learning rate when the share `done` of training is over. */
double bbb_schedule_factor(bbb_schedule schedule, double done);

typedef enum {
  BBB_KL_UNIFORM,  /* 1 / M                                       equation 8 */
  BBB_KL_BLUNDELL, /* 2^(M - i) / (2^M - 1)                       equation 9 */
  BBB_KL_WEIGHTS   /* how many there are */
} bbb_kl_weight;

bbb_name bbb_kl_weight_name;

/* Weight of the KL in batch i = 0 .. M - 1 of M; an epoch's sum to 1. */
double bbb_kl_weight_at(bbb_kl_weight kind, size_t i, size_t M);

#endif
