/* fit_room.c: the workspace of the training loop, and the batches in it. */
#include "fit_room.h"

#include <string.h>

/* Numbers of x in a row, and codes beside them. */
static size_t numbers(const bbb_fit *fit) {
  const bbb_coded *coded = fit->data.train.coded;
  return coded ? coded->V : fit->model.net.width[0];
}

size_t bbb_fit_codes(const bbb_fit *fit) {
  const bbb_coded *coded = fit->data.train.coded;
  return coded ? bbb_fit_batch(fit) * coded->C : 0;
}

/* The next n floats; from no base, only their count. */
static float *take(float *base, size_t *used, size_t n) {
  float *taken = base ? base + *used : NULL;
  *used += n;
  return taken;
}

static const bbb_theta nowhere = {NULL, NULL, NULL};

/* The doubles, after those of a step. */
static void carve_sums(const bbb_fit *fit, size_t of_step, bbb_fit_room *to) {
  const size_t held_out = fit->data.held_out.N;
  double *score = fit->sums ? fit->sums + of_step : NULL;
  to->step.sums = fit->sums;
  to->score.stop = fit->stop;
  to->score.N = held_out;
  to->score.out[BBB_PREDICT_LOG_DENSITY] = score;
  to->score.sums = score ? score + held_out : NULL;
}

size_t bbb_fit_carve(const bbb_fit *fit, float *work, bbb_fit_room *to) {
  const bbb_model *model = &fit->model;
  const size_t B = bbb_model_part(model, bbb_fit_batch(fit));
  const size_t P = bbb_net_parameters(&model->net);
  const size_t held_out = fit->data.held_out.N, S = fit->plan.samples;
  const int apart = S > 1 || B < bbb_fit_batch(fit);
  const bbb_room need = bbb_model_room(model, B);
  const bbb_predictive p = bbb_fit_validation(fit, &nowhere);
  size_t used = 0;
  memset(to, 0, sizeof *to);
  to->step.S = S;
  to->step.prior = bbb_prior_begin(&model->prior);
  to->step.eps = fit->eps, to->step.w = fit->w;
  to->step.place = model->prior.each;
  if (fit->narrow) to->step.place.narrow = fit->narrow;
  to->step.antithetic = fit->plan.antithetic;
  to->step.g_mu = apart ? take(work, &used, P) : fit->w;
  to->step.g_rho = apart ? take(work, &used, P) : fit->eps;
  to->step.d_aux =
    take(work, &used, bbb_likelihood_auxiliaries(&model->likelihood));
  to->step.net = take(work, &used, need.net);
  to->step.workers = take(work, &used, need.workers);
  to->step.row_noise.work = take(work, &used, need.row_noise);
  to->step.row_noise.scale = take(work, &used, need.row_noise ? P : 0);
  to->x = take(work, &used, B * numbers(fit));
  to->y =
    take(work, &used,
         bbb_padded(B, BBB_LANES) * bbb_likelihood_columns(&model->likelihood));
  to->weight = take(work, &used, fit->data.train.weight ? B : 0);
  to->offset = take(work, &used, fit->data.train.offset ? B : 0);
  to->scale =
    take(work, &used, model->prior.learn ? bbb_prior_groups(&model->net) : 0);
  to->score.work =
    take(work, &used, held_out ? bbb_predict_workspace(&p, held_out) : 0);
  carve_sums(fit, need.sums, to);
  return used;
}

size_t bbb_fit_workspace(const bbb_fit *fit) {
  bbb_fit_room to;
  return bbb_fit_carve(fit, NULL, &to);
}

size_t bbb_fit_sums(const bbb_fit *fit) {
  const bbb_predictive p = bbb_fit_validation(fit, &nowhere);
  const size_t held_out = fit->data.held_out.N;
  return bbb_model_room(&fit->model, 1).sums +
         (held_out ? held_out + bbb_predict_sums(&p, held_out) : 0);
}

static void gather(const bbb_fit *fit, size_t first, bbb_batch *batch,
                   bbb_fit_room *to) {
  const size_t V = numbers(fit);
  const size_t Y = bbb_likelihood_columns(&fit->model.likelihood);
  const bbb_batch *from = &fit->data.train;
  const size_t C = from->coded ? from->coded->C : 0;
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  for (size_t i = 0; i < batch->N; i++) {
    const size_t row = fit->order[first + i];
    memcpy(to->x + i * V, from->x + row * V, V * sizeof *to->x);
    for (size_t c = 0; c < C; c++)
      fit->code[i * C + c] = from->code[row * C + c];
    for (size_t k = 0; k < Y; k++)
      to->y[k * R + i] = from->y[k * from->apart + row];
  }
  batch->x = to->x;
  batch->coded = from->coded;
  batch->code = fit->code;
  batch->y = to->y;
  batch->apart = R;
  const uint32_t *order = fit->order + first;
  batch->weight = bbb_rows_gather(from->weight, order, batch->N, to->weight);
  batch->offset = bbb_rows_gather(from->offset, order, batch->N, to->offset);
}

void bbb_fit_load(const bbb_fit *fit, size_t first, size_t n,
                  bbb_fit_room *to) {
  if (to->batch.N == fit->data.train.N) return;
  to->batch.N = n;
  gather(fit, first, &to->batch, to);
  bbb_net_load(&fit->model.net, &to->batch, to->step.net);
}
