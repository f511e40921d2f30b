/* model.c: one draw of the training step, from theta to f and its gradient, and
 * on to the new theta.
 *
 * The weights of a slice of a layer are drawn and at once used, and in the
 * backward pass a slice's gradient goes through prior, posterior and optimiser
 * as soon as it is known: it is then still in the cache, and there is never a
 * gradient of all weights to keep. Slices do not depend on each other, so they
 * are what threads share out.
 */
#include "model_room.h"

typedef struct {
  const bbb_model *model;
  const bbb_step *step;
  const bbb_estimator_row *estimator;
  bbb_pass rows; /* of the part of the batch under way */
  size_t N, layer;
  double kl_weight;
  bbb_stop *stop;
} pass;

static pass begin(const bbb_model *model, const bbb_batch *part,
                  const bbb_step *step) {
  const pass p = {.model = model,
                  .step = step,
                  .estimator = bbb_estimator_of(model->estimator),
                  .rows = {&model->net, part->N, step->theta.mu,
                           step->theta.rho, step->eps, step->w,
                           &step->row_noise, step->net},
                  .N = part->N};
  return p;
}

static int is_last(const pass *p) {
  const bbb_step *step = p->step;
  return step->draw + 1 == step->S && step->first + p->N == step->rows;
}

/* Theta does not move before all of the gradient is known. */
static int is_whole(const bbb_step *step) {
  return !step->update || step->whole;
}

/* Whether the gradient takes the place of w and eps. */
static int in_place(const bbb_step *step) {
  return is_whole(step) && step->g_mu == step->w;
}

/* Where each draw is worth a look, tasks are too. */
static bbb_stop *stop_within(const pass *p) {
  return bbb_model_unseen(p->model, p->N) == 1 ? p->step->stop : NULL;
}

/* ---- forward ---- */

/* eps of n weights from number `first` on, unless it is given. */
static void draw_noise(const pass *p, size_t first, size_t n, float *eps) {
  const bbb_step *step = p->step;
  if (!step->noise) return;
  const int negate = step->antithetic && step->draw % 2;
  bbb_source from = *step->noise;
  if (step->antithetic) from.draw -= from.draw % 2;
  p->model->net.kernels->normals(&from, first, n, eps);
  for (size_t j = 0; negate && j < n; j++) eps[j] = -eps[j];
}

static void draw_slice(const pass *p, const bbb_slice *s) {
  const bbb_kernels *kernels = p->model->net.kernels;
  const bbb_step *step = p->step;
  double *sums = step->sums + 2 * s->number;
  sums[0] = sums[1] = 0;
  for (size_t j = 0; j < s->P; j += BBB_CHUNK) {
    const size_t n = s->P - j < BBB_CHUNK ? s->P - j : BBB_CHUNK,
                 at = s->first + j;
    const bbb_posterior q = {n, step->theta.mu + at, step->theta.rho + at};
    const bbb_place place = bbb_place_from(&step->place, at);
    draw_noise(p, s->noise + j, n, step->eps + at);
    if (!step->weigh) {
      kernels->sample(&q, step->eps + at, step->w + at);
      continue;
    }
    const bbb_log_densities sum =
      kernels->draw(&step->prior, &q, &place, step->eps + at, step->w + at);
    sums[0] += sum.posterior;
    sums[1] += sum.prior;
  }
}

static void forward_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_slice s = bbb_net_slice(&p->model->net, p->layer, i);
  (void)worker;
  if (p->step->first == 0) {
    draw_slice(p, &s);
    p->estimator->draw(&p->rows, &s);
  }
  p->estimator->forward(&p->rows, &s);
}

bbb_terms bbb_model_forward(const bbb_model *model, const bbb_batch *part,
                            const bbb_step *step) {
  const bbb_net *net = &model->net;
  pass p = begin(model, part, step);
  bbb_terms terms = {0, 0, 0};
  p.stop = stop_within(&p);
  p.estimator->load(&p.rows);
  for (; p.layer < net->L; p.layer++) {
    if (bbb_parallel_until(bbb_model_workers(model, part->N),
                           bbb_net_slices(net, p.layer), forward_task, &p,
                           p.stop)) {
      return terms;
    }
  }
  for (size_t i = 0; step->first == 0 && i < bbb_model_total_slices(net); i++) {
    terms.log_posterior += step->sums[2 * i];
    terms.log_prior += step->sums[2 * i + 1];
  }
  terms.log_likelihood = net->kernels->likelihood_log_density(
    &model->likelihood, part, bbb_net_eta(net, part->N, step->net),
    step->theta.aux, bbb_net_d_eta(net, part->N, step->net), step->d_aux);
  return terms;
}

/* ---- backward ---- */

/* Weights at .. at + n, whose d_w and, where it is not NULL, d_sigma are known.
 */
static void gather_chunk(const pass *p, size_t at, size_t n,
                         const float *const d[2], float *own) {
  const bbb_kernels *kernels = p->model->net.kernels;
  const bbb_step *step = p->step;
  const bbb_update *update = step->update;
  const bbb_draw draw = {
    n,    step->w + at,        step->eps + at,
    d[0], step->theta.mu + at, bbb_place_from(&step->place, at),
    d[1]};
  const bbb_posterior q = {n, step->theta.mu + at, step->theta.rho + at};
  const size_t P = bbb_net_parameters(&p->model->net);
  const int whole = is_whole(step), kept = step->S > 1 || whole;
  const int add = step->draw > 0 || step->first > 0;
  if (!kept && kernels->update && update->optim->kind == BBB_OPTIMIZER_ADAM) {
    const bbb_trained here = {{step->theta.mu + at, step->theta.rho + at, NULL},
                              update->moments + at,
                              update->moments + P + at};
    kernels->update(&step->prior, p->kl_weight, &draw, update->optim,
                    &update->at, &here);
    return;
  }
  float *g_mu = kept ? step->g_mu + at : own;
  float *g_rho = kept ? step->g_rho + at : own + BBB_CHUNK;
  kernels->gather(&step->prior, step->first > 0 ? 0 : p->kl_weight, &draw, add,
                  g_mu, g_rho);
  if (!is_last(p)) return;
  kernels->chain(&step->prior, &q, &draw.place, p->kl_weight * (double)step->S,
                 g_rho);
  if (whole) return;
  kernels->optim_step(update->optim, &update->at, n, g_mu, update->moments + at,
                      step->theta.mu + at);
  kernels->optim_step(update->optim, &update->at, n, g_rho,
                      update->moments + P + at, step->theta.rho + at);
}

/* Of the slices of the layer below. */
static void inputs_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_slice s = bbb_net_slice(&p->model->net, p->layer - 1, i);
  (void)worker;
  p->estimator->backward_inputs(&p->rows, &s);
}

static void weights_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_net *net = &p->model->net;
  const bbb_slice s = bbb_net_slice(net, p->layer, i);
  float *own =
    p->step->workers + worker * bbb_model_worker_floats(p->model, p->N);
  float *d_w = own + bbb_padded(p->N, BBB_LANES) * BBB_SLICE;
  float *chunk = d_w + bbb_model_largest(p->model);
  bbb_net_backward_weights(net, p->N, &s, p->step->net, own, d_w);
  const float *d_sigma =
    p->estimator->backward_sigma(&p->rows, &s, own, chunk + 2 * BBB_CHUNK);
  for (size_t j = 0; j < s.P; j += BBB_CHUNK) {
    const size_t n = s.P - j < BBB_CHUNK ? s.P - j : BBB_CHUNK;
    const float *const d[2] = {d_w + j, d_sigma ? d_sigma + j : NULL};
    gather_chunk(p, s.first + j, n, d, chunk);
  }
}

static size_t slices_below(const pass *p) {
  return p->layer > 0 ? bbb_net_slices(&p->model->net, p->layer - 1) : 0;
}

static void either_task(void *ctx, size_t i, size_t worker) {
  const size_t below = slices_below(ctx);
  if (i < below) {
    inputs_task(ctx, i, worker);
  } else {
    weights_task(ctx, i - below, worker);
  }
}

void bbb_model_backward(const bbb_model *model, const bbb_batch *part,
                        double kl_weight, const bbb_step *step) {
  const bbb_net *net = &model->net;
  const size_t threads = bbb_model_workers(model, part->N);
  pass p = begin(model, part, step);
  p.layer = net->L, p.kl_weight = kl_weight;
  const int apart = p.estimator->reads_mu || in_place(step);
  const int moves = is_last(&p) && !is_whole(step);
  if (!moves) p.stop = stop_within(&p);
  p.estimator->begin_backward(&p.rows);
  while (p.layer-- > 0) {
    const size_t below = slices_below(&p), own = bbb_net_slices(net, p.layer);
    if (!apart) {
      if (bbb_parallel_until(threads, below + own, either_task, &p, p.stop)) {
        return;
      }
      /* the gradient in the inputs needs mu, or w, as it was */
    } else if (bbb_parallel_until(threads, below, inputs_task, &p, p.stop) ||
               bbb_parallel_until(threads, own, weights_task, &p, p.stop)) {
      return;
    }
  }
}
