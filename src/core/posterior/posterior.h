/* posterior.h: q(w) = N(mu, sigma^2), sigma = log(1 + exp(rho)). */
#ifndef BBB_POSTERIOR_POSTERIOR_H
#define BBB_POSTERIOR_POSTERIOR_H

#include "base/base.h"

typedef struct {
  size_t P;
  const float *mu, *rho; /* (P) */
} bbb_posterior;

/* sigma = log(1 + exp(rho)), no overflow, no cancellation */
double bbb_softplus(double rho);

/* rho = log(exp(sigma) - 1), sigma > 0 */
double bbb_softplus_inverse(double sigma);

/* w = mu + sigma eps                                  the paper, 3.2 step 2 */
void bbb_posterior_sample(const bbb_posterior *q, const float *eps, float *w);

/* log q(w) at w = mu + sigma eps: sum of -log(2 pi)/2 - log sigma - eps^2/2 */
double bbb_posterior_log_density(const bbb_posterior *q, const float *eps);

/* Where the prior of each of n weights is: that of (w - center) narrow. */
typedef struct {
  const float *narrow; /* (n) 1 / scale; NULL: 1 */
  const float *center; /* (n); NULL: 0 */
} bbb_place;

/* The rest of section 3.2, by parts, since a gradient may be summed over S
 * draws. A draw says, with d_w the gradient in w of -log P(D | w) - kl_weight
 * log P(w), g_mu = d_w, g_rho = d_w eps and the kernels' gather() sets or adds
 * these. */
typedef struct {
  size_t n;
  const float *w, *eps, *d_w; /* (n) */
  const float *mu;            /* (n) and where their prior is */
  bbb_place place;
  const float *d_sigma; /* (n) in place of d_w eps, or NULL */
} bbb_draw;

/* Then g_mu is the gradient in mu (equation 3), and g_rho becomes that in rho:
 *   (g_rho - kl_weight / sigma) / (1 + exp(-rho))               equation 4
 * with kl_weight summed over the draws. The terms of log q in mu and w cancel:
 * at w = mu + sigma eps it depends on sigma alone, through -log sigma. */
void bbb_posterior_chain(const bbb_posterior *q, double kl_weight,
                         float *g_rho);

#endif
