/* likelihood_continuous.c: outcomes on the whole line. */
#include "likelihood.h"

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

const bbb_family_row bbb_family_gaussian = {
  .outputs = 1,
  .columns = 1,
  .auxiliaries = 1,
  .least = {-BBB_MOST_LOG_NOISE},
  .most = {BBB_MOST_LOG_NOISE},
  .prepare = gaussian_prepare,
  .log_density = gaussian_log_density,
  .moments = gaussian_moments,
};
