/* fit.c: the training loop.
 *
 * Where training stands is all in bbb_state, and everything random is a
 * function of the key and the step, so a fit can stop after any step and go on
 * later with the same bits. The rows of an epoch come in a permutation that
 * depends on the epoch alone. The loss of a step is that of the paper's
 * section 3.4, kl_weight (log q(w) - log P(w)) - log P(batch | w), so that an
 * epoch's losses sum to f, however short the last batch is. The optimiser sees
 * it divided by the batch size, the same for every batch.
 */
#include "bbb.h"

#include <math.h>
#include <string.h>

/* Draws of the weights for a validation score: enough to rank epochs, since all
 * epochs are scored with the same noise. */
enum { VALIDATION_DRAWS = 10 };

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t batch_rows(const bbb_fit *fit) {
  return smaller(fit->plan.batch_size, fit->data.train.N);
}

static size_t batches(const bbb_fit *fit) {
  const size_t B = batch_rows(fit);
  return (fit->data.train.N + B - 1) / B;
}

/* ---- workspace ---- */

/* What lies where in fit->work and fit->sums. */
typedef struct {
  bbb_step step;
  float *x, *y;           /* (batch, D), (Y, R) */
  float *weight, *offset; /* (batch) */
  bbb_batch batch;        /* all rows, where they are one batch and loaded */
  bbb_predict_to score;   /* (held_out.N) */
} room;

static bbb_predictive validation(const bbb_fit *fit, const bbb_theta *theta) {
  bbb_predictive p = {.model = fit->model, .theta = *theta};
  p.source.key = fit->plan.key;
  p.source.stream = BBB_STREAM_VALIDATE;
  p.S = VALIDATION_DRAWS;
  p.what = BBB_PREDICT_LOG_DENSITY;
  return p;
}

/* The next n floats; from no base, only their count. */
static float *take(float *base, size_t *used, size_t n) {
  float *taken = base ? base + *used : NULL;
  *used += n;
  return taken;
}

static const bbb_theta nowhere = {NULL, NULL, NULL};

static size_t carve(const bbb_fit *fit, float *work, room *to) {
  const bbb_model *model = &fit->model;
  const size_t B = batch_rows(fit), P = bbb_net_parameters(&model->net);
  const size_t held_out = fit->data.held_out.N, S = fit->plan.samples;
  const bbb_room need = bbb_model_room(model, B);
  const bbb_predictive p = validation(fit, &nowhere);
  size_t used = 0;
  memset(to, 0, sizeof *to);
  to->step.S = S;
  to->step.prior = bbb_prior_begin(&model->prior);
  to->step.eps = fit->eps, to->step.w = fit->w;
  to->step.g_mu = S > 1 ? take(work, &used, P) : NULL;
  to->step.g_rho = S > 1 ? take(work, &used, P) : NULL;
  to->step.d_aux =
    take(work, &used, bbb_likelihood_auxiliaries(&model->likelihood));
  to->step.net = take(work, &used, need.net);
  to->step.workers = take(work, &used, need.workers);
  to->x = take(work, &used, B * model->net.width[0]);
  to->y =
    take(work, &used,
         bbb_padded(B, BBB_LANES) * bbb_likelihood_columns(&model->likelihood));
  to->weight = take(work, &used, fit->data.train.weight ? B : 0);
  to->offset = take(work, &used, fit->data.train.offset ? B : 0);
  to->score.work =
    take(work, &used, held_out ? bbb_predict_workspace(&p, held_out) : 0);
  to->step.sums = fit->sums;
  to->score.stop = fit->stop;
  to->score.N = held_out;
  to->score.out = fit->sums ? fit->sums + need.sums : NULL;
  to->score.sums = fit->sums ? to->score.out + held_out : NULL;
  return used;
}

size_t bbb_fit_workspace(const bbb_fit *fit) {
  room to;
  return carve(fit, NULL, &to);
}

size_t bbb_fit_sums(const bbb_fit *fit) {
  const bbb_predictive p = validation(fit, &nowhere);
  const size_t held_out = fit->data.held_out.N;
  return bbb_model_room(&fit->model, batch_rows(fit)).sums +
         (held_out ? held_out + bbb_predict_sums(&p, held_out) : 0);
}

/* ---- steps and epochs ---- */

static void gather(const bbb_fit *fit, size_t first, bbb_batch *batch,
                   room *to) {
  const size_t D = fit->model.net.width[0];
  const size_t Y = bbb_likelihood_columns(&fit->model.likelihood);
  const bbb_batch *from = &fit->data.train;
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  for (size_t i = 0; i < batch->N; i++) {
    const size_t row = fit->order[first + i];
    memcpy(to->x + i * D, from->x + row * D, D * sizeof *to->x);
    for (size_t k = 0; k < Y; k++)
      to->y[k * R + i] = from->y[k * from->apart + row];
  }
  batch->x = to->x;
  batch->y = to->y;
  batch->apart = R;
  const uint32_t *order = fit->order + first;
  batch->weight = bbb_rows_gather(from->weight, order, batch->N, to->weight);
  batch->offset = bbb_rows_gather(from->offset, order, batch->N, to->offset);
}

static double rate_at(const bbb_fit *fit, uint32_t step) {
  const double steps = (double)(fit->plan.schedule_epochs * batches(fit));
  return fit->plan.learn_rate *
         bbb_schedule_factor(fit->plan.schedule, (double)step / steps);
}

/* The batch whose first row is order[first]. When it is all rows it is loaded
 * once. */
static void load(const bbb_fit *fit, size_t first, room *to) {
  if (to->batch.N == fit->data.train.N) return;
  to->batch.N = smaller(batch_rows(fit), fit->data.train.N - first);
  gather(fit, first, &to->batch, to);
  bbb_net_load(&fit->model.net, &to->batch, to->step.net);
}

/* One batch: returns whether its loss was finite. */
static int take_step(const bbb_fit *fit, bbb_state *state, room *to) {
  const bbb_plan *plan = &fit->plan;
  const size_t B = batch_rows(fit), first = state->batch * B;
  const double kl_weight =
    bbb_kl_weight_at(plan->kl_weight, state->batch, batches(fit));
  const bbb_update update = {
    &plan->optim,
    bbb_optim_begin(&plan->optim, rate_at(fit, state->step),
                    1 / ((double)plan->samples * (double)B), state->step + 1,
                    bbb_model_size(&fit->model)),
    state->moments};
  bbb_source noise = {plan->key, BBB_STREAM_TRAIN, state->step, 0};
  bbb_terms terms;

  load(fit, first, to);
  to->step.theta = state->theta;
  to->step.update = &update;
  if (!bbb_model_descend(&fit->model, &to->batch, kl_weight, &noise, &to->step,
                         &terms)) {
    return 0;
  }
  state->nll -= terms.log_likelihood;
  state->kl += kl_weight * (terms.log_posterior - terms.log_prior);
  state->batch++;
  state->step++;
  return 1;
}

/* Mean log predictive density of a held-out row; BBB_STOPPED where the caller
 * wanted out. */
static bbb_status validate(const bbb_fit *fit, const bbb_state *state, room *to,
                           double *score) {
  const bbb_predictive p = validation(fit, &state->theta);
  const bbb_batch *rows = &fit->data.held_out;
  const size_t D = fit->model.net.width[0];
  const size_t block = bbb_predict_block(&p, rows->N);
  double sum = 0;
  for (size_t first = 0; first < rows->N; first += block) {
    const bbb_batch part =
      bbb_batch_part(rows, D, first, smaller(block, rows->N - first));
    const bbb_status status = bbb_predict_rows(&p, &part, first, &to->score);
    if (status != BBB_OK) return status;
  }
  for (size_t i = 0; i < rows->N; i++) sum += to->score.out[i];
  *score = sum / (double)rows->N;
  return BBB_OK;
}

void bbb_fit_keep(const bbb_fit *fit, const bbb_state *state) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t A = bbb_likelihood_auxiliaries(&fit->model.likelihood);
  memcpy(state->best, state->theta.mu, P * sizeof *state->best);
  memcpy(state->best + P, state->theta.rho, P * sizeof *state->best);
  memcpy(state->best + 2 * P, state->theta.aux, A * sizeof *state->best);
}

static void keep_best(const bbb_fit *fit, bbb_state *state, double score) {
  state->since_best++;
  if (state->epoch > 0 && !(score > state->best_score)) return;
  state->best_score = score;
  state->since_best = 0;
  bbb_fit_keep(fit, state);
}

/* BBB_STOPPED leaves the epoch for the next run to finish. */
static bbb_status finish_epoch(const bbb_fit *fit, bbb_state *state, room *to) {
  const bbb_history *history = &fit->history;
  const size_t e = state->epoch;
  history->nll[e] = state->nll;
  history->kl[e] = state->kl;
  history->learn_rate[e] = rate_at(fit, state->step - 1);
  if (bbb_likelihood_auxiliaries(&fit->model.likelihood)) {
    history->aux[e] = (double)state->theta.aux[0];
  }
  if (fit->data.held_out.N) {
    if (validate(fit, state, to, &history->validation[e]) != BBB_OK) {
      return BBB_STOPPED;
    }
    keep_best(fit, state, history->validation[e]);
  }
  state->nll = state->kl = 0;
  state->batch = 0;
  state->epoch++;
  return BBB_OK;
}

/* Rows that are one batch stay as the first epoch has them. */
static void shuffle(const bbb_fit *fit, const bbb_state *state) {
  const size_t epoch = batches(fit) > 1 ? state->epoch : 0;
  const bbb_source source = {fit->plan.key, BBB_STREAM_SHUFFLE, (uint32_t)epoch,
                             0};
  bbb_rng_permutation(fit->model.net.kernels->bits, &source,
                      (uint32_t)fit->data.train.N, fit->order);
}

static int patient(const bbb_fit *fit, const bbb_state *state) {
  return !fit->data.held_out.N || state->since_best < fit->plan.patience;
}

static int all_finite(size_t n, const float *value) {
  for (size_t j = 0; j < n; j++) {
    if (!isfinite(value[j])) return 0;
  }
  return 1;
}

/* A last step can spoil what the next step's loss would have shown. */
static bbb_status checked(const bbb_fit *fit, const bbb_state *state,
                          bbb_status status) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t A = bbb_likelihood_auxiliaries(&fit->model.likelihood);
  const int finite = all_finite(P, state->theta.mu) &&
                     all_finite(P, state->theta.rho) &&
                     all_finite(A, state->theta.aux);
  return finite ? status : BBB_DIVERGED;
}

bbb_status bbb_fit_run(const bbb_fit *fit, bbb_state *state, bbb_tick tick,
                       void *ctx) {
  room to;
  carve(fit, fit->work, &to);
  to.score.ctx = ctx;
  while (state->epoch < fit->plan.epochs && patient(fit, state)) {
    if (!to.batch.N || batches(fit) > 1) shuffle(fit, state);
    while (state->batch < batches(fit)) {
      if (!take_step(fit, state, &to)) return BBB_DIVERGED;
      if (state->batch == batches(fit)) break;
      if (tick(ctx, state)) return checked(fit, state, BBB_STOPPED);
    }
    if (finish_epoch(fit, state, &to) != BBB_OK || tick(ctx, state)) {
      return checked(fit, state, BBB_STOPPED);
    }
  }
  return checked(fit, state, BBB_OK);
}
