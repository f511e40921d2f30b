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
enum { BLOCK_MOST = 1 << 14, BLOCK_FLOATS = 1 << 23 };
enum { GROUP_MOST = 288, GROUP_LEAST = 96, GROUP_FLOATS = 1 << 17 };

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

static size_t sums_a_row(const bbb_predictive *p) {
  const row *kind = &table[p->what];
  const bbb_likelihood *lik = &p->model.likelihood;
  return kind->sums_an_output * lik->K +
         kind->sums_a_value * bbb_likelihood_values(lik) + kind->sums_a_row;
}

/* Rows that pass through the network together: few enough that what a layer
 * makes of them stays in the cache. Not a power of two of them, lest the rows
 * of a matrix compete for the same places there. */
static size_t group_rows(const bbb_predictive *p) {
  const bbb_net *net = &p->model.net;
  size_t widest = 0;
  for (size_t l = 0; l <= net->L; l++) {
    if (net->width[l] > widest) widest = net->width[l];
  }
  return widest > GROUP_FLOATS / GROUP_MOST ? GROUP_LEAST : GROUP_MOST;
}

/* x of a group of rows (D + 1, R), its last row ones */
static size_t group_floats(const bbb_predictive *p) {
  return (p->model.net.width[0] + 1) * group_rows(p);
}

static size_t groups(const bbb_predictive *p, size_t block) {
  return (block + group_rows(p) - 1) / group_rows(p);
}

size_t bbb_predict_block(const bbb_predictive *p, size_t N) {
  const size_t rows = group_rows(p);
  const size_t floats = group_floats(p) + rows * kept_a_row(p);
  size_t block = BLOCK_FLOATS / floats * rows;
  if (block > BLOCK_MOST) block = BLOCK_MOST / rows * rows;
  if (block < rows) block = rows;
  return block < N ? block : N;
}

static size_t worker_floats(const bbb_predictive *p) {
  return bbb_net_predict_workspace(&p->model.net, group_rows(p));
}

static size_t worker_sums(const bbb_predictive *p) {
  return p->S + 2 * bbb_likelihood_values(&p->model.likelihood);
}

size_t bbb_predict_workspace(const bbb_predictive *p, size_t N) {
  const size_t block = bbb_predict_block(p, N);
  return 2 * bbb_net_parameters(&p->model.net) +
         groups(p, block) * group_floats(p) + block * kept_a_row(p) +
         p->model.net.threads * worker_floats(p);
}

size_t bbb_predict_sums(const bbb_predictive *p, size_t N) {
  return bbb_predict_block(p, N) * sums_a_row(p) +
         p->model.net.threads * worker_sums(p);
}

/* What the threads share for a block. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first, s, layer; /* of the block; the draw; of weights to draw */
  bbb_source source;
  float *eps, *w, *x, *kept, *workers;
  double *sums, *worker_sums;
} shared;

static shared share(const bbb_predictive *p, const bbb_batch *block,
                    size_t first, const bbb_predict_to *to) {
  const size_t P = bbb_net_parameters(&p->model.net);
  shared all = {.p = p, .block = block, .to = to, .first = first};
  all.source = p->source;
  all.eps = to->work;
  all.w = all.eps + P;
  all.x = all.w + P;
  all.kept = all.x + groups(p, block->N) * group_floats(p);
  all.workers = all.kept + block->N * kept_a_row(p);
  all.sums = to->sums;
  all.worker_sums = all.sums + block->N * sums_a_row(p);
  return all;
}

/* Group g of the block's rows as a block of its own. */
static job group_job(const shared *all, size_t g, size_t worker,
                     bbb_batch *rows) {
  const bbb_predictive *p = all->p;
  const size_t at = g * group_rows(p), left = all->block->N - at;
  const size_t D = p->model.net.width[0];
  *rows = bbb_batch_part(all->block, D, at,
                         left < group_rows(p) ? left : group_rows(p));
  const job j = {p,
                 rows,
                 all->to,
                 all->first + at,
                 p->theta.aux,
                 all->kept + at * kept_a_row(p),
                 all->sums + at * sums_a_row(p),
                 all->worker_sums + worker * worker_sums(p)};
  return j;
}

static void load_task(void *ctx, size_t g, size_t worker) {
  const shared *all = ctx;
  bbb_batch rows;
  const job j = group_job(all, g, worker, &rows);
  const size_t sums = rows.N * sums_a_row(all->p);
  for (size_t i = 0; i < sums; i++) j.sums[i] = 0;
  bbb_net_load_inputs(&all->p->model.net, &rows,
                      all->x + g * group_floats(all->p));
}

static void draw_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  const bbb_net *net = &all->p->model.net;
  const bbb_slice s = bbb_net_slice(net, all->layer, i);
  const bbb_posterior q = {s.P, all->p->theta.mu + s.first,
                           all->p->theta.rho + s.first};
  (void)worker;
  net->kernels->normals(&all->source, s.noise, s.P, all->eps + s.first);
  net->kernels->sample(&q, all->eps + s.first, all->w + s.first);
}

static void forward_task(void *ctx, size_t g, size_t worker) {
  const shared *all = ctx;
  const bbb_predictive *p = all->p;
  bbb_batch rows;
  job j = group_job(all, g, worker, &rows);
  const float *eta =
    bbb_net_predict(&p->model.net, rows.N, all->w, all->x + g * group_floats(p),
                    all->workers + worker * worker_floats(p));
  table[p->what].gather(&j, all->s, eta);
}

static void finish_task(void *ctx, size_t g, size_t worker) {
  const shared *all = ctx;
  bbb_batch rows;
  job j = group_job(all, g, worker, &rows);
  table[all->p->what].finish(&j);
}

bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to) {
  const bbb_net *net = &p->model.net;
  const size_t threads = bbb_model_workers(&p->model, block->N);
  const size_t n = groups(p, block->N);
  shared all = share(p, block, first, to);
  bbb_parallel(threads, n, load_task, &all);
  for (all.s = 0; all.s < p->S; all.s++, all.source.draw++) {
    for (all.layer = 0; all.layer < net->L; all.layer++) {
      bbb_parallel(threads, bbb_net_slices(net, all.layer), draw_task, &all);
    }
    bbb_parallel(threads, n, forward_task, &all);
    if (to->stop && to->stop(to->ctx)) return BBB_STOPPED;
  }
  bbb_parallel(threads, n, finish_task, &all);
  return BBB_OK;
}
