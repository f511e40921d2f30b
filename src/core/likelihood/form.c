/* form.c: log densities as functions of one number, in plain C. */
#include "family.h"

#include <math.h>

bbb_form bbb_form_of(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->form;
}

bbb_form_rows bbb_form_rows_at(const double *rows, size_t N) {
  const bbb_form_rows at = {rows, rows + N, rows + 2 * N, rows + 3 * N,
                            rows + 4 * N};
  return at;
}

void bbb_form_fill(const bbb_likelihood *lik, const bbb_batch *batch, size_t j,
                   const float *aux, double *rows) {
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_given given = {NULL, 0, 0, aux};
  const size_t N = batch->N;
  double of[BBB_MOST_CONSTANTS];
  bbb_observation o = bbb_family_outcome(lik, j, &given, of);
  o.y = batch->y + j * row->columns * batch->apart;
  o.apart = batch->apart;
  for (size_t i = 0; i < N; i++, o.y++) {
    bbb_form_terms t = {0, 0, 0, 0, 0};
    row->terms(&o, &t);
    if (j == 0 && batch->offset) t.center -= (double)batch->offset[i];
    rows[i] = t.constant, rows[i + N] = t.center, rows[i + 2 * N] = t.slope;
    rows[i + 3 * N] = t.a, rows[i + 4 * N] = t.n;
  }
}

static double square(double u, double log_sd) {
  const double most = (double)BBB_MOST_LOG_NOISE;
  const double l = fmax(-most, fmin(most, log_sd)), z = u * exp(-l);
  return -l - 0.5 * z * z;
}

/* In the sign of u nothing cancels. */
static double softplus(double u, double a, double n) {
  return (u >= 0 ? a - n : a) * u - n * log1p(exp(-fabs(u)));
}

void bbb_form_log_densities(bbb_form form, size_t N, const bbb_form_rows *rows,
                            const float *eta, size_t R, double *each) {
  for (size_t i = 0; i < N; i++) {
    const double u = (rows->center[i] - (double)eta[i]) * rows->slope[i];
    const double a = rows->a[i], n = rows->n[i];
    double f = 0;
    switch (form) {
    case BBB_FORM_NONE:
    case BBB_FORMS: break;
    case BBB_FORM_SQUARE: f = -0.5 * u * u; break;
    case BBB_FORM_HETERO: f = square(u, (double)eta[R + i]); break;
    case BBB_FORM_LOG: f = -n * log1p(u * u); break;
    case BBB_FORM_EXP: f = a * u - n * bbb_exp_held(u); break;
    case BBB_FORM_SOFTPLUS: f = softplus(u, a, n); break;
    }
    each[i] += rows->constant[i] + f;
  }
}

void bbb_density_add(size_t N, const double *each, double *most, double *sum) {
  for (size_t i = 0; i < N; i++) {
    const double apart = each[i] - most[i];
    if (apart > 0) {
      sum[i] = sum[i] * exp(-apart) + 1;
      most[i] = each[i];
    } else {
      sum[i] += exp(apart);
    }
  }
}

void bbb_counts_begin(const bbb_counts *of, double *p, double *ratio) {
  for (size_t s = 0; s < of->S; s++) {
    const double u = (double)of->eta[s] + (double)of->offset[of->each ? s : 0];
    const double at = fmin(u, BBB_EXP_MOST), odds = at - log(of->n);
    if (of->form == BBB_FORM_EXP) {
      ratio[s] = exp(at);
      p[s] = exp(-ratio[s]);
    } else {
      ratio[s] = bbb_sigmoid(odds);
      p[s] = exp(-of->n * bbb_softplus(odds));
    }
  }
}

double bbb_counts_next(size_t S, double factor, const double *ratio,
                       double *p) {
  double sum = 0;
  for (size_t s = 0; s < S; s++) sum += p[s] *= ratio[s] * factor;
  return sum;
}
