/* prior.h: P(w), independent over weights. */
#ifndef BBB_PRIOR_PRIOR_H
#define BBB_PRIOR_PRIOR_H

#include "posterior/posterior.h"

typedef enum {
  BBB_PRIOR_NORMAL,  /* N(0, sd1^2) */
  BBB_PRIOR_MIXTURE, /* pi N(0, sd1^2) + (1 - pi) N(0, sd2^2)     equation 7 */
  BBB_PRIOR_LAPLACE, /* exp(-|w| / sd1) / (2 sd1) */
  BBB_PRIOR_STUDENT, /* sd1 times a t variable with df degrees of freedom */
  BBB_PRIORS         /* how many there are */
} bbb_prior_kind;

bbb_name bbb_prior_name;

/* The prior of (w - center) / scale, where scale is that of the weight's layer,
 * or 1; a prior that lists both for each weight is an earlier posterior. */
typedef struct {
  bbb_prior_kind kind;
  double pi, sd1, sd2, df;    /* those that the kind has */
  const double *weight_scale; /* (L) of the weights of a layer, or NULL: 1 */
  const double *bias_scale;   /* (L) and of its biases */
  bbb_place each;             /* (P) of all weights; NULLs: as above */
  int learn;       /* weight scales are where learning starts: prior_scale.c */
  double strength; /* weight of that start, in weights */
  int exact;       /* for a normal prior: E log P under q, not a draw of it */
} bbb_prior;

/* The prior as the kernels use it, worked out once for all weights. Of the
 * mixture's part i at u = w / scale, the logarithm is log_share[i] -
 * half_precision[i] u^2; a normal has part 0 only. Of a Laplace
 * half_precision[0] is 1 / sd1; of Student's t it is 1 / (df sd1^2), and
 * log_share[0] the power (df + 1) / 2. `each` is the constant of a weight's log
 * P. */
typedef struct {
  const bbb_prior *prior;
  float log_share[2], half_precision[2];
  double each;
} bbb_prior_at;
bbb_prior_at bbb_prior_begin(const bbb_prior *prior);

/* Where the prior of the weights from number j on is. */
bbb_place bbb_place_from(const bbb_place *place, size_t j);

/* log P(w), the sum over P weights. */
double bbb_prior_log_density(const bbb_prior *prior, size_t P,
                             const bbb_place *place, const float *w);

/* d_w += weight times the gradient of -log P(w) */
void bbb_prior_backward(const bbb_prior *prior, size_t P, double weight,
                        const bbb_place *place, const float *w, float *d_w);

/* Of a normal prior: E log P(w) under q, and the gradient of -weight E log P(w)
 * in mu, added to d_mu, and in sigma, added to d_sigma; those may be NULL. */
double bbb_prior_expected(const bbb_prior *prior, const bbb_posterior *q,
                          const bbb_place *place);
void bbb_prior_expected_backward(const bbb_prior *prior, const bbb_posterior *q,
                                 double weight, const bbb_place *place,
                                 float *d_mu, float *d_sigma);

#endif
