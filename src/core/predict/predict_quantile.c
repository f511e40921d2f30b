/* predict_quantile.c: answers about the predictive distribution of each
 * outcome, which is a mixture over the draws. Quantiles need all draws of a row
 * at once. */
#include "predict_job.h"

#include <math.h>

static const bbb_likelihood *likelihood(const bbb_predictive *p) {
  return &p->model.likelihood;
}

static int of_classes(const bbb_likelihood *lik) {
  return bbb_likelihood_scale(lik) == BBB_SCALE_CLASSES;
}

static size_t none(const bbb_predictive *p) {
  (void)p;
  return 0;
}

/* ---- quantiles ---- */

/* Classes are one outcome. */
static size_t outcomes(const bbb_predictive *p) {
  return of_classes(likelihood(p)) ? 1 : bbb_predict_outcomes(p);
}

/* Of each draw and outcome */
static size_t kept_each(const bbb_predictive *p) {
  const bbb_likelihood *lik = likelihood(p);
  return of_classes(lik) ? 1 : bbb_likelihood_outputs(lik);
}

static size_t quantile_kept(const bbb_predictive *p) {
  return kept_each(p) * p->S * outcomes(p);
}

/* Where draw s is kept: those of each posterior side by side. */
static size_t kept_at(const bbb_predictive *p, size_t s) {
  return s % p->F * (p->S / p->F) + s / p->F;
}

/* Where the family tells its distribution function, what that is given is kept
 * of each draw; else the mean of the first value. */
static void quantile_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_predictive *p = j->p;
  const size_t each = kept_each(p), J = outcomes(p), S = p->S;
  const size_t row = each * J * S, at = kept_at(p, s);
  if (of_classes(likelihood(p))) {
    for (size_t i = 0; i < j->block->N; i++) {
      j->kept[i * row + at] = (float)j->moments[0][i];
    }
    return;
  }
  for (size_t k = 0; k < J * each; k++) {
    const bbb_given one = bbb_predict_outcome(j, eta, k / each);
    const float *from = one.eta + k % each * one.R;
    float *kept = j->kept + k * S + at;
    for (size_t i = 0; i < j->block->N; i++) kept[i * row] = from[i];
  }
}

/* value (Q) of one outcome of a row */
static void quantiles_of(const bbb_predict_job *j, const bbb_outcomes *of,
                         size_t Q, const double *probs, double *value) {
  const size_t S = of->S;
  if (!of_classes(of->lik)) {
    bbb_quantile_outcome(of, Q, probs, value);
    const int logged = bbb_likelihood_scale(of->lik) == BBB_SCALE_LOG;
    for (size_t q = 0; logged && q < Q; q++) value[q] = exp(value[q]);
    return;
  }
  for (size_t s = 0; s < S; s++) j->room[s] = (double)of->eta[s];
  for (size_t q = 0; q < Q; q++) {
    value[q] = bbb_quantile_values(S, j->room, probs[q]);
  }
}

/* Quantiles are taken so many at a time, since they may be many. */
enum { SOME = 16 };

static void start_from(const bbb_cdf_table *table, size_t Q,
                       const double *probs, double *starts) {
  for (size_t q = 0; table && q < Q; q++) {
    starts[q] = bbb_cdf_table_start(table, probs[q]);
  }
}

/* Quantiles from number q on, up to SOME, of outcome o */
static void finish_some(const bbb_predict_job *j, size_t q, size_t o) {
  const bbb_predictive *p = j->p;
  const size_t J = outcomes(p), each = kept_each(p) * p->S, N = j->to->N;
  const bbb_cdf_table *table = j->table ? j->table + o * p->F : NULL;
  const size_t Q = p->Q - q < SOME ? p->Q - q : SOME;
  double value[SOME], starts[SOME], middle = 0;
  const double half = 0.5;
  start_from(table, Q, p->probs + q, starts);
  start_from(table, 1, &half, &middle);
  for (size_t i = j->begin; i < j->end; i++) {
    const bbb_outcomes of = {.lik = likelihood(p),
                             .outcome = o,
                             .S = p->S,
                             .F = p->F,
                             .eta = j->kept + (i * J + o) * each,
                             .offset = bbb_predict_offset(j, i, o),
                             .theta = p->theta,
                             .table = table,
                             .starts = starts,
                             .middle = middle,
                             .kernels = p->model.net.kernels,
                             .room = j->room,
                             .stop = j->stop,
                             .ctx = j->ctx};
    quantiles_of(j, &of, Q, p->probs + q, value);
    if (j->stop(j->ctx)) return;
    for (size_t m = 0; m < Q; m++) {
      j->out[j->first + i + N * (q + m + p->Q * o)] = value[m];
    }
  }
}

static void quantile_finish(bbb_predict_job *j) {
  for (size_t q = 0; q < j->p->Q; q += SOME) {
    for (size_t o = 0; o < outcomes(j->p); o++) {
      finish_some(j, q, o);
      if (j->stop(j->ctx)) return;
    }
  }
}

static bbb_predict_shape quantile_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {3, {N, p->Q, outcomes(p)}};
  return shape;
}

const bbb_predict_row bbb_predict_quantile = {.name = "quantile",
                                              .table = 1,
                                              .shape = quantile_shape,
                                              .sums_a_row = none,
                                              .kept_a_row = quantile_kept,
                                              .gather = quantile_gather,
                                              .finish = quantile_finish};

/* ---- survival ---- */

static size_t survival_sums(const bbb_predictive *p) {
  return p->T * bbb_predict_outcomes(p);
}

static void survival_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_predictive *p = j->p;
  const size_t T = p->T, J = bbb_predict_outcomes(p);
  (void)s;
  for (size_t k = 0; k < T * J; k++) {
    bbb_given one = bbb_predict_outcome(j, eta, k / T);
    for (size_t i = 0; i < j->block->N; i++, one.eta++) {
      one.offset = bbb_predict_offset(j, i, k / T);
      j->sums[i * T * J + k] +=
        1 - bbb_likelihood_below(likelihood(p), &one, 1, p->times[k % T]);
    }
  }
}

static void survival_finish(bbb_predict_job *j) {
  const size_t n = survival_sums(j->p);
  for (size_t i = j->begin; i < j->end; i++) {
    for (size_t k = 0; k < n; k++) {
      j->out[j->first + i + j->to->N * k] =
        j->sums[i * n + k] / (double)j->p->S;
    }
  }
}

static bbb_predict_shape survival_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {3, {N, p->T, bbb_predict_outcomes(p)}};
  return shape;
}

const bbb_predict_row bbb_predict_survival = {.name = "survival",
                                              .shape = survival_shape,
                                              .sums_a_row = survival_sums,
                                              .kept_a_row = none,
                                              .gather = survival_gather,
                                              .finish = survival_finish};
