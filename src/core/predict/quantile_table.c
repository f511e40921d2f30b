/* quantile_table.c: quantiles of mixtures by tables of the distribution
 * function, or, of normal distributions, by the kernel. */
#include "bbb.h"

#include <math.h>

/* The mixture at a value, where z of draw s is (value - eta[s]) inverse[s] */
typedef struct {
  const bbb_outcomes *of;
  int normal;            /* by the kernel for normals */
  size_t units;          /* of a posterior: one, or one a draw */
  const double *inverse; /* (F, units) */
  const float *inverses; /* (S) as the kernel for normals takes them */
  double center, spread; /* of the draws' eta */
  double unit, usual;    /* the least unit, and a usual one */
} mixture;

static int has_kernels(const bbb_outcomes *of) {
  return of->kernels && of->kernels->table_mixture;
}

/* Of the draws s .. s + n - 1, under posterior f */
static bbb_cdf_at look_some(const mixture *m, size_t f, size_t n,
                            double value) {
  const bbb_outcomes *of = m->of;
  const float *eta = of->eta + f * n;
  const double *inverse = m->inverse + f * m->units;
  double sums[3];
  if (has_kernels(of) && m->units == 1 &&
      !of->kernels->table_mixture(of->table[f].quick, n, eta, inverse[0], value,
                                  sums)) {
    return (bbb_cdf_at){sums[0], sums[1], sums[2]};
  }
  bbb_cdf_at sum = {0, 0, 0};
  for (size_t s = 0; s < n; s++) {
    const double by = inverse[m->units > 1 ? s : 0];
    const bbb_cdf_at at =
      bbb_cdf_look(of->table + f, (value - (double)eta[s]) * by);
    sum.below += at.below;
    sum.density += at.density * by;
    sum.slope += at.slope * by * by;
  }
  return sum;
}

static bbb_cdf_at look(const mixture *m, double value) {
  const bbb_outcomes *of = m->of;
  const double S = (double)of->S;
  bbb_cdf_at sum = {0, 0, 0};
  if (m->normal) {
    const bbb_normals normals = {of->S, of->eta, m->inverses};
    double sums[3];
    of->kernels->normal_mixture(&normals, value, sums);
    sum = (bbb_cdf_at){sums[0], sums[1], sums[2]};
  } else {
    for (size_t f = 0; f < of->F; f++) {
      const bbb_cdf_at at = look_some(m, f, of->S / of->F, value);
      sum.below += at.below;
      sum.density += at.density;
      sum.slope += at.slope;
    }
  }
  return (bbb_cdf_at){sum.below / S, sum.density / S, sum.slope / S};
}

/* Units by the family's own function, an inverse for each draw where they are
 * an output, or else for each posterior; the least. */
static double units(const bbb_outcomes *of, size_t n, double *inverse) {
  const size_t each = of->S / of->F;
  double most = 0;
  for (size_t f = 0; f < of->F; f++) {
    const bbb_given all = {of->eta, of->S, 0, of->theta[f].aux};
    bbb_given part = bbb_likelihood_outcome(of->lik, &all, of->outcome);
    part.eta = of->eta + f * each;
    bbb_cdf_units(of->lik, &part, n, inverse + f * n);
  }
  for (size_t s = 0; s < of->F * n; s++) {
    if (inverse[s] > most) most = inverse[s];
  }
  return 1 / most;
}

/* Sums of S numbers and of their squares about the first, four at a time, which
 * need not wait for each other. */
static void sums_of(size_t S, const float *x, double *sum, double *squares) {
  double a[4] = {0, 0, 0, 0}, b[4] = {0, 0, 0, 0};
  for (size_t s = 0; s < S; s++) {
    const double off = (double)x[s] - (double)x[0];
    a[s % 4] += off;
    b[s % 4] += off * off;
  }
  *sum = (a[0] + a[1]) + (a[2] + a[3]);
  *squares = (b[0] + b[1]) + (b[2] + b[3]);
}

static void spread(const bbb_outcomes *of, double *mean, double *sd) {
  const double S = (double)of->S;
  double sum, squares;
  sums_of(of->S, of->eta, &sum, &squares);
  *mean = (double)of->eta[0] + sum / S;
  *sd = sqrt(fmax(0, squares / S - sum / S * (sum / S)));
}

static mixture mixture_of(const bbb_outcomes *of) {
  const size_t each = of->S / of->F;
  float *inverses = (float *)(of->room + of->S);
  mixture m = {of, 0, 1, of->room, inverses, 0, 0, 0, 0};
  m.normal = has_kernels(of) && bbb_cdf_is_normal(of->lik);
  if (bbb_likelihood_outputs(of->lik) > 1) m.units = each;
  spread(of, &m.center, &m.spread);
  if (m.normal && m.units > 1) {
    of->kernels->inverse_sds(of->S, of->eta + of->S, inverses);
    float most = 0, sum = 0;
    for (size_t s = 0; s < of->S; s++) {
      most = inverses[s] > most ? inverses[s] : most;
      sum += inverses[s];
    }
    m.unit = 1 / (double)most, m.usual = (double)of->S / (double)sum;
    return m;
  }
  m.unit = m.usual = units(of, m.units, of->room);
  for (size_t f = 0; m.normal && f < of->F; f++) {
    const float by = (float)of->room[f];
    for (size_t s = f * each; s < (f + 1) * each; s++) inverses[s] = by;
  }
  return m;
}

/* Near the quantile of the mixture. A variance v of the draws' eta moves the
 * quantile `start` of one draw's noise by -v / 2 times the slope of the log
 * density there, to second order (Cornish and Fisher 1938, Rev. Int. Stat.
 * Inst. 5). That slope is kept between 0 and a normal's: a first guess need not
 * be good where the spread is wide, but it must not be far off. */
static double first_guess(const mixture *m, double start) {
  const double middle = m->of->middle, off = start - middle;
  double part = 1;
  if (off != 0) {
    const bbb_cdf_at at = bbb_cdf_look(m->of->table, start);
    part = fmin(fmax(-at.slope / (at.density * off), 0), 1);
  }
  const double size = sqrt(m->usual * m->usual + part * m->spread * m->spread);
  return m->center + m->usual * middle + size * off;
}

/* Halley's method, whose error is as the cube of a step; kept within a bracket
 * that each step narrows, and halving it where steps lead out or are many. */
static double by_table(const mixture *m, double start, double prob) {
  const double size = sqrt(m->spread * m->spread + m->usual * m->usual);
  double q = first_guess(m, start);
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
                        const double *starts, double *value) {
  const mixture m = mixture_of(of);
  for (size_t q = 0; q < Q; q++) {
    value[q] = of->offset + by_table(&m, starts[q], probs[q]);
  }
}
