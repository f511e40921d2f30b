/* likelihood_continuous.c: outcomes on the whole line. */
#include "family.h"

#include <math.h>

/* ---- gaussian ---- */

enum { LOG_NOISE, PRECISION };

static void gaussian_prepare(const bbb_likelihood *lik, const float *aux,
                             double *of) {
  (void)lik;
  of[LOG_NOISE] = (double)aux[0];
  of[PRECISION] = exp(-2 * of[LOG_NOISE]);
}

/* -log noise - (y - eta)^2 / (2 noise^2) */
static double gaussian_log_density(bbb_observation *o) {
  const double residual = bbb_y_at(o, 0) - bbb_eta_at(o, 0);
  const double square = residual * residual * o->of[PRECISION];
  if (o->d_eta) {
    bbb_set_d_eta(o, 0, -residual * o->of[PRECISION]);
    bbb_add_d_aux(o, 0, 1 - square);
  }
  return -(bbb_half_log_2pi + o->of[LOG_NOISE] + 0.5 * square);
}

static void gaussian_moments(const bbb_observation *o, double *mean,
                             double *variance) {
  *mean = bbb_eta_at(o, 0);
  *variance = 1 / o->of[PRECISION];
}

static double gaussian_below(const bbb_observation *o, double value) {
  return bbb_normal_below((value - bbb_eta_at(o, 0)) * sqrt(o->of[PRECISION]));
}

static double gaussian_unit(const bbb_observation *o) {
  return exp(o->of[LOG_NOISE]);
}

static void gaussian_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = -bbb_half_log_2pi - o->of[LOG_NOISE];
  t->center = bbb_y_at(o, 0);
  t->slope = exp(-o->of[LOG_NOISE]);
}

const bbb_family_row bbb_family_gaussian = {
  .name = "gaussian",
  .rows = BBB_ROWS_GAUSSIAN,
  .outputs = 1,
  .columns = 1,
  .auxiliaries = 1,
  .least = {-BBB_MOST_LOG_NOISE},
  .most = {BBB_MOST_LOG_NOISE},
  .prepare = gaussian_prepare,
  .log_density = gaussian_log_density,
  .form = BBB_FORM_SQUARE,
  .terms = gaussian_terms,
  .moments = gaussian_moments,
  .below = gaussian_below,
  .unit = gaussian_unit,
  .normal = 1,
};

/* ---- gaussian with a noise level of its own for each row ---- */

/* The second output is held like a learned noise level. */
static double log_noise_of(const bbb_observation *o) {
  const double log_noise = bbb_eta_at(o, 1), most = (double)BBB_MOST_LOG_NOISE;
  return log_noise > most ? most : log_noise < -most ? -most : log_noise;
}

/* Where the second output is held, only a gradient that leads back counts. */
static double hetero_log_density(bbb_observation *o) {
  const double log_noise = log_noise_of(o);
  const double residual = bbb_y_at(o, 0) - bbb_eta_at(o, 0);
  const double precision = exp(-2 * log_noise);
  const double square = residual * residual * precision;
  if (o->d_eta) {
    const double beyond = bbb_eta_at(o, 1) - log_noise;
    const double d = 1 - square;
    bbb_set_d_eta(o, 0, -residual * precision);
    bbb_set_d_eta(o, 1, beyond * d < 0 ? 0 : d);
  }
  return -(bbb_half_log_2pi + log_noise + 0.5 * square);
}

static void hetero_moments(const bbb_observation *o, double *mean,
                           double *variance) {
  *mean = bbb_eta_at(o, 0);
  *variance = exp(2 * log_noise_of(o));
}

static double hetero_below(const bbb_observation *o, double value) {
  return bbb_normal_below((value - bbb_eta_at(o, 0)) * exp(-log_noise_of(o)));
}

static double hetero_unit(const bbb_observation *o) {
  return exp(log_noise_of(o));
}

static void hetero_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = -bbb_half_log_2pi;
  t->center = bbb_y_at(o, 0);
  t->slope = 1;
}

const bbb_family_row bbb_family_gaussian_hetero = {
  .name = "gaussian_hetero",
  .rows = BBB_ROWS_HETERO,
  .outputs = 2,
  .columns = 1,
  .log_density = hetero_log_density,
  .form = BBB_FORM_HETERO,
  .terms = hetero_terms,
  .moments = hetero_moments,
  .below = hetero_below,
  .unit = hetero_unit,
  .normal = 1,
};

/* ---- student_t ---- */

enum { T_SCALE, T_LOG_SCALE, T_DF, T_CONSTANT, T_SLOPE };

/* T_SLOPE: the derivative of T_CONSTANT in df */
static void t_prepare(const bbb_likelihood *lik, const float *aux, double *of) {
  const double df = 2 + exp((double)aux[1]);
  (void)lik;
  of[T_LOG_SCALE] = (double)aux[0];
  of[T_SCALE] = exp(of[T_LOG_SCALE]);
  of[T_DF] = df;
  of[T_CONSTANT] = bbb_log_gamma(0.5 * (df + 1)) - bbb_log_gamma(0.5 * df) -
                   0.5 * log(df) - 0.57236494292470008707; /* log(pi) / 2 */
  of[T_SLOPE] =
    0.5 * (bbb_digamma(0.5 * (df + 1)) - bbb_digamma(0.5 * df) - 1 / df);
}

static double t_log_density(bbb_observation *o) {
  const double df = o->of[T_DF];
  const double z = (bbb_y_at(o, 0) - bbb_eta_at(o, 0)) / o->of[T_SCALE];
  const double log_1 = log1p(z * z / df);
  if (o->d_eta) {
    const double pull = (df + 1) * z / (df + z * z);
    const double d_df = o->of[T_SLOPE] - 0.5 * log_1 + 0.5 * z * pull / df;
    bbb_set_d_eta(o, 0, -pull / o->of[T_SCALE]);
    bbb_add_d_aux(o, 0, 1 - z * pull);
    bbb_add_d_aux(o, 1, -d_df * (df - 2));
  }
  return o->of[T_CONSTANT] - o->of[T_LOG_SCALE] - 0.5 * (df + 1) * log_1;
}

static void t_moments(const bbb_observation *o, double *mean,
                      double *variance) {
  const double df = o->of[T_DF];
  *mean = bbb_eta_at(o, 0);
  *variance = o->of[T_SCALE] * o->of[T_SCALE] * df / (df - 2);
}

static double t_below(const bbb_observation *o, double value) {
  return bbb_t_below(o->of[T_DF], (value - bbb_eta_at(o, 0)) / o->of[T_SCALE]);
}

static double t_unit(const bbb_observation *o) { return o->of[T_SCALE]; }

static void t_terms(const bbb_observation *o, bbb_form_terms *t) {
  t->constant = o->of[T_CONSTANT] - o->of[T_LOG_SCALE];
  t->center = bbb_y_at(o, 0);
  t->slope = 1 / (o->of[T_SCALE] * sqrt(o->of[T_DF]));
  t->n = 0.5 * (o->of[T_DF] + 1);
}

/* df from 2.01 to 1002 */
const bbb_family_row bbb_family_student_t = {
  .name = "student_t",
  .outputs = 1,
  .columns = 1,
  .auxiliaries = 2,
  .least = {-BBB_MOST_LOG_NOISE, -4.6f},
  .most = {BBB_MOST_LOG_NOISE, BBB_MOST_LOG_NOISE},
  .prepare = t_prepare,
  .log_density = t_log_density,
  .form = BBB_FORM_LOG,
  .terms = t_terms,
  .moments = t_moments,
  .below = t_below,
  .unit = t_unit,
};
