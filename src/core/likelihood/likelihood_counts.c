/* likelihood_counts.c: outcomes that are whole numbers from 0 on, log link. */
#include "family.h"

#include <math.h>

/* ---- poisson ---- */

static double poisson_log_density(bbb_observation *o) {
  const double y = bbb_y_at(o, 0), eta = bbb_eta_at(o, 0);
  const double mean = bbb_exp_held(eta);
  if (o->d_eta) bbb_set_d_eta(o, 0, mean - y);
  return y * eta - mean - bbb_log_gamma(y + 1);
}

static void poisson_moments(const bbb_observation *o, double *mean,
                            double *variance) {
  *mean = *variance = bbb_exp_held(bbb_eta_at(o, 0));
}

static double poisson_below(const bbb_observation *o, double value) {
  if (value < 0) return 0;
  return bbb_gamma_above(floor(value) + 1, bbb_exp_held(bbb_eta_at(o, 0)));
}

static double no_size(const float *aux) {
  (void)aux;
  return 1;
}

static double poisson_factor(double size, double k) {
  (void)size;
  return 1 / (k + 1);
}

static void poisson_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = -bbb_log_gamma(bbb_y_at(o, 0) + 1);
  t->slope = -1;
  t->a = bbb_y_at(o, 0);
  t->n = 1;
}

const bbb_family_row bbb_family_poisson = {
  .name = "poisson",
  .outputs = 1,
  .counts = 1,
  .columns = 1,
  .column = {BBB_COLUMN_COUNT},
  .log_density = poisson_log_density,
  .form = BBB_FORM_EXP,
  .terms = poisson_terms,
  .moments = poisson_moments,
  .below = poisson_below,
  .size = no_size,
  .factor = poisson_factor,
};

/* ---- negbinomial ---- */

enum { SIZE, LOG_SIZE, LOG_GAMMA, DIGAMMA };

static void negbinomial_prepare(const bbb_likelihood *lik, const float *aux,
                                double *of) {
  (void)lik;
  of[LOG_SIZE] = -(double)aux[0];
  of[SIZE] = exp(of[LOG_SIZE]);
  of[LOG_GAMMA] = bbb_log_gamma(of[SIZE]);
  of[DIGAMMA] = bbb_digamma(of[SIZE]);
}

/* With size r and mean m: log(r + m) = log r + log(1 + exp(eta - log r)). */
static double negbinomial_log_density(bbb_observation *o) {
  const double y = bbb_y_at(o, 0), r = o->of[SIZE];
  const double odds = bbb_eta_at(o, 0) - o->of[LOG_SIZE];
  const double more = bbb_softplus(odds), share = bbb_sigmoid(odds);
  if (o->d_eta) {
    const double psi = bbb_digamma(y + r) - o->of[DIGAMMA];
    const double d_eta = r * share - y * (1 - share);
    bbb_set_d_eta(o, 0, d_eta);
    bbb_add_d_aux(o, 0, r * (psi - more) + d_eta);
  }
  return bbb_log_gamma(y + r) - o->of[LOG_GAMMA] - bbb_log_gamma(y + 1) -
         r * more - y * (more - odds);
}

static void negbinomial_moments(const bbb_observation *o, double *mean,
                                double *variance) {
  *mean = bbb_exp_held(bbb_eta_at(o, 0));
  *variance = *mean + *mean * *mean / o->of[SIZE];
}

/* The log odds of the mean as moments tell it, which is held */
static double odds_held(const bbb_observation *o) {
  return fmin(bbb_eta_at(o, 0), BBB_EXP_MOST) - o->of[LOG_SIZE];
}

static double negbinomial_below(const bbb_observation *o, double value) {
  const double odds = odds_held(o);
  if (value < 0) return 0;
  return bbb_beta_below(o->of[SIZE], floor(value) + 1, bbb_sigmoid(-odds));
}

static double size_of(const float *aux) { return exp(-(double)aux[0]); }

static double negbinomial_factor(double size, double k) {
  return (k + size) / (k + 1);
}

static void negbinomial_terms(const bbb_observation *o, bbb_form_terms *t) {
  const double y = bbb_y_at(o, 0), r = o->of[SIZE];
  t->constant = bbb_log_gamma(y + r) - o->of[LOG_GAMMA] - bbb_log_gamma(y + 1);
  t->center = o->of[LOG_SIZE];
  t->slope = -1;
  t->a = y;
  t->n = y + r;
}

/* A dispersion from 1/10000 to 1000 */
const bbb_family_row bbb_family_negbinomial = {
  .name = "negbinomial",
  .outputs = 1,
  .auxiliaries = 1,
  .counts = 1,
  .columns = 1,
  .column = {BBB_COLUMN_COUNT},
  .least = {-9.2f},
  .most = {BBB_MOST_LOG_NOISE},
  .prepare = negbinomial_prepare,
  .log_density = negbinomial_log_density,
  .form = BBB_FORM_SOFTPLUS,
  .terms = negbinomial_terms,
  .moments = negbinomial_moments,
  .below = negbinomial_below,
  .size = size_of,
  .factor = negbinomial_factor,
};
