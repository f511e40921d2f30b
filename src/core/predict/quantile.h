/* quantile.h: quantiles of mixtures. */
#ifndef BBB_PREDICT_QUANTILE_H
#define BBB_PREDICT_QUANTILE_H

#include "kernels/kernels.h"
#include "likelihood/cdf_table.h"
#include "optim/optim.h"

/* q at which the equal mixture of S normals has the distribution function prob,
 * to 1e-7 of the mixture's range: N(mean[s], sd[f]^2) for the S / F of each of
 * F sds, one sd's after the other's. */
double bbb_quantile_mixture(size_t S, const double *mean, size_t F,
                            const double *sd, double prob);

/* S draws of what one outcome of a family is given, those of each of F
 * posteriors side by side: S / F of theta[0], then of theta[1] ... */
typedef struct {
  const bbb_likelihood *lik;
  size_t outcome, S, F;
  const float *eta;       /* (outputs, S) of this outcome */
  double offset;          /* of the first output of this outcome */
  const bbb_theta *theta; /* (F), of which the auxiliaries are used */
  /* F tables of the family's distribution function, or NULL; room to work (2
   * S).
   */
  const bbb_cdf_table *table;
  /* Of the first table, where its F is each of the probabilities, and 1/2 */
  const double *starts;
  double middle;
  const bbb_kernels *kernels;
  double *room;
  /* NULL, or asked now and then; nonzero: any answer will do */
  int (*stop)(void *ctx);
  void *ctx;
} bbb_outcomes;

/* Quantiles (Q) of the mixture of those outcomes, to 1e-6 of a draw's noise; of
 * counts the least whole double whose distribution function is no less than the
 * probability. As in y: a log where y is one. */
void bbb_quantile_outcome(const bbb_outcomes *of, size_t Q, const double *probs,
                          double *value);

/* The same by the tables, for probabilities from 0.01 to 0.99, and of counts:
 * for bbb_quantile_outcome() */
void bbb_quantile_table(const bbb_outcomes *of, size_t Q, const double *probs,
                        const double *starts, double *value);
void bbb_quantile_counts(const bbb_outcomes *of, size_t Q, const double *probs,
                         double *value);

/* P(y <= value) of the mixture, by the family's own function */
double bbb_quantile_below(const bbb_outcomes *of, double value);

/* The quantile of S values, which are reordered, by linear interpolation (R's
 * type 7). */
double bbb_quantile_values(size_t S, double *value, double prob);

#endif
