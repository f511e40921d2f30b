/* prior.c: independent priors. The mixture of equation 7 is a mixture for each
 * weight, by log-sum-exp: with sd2 = exp(-8) the densities of its two parts
 * differ by more than a double's range long before their logarithms do. */
#include "bbb.h"

#include <math.h>

static const double half_log_2pi = 0.91893853320467274178;

/* The two parts of equation 7 at w: log(share * density) + log(2 pi) / 2. */
typedef struct {
  double wide, narrow;
} parts;

static parts parts_at(const bbb_prior *prior, double w) {
  const double u1 = w / prior->sd1, u2 = w / prior->sd2;
  parts at;
  at.wide = log(prior->pi / prior->sd1) - 0.5 * u1 * u1;
  at.narrow = log((1 - prior->pi) / prior->sd2) - 0.5 * u2 * u2;
  return at;
}

static double mixture_log_density(const bbb_prior *prior, double w) {
  const parts at = parts_at(prior, w);
  const double more = fmax(at.wide, at.narrow);
  return more + log1p(exp(-fabs(at.wide - at.narrow))) - half_log_2pi;
}

/* The gradient of -log P: w times the mean precision, each part weighted with
 * its share in the density at w. */
static double mixture_d_w(const bbb_prior *prior, double w) {
  const parts at = parts_at(prior, w);
  const double e = exp(-fabs(at.wide - at.narrow));
  const double wide = (at.wide >= at.narrow ? 1 : e) / (1 + e);
  const double narrow = (at.wide >= at.narrow ? e : 1) / (1 + e);
  return w * (wide / (prior->sd1 * prior->sd1) +
              narrow / (prior->sd2 * prior->sd2));
}

static double normal_log_density(const bbb_prior *prior, double w) {
  const double u = w / prior->sd1;
  return -half_log_2pi - log(prior->sd1) - 0.5 * u * u;
}

static double normal_d_w(const bbb_prior *prior, double w) {
  return w / (prior->sd1 * prior->sd1);
}

typedef struct {
  double (*log_density)(const bbb_prior *prior, double w);
  double (*d_w)(const bbb_prior *prior, double w);
} row;

static const row table[] = {
  [BBB_PRIOR_NORMAL] = {normal_log_density, normal_d_w},
  [BBB_PRIOR_MIXTURE] = {mixture_log_density, mixture_d_w},
};

bbb_prior_at bbb_prior_begin(const bbb_prior *prior) {
  const double sd1 = prior->sd1, sd2 = prior->sd2;
  bbb_prior_at at = {.prior = prior, .each = -half_log_2pi};
  at.half_precision[0] = (float)(0.5 / (sd1 * sd1));
  at.mixed = prior->kind == BBB_PRIOR_MIXTURE;
  if (at.mixed) {
    at.log_share[0] = (float)log(prior->pi / sd1);
    at.log_share[1] = (float)log((1 - prior->pi) / sd2);
    at.half_precision[1] = (float)(0.5 / (sd2 * sd2));
  } else {
    at.each -= log(sd1);
  }
  return at;
}

double bbb_prior_log_density(const bbb_prior *prior, size_t P, const float *w) {
  const row *kind = &table[prior->kind];
  double sum = 0;
  for (size_t j = 0; j < P; j++) sum += kind->log_density(prior, (double)w[j]);
  return sum;
}

void bbb_prior_backward(const bbb_prior *prior, size_t P, double weight,
                        const float *w, float *d_w) {
  const row *kind = &table[prior->kind];
  for (size_t j = 0; j < P; j++) {
    d_w[j] += (float)(weight * kind->d_w(prior, (double)w[j]));
  }
}
