/* likelihood_classes.c: outcomes that are one of some classes. */
#include "family.h"

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
  const double eta = bbb_eta_at(o, 0), e = exp(-fabs(eta));
  const double larger = 1 / (1 + e), smaller = e / (1 + e);
  *mean = eta >= 0 ? larger : smaller;
  *variance = larger * smaller;
}

/* A 0 lies between 0 and 1 - p, a 1 between that and 1. */
static bbb_cdf binomial_cdf(const bbb_observation *o) {
  const double no = bbb_sigmoid(-bbb_eta_at(o, 0));
  const int yes = bbb_y_at(o, 0) > 0;
  const bbb_cdf at = {yes ? no : 0, yes ? 1 : no};
  return at;
}

static void binomial_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->slope = -1;
  t->a = bbb_y_at(o, 0) > 0;
  t->n = 1;
}

const bbb_family_row bbb_family_binomial = {
  .name = "binomial",
  .rows = BBB_ROWS_BINOMIAL,
  .outputs = 1,
  .columns = 1,
  .column = {BBB_COLUMN_CLASS},
  .log_density = binomial_log_density,
  .form = BBB_FORM_SOFTPLUS,
  .terms = binomial_terms,
  .moments = binomial_moments,
  .cdf = binomial_cdf,
};

/* ---- binomial, of more than one trial ---- */

static double log_choose(double n, double k) {
  return bbb_log_gamma(n + 1) - bbb_log_gamma(k + 1) - bbb_log_gamma(n - k + 1);
}

/* y successes in n trials */
static double trials_log_density(bbb_observation *o) {
  const double y = bbb_y_at(o, 0), n = bbb_y_at(o, 1);
  const double eta = bbb_eta_at(o, 0);
  if (o->d_eta) {
    bbb_set_d_eta(o, 0, (n - y) * bbb_sigmoid(eta) - y * bbb_sigmoid(-eta));
  }
  return log_choose(n, y) - y * bbb_softplus(-eta) -
         (n - y) * bbb_softplus(eta);
}

/* P(Y <= k) of n trials */
static double trials_below(const bbb_observation *o, double k) {
  const double n = bbb_y_at(o, 1);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return bbb_beta_below(n - k, k + 1, bbb_sigmoid(-bbb_eta_at(o, 0)));
}

static bbb_cdf trials_cdf(const bbb_observation *o) {
  const double y = bbb_y_at(o, 0);
  const bbb_cdf at = {trials_below(o, y - 1), trials_below(o, y)};
  return at;
}

static void trials_terms(const bbb_observation *o, bbb_form_terms *t) {
  const double y = bbb_y_at(o, 0), n = bbb_y_at(o, 1);
  t->constant = log_choose(n, y);
  t->slope = -1;
  t->a = y;
  t->n = n;
}

/* Of one trial */
const bbb_family_row bbb_family_trials = {
  .name = "trials",
  .outputs = 1,
  .columns = 2,
  .column = {BBB_COLUMN_COUNT, BBB_COLUMN_TRIALS},
  .log_density = trials_log_density,
  .form = BBB_FORM_SOFTPLUS,
  .terms = trials_terms,
  .moments = binomial_moments,
  .cdf = trials_cdf,
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
    const double p = exp(bbb_eta_at(o, k) - total);
    mean[k * o->N] = p;
    variance[k * o->N] = p * (1 - p);
  }
}

const bbb_family_row bbb_family_categorical = {
  .name = "categorical",
  .rows = BBB_ROWS_CATEGORICAL,
  .outputs = 0,
  .columns = 1,
  .column = {BBB_COLUMN_CLASS},
  .log_density = categorical_log_density,
  .moments = categorical_moments,
};

/* ---- ordinal ---- */

/* Where the increments of the cutpoints are kept, after the cutpoints. */
enum { INCREMENTS = BBB_MOST_AUXILIARIES };

static void ordinal_prepare(const bbb_likelihood *lik, const float *aux,
                            double *of) {
  of[0] = (double)aux[0];
  for (size_t j = 1; j + 1 < lik->levels; j++) {
    of[INCREMENTS + j] = exp((double)aux[j]);
    of[j] = of[j - 1] + of[INCREMENTS + j];
  }
}

/* log P(y = k) and its derivatives in cutpoints k - 1 and k, where there are
 * such. With a and b these less eta, and d their difference,
 *   s(b) - s(a) = s(b) s(-a) (1 - exp(-d)),  s the logistic function. */
typedef struct {
  double log_p, d_below, d_above;
} level;

static level level_at(const bbb_observation *o, size_t k, double eta) {
  const double a = k > 0 ? o->of[k - 1] - eta : 0;
  const double b = k + 1 < o->K ? o->of[k] - eta : 0;
  level at = {0, 0, 0};
  if (k > 0) {
    at.log_p -= bbb_softplus(a);
    at.d_below = -bbb_sigmoid(a);
  }
  if (k + 1 < o->K) {
    at.log_p -= bbb_softplus(-b);
    at.d_above = bbb_sigmoid(-b);
  }
  if (k > 0 && k + 1 < o->K) {
    const double d = o->of[INCREMENTS + k];
    at.log_p += log(-expm1(-d));
    at.d_below -= 1 / expm1(d);
    at.d_above += 1 / expm1(d);
  }
  return at;
}

/* A cutpoint is the first plus all increments up to it. */
static double ordinal_log_density(bbb_observation *o) {
  const size_t k = (size_t)bbb_y_at(o, 0);
  assert(k < o->K);
  const level at = level_at(o, k, bbb_eta_at(o, 0));
  if (o->d_eta) {
    const double both = at.d_below + at.d_above;
    bbb_set_d_eta(o, 0, both);
    bbb_add_d_aux(o, 0, -both);
    for (size_t j = 1; j < k; j++) {
      bbb_add_d_aux(o, j, -both * o->of[INCREMENTS + j]);
    }
    if (k > 0 && k + 1 < o->K) {
      bbb_add_d_aux(o, k, -at.d_above * o->of[INCREMENTS + k]);
    }
  }
  return at.log_p;
}

static void ordinal_moments(const bbb_observation *o, double *mean,
                            double *variance) {
  for (size_t k = 0; k < o->K; k++) {
    const double p = exp(level_at(o, k, bbb_eta_at(o, 0)).log_p);
    mean[k * o->N] = p;
    variance[k * o->N] = p * (1 - p);
  }
}

static bbb_cdf ordinal_cdf(const bbb_observation *o) {
  const size_t k = (size_t)bbb_y_at(o, 0);
  const double eta = bbb_eta_at(o, 0);
  const bbb_cdf at = {k > 0 ? bbb_sigmoid(o->of[k - 1] - eta) : 0,
                      k + 1 < o->K ? bbb_sigmoid(o->of[k] - eta) : 1};
  return at;
}

/* Cutpoints within 50 of 0, from 1/1000 to 100 apart. */
const bbb_family_row bbb_family_ordinal = {
  .name = "ordinal",
  .outputs = 1,
  .by_levels = 1,
  .columns = 1,
  .column = {BBB_COLUMN_CLASS},
  .least = {-50, -BBB_MOST_LOG_NOISE},
  .most = {50, 4.6f},
  .prepare = ordinal_prepare,
  .log_density = ordinal_log_density,
  .moments = ordinal_moments,
  .cdf = ordinal_cdf,
};
