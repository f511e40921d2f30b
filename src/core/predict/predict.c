/* predict.c: the posterior predictive.
 *
 * The rows are taken in blocks and each block meets every draw of the weights,
 * which are made again for each block: sampling costs P a draw, the forward
 * pass P a row and draw. A draw of the weights is thus one function over all
 * rows, and the memory does not grow with N S. What is gathered over the draws,
 * and what is made of it at the end, is a table row for each kind of
 * prediction; all kinds that are asked see each draw. Threads share out the
 * slices of the weights and then the groups of rows.
 *
 * Rowwise predictions have no draws of the first layer's weights. What that
 * layer makes of a row is normal, with moments that are taken once for a block
 * and drawn from for each row and draw.
 */
#include "predict_job.h"

typedef bbb_predict_shared shared;

/* ---- groups of rows ---- */

/* The posterior of the draw under way. */
static const bbb_theta *posterior(const shared *all) {
  return all->p->theta + all->s % all->p->F;
}

static double *worker_room(const shared *all, size_t worker) {
  return all->worker_sums + worker * bbb_predict_worker_sums(all->p);
}

/* Group g of the block's rows as a block of its own. */
static bbb_predict_job group_job(const shared *all, size_t g, size_t worker,
                                 bbb_batch *rows) {
  const bbb_predictive *p = all->p;
  const size_t group = bbb_predict_group(p), at = g * group;
  const size_t left = all->block->N - at;
  const size_t V = bbb_likelihood_values(&p->model.likelihood);
  const size_t moments = bbb_predict_needs_moments(p) ? V * group : 0;
  double *own = worker_room(all, worker);
  *rows = bbb_batch_part(all->block, p->model.net.width[0], at,
                         left < group ? left : group);
  const bbb_predict_job j = {.p = p,
                             .block = rows,
                             .to = all->to,
                             .first = all->first + at,
                             .end = rows->N,
                             .aux = posterior(all)->aux,
                             .moments = {own, own + moments},
                             .table = all->table,
                             .room = own + 2 * moments};
  return j;
}

/* The same for one kind. */
static bbb_predict_job kind_job(const shared *all, size_t g, int kind,
                                const bbb_predict_job *of) {
  const bbb_predictive *p = all->p;
  const size_t at = g * bbb_predict_group(p), N = of->block->N;
  bbb_predict_job j = *of;
  j.kept = all->kept + at * bbb_predict_kept_before(p, BBB_PREDICT_KINDS) +
           N * bbb_predict_kept_before(p, kind);
  j.sums = all->sums + at * bbb_predict_sums_before(p, BBB_PREDICT_KINDS) +
           N * bbb_predict_sums_before(p, kind);
  j.out = all->to->out[kind];
  return j;
}

/* ---- tasks ---- */

static void load_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  const bbb_predictive *p = all->p;
  const bbb_net *net = &p->model.net;
  const size_t g = all->from + i, group = bbb_predict_group(p);
  const size_t each = bbb_predict_sums_before(p, BBB_PREDICT_KINDS);
  bbb_batch rows;
  group_job(all, g, worker, &rows);
  float *own = all->groups + g * bbb_predict_group_floats(p);
  double *sums = all->sums + g * group * each;
  for (size_t k = 0; k < rows.N * each; k++) sums[k] = 0;
  if (!p->rowwise) {
    bbb_net_load_inputs(net, &rows, own);
    return;
  }
  float *x = all->workers + worker * bbb_predict_worker_floats(p);
  bbb_net_load_inputs(net, &rows, x);
  net->kernels->row_words(bbb_padded(rows.N, BBB_LANES), net->width[0], x,
                          all->to->words + g * group);
  bbb_net_first_moments(net, rows.N, posterior(all)->mu, all->w, x,
                        own + all->s * bbb_predict_moments_floats(p));
}

static double group_cost(const bbb_predictive *p) {
  return (double)bbb_predict_group(p) *
         (double)bbb_net_parameters(&p->model.net);
}

/* Of rows drawn apart, under one posterior after the other. */
static int load(shared *all) {
  const bbb_predictive *p = all->p;
  const bbb_net *net = &p->model.net;
  for (all->s = 0; all->s < (p->rowwise ? p->F : 1); all->s++) {
    if (p->rowwise) {
      const size_t P = (net->width[0] + 1) * net->width[1];
      const bbb_posterior q = {P, posterior(all)->mu, posterior(all)->rho};
      net->kernels->variance(&q, all->w);
    }
    if (bbb_predict_run(all, bbb_predict_groups(p, all->block->N),
                        group_cost(p), load_task)) {
      return 1;
    }
  }
  return 0;
}

/* Tables (J, F) */
static void table_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  const bbb_predictive *p = all->p;
  const bbb_likelihood *lik = &p->model.likelihood;
  const size_t t = all->from + i;
  const size_t A = bbb_likelihood_auxiliaries(lik) / bbb_predict_outcomes(p);
  const float *aux = p->theta[t % p->F].aux + t / p->F * A;
  double *cells = all->cells + t * BBB_CDF_NUMBERS;
  (void)worker;
  all->table[t] = bbb_cdf_table_make(lik, aux, cells);
}

static void draw_task(void *ctx, size_t i, size_t worker) {
  const shared *all = ctx;
  const bbb_net *net = &all->p->model.net;
  const bbb_slice s = bbb_net_slice(net, all->layer, all->from + i);
  const bbb_theta *theta = posterior(all);
  const bbb_posterior q = {s.P, theta->mu + s.first, theta->rho + s.first};
  (void)worker;
  net->kernels->normals(&all->source, s.noise, s.P, all->eps + s.first);
  net->kernels->sample(&q, all->eps + s.first, all->w + s.first);
}

static void forward_task(void *ctx, size_t i, size_t worker) {
  shared *all = ctx;
  const bbb_predictive *p = all->p;
  const size_t g = all->from + i;
  bbb_batch rows;
  const bbb_predict_job group = group_job(all, g, worker, &rows);
  const float *own = all->groups + g * bbb_predict_group_floats(p);
  bbb_inputs in = {.units = all->source};
  in.units.stream = BBB_STREAM_ROWS;
  if (p->rowwise) {
    in.moments = own + all->s % p->F * bbb_predict_moments_floats(p);
    in.word = all->to->words + g * bbb_predict_group(p);
  } else {
    in.x = own;
  }
  const float *eta =
    bbb_net_predict(&p->model.net, rows.N, all->w, &in,
                    all->workers + worker * bbb_predict_worker_floats(p));
  if (bbb_predict_needs_moments(p)) {
    double *moments = worker_room(all, worker);
    const size_t apart = (size_t)(group.moments[1] - group.moments[0]);
    bbb_likelihood_moments(&p->model.likelihood, &rows, eta, group.aux, moments,
                           moments + apart);
  }
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    if (!p->asked[k]) continue;
    bbb_predict_job j = kind_job(all, g, k, &group);
    bbb_predict_row_of(k)->gather(&j, all->s, eta);
  }
}

/* Some rows of a group, few where each takes long. */
static void finish_task(void *ctx, size_t i, size_t worker) {
  shared *all = ctx;
  const bbb_predictive *p = all->p;
  const size_t group = bbb_predict_group(p);
  const size_t first = (all->from + i) * all->some, g = first / group;
  bbb_predict_asker who = {all, worker};
  bbb_batch rows;
  bbb_predict_job of = group_job(all, g, worker, &rows);
  of.begin = first - g * group;
  of.end = of.begin + all->some < rows.N ? of.begin + all->some : rows.N;
  of.stop = bbb_predict_ask;
  of.ctx = &who;
  for (int k = 0; k < BBB_PREDICT_KINDS && !bbb_predict_is_stopped(all); k++) {
    if (!p->asked[k]) continue;
    bbb_predict_job j = kind_job(all, g, k, &of);
    bbb_predict_row_of(k)->finish(&j);
  }
}

/* ---- all ---- */

static int draw(shared *all) {
  const bbb_net *net = &all->p->model.net;
  for (all->layer = all->p->rowwise ? 1 : 0; all->layer < net->L;
       all->layer++) {
    const double cost = 30 * (double)bbb_net_largest_slice(net);
    if (bbb_predict_run(all, bbb_net_slices(net, all->layer), cost, draw_task))
      return 1;
  }
  return bbb_predict_run(all, bbb_predict_groups(all->p, all->block->N),
                         group_cost(all->p), forward_task);
}

bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to) {
  shared all = bbb_predict_share(p, block, first, to);
  all.threads = bbb_model_workers(&p->model, block->N);
  all.some = p->S > 10000 ? 1 : 16;
  const size_t tables = p->F * bbb_predict_outcomes(p);
  if (all.table && bbb_predict_run(&all, tables, 1e6, table_task))
    return BBB_STOPPED;
  if (load(&all)) return BBB_STOPPED;
  for (all.s = 0; all.s < p->S; all.s++, all.source.draw++) {
    if (draw(&all)) return BBB_STOPPED;
  }
  const size_t parts = (block->N + all.some - 1) / all.some;
  const double cost = 100 * (double)p->S * (double)all.some;
  return bbb_predict_run(&all, parts, cost, finish_task) ? BBB_STOPPED : BBB_OK;
}
