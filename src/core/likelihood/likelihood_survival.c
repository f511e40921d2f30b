/* likelihood_survival.c: times to an event, some of them censored on the right.
 * The columns of y are the time's log and whether the event was seen (1) or the
 * time censored (0): then the likelihood is that of a longer time. Accelerated
 * failure: log time = eta + scale W, z = (log time - eta) / scale. */
#include "family.h"

#include <math.h>

enum { SCALE, LOG_SCALE };

static void survival_prepare(const bbb_likelihood *lik, const float *aux,
                             double *of) {
  (void)lik;
  of[LOG_SCALE] = (double)aux[0];
  of[SCALE] = exp(of[LOG_SCALE]);
}

static double z_at(const bbb_observation *o, double log_time) {
  return (log_time - bbb_eta_at(o, 0)) / o->of[SCALE];
}

static double survival_unit(const bbb_observation *o) { return o->of[SCALE]; }

/* Given the log density in z and its derivative, those in time, eta and aux. */
static double finish(bbb_observation *o, double z, double log_density,
                     double slope) {
  const double event = bbb_y_at(o, 1);
  if (o->d_eta) {
    bbb_set_d_eta(o, 0, slope / o->of[SCALE]);
    bbb_add_d_aux(o, 0, event + z * slope);
  }
  return log_density - event * (o->of[LOG_SCALE] + bbb_y_at(o, 0));
}

/* u = z, a the event and, of a weibull, n = 1 */
static void survival_terms(const bbb_observation *o, bbb_form_terms *t) {
  const double event = bbb_y_at(o, 1);
  t->constant = -event * (o->of[LOG_SCALE] + bbb_y_at(o, 0));
  t->center = bbb_y_at(o, 0);
  t->slope = 1 / o->of[SCALE];
  t->a = event;
  t->n = 1;
}

/* ---- weibull: P(W > z) = exp(-exp(z)) ---- */

static double weibull_log_density(bbb_observation *o) {
  const double z = z_at(o, bbb_y_at(o, 0)), event = bbb_y_at(o, 1);
  const double hazard = bbb_exp_held(z);
  return finish(o, z, event * z - hazard, event - hazard);
}

static void weibull_moments(const bbb_observation *o, double *mean,
                            double *variance) {
  const double s = o->of[SCALE], at = exp(bbb_eta_at(o, 0));
  const double first = bbb_log_gamma(1 + s), second = bbb_log_gamma(1 + 2 * s);
  *mean = at * exp(first);
  *variance = *mean * *mean * expm1(second - 2 * first);
}

static double weibull_below(const bbb_observation *o, double value) {
  return -expm1(-exp(z_at(o, value)));
}

/* A scale from 1/100 to 100 */
const bbb_family_row bbb_family_weibull = {
  .name = "weibull",
  .outputs = 1,
  .auxiliaries = 1,
  .logged = 1,
  .columns = 2,
  .column = {BBB_COLUMN_NUMBER, BBB_COLUMN_FLAG},
  .least = {-4.6f},
  .most = {4.6f},
  .prepare = survival_prepare,
  .log_density = weibull_log_density,
  .form = BBB_FORM_EXP,
  .terms = survival_terms,
  .moments = weibull_moments,
  .below = weibull_below,
  .unit = survival_unit,
};

/* ---- loglogistic: P(W > z) = 1 / (1 + exp(z)) ---- */

static double loglogistic_log_density(bbb_observation *o) {
  const double z = z_at(o, bbb_y_at(o, 0)), event = bbb_y_at(o, 1);
  return finish(o, z, event * z - (1 + event) * bbb_softplus(z),
                event - (1 + event) * bbb_sigmoid(z));
}

/* E[exp(k s W)], which is infinite from k s = 1 on */
static double loglogistic_moment(double ks) {
  return ks < 1 ? bbb_pi * ks / sin(bbb_pi * ks) : INFINITY;
}

static void loglogistic_moments(const bbb_observation *o, double *mean,
                                double *variance) {
  const double s = o->of[SCALE], at = exp(bbb_eta_at(o, 0));
  const double first = loglogistic_moment(s),
               second = loglogistic_moment(2 * s);
  *mean = at * first;
  *variance = second < INFINITY ? at * at * (second - first * first) : INFINITY;
}

static double loglogistic_below(const bbb_observation *o, double value) {
  return bbb_sigmoid(z_at(o, value));
}

static void loglogistic_terms(const bbb_observation *o, bbb_form_terms *t) {
  survival_terms(o, t);
  t->n = 1 + t->a;
}

const bbb_family_row bbb_family_loglogistic = {
  .name = "loglogistic",
  .outputs = 1,
  .auxiliaries = 1,
  .logged = 1,
  .columns = 2,
  .column = {BBB_COLUMN_NUMBER, BBB_COLUMN_FLAG},
  .least = {-4.6f},
  .most = {4.6f},
  .prepare = survival_prepare,
  .log_density = loglogistic_log_density,
  .form = BBB_FORM_SOFTPLUS,
  .terms = loglogistic_terms,
  .moments = loglogistic_moments,
  .below = loglogistic_below,
  .unit = survival_unit,
};
