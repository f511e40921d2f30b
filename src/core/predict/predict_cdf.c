/* predict_cdf.c: the distribution function of each outcome at its y, a mean
 * over the draws. */
#include "likelihood/family.h"
#include "predict_job.h"

static const bbb_likelihood *likelihood(const bbb_predictive *p) {
  return &p->model.likelihood;
}

static size_t none(const bbb_predictive *p) {
  (void)p;
  return 0;
}

static size_t cdf_sums(const bbb_predictive *p) {
  return 2 * bbb_predict_outcomes(p);
}

/* Where the table's error is small beside both probabilities, by it. */
static double looked_up(const bbb_cdf_table *table, const bbb_given *given,
                        double inverse, double y) {
  const double z = (y - (double)given->eta[0] - given->offset) * inverse;
  const double below = bbb_cdf_look(table, z).below;
  if (below > 0.005 && below < 0.995) return below;
  return bbb_likelihood_below(table->lik, given, 1, y);
}

static void cdf_by_table(const bbb_predict_job *j, const float *eta, size_t o,
                         const bbb_cdf_table *table, bbb_cdf *sums) {
  const bbb_batch *rows = j->block;
  const size_t columns =
    bbb_likelihood_columns(table->lik) / bbb_predict_outcomes(j->p);
  const float *y = rows->y + o * columns * rows->apart;
  const float *seen = columns == 2 ? y + rows->apart : NULL;
  bbb_given given = bbb_predict_outcome(j, eta, o);
  double inverse;
  bbb_cdf_units(table->lik, &given, 1, &inverse);
  for (size_t i = 0; i < rows->N; i++, given.eta++) {
    given.offset = bbb_predict_offset(j, i, o);
    const double at = looked_up(table, &given, inverse, (double)y[i]);
    sums[i].less += at;
    sums[i].upto += seen && seen[i] == 0 ? 1 : at;
  }
}

/* Whether P(Y <= y) of a count is a sum that is shorter than the function that
 * it sums to. */
static int is_few(double y, double eta) { return y <= 64 && eta < 4; }

/* That sum, of p and ratio from bbb_counts_begin(). */
static bbb_cdf sum_of_few(const bbb_family_row *row, double size, double y,
                          double p, double ratio) {
  bbb_cdf at = {0, 0};
  for (double k = 0; k < y; k++) {
    at.less += p;
    p *= ratio * row->factor(size, k);
  }
  at.upto = at.less + p;
  return at;
}

/* Counts, the exponentials of some rows at a time. */
static void cdf_of_counts(const bbb_predict_job *j, const float *eta, size_t o,
                          bbb_cdf *sums) {
  enum { SOME = 64 };
  static const float nothing = 0;
  const bbb_likelihood *lik = likelihood(j->p);
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_batch *rows = j->block;
  const float *y = rows->y + o * row->columns * rows->apart;
  const float *offset = o == 0 ? rows->offset : NULL;
  bbb_given given = bbb_predict_outcome(j, eta, o);
  const double size = row->size(given.aux);
  double p[SOME], ratio[SOME];
  for (size_t i = 0; i < rows->N; i++, given.eta++) {
    const size_t at = i % SOME, left = rows->N - i;
    given.offset = offset ? (double)offset[i] : 0;
    if (at == 0) {
      const bbb_counts some = {row->form,
                               size,
                               left < SOME ? left : SOME,
                               given.eta,
                               offset ? offset + i : &nothing,
                               offset != NULL};
      j->p->model.net.kernels->counts_begin(&some, p, ratio);
    }
    const double count = (double)y[i];
    bbb_cdf sum;
    if (is_few(count, (double)given.eta[0] + given.offset)) {
      sum = sum_of_few(row, size, count, p[at], ratio[at]);
    } else {
      sum.less = bbb_likelihood_below(lik, &given, 1, count - 1);
      sum.upto = bbb_likelihood_below(lik, &given, 1, count);
    }
    sums[i].less += sum.less;
    sums[i].upto += sum.upto;
  }
}

/* sums (J, N, 2). The normal's own function is as fast. */
static void cdf_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_predictive *p = j->p;
  const bbb_likelihood *lik = likelihood(p);
  const int by_table = j->table && !bbb_cdf_is_normal(lik);
  for (size_t o = 0; o < bbb_predict_outcomes(p); o++) {
    bbb_cdf *sums = (bbb_cdf *)(j->sums + 2 * o * j->block->N);
    if (by_table) {
      cdf_by_table(j, eta, o, j->table + o * p->F + s % p->F, sums);
    } else if (bbb_family_of(lik)->counts) {
      cdf_of_counts(j, eta, o, sums);
    } else {
      bbb_likelihood_cdf(lik, j->block, eta, j->aux, o, sums);
    }
  }
}

static void cdf_finish(bbb_predict_job *j) {
  const size_t N = j->to->N;
  for (size_t o = 0; o < bbb_predict_outcomes(j->p); o++) {
    for (size_t i = j->begin; i < j->end; i++) {
      const double *sum = j->sums + 2 * (o * j->block->N + i);
      double *out = j->out + j->first + i + N * 2 * o;
      out[0] = sum[0] / (double)j->p->S;
      out[N] = sum[1] / (double)j->p->S;
    }
  }
}

static bbb_predict_shape cdf_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {3, {N, 2, bbb_predict_outcomes(p)}};
  return shape;
}

const bbb_predict_row bbb_predict_cdf = {.name = "cdf",
                                         .needs_y = 1,
                                         .ordered = 1,
                                         .table = 1,
                                         .shape = cdf_shape,
                                         .sums_a_row = cdf_sums,
                                         .kept_a_row = none,
                                         .gather = cdf_gather,
                                         .finish = cdf_finish};
