/* predict_kinds.c: answers that are means over the draws, or the draws. */
#include "predict.h"

#include <math.h>

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

static size_t three(const bbb_predictive *p) {
  (void)p;
  return 3;
}

static size_t link_sums(const bbb_predictive *p) { return likelihood(p)->K; }

static size_t moments_sums(const bbb_predictive *p) { return 3 * values(p); }

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
  for (size_t i = 0; i < j->block->N; i++) {
    for (size_t k = 0; k < K; k++) {
      j->to->out[j->first + i + j->to->N * k] =
        j->sums[i * K + k] / (double)j->p->S;
    }
  }
}

const bbb_predict_row bbb_predict_link = {link_sums, none, link_gather,
                                          link_finish};

/* Running mean and sum of squares (Welford 1962), and the sum of variances. */
static void moments_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const size_t V = values(j->p);
  double *mean = j->one, *variance = j->one + V;
  for (size_t i = 0; i < j->block->N; i++) {
    const bbb_given given = bbb_predict_given(j, eta, i);
    bbb_likelihood_moments(likelihood(j->p), &given, mean, variance);
    for (size_t v = 0; v < V; v++) {
      double *sum = j->sums + 3 * (i * V + v);
      if (isinf(mean[v]) || isinf(sum[0])) {
        sum[0] = sum[1] = INFINITY; /* a mean that there is not */
      } else {
        const double off = mean[v] - sum[0];
        sum[0] += off / (double)(s + 1);
        sum[1] += off * (mean[v] - sum[0]);
      }
      sum[2] += variance[v];
    }
  }
}

static void moments_finish(bbb_predict_job *j) {
  const size_t V = values(j->p), N = j->to->N;
  for (size_t i = 0; i < j->block->N; i++) {
    for (size_t v = 0; v < V; v++) {
      const double *sum = j->sums + 3 * (i * V + v);
      double *out = j->to->out + j->first + i + N * v;
      out[0] = sum[0];
      out[N * V] = sum[1] / (double)j->p->S;
      out[N * V * 2] = sum[2] / (double)j->p->S;
    }
  }
}

const bbb_predict_row bbb_predict_moments = {moments_sums, none, moments_gather,
                                             moments_finish};

static void draws_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const size_t V = values(j->p), S = j->p->S;
  double *mean = j->one, *variance = j->one + V;
  for (size_t i = 0; i < j->block->N; i++) {
    const bbb_given given = bbb_predict_given(j, eta, i);
    bbb_likelihood_moments(likelihood(j->p), &given, mean, variance);
    for (size_t v = 0; v < V; v++) {
      j->to->out[s + S * (j->first + i + j->to->N * v)] = mean[v];
    }
  }
}

static void draws_finish(bbb_predict_job *j) { (void)j; }

const bbb_predict_row bbb_predict_draws = {none, none, draws_gather,
                                           draws_finish};

/* log sum exp over the draws: the largest so far, and the sum beside it */
static void log_density_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_likelihood *lik = likelihood(j->p);
  double *each = j->sums + 2 * j->block->N;
  bbb_likelihood_log_densities(lik, j->block, eta, j->aux, each);
  for (size_t i = 0; i < j->block->N; i++) {
    const double at = each[i];
    double *most = j->sums + 2 * i, *sum = most + 1;
    if (s == 0 || at > *most) {
      *sum = s == 0 ? 1 : *sum * exp(*most - at) + 1;
      *most = at;
    } else {
      *sum += exp(at - *most);
    }
  }
}

static void log_density_finish(bbb_predict_job *j) {
  for (size_t i = 0; i < j->block->N; i++) {
    j->to->out[j->first + i] =
      j->sums[2 * i] + log(j->sums[2 * i + 1] / (double)j->p->S);
  }
}

const bbb_predict_row bbb_predict_log_density = {
  three, none, log_density_gather, log_density_finish};
