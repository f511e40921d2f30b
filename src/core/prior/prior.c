/* prior.c: independent priors, one table row each: the density of u = w /
 * scale, a product of two at most. The mixture of equation 7 is a mixture for
 * each weight, by log-sum-exp: with sd2 = exp(-8) the densities of its two
 * parts differ by more than a double's range long before their logarithms do.
 */
#include "bbb.h"

#include <math.h>

/* The two parts of equation 7 at u: log(share * density) + log(2 pi) / 2. */
typedef struct {
  double wide, narrow;
} parts;

static parts parts_at(const bbb_prior *prior, double u) {
  const double u1 = u / prior->sd1, u2 = u / prior->sd2;
  parts at;
  at.wide = log(prior->pi / prior->sd1) - 0.5 * u1 * u1;
  at.narrow = log((1 - prior->pi) / prior->sd2) - 0.5 * u2 * u2;
  return at;
}

static double mixture_log_density(const bbb_prior *prior, double u) {
  const parts at = parts_at(prior, u);
  const double more = fmax(at.wide, at.narrow);
  return more + log1p(exp(-fabs(at.wide - at.narrow))) - bbb_half_log_2pi;
}

/* The gradient of -log P: u times the mean precision, each part weighted with
 * its share in the density at u. */
static double mixture_d_u(const bbb_prior *prior, double u) {
  const parts at = parts_at(prior, u);
  const double e = exp(-fabs(at.wide - at.narrow));
  const double wide = (at.wide >= at.narrow ? 1 : e) / (1 + e);
  const double narrow = (at.wide >= at.narrow ? e : 1) / (1 + e);
  return u * (wide / (prior->sd1 * prior->sd1) +
              narrow / (prior->sd2 * prior->sd2));
}

static double normal_log_density(const bbb_prior *prior, double u) {
  const double z = u / prior->sd1;
  return -bbb_half_log_2pi - log(prior->sd1) - 0.5 * z * z;
}

static double normal_d_u(const bbb_prior *prior, double u) {
  return u / (prior->sd1 * prior->sd1);
}

static double laplace_log_density(const bbb_prior *prior, double u) {
  return -log(2 * prior->sd1) - fabs(u) / prior->sd1;
}

static double laplace_d_u(const bbb_prior *prior, double u) {
  return u > 0 ? 1 / prior->sd1 : u < 0 ? -1 / prior->sd1 : 0;
}

/* log of the constant of a t density with scale sd1 */
static double student_constant(const bbb_prior *prior) {
  const double df = prior->df, log_pi = 1.1447298858494002;
  return bbb_log_gamma((df + 1) / 2) - bbb_log_gamma(df / 2) -
         0.5 * (log(df) + log_pi) - log(prior->sd1);
}

static double student_log_density(const bbb_prior *prior, double u) {
  const double z = u / prior->sd1, df = prior->df;
  return student_constant(prior) - (df + 1) / 2 * log1p(z * z / df);
}

static double student_d_u(const bbb_prior *prior, double u) {
  const double df = prior->df, sd = prior->sd1;
  return (df + 1) * u / (df * sd * sd + u * u);
}

/* ---- constants of the kernels ---- */

static void normal_begin(const bbb_prior *prior, bbb_prior_at *at) {
  at->half_precision[0] = (float)(0.5 / (prior->sd1 * prior->sd1));
  at->each = -bbb_half_log_2pi - log(prior->sd1);
}

static void mixture_begin(const bbb_prior *prior, bbb_prior_at *at) {
  const double sd1 = prior->sd1, sd2 = prior->sd2;
  at->log_share[0] = (float)log(prior->pi / sd1);
  at->log_share[1] = (float)log((1 - prior->pi) / sd2);
  at->half_precision[0] = (float)(0.5 / (sd1 * sd1));
  at->half_precision[1] = (float)(0.5 / (sd2 * sd2));
  at->each = -bbb_half_log_2pi;
}

static void laplace_begin(const bbb_prior *prior, bbb_prior_at *at) {
  at->half_precision[0] = (float)(1 / prior->sd1);
  at->each = -log(2 * prior->sd1);
}

static void student_begin(const bbb_prior *prior, bbb_prior_at *at) {
  const double sd = prior->sd1, df = prior->df;
  at->log_share[0] = (float)((df + 1) / 2);
  at->half_precision[0] = (float)(1 / (df * sd * sd));
  at->each = student_constant(prior);
}

/* ---- the kinds ---- */

typedef struct {
  const char *name;
  double (*log_density)(const bbb_prior *prior, double u);
  double (*d_u)(const bbb_prior *prior, double u);
  void (*begin)(const bbb_prior *prior, bbb_prior_at *at);
} row;

static const row table[BBB_PRIORS] = {
  [BBB_PRIOR_NORMAL] = {"normal", normal_log_density, normal_d_u, normal_begin},
  [BBB_PRIOR_MIXTURE] = {"mixture", mixture_log_density, mixture_d_u,
                         mixture_begin},
  [BBB_PRIOR_LAPLACE] = {"laplace", laplace_log_density, laplace_d_u,
                         laplace_begin},
  [BBB_PRIOR_STUDENT] = {"student", student_log_density, student_d_u,
                         student_begin},
};

const char *bbb_prior_name(int kind) {
  return kind < BBB_PRIORS ? table[kind].name : NULL;
}

bbb_prior_at bbb_prior_begin(const bbb_prior *prior) {
  bbb_prior_at at = {prior, {0, 0}, {0, 0}, 0};
  table[prior->kind].begin(prior, &at);
  return at;
}

bbb_place bbb_place_from(const bbb_place *place, size_t j) {
  const bbb_place from = {place->narrow ? place->narrow + j : NULL,
                          place->center ? place->center + j : NULL};
  return from;
}

static double narrow_at(const bbb_place *place, size_t j) {
  return place->narrow ? (double)place->narrow[j] : 1;
}

static double from_center(const bbb_place *place, size_t j, float w) {
  return (double)w - (place->center ? (double)place->center[j] : 0);
}

double bbb_prior_log_density(const bbb_prior *prior, size_t P,
                             const bbb_place *place, const float *w) {
  const row *kind = &table[prior->kind];
  double sum = 0;
  for (size_t j = 0; j < P; j++) {
    const double n = narrow_at(place, j);
    sum += kind->log_density(prior, n * from_center(place, j, w[j])) + log(n);
  }
  return sum;
}

void bbb_prior_backward(const bbb_prior *prior, size_t P, double weight,
                        const bbb_place *place, const float *w, float *d_w) {
  const row *kind = &table[prior->kind];
  for (size_t j = 0; j < P; j++) {
    const double n = narrow_at(place, j);
    d_w[j] +=
      (float)(weight * n * kind->d_u(prior, n * from_center(place, j, w[j])));
  }
}

double bbb_prior_expected(const bbb_prior *prior, const bbb_posterior *q,
                          const bbb_place *place) {
  double sum = 0;
  for (size_t j = 0; j < q->P; j++) {
    const double n = narrow_at(place, j) / prior->sd1;
    const double mu = from_center(place, j, q->mu[j]);
    const double sigma = bbb_softplus((double)q->rho[j]);
    sum += log(n) - bbb_half_log_2pi - 0.5 * n * n * (mu * mu + sigma * sigma);
  }
  return sum;
}

void bbb_prior_expected_backward(const bbb_prior *prior, const bbb_posterior *q,
                                 double weight, const bbb_place *place,
                                 float *d_mu, float *d_sigma) {
  for (size_t j = 0; j < q->P; j++) {
    const double n = narrow_at(place, j) / prior->sd1;
    const double mu = d_mu ? from_center(place, j, q->mu[j]) : 0;
    if (d_mu) d_mu[j] += (float)(weight * n * n * mu);
    if (!d_sigma) continue;
    d_sigma[j] += (float)(weight * n * n * bbb_softplus((double)q->rho[j]));
  }
}
