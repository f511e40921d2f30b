/* predict.c: the posterior predictive.
 *
 * The rows are taken in blocks and each block meets every draw of the weights,
 * which are made again for each block: sampling costs P a draw, the forward
 * pass P a row and draw. A draw of the weights is thus one function over all
 * rows, and the memory does not grow with N S. What is gathered over the draws,
 * and what is made of it at the end, is a table row for each kind of answer.
 */
#include "bbb.h"

#include <math.h>
#include <string.h>

/* A block is as large as 32 MB allow, since each makes the weights again. */
enum { BLOCK_MOST = 4096, BLOCK_LEAST = 16, BLOCK_FLOATS = 1 << 23 };

/* A block on its way through the draws. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first;
  const float *aux; /* (A) */
  float *kept;      /* (S, block) mean of the first output, for quantiles */
  double *sums;     /* (block, sums_a_row) */
  double *one;      /* (max(2 V, S)) for one row */
} job;

static size_t outputs(const job *j) { return j->p->model.likelihood.K; }

static size_t values(const job *j) {
  return bbb_likelihood_values(&j->p->model.likelihood);
}

/* Numbers of eta (K, R) from an output to the next. */
static size_t apart(const job *j) { return bbb_padded(j->block->N, BBB_LANES); }

static double offset_at(const job *j, size_t i) {
  return j->block->offset ? (double)j->block->offset[i] : 0;
}

/* Mean (V) and variance (V) of row i given its eta. */
static void row_moments(const job *j, const float *eta, size_t i, double *mean,
                        double *variance) {
  const bbb_given given = {eta + i, apart(j), offset_at(j, i), j->aux};
  bbb_likelihood_moments(&j->p->model.likelihood, &given, mean, variance);
}

/* ---- the kinds of answer ---- */

static void link_gather(job *j, size_t s, const float *eta) {
  const size_t K = outputs(j), R = apart(j);
  (void)s;
  for (size_t i = 0; i < j->block->N; i++) {
    j->sums[i * K] += offset_at(j, i);
    for (size_t k = 0; k < K; k++) j->sums[i * K + k] += (double)eta[k * R + i];
  }
}

static void link_finish(job *j) {
  const size_t K = outputs(j);
  for (size_t i = 0; i < j->block->N; i++) {
    for (size_t k = 0; k < K; k++) {
      j->to->out[j->first + i + j->to->N * k] =
        j->sums[i * K + k] / (double)j->p->S;
    }
  }
}

/* Running mean and sum of squares (Welford 1962), and the sum of variances. */
static void moments_gather(job *j, size_t s, const float *eta) {
  const size_t V = values(j);
  double *mean = j->one, *variance = j->one + V;
  for (size_t i = 0; i < j->block->N; i++) {
    row_moments(j, eta, i, mean, variance);
    for (size_t v = 0; v < V; v++) {
      double *sum = j->sums + 3 * (i * V + v);
      const double off = mean[v] - sum[0];
      sum[0] += off / (double)(s + 1);
      sum[1] += off * (mean[v] - sum[0]);
      sum[2] += variance[v];
    }
  }
}

static void moments_finish(job *j) {
  const size_t V = values(j), N = j->to->N;
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

static void draws_gather(job *j, size_t s, const float *eta) {
  const size_t V = values(j), S = j->p->S;
  double *mean = j->one, *variance = j->one + V;
  for (size_t i = 0; i < j->block->N; i++) {
    row_moments(j, eta, i, mean, variance);
    for (size_t v = 0; v < V; v++) {
      j->to->out[s + S * (j->first + i + j->to->N * v)] = mean[v];
    }
  }
}

static void draws_finish(job *j) { (void)j; }

static void quantile_gather(job *j, size_t s, const float *eta) {
  const size_t V = values(j);
  double *mean = j->one, *variance = j->one + V;
  for (size_t i = 0; i < j->block->N; i++) {
    row_moments(j, eta, i, mean, variance);
    j->kept[s * j->block->N + i] = (float)mean[0];
  }
}

static void quantile_finish(job *j) {
  const size_t S = j->p->S;
  const int gaussian = j->p->model.likelihood.family == BBB_FAMILY_GAUSSIAN;
  const double noise = gaussian ? exp((double)j->aux[0]) : 0;
  for (size_t i = 0; i < j->block->N; i++) {
    for (size_t s = 0; s < S; s++) {
      j->one[s] = (double)j->kept[s * j->block->N + i];
    }
    if (!gaussian) bbb_quantile_sort(S, j->one);
    for (size_t q = 0; q < j->p->Q; q++) {
      const double prob = j->p->prob[q];
      j->to->out[j->first + i + j->to->N * q] =
        gaussian ? bbb_quantile_mixture(S, j->one, noise, prob)
                 : bbb_quantile_sorted(S, j->one, prob);
    }
  }
}

/* log sum exp over the draws: the largest so far, and the sum beside it */
static void log_density_gather(job *j, size_t s, const float *eta) {
  const bbb_likelihood *lik = &j->p->model.likelihood;
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

static void log_density_finish(job *j) {
  for (size_t i = 0; i < j->block->N; i++) {
    j->to->out[j->first + i] =
      j->sums[2 * i] + log(j->sums[2 * i + 1] / (double)j->p->S);
  }
}

typedef struct {
  size_t sums_an_output, sums_a_value, sums_a_row;
  void (*gather)(job *j, size_t s, const float *eta);
  void (*finish)(job *j);
} row;

static const row table[] = {
  [BBB_PREDICT_LINK] = {1, 0, 0, link_gather, link_finish},
  [BBB_PREDICT_MOMENTS] = {0, 3, 0, moments_gather, moments_finish},
  [BBB_PREDICT_DRAWS] = {0, 0, 0, draws_gather, draws_finish},
  [BBB_PREDICT_QUANTILE] = {0, 0, 0, quantile_gather, quantile_finish},
  [BBB_PREDICT_LOG_DENSITY] = {0, 0, 3, log_density_gather, log_density_finish},
};

/* ---- the draws ---- */

static size_t kept_a_row(const bbb_predictive *p) {
  return p->what == BBB_PREDICT_QUANTILE ? p->S : 0;
}

static size_t floats_a_row(const bbb_predictive *p) {
  const bbb_net *net = &p->model.net;
  const size_t more = bbb_net_workspace(net, 2 * BBB_LANES);
  return (more - bbb_net_workspace(net, BBB_LANES)) / BBB_LANES + kept_a_row(p);
}

static size_t sums_a_row(const bbb_predictive *p) {
  const row *kind = &table[p->what];
  const bbb_likelihood *lik = &p->model.likelihood;
  return kind->sums_an_output * lik->K +
         kind->sums_a_value * bbb_likelihood_values(lik) + kind->sums_a_row;
}

size_t bbb_predict_block(const bbb_predictive *p, size_t N) {
  size_t block = BLOCK_FLOATS / floats_a_row(p);
  if (block > BLOCK_MOST) block = BLOCK_MOST;
  if (block < BLOCK_LEAST) block = BLOCK_LEAST;
  return block < N ? block : N;
}

size_t bbb_predict_workspace(const bbb_predictive *p, size_t N) {
  const size_t block = bbb_predict_block(p, N);
  return 2 * bbb_net_parameters(&p->model.net) +
         bbb_net_workspace(&p->model.net, block) + block * kept_a_row(p);
}

size_t bbb_predict_sums(const bbb_predictive *p, size_t N) {
  return bbb_predict_block(p, N) * sums_a_row(p) + p->S +
         2 * bbb_likelihood_values(&p->model.likelihood);
}

bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to) {
  const bbb_net *net = &p->model.net;
  const bbb_posterior q = bbb_model_posterior(&p->model, p->theta);
  float *eps = to->work, *w = eps + q.P, *layers = w + q.P;
  const size_t sums = block->N * sums_a_row(p);
  job j = {p,
           block,
           to,
           first,
           bbb_model_aux(&p->model, p->theta),
           layers + bbb_net_workspace(net, block->N),
           to->sums,
           to->sums + sums};
  for (size_t i = 0; i < sums; i++) j.sums[i] = 0;
  bbb_net_load(net, block, layers);
  for (size_t s = 0; s < p->S; s++) {
    bbb_source source = p->source;
    source.draw += (uint32_t)s;
    net->kernels->normals(&source, 0, q.P, eps);
    net->kernels->posterior_sample(&q, eps, w);
    table[p->what].gather(&j, s, bbb_net_forward(net, block->N, w, layers));
    if (to->stop && to->stop(to->ctx)) return BBB_STOPPED;
  }
  table[p->what].finish(&j);
  return BBB_OK;
}
