/* likelihood_positive.c: outcomes above 0. The column of y is the outcome's
 * log, of which a float holds any; densities, means and variances are the
 * outcome's own. */
#include "family.h"

#include <math.h>

static double log_ratio(const bbb_observation *o) {
  return bbb_y_at(o, 0) - bbb_eta_at(o, 0);
}

/* ---- gamma ---- */

enum { SHAPE, CONSTANT, SLOPE };

static void gamma_prepare(const bbb_likelihood *lik, const float *aux,
                          double *of) {
  const double log_shape = (double)aux[0], shape = exp(log_shape);
  (void)lik;
  of[SHAPE] = shape;
  of[CONSTANT] = shape * log_shape - bbb_log_gamma(shape);
  of[SLOPE] = log_shape + 1 - bbb_digamma(shape);
}

static double gamma_log_density(bbb_observation *o) {
  const double shape = o->of[SHAPE], u = log_ratio(o);
  const double ratio = bbb_exp_held(u);
  if (o->d_eta) {
    bbb_set_d_eta(o, 0, shape * (1 - ratio));
    bbb_add_d_aux(o, 0, -shape * (o->of[SLOPE] + u - ratio));
  }
  return o->of[CONSTANT] + shape * (u - ratio) - bbb_y_at(o, 0);
}

static void gamma_moments(const bbb_observation *o, double *mean,
                          double *variance) {
  *mean = bbb_exp_held(bbb_eta_at(o, 0));
  *variance = *mean * *mean / o->of[SHAPE];
}

static double gamma_below(const bbb_observation *o, double value) {
  const double shape = o->of[SHAPE];
  return bbb_gamma_below(shape, shape * exp(value - bbb_eta_at(o, 0)));
}

/* About the sd of the log, at large shapes */
static double gamma_unit(const bbb_observation *o) {
  return 1 / sqrt(o->of[SHAPE]);
}

static void gamma_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = o->of[CONSTANT] - bbb_y_at(o, 0);
  t->center = bbb_y_at(o, 0);
  t->slope = 1;
  t->a = t->n = o->of[SHAPE];
}

/* A shape from 1/100 to 10000 */
const bbb_family_row bbb_family_gamma = {
  .name = "gamma",
  .outputs = 1,
  .auxiliaries = 1,
  .logged = 1,
  .columns = 1,
  .least = {-4.6f},
  .most = {9.2f},
  .prepare = gamma_prepare,
  .log_density = gamma_log_density,
  .form = BBB_FORM_EXP,
  .terms = gamma_terms,
  .moments = gamma_moments,
  .below = gamma_below,
  .unit = gamma_unit,
};

/* ---- lognormal ---- */

enum { LOG_SD, SD };

static void lognormal_prepare(const bbb_likelihood *lik, const float *aux,
                              double *of) {
  (void)lik;
  of[LOG_SD] = (double)aux[0];
  of[SD] = exp(of[LOG_SD]);
}

static double lognormal_log_density(bbb_observation *o) {
  const double z = log_ratio(o) / o->of[SD];
  if (o->d_eta) {
    bbb_set_d_eta(o, 0, -z / o->of[SD]);
    bbb_add_d_aux(o, 0, 1 - z * z);
  }
  return -bbb_half_log_2pi - o->of[LOG_SD] - 0.5 * z * z - bbb_y_at(o, 0);
}

static void lognormal_moments(const bbb_observation *o, double *mean,
                              double *variance) {
  const double square = o->of[SD] * o->of[SD];
  *mean = exp(bbb_eta_at(o, 0) + 0.5 * square);
  *variance = *mean * *mean * expm1(square);
}

static double lognormal_below(const bbb_observation *o, double value) {
  return bbb_normal_below((value - bbb_eta_at(o, 0)) / o->of[SD]);
}

static double lognormal_unit(const bbb_observation *o) { return o->of[SD]; }

static void lognormal_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = -bbb_half_log_2pi - o->of[LOG_SD] - bbb_y_at(o, 0);
  t->center = bbb_y_at(o, 0);
  t->slope = 1 / o->of[SD];
}

const bbb_family_row bbb_family_lognormal = {
  .name = "lognormal",
  .outputs = 1,
  .auxiliaries = 1,
  .logged = 1,
  .columns = 1,
  .least = {-BBB_MOST_LOG_NOISE},
  .most = {BBB_MOST_LOG_NOISE},
  .prepare = lognormal_prepare,
  .log_density = lognormal_log_density,
  .form = BBB_FORM_SQUARE,
  .terms = lognormal_terms,
  .moments = lognormal_moments,
  .below = lognormal_below,
  .unit = lognormal_unit,
  .normal = 1,
};
