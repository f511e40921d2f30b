/* likelihood_classes.c: outcomes that are one of some classes. */
#include "likelihood.h"

#include <assert.h>
#include <math.h>

/* ---- binomial ---- */

/* log p for a 1 and log(1 - p) for a 0, which is -log(1 + exp(-+eta)) */
static double binomial_log_density(bbb_observation *o) {
  const double sign = bbb_y_at(o, 0) > 0 ? -1 : 1;
  const double against = sign * bbb_eta_at(o, 0);
  if (o->d_eta) bbb_set_d_eta(o, 0, sign * bbb_sigmoid(against));
  return -bbb_softplus(against);
}

static void binomial_moments(const bbb_observation *o, double *mean,
                             double *variance) {
  const double eta = bbb_eta_at(o, 0);
  *mean = bbb_sigmoid(eta);
  *variance = *mean * bbb_sigmoid(-eta);
}

const bbb_family_row bbb_family_binomial = {
  .outputs = 1,
  .columns = 1,
  .log_density = binomial_log_density,
  .moments = binomial_moments,
};

/* ---- categorical ---- */

/* log(sum exp eta), with the largest taken out so that none overflows */
static double log_sum_exp(const bbb_observation *o) {
  double most = bbb_eta_at(o, 0), sum = 0;
  for (size_t k = 1; k < o->K; k++) most = fmax(most, bbb_eta_at(o, k));
  for (size_t k = 0; k < o->K; k++) sum += exp(bbb_eta_at(o, k) - most);
  return most + log(sum);
}

/* eta[y] - log(sum exp eta): the true class's log probability */
static double categorical_log_density(bbb_observation *o) {
  const size_t y = (size_t)bbb_y_at(o, 0);
  const double total = log_sum_exp(o);
  assert(y < o->K);
  if (o->d_eta) {
    for (size_t k = 0; k < o->K; k++) {
      bbb_set_d_eta(o, k, exp(bbb_eta_at(o, k) - total) - (k == y));
    }
  }
  return bbb_eta_at(o, y) - total;
}

static void categorical_moments(const bbb_observation *o, double *mean,
                                double *variance) {
  const double total = log_sum_exp(o);
  for (size_t k = 0; k < o->K; k++) {
    mean[k] = exp(bbb_eta_at(o, k) - total);
    variance[k] = mean[k] * (1 - mean[k]);
  }
}

const bbb_family_row bbb_family_categorical = {
  .outputs = 0,
  .columns = 1,
  .log_density = categorical_log_density,
  .moments = categorical_moments,
};
