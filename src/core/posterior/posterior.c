/* posterior.c: the variational posterior, a Gaussian for each weight.
 *
 * The algorithm's steps 5 and 6 need df/dw, which holds d log q/dw =
 * -eps/sigma, and add df/dmu or df/drho, which hold its opposite. Both are
 * large where sigma is small, and their difference would be lost in single
 * precision; it is taken here on paper instead: at w = mu + sigma eps, log q(w)
 * = -log sigma + what does not depend on theta.
 */
#include "bbb.h"

#include <math.h>

double bbb_softplus(double rho) {
  return (rho > 0 ? rho : 0) + log1p(exp(-fabs(rho)));
}

double bbb_softplus_inverse(double sigma) {
  return sigma + log(-expm1(-sigma));
}

/* log of softplus: where exp(rho) vanishes beside 1 it is rho itself, and there
 * the softplus of a float would end in zero. */
static double log_softplus(double rho) {
  return rho < -30 ? rho : log(bbb_softplus(rho));
}

/* d softplus / d rho = 1 / (1 + exp(-rho)) */
static double softplus_slope(double rho) {
  const double e = exp(-fabs(rho));
  return (rho >= 0 ? 1 : e) / (1 + e);
}

/* d log softplus / d rho; the quotient of two tiny numbers tends to 1 */
static double log_softplus_slope(double rho) {
  return rho < -30 ? 1 : softplus_slope(rho) / bbb_softplus(rho);
}

void bbb_posterior_sample(const bbb_posterior *q, const float *eps, float *w) {
  for (size_t j = 0; j < q->P; j++) {
    const float mu = q->mu ? q->mu[j] : 0;
    w[j] = mu + (float)bbb_softplus((double)q->rho[j]) * eps[j];
  }
}

double bbb_posterior_log_density(const bbb_posterior *q, const float *eps) {
  double sum = 0;
  for (size_t j = 0; j < q->P; j++) {
    const double e = (double)eps[j];
    sum -= log_softplus((double)q->rho[j]) + 0.5 * e * e;
  }
  return sum - bbb_half_log_2pi * (double)q->P;
}

void bbb_posterior_chain(const bbb_posterior *q, double kl_weight,
                         float *g_rho) {
  for (size_t j = 0; j < q->P; j++) {
    const double rho = (double)q->rho[j];
    g_rho[j] = (float)((double)g_rho[j] * softplus_slope(rho) -
                       kl_weight * log_softplus_slope(rho));
  }
}
