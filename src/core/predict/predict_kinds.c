/* predict_kinds.c: answers that are means over the draws, or the draws. */
#include "predict_job.h"

#include <math.h>
#include <string.h>

static const bbb_likelihood *likelihood(const bbb_predictive *p) {
  return &p->model.likelihood;
}

static size_t values(const bbb_predictive *p) {
  return bbb_likelihood_values(likelihood(p));
}

static size_t none(const bbb_predictive *p) {
  (void)p;
  return 0;
}

static size_t outputs(const bbb_predictive *p) { return likelihood(p)->K; }

static size_t three_values(const bbb_predictive *p) { return 3 * values(p); }

/* ---- link ---- */

static void link_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const size_t K = likelihood(j->p)->K;
  (void)s;
  for (size_t i = 0; i < j->block->N; i++) {
    const bbb_given given = bbb_predict_given(j, eta, i);
    j->sums[i * K] += given.offset;
    for (size_t k = 0; k < K; k++) {
      j->sums[i * K + k] += (double)given.eta[k * given.R];
    }
  }
}

static void link_finish(bbb_predict_job *j) {
  const size_t K = likelihood(j->p)->K;
  for (size_t i = j->begin; i < j->end; i++) {
    for (size_t k = 0; k < K; k++) {
      j->out[j->first + i + j->to->N * k] =
        j->sums[i * K + k] / (double)j->p->S;
    }
  }
}

static bbb_predict_shape link_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {2, {N, outputs(p)}};
  return shape;
}

const bbb_predict_row bbb_predict_link = {.name = "link",
                                          .shape = link_shape,
                                          .sums_a_row = outputs,
                                          .kept_a_row = none,
                                          .gather = link_gather,
                                          .finish = link_finish};

/* ---- moments ---- */

/* Running mean and sum of squares (Welford 1962), and the sum of variances:
 * sums (3, V, N). */
static void moments_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const size_t n = values(j->p) * j->block->N;
  const double count = (double)(s + 1);
  double *mean = j->sums, *squares = mean + n, *variance = squares + n;
  (void)eta;
  for (size_t i = 0; i < n; i++) {
    const double now = j->moments[0][i];
    variance[i] += j->moments[1][i];
    if (isinf(now) || isinf(mean[i])) {
      mean[i] = squares[i] = INFINITY; /* a mean that there is not */
    } else {
      const double off = now - mean[i];
      mean[i] += off / count;
      squares[i] += off * (now - mean[i]);
    }
  }
}

static void moments_finish(bbb_predict_job *j) {
  const size_t V = values(j->p), N = j->to->N, rows = j->block->N;
  for (size_t v = 0; v < V; v++) {
    for (size_t i = j->begin; i < j->end; i++) {
      const double *sum = j->sums + v * rows + i;
      double *out = j->out + j->first + i + N * v;
      out[0] = sum[0];
      out[N * V] = sum[V * rows] / (double)j->p->S;
      out[N * V * 2] = sum[2 * V * rows] / (double)j->p->S;
    }
  }
}

static bbb_predict_shape moments_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {3, {N, values(p), 3}};
  return shape;
}

const bbb_predict_row bbb_predict_moments = {.name = "moments",
                                             .moments = 1,
                                             .shape = moments_shape,
                                             .sums_a_row = three_values,
                                             .kept_a_row = none,
                                             .gather = moments_gather,
                                             .finish = moments_finish};

/* ---- draws ---- */

static void draws_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_predictive *p = j->p;
  const size_t rows = j->block->N;
  (void)eta;
  for (size_t v = 0; v < values(p); v++) {
    const double center = p->center ? p->center[v] : 0;
    const double scale = p->scale ? p->scale[v] : 1;
    const double *mean = j->moments[0] + v * rows;
    double *out = j->out + s + p->S * (j->first + j->to->N * v);
    for (size_t i = 0; i < rows; i++) {
      const double scaled = mean[i] * scale;
      out[p->S * i] = scaled + center;
    }
  }
}

static void draws_finish(bbb_predict_job *j) { (void)j; }

static bbb_predict_shape draws_shape(const bbb_predictive *p, size_t N) {
  const bbb_predict_shape shape = {values(p) > 1 ? 3 : 2, {p->S, N, values(p)}};
  return shape;
}

const bbb_predict_row bbb_predict_draws = {.name = "draws",
                                           .moments = 1,
                                           .shape = draws_shape,
                                           .sums_a_row = none,
                                           .kept_a_row = none,
                                           .gather = draws_gather,
                                           .finish = draws_finish};

/* ---- log density ---- */

/* Log of a sum of exponentials over the draws. What a row's log density has
 * that does not depend on the draw is worked out when its posterior first comes
 * up. sums (3 + forms, N): most, sum, the density of the draw, and the terms of
 * each outcome under each posterior. */
static size_t log_density_sums(const bbb_predictive *p) {
  const size_t forms =
    bbb_form_of(likelihood(p)) ? p->F * bbb_predict_outcomes(p) : 0;
  return 3 + BBB_FORM_TERMS * forms;
}

/* each (N) = log P(y | eta) by the family's form */
static void by_form(const bbb_predict_job *j, size_t s, const float *eta,
                    double *each, double *terms) {
  const bbb_likelihood *lik = likelihood(j->p);
  const size_t N = j->block->N, R = bbb_padded(N, BBB_LANES);
  const size_t J = bbb_predict_outcomes(j->p), F = j->p->F;
  for (size_t o = 0; o < J; o++) {
    double *at = terms + BBB_FORM_TERMS * N * (s % F * J + o);
    if (s < F) bbb_form_fill(lik, j->block, o, j->aux, at);
    const bbb_form_rows rows = bbb_form_rows_at(at, N);
    j->p->model.net.kernels->form_log_densities(
      bbb_form_of(lik), N, &rows, eta + o * bbb_likelihood_outputs(lik) * R, R,
      each);
  }
}

static void log_density_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_likelihood *lik = likelihood(j->p);
  const size_t N = j->block->N;
  double *most = j->sums, *sum = most + N, *each = sum + N;
  for (size_t i = 0; s == 0 && i < N; i++) most[i] = -INFINITY;
  if (bbb_form_of(lik)) {
    memset(each, 0, N * sizeof *each);
    by_form(j, s, eta, each, each + N);
  } else {
    bbb_likelihood_log_densities(lik, j->block, eta, j->aux, each);
  }
  j->p->model.net.kernels->density_add(N, each, most, sum);
}

static void log_density_finish(bbb_predict_job *j) {
  const size_t N = j->block->N;
  for (size_t i = j->begin; i < j->end; i++) {
    j->out[j->first + i] = j->sums[i] + log(j->sums[N + i] / (double)j->p->S);
  }
}

static bbb_predict_shape log_density_shape(const bbb_predictive *p, size_t N) {
  (void)p;
  const bbb_predict_shape shape = {1, {N}};
  return shape;
}

const bbb_predict_row bbb_predict_log_density = {.name = "log_density",
                                                 .needs_y = 1,
                                                 .shape = log_density_shape,
                                                 .sums_a_row = log_density_sums,
                                                 .kept_a_row = none,
                                                 .gather = log_density_gather,
                                                 .finish = log_density_finish};
