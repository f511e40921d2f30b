/* fit.c: the training loop.
 *
 * Where training stands is all in bbb_state, and everything random is a
 * function of the key and the step, so a fit can stop after any step and go on
 * later with the same bits. The rows of an epoch come in a permutation that
 * depends on the epoch alone. The loss of a step is that of the paper's
 * section 3.4, kl_weight (log q(w) - log P(w)) - log P(batch | w), so that an
 * epoch's losses sum to f, however short the last batch is. The optimiser sees
 * it divided by the batch size, the same for every batch, and by the mean
 * weight of a row, so that a rate means the same whatever the weights sum to.
 */
#include "fit_room.h"

#include <math.h>
#include <string.h>

static double rate_at(const bbb_fit *fit, uint32_t step) {
  const double steps =
    (double)(fit->plan.schedule_epochs * bbb_fit_batches(fit));
  return fit->plan.learn_rate *
         bbb_schedule_factor(fit->plan.schedule, (double)step / steps);
}

/* How much of the KL counts at a step, up to 1: it rises from none, so that the
 * data can say what the units are for before the prior switches off those that
 * nothing needs yet. */
static double kl_share(const bbb_fit *fit, uint32_t step) {
  const double steps =
    (double)(fit->plan.schedule_epochs * bbb_fit_batches(fit));
  const double rise = fit->plan.kl_warmup * steps;
  const double share = rise > 0 ? ((double)step + 1) / rise : 1;
  return share < 1 ? share : 1;
}

/* A prior that learns its scales does so every so many steps. */
enum { LEARN_EVERY = 10 };

static int learns_now(const bbb_fit *fit, const bbb_state *state) {
  return fit->model.prior.learn && state->scale &&
         state->step % LEARN_EVERY == 0 && state->step > 0;
}

/* The scales that the step under way is taken with; they become the state's
 * when it has been taken. */
static void learn_prior(const bbb_fit *fit, const bbb_state *state,
                        float *scale) {
  const size_t G = bbb_prior_groups(&fit->model.net);
  memcpy(scale, state->scale, G * sizeof *scale);
  bbb_prior_scale_learn(&fit->model, &state->theta, fit->eps, scale);
  bbb_prior_scale_spread(&fit->model.net, scale, fit->narrow);
}

static void keep_prior(const bbb_fit *fit, const float *scale,
                       bbb_state *state) {
  const size_t G = bbb_prior_groups(&fit->model.net);
  memcpy(state->scale, scale, G * sizeof *scale);
}

/* What a draw weighs, log q and log P, is for the history; its gradient does
 * not need it. So it is taken at some batches of an epoch, for all of them. */
enum { WEIGH_EVERY = 4 };

static double weighed_share(const bbb_fit *fit) {
  const size_t M = bbb_fit_batches(fit);
  double sum = 0;
  for (size_t i = 0; i < M; i += WEIGH_EVERY) {
    sum += bbb_kl_weight_at(fit->plan.kl_weight, i, M);
  }
  return sum;
}

/* The draws of a batch whose first row is order[first], part by part. */
static bbb_status pass_batch(const bbb_fit *fit, size_t first, double kl_weight,
                             bbb_fit_room *to, bbb_terms *terms) {
  bbb_step *step = &to->step;
  const size_t part = bbb_model_part(&fit->model, step->rows);
  const size_t unseen = bbb_model_unseen(&fit->model, step->rows);
  bbb_status status = BBB_OK;
  for (step->draw = 0; step->draw < step->S; step->draw++) {
    if (step->draw > 0 && step->draw % unseen == 0 &&
        bbb_stop_wanted(step->stop)) {
      return BBB_STOPPED;
    }
    for (size_t at = 0; at < step->rows && status == BBB_OK; at += part) {
      step->first = at;
      if (step->draw == 0 || part < step->rows) {
        bbb_fit_load(fit, first + at, bbb_smaller(part, step->rows - at), to);
      }
      status = bbb_step_pass(&fit->model, &to->batch, kl_weight, step, terms);
    }
    if (status != BBB_OK) return status;
  }
  return BBB_OK;
}

/* One batch. BBB_STOPPED leaves the state as it was, to go on from. */
static bbb_status take_step(const bbb_fit *fit, bbb_state *state,
                            bbb_fit_room *to) {
  const bbb_plan *plan = &fit->plan;
  const size_t B = bbb_fit_batch(fit), first = state->batch * B;
  const double kl_weight =
    bbb_kl_weight_at(plan->kl_weight, state->batch, bbb_fit_batches(fit));
  const bbb_update update = {
    &plan->optim,
    bbb_optim_begin(
      &plan->optim, rate_at(fit, state->step),
      1 / ((double)plan->samples * (double)B * fit->data.mean_weight),
      state->step + 1, bbb_model_size(&fit->model)),
    state->moments};
  bbb_source noise = {plan->key, BBB_STREAM_TRAIN, state->step, 0};
  const double share = plan->temperature * kl_share(fit, state->step);
  bbb_terms terms = {0, 0, 0};

  if (learns_now(fit, state)) learn_prior(fit, state, to->scale);
  to->step.theta = state->theta;
  to->step.update = &update;
  to->step.noise = &noise;
  to->step.rows = bbb_smaller(B, fit->data.train.N - first);
  to->step.weigh = state->batch % WEIGH_EVERY == 0;
  bbb_step_begin(&fit->model, &to->step);
  const bbb_status status =
    pass_batch(fit, first, kl_weight * share, to, &terms);
  if (status != BBB_OK) return status;
  bbb_step_move(&fit->model, &to->step);
  if (learns_now(fit, state)) keep_prior(fit, to->scale, state);
  state->nll -= terms.log_likelihood;
  state->kl += kl_weight * (terms.log_posterior - terms.log_prior);
  state->batch++;
  state->step++;
  return BBB_OK;
}

void bbb_fit_keep(const bbb_fit *fit, const bbb_state *state) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t A = bbb_likelihood_auxiliaries(&fit->model.likelihood);
  memcpy(state->best, state->theta.mu, P * sizeof *state->best);
  memcpy(state->best + P, state->theta.rho, P * sizeof *state->best);
  memcpy(state->best + 2 * P, state->theta.aux, A * sizeof *state->best);
}

/* While the KL rises, an epoch scores well for the data that it has fitted and
 * not yet as a posterior: scores are compared from the first epoch that ends
 * with all of the KL on, and until then the last epoch is the best. */
static void keep_best(const bbb_fit *fit, bbb_state *state, double score) {
  const uint32_t M = (uint32_t)bbb_fit_batches(fit);
  const int comparable =
    state->epoch > 0 && kl_share(fit, state->step - M - 1) == 1;
  state->since_best++;
  if (comparable && !(score > state->best_score)) return;
  state->best_score = score;
  state->since_best = 0;
  bbb_fit_keep(fit, state);
}

/* BBB_STOPPED leaves the epoch for the next run to finish. */
static bbb_status finish_epoch(const bbb_fit *fit, bbb_state *state,
                               bbb_fit_room *to) {
  const bbb_history *history = &fit->history;
  const size_t e = state->epoch;
  history->nll[e] = state->nll;
  history->kl[e] = state->kl / weighed_share(fit);
  history->learn_rate[e] = rate_at(fit, state->step - 1);
  if (bbb_likelihood_auxiliaries(&fit->model.likelihood)) {
    history->aux[e] = (double)state->theta.aux[0];
  }
  if (fit->data.held_out.N) {
    if (bbb_fit_score(fit, state, to, &history->validation[e]) != BBB_OK) {
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
static bbb_status shuffle(const bbb_fit *fit, const bbb_state *state,
                          bbb_fit_room *to) {
  const int one_batch = bbb_fit_batches(fit) == 1;
  const size_t epoch = one_batch ? 0 : state->epoch;
  const bbb_source source = {fit->plan.key, BBB_STREAM_SHUFFLE, (uint32_t)epoch,
                             0};
  if (one_batch && to->batch.N) return BBB_OK;
  return bbb_rng_permutation(fit->model.net.kernels->bits, &source,
                             (uint32_t)fit->data.train.N, &to->stop, fit->order)
           ? BBB_STOPPED
           : BBB_OK;
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

/* The batches that are left of an epoch, and its score. */
static bbb_status run_epoch(const bbb_fit *fit, bbb_state *state,
                            bbb_fit_room *to, bbb_tick tick) {
  bbb_status status = shuffle(fit, state, to);
  while (status == BBB_OK && state->batch < bbb_fit_batches(fit)) {
    status = take_step(fit, state, to);
    if (state->batch == bbb_fit_batches(fit)) break;
    if (status == BBB_OK && tick(to->stop.ctx, state)) return BBB_STOPPED;
  }
  return status == BBB_OK ? finish_epoch(fit, state, to) : status;
}

bbb_status bbb_fit_run(const bbb_fit *fit, bbb_state *state, bbb_tick tick,
                       void *ctx) {
  bbb_fit_room to;
  bbb_fit_carve(fit, fit->work, &to);
  if (state->scale) {
    bbb_prior_scale_spread(&fit->model.net, state->scale, fit->narrow);
  }
  to.score.ctx = to.stop.ctx = ctx;
  to.stop.ask = fit->stop;
  to.step.stop = &to.stop;
  while (state->epoch < fit->plan.epochs && patient(fit, state)) {
    const bbb_status status = run_epoch(fit, state, &to, tick);
    if (status != BBB_OK) return checked(fit, state, status);
    if (tick(ctx, state)) return checked(fit, state, BBB_STOPPED);
  }
  return checked(fit, state, BBB_OK);
}
