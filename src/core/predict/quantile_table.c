/* quantile_table.c: quantiles of mixtures by tables of the distribution
 * function, or, of normal distributions, by the kernel. */
#include "bbb.h"

#include <math.h>

/* The mixture at a value, where z of draw s is (value - eta[s]) inverse[s] */
typedef struct {
  const bbb_outcomes *of;
  const double *inverse;
  const bbb_normals *normals;  /* or NULL */
  double center, spread, unit; /* of the draws' eta; the least unit */
} mixture;

static bbb_cdf_at look(const mixture *m, double value) {
  const bbb_outcomes *of = m->of;
  const size_t each = of->S / of->F;
  bbb_cdf_at sum = {0, 0, 0};
  if (m->normals) {
    double sums[3];
    of->kernels->normal_mixture(m->normals, value, sums);
    const double S = (double)of->S;
    sum = (bbb_cdf_at){sums[0] / S, sums[1] / S, sums[2] / S};
    return sum;
  }
  for (size_t f = 0; f < of->F; f++) {
    for (size_t s = f * each; s < (f + 1) * each; s++) {
      const double by = m->inverse[s];
      const bbb_cdf_at at =
        bbb_cdf_look(of->table + f, (value - (double)of->eta[s]) * by);
      sum.below += at.below;
      sum.density += at.density * by;
      sum.slope += at.slope * by * by;
    }
  }
  sum.below /= (double)of->S;
  sum.density /= (double)of->S;
  sum.slope /= (double)of->S;
  return sum;
}

static mixture mixture_of(const bbb_outcomes *of) {
  mixture m = {of, of->room, NULL, 0, 0, INFINITY};
  const size_t each = of->S / of->F;
  double most = 0, squares = 0;
  for (size_t f = 0; f < of->F; f++) {
    const bbb_given all = {of->eta, of->S, 0, of->theta[f].aux};
    bbb_given part = bbb_likelihood_outcome(of->lik, &all, of->outcome);
    part.eta = of->eta + f * each;
    bbb_cdf_units(of->lik, &part, each, of->room + f * each);
  }
  for (size_t s = 0; s < of->S; s++) m.center += (double)of->eta[s];
  m.center /= (double)of->S;
  for (size_t s = 0; s < of->S; s++) {
    const double off = (double)of->eta[s] - m.center;
    squares += off * off;
    if (m.inverse[s] > most) most = m.inverse[s];
  }
  m.spread = sqrt(squares / (double)of->S);
  m.unit = 1 / most;
  return m;
}

/* For the kernel */
static bbb_normals normals_of(const bbb_outcomes *of) {
  float *inverse = (float *)(of->room + of->S);
  const bbb_normals normals = {of->S, of->eta, inverse};
  for (size_t s = 0; s < of->S; s++) inverse[s] = (float)of->room[s];
  return normals;
}

/* Where the first table's F is prob, roughly: it starts from here. */
static double standard_quantile(const bbb_cdf_table *table, double prob) {
  double low = -250, high = 250;
  for (int i = 0; i < 20; i++) {
    const double mid = 0.5 * (low + high);
    if (bbb_cdf_look(table, mid).below < prob)
      low = mid;
    else
      high = mid;
  }
  return 0.5 * (low + high);
}

/* Halley's method, whose error is as the cube of a step; kept within a bracket
 * that each step narrows, and halving it where steps lead out or are many. */
static double by_table(const mixture *m, double prob) {
  const double middle = standard_quantile(m->of->table, 0.5);
  const double off = standard_quantile(m->of->table, prob) - middle;
  const double size = sqrt(m->spread * m->spread + m->unit * m->unit);
  double q = m->center + m->unit * middle + size * off;
  double low = -INFINITY, high = INFINITY, far = size;
  for (int i = 0; i < 200 && !(high - low < 1e-9 * m->unit); i++) {
    const bbb_cdf_at at = look(m, q);
    const double excess = at.below - prob, newton = excess / at.density;
    const double bend = 1 - 0.5 * newton * at.slope / at.density;
    const double step = -newton / (bend > 0.5 ? bend < 2 ? bend : 2 : 0.5);
    if (excess < 0)
      low = q;
    else
      high = q;
    if (fabs(step) < 2e-3 * m->unit) return q + step;
    if (m->of->stop && m->of->stop(m->of->ctx)) return q;
    q += step;
    if (fabs(step) < 8 * size && q > low && q < high && i % 16 < 15) continue;
    if (high - low < INFINITY) {
      q = low + 0.5 * (high - low);
    } else {
      q = excess < 0 ? low + far : high - far;
      far *= 2;
    }
  }
  return q;
}

void bbb_quantile_table(const bbb_outcomes *of, size_t Q, const double *probs,
                        double *value) {
  const int normal =
    of->kernels && of->kernels->normal_mixture && bbb_cdf_is_normal(of->lik);
  mixture m = mixture_of(of);
  const bbb_normals normals = normals_of(of);
  m.normals = normal ? &normals : NULL;
  for (size_t q = 0; q < Q; q++) {
    value[q] = of->offset + by_table(&m, probs[q]);
  }
}
