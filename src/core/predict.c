/* predict.c: the posterior predictive.
 *
 * The rows are taken in blocks and each block meets every draw of the weights,
 * which are made again for each block: sampling costs P a draw, the forward
 * pass P a row and draw. A draw of the weights is thus one function over all
 * rows, and the memory does not grow with N S. What is gathered over the draws,
 * and what is made of it at the end, is a table row for each kind of answer.
 * Threads share out the slices of the weights and then the groups of rows.
 *
 * Rowwise predictions have no draws of the first layer's weights. What that
 * layer makes of a row is normal, with moments that are taken once for a block
 * and drawn from for each row and draw.
 */
#include "predict.h"

/* A block is as large as 32 MB allow, since each makes the weights again. */
enum { BLOCK_MOST = 1 << 14, BLOCK_FLOATS = 1 << 23 };
enum { GROUP_MOST = 288, GROUP_LEAST = 96, GROUP_FLOATS = 1 << 17 };

static const bbb_predict_row *const table[] = {
  [BBB_PREDICT_LINK] = &bbb_predict_link,
  [BBB_PREDICT_MOMENTS] = &bbb_predict_moments,
  [BBB_PREDICT_DRAWS] = &bbb_predict_draws,
  [BBB_PREDICT_QUANTILE] = &bbb_predict_quantile,
  [BBB_PREDICT_LOG_DENSITY] = &bbb_predict_log_density,
  [BBB_PREDICT_SURVIVAL] = &bbb_predict_survival,
};

/* Rows that pass through the network together: few enough that what a layer
 * makes of them stays in the cache. Not a power of two of them, lest the rows
 * of a matrix compete for the same places there. */
static size_t group_rows(const bbb_predictive *p) {
  const bbb_net *net = &p->model.net;
  size_t widest = 0;
  for (size_t l = p->rowwise ? 1 : 0; l <= net->L; l++) {
    if (net->width[l] > widest) widest = net->width[l];
  }
  return widest > GROUP_FLOATS / GROUP_MOST ? GROUP_LEAST : GROUP_MOST;
}

/* What the first layer makes of a group of rows under a posterior. */
static size_t moments_floats(const bbb_predictive *p) {
  return 2 * p->model.net.width[1] * group_rows(p);
}

static size_t x_floats(const bbb_predictive *p) {
  return (p->model.net.width[0] + 1) * group_rows(p);
}

/* Of a group of rows x (D + 1, R), its last row ones; or their moments (2 H, R)
 * under each posterior. */
static size_t group_floats(const bbb_predictive *p) {
  return p->rowwise ? p->F * moments_floats(p) : x_floats(p);
}

static size_t groups(const bbb_predictive *p, size_t block) {
  return (block + group_rows(p) - 1) / group_rows(p);
}

static size_t kept_a_row(const bbb_predictive *p) {
  return table[p->what]->kept_a_row(p);
}

static size_t sums_a_row(const bbb_predictive *p) {
  return table[p->what]->sums_a_row(p);
}

size_t bbb_predict_block(const bbb_predictive *p, size_t N) {
  const size_t rows = group_rows(p);
  const size_t floats = group_floats(p) + rows * kept_a_row(p);
  size_t block = BLOCK_FLOATS / floats * rows;
  if (block > BLOCK_MOST) block = BLOCK_MOST / rows * rows;
  if (block < rows) block = rows;
  return block < N ? block : N;
}

/* For a pass through the network, or for x on its way to moments. */
static size_t worker_floats(const bbb_predictive *p) {
  const size_t pass = bbb_net_predict_workspace(&p->model.net, group_rows(p));
  return p->rowwise && x_floats(p) > pass ? x_floats(p) : pass;
}

static size_t worker_sums(const bbb_predictive *p) {
  return p->S + p->F + 2 * bbb_likelihood_values(&p->model.likelihood);
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

size_t bbb_predict_words(const bbb_predictive *p, size_t N) {
  return p->rowwise ? bbb_padded(bbb_predict_block(p, N), BBB_LANES) : 0;
}

/* What the threads share for a block. */
typedef struct {
  const bbb_predictive *p;
  const bbb_batch *block;
  const bbb_predict_to *to;
  size_t first, s, layer; /* of the block; the draw; of weights to draw */
  size_t from;            /* the first group that is being finished */
  bbb_source source;
  float *eps, *w, *groups, *kept, *workers;
  double *sums, *worker_sums;
} shared;

static shared share(const bbb_predictive *p, const bbb_batch *block,
                    size_t first, const bbb_predict_to *to) {
  const size_t P = bbb_net_parameters(&p->model.net);
  shared all = {.p = p, .block = block, .to = to, .first = first};
  all.source = p->source;
  all.eps = to->work;
  all.w = all.eps + P;
  all.groups = all.w + P;
  all.kept = all.groups + groups(p, block->N) * group_floats(p);
  all.workers = all.kept + block->N * kept_a_row(p);
  all.sums = to->sums;
  all.worker_sums = all.sums + block->N * sums_a_row(p);
  return all;
}

/* The posterior of the draw under way. */
static const bbb_theta *posterior(const shared *all) {
  return all->p->theta + all->s % all->p->F;
}

/* Group g of the block's rows as a block of its own. */
static bbb_predict_job group_job(const shared *all, size_t g, size_t worker,
                                 bbb_batch *rows) {
  const bbb_predictive *p = all->p;
  const size_t at = g * group_rows(p), left = all->block->N - at;
  const size_t D = p->model.net.width[0];
  *rows = bbb_batch_part(all->block, D, at,
                         left < group_rows(p) ? left : group_rows(p));
  const bbb_predict_job j = {p,
                             rows,
                             all->to,
                             all->first + at,
                             posterior(all)->aux,
                             all->kept + at * kept_a_row(p),
                             all->sums + at * sums_a_row(p),
                             all->worker_sums + worker * worker_sums(p)};
  return j;
}

static void load_task(void *ctx, size_t g, size_t worker) {
  const shared *all = ctx;
  const bbb_predictive *p = all->p;
  const bbb_net *net = &p->model.net;
  bbb_batch rows;
  const bbb_predict_job j = group_job(all, g, worker, &rows);
  const size_t sums = rows.N * sums_a_row(p);
  float *own = all->groups + g * group_floats(p);
  for (size_t i = 0; i < sums; i++) j.sums[i] = 0;
  if (!p->rowwise) {
    bbb_net_load_inputs(net, &rows, own);
    return;
  }
  float *x = all->workers + worker * worker_floats(p);
  bbb_net_load_inputs(net, &rows, x);
  net->kernels->row_words(bbb_padded(rows.N, BBB_LANES), net->width[0], x,
                          all->to->words + g * group_rows(p));
  bbb_net_first_moments(net, rows.N, posterior(all)->mu, all->w, x,
                        own + all->s * moments_floats(p));
}

/* Of rows drawn apart, under one posterior after the other. */
static void load(shared *all, size_t threads, bbb_stop *stop) {
  const bbb_predictive *p = all->p;
  const bbb_net *net = &p->model.net;
  for (all->s = 0; all->s < (p->rowwise ? p->F : 1); all->s++) {
    if (p->rowwise) {
      const size_t P = (net->width[0] + 1) * net->width[1];
      const bbb_posterior q = {P, posterior(all)->mu, posterior(all)->rho};
      net->kernels->variance(&q, all->w);
    }
    bbb_parallel_until(threads, groups(p, all->block->N), load_task, all, stop);
  }
}

static void draw_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  const bbb_net *net = &all->p->model.net;
  const bbb_slice s = bbb_net_slice(net, all->layer, i);
  const bbb_theta *theta = posterior(all);
  const bbb_posterior q = {s.P, theta->mu + s.first, theta->rho + s.first};
  (void)worker;
  net->kernels->normals(&all->source, s.noise, s.P, all->eps + s.first);
  net->kernels->sample(&q, all->eps + s.first, all->w + s.first);
}

static void forward_task(void *ctx, size_t g, size_t worker) {
  const shared *all = ctx;
  const bbb_predictive *p = all->p;
  bbb_batch rows;
  bbb_predict_job j = group_job(all, g, worker, &rows);
  const float *own = all->groups + g * group_floats(p);
  bbb_inputs in = {.units = all->source};
  in.units.stream = BBB_STREAM_ROWS;
  if (p->rowwise) {
    in.moments = own + all->s % p->F * moments_floats(p);
    in.word = all->to->words + g * group_rows(p);
  } else {
    in.x = own;
  }
  const float *eta = bbb_net_predict(&p->model.net, rows.N, all->w, &in,
                                     all->workers + worker * worker_floats(p));
  table[p->what]->gather(&j, all->s, eta);
}

static void finish_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  bbb_batch rows;
  bbb_predict_job j = group_job(all, all->from + i, worker, &rows);
  table[all->p->what]->finish(&j);
}

bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to) {
  const bbb_net *net = &p->model.net;
  const size_t threads = bbb_model_workers(&p->model, block->N);
  const size_t n = groups(p, block->N);
  bbb_stop stop = {to->stop, to->ctx, 0};
  shared all = share(p, block, first, to);
  load(&all, threads, &stop);
  for (all.s = 0; all.s < p->S; all.s++, all.source.draw++) {
    for (all.layer = p->rowwise ? 1 : 0; all.layer < net->L; all.layer++) {
      bbb_parallel_until(threads, bbb_net_slices(net, all.layer), draw_task,
                         &all, &stop);
    }
    if (bbb_parallel_until(threads, n, forward_task, &all, &stop)) {
      return BBB_STOPPED;
    }
  }
  for (; all.from < n; all.from += threads) {
    const size_t left = n - all.from;
    bbb_parallel(threads, left < threads ? left : threads, finish_task, &all);
    if (to->stop && to->stop(to->ctx)) return BBB_STOPPED;
  }
  return BBB_OK;
}
