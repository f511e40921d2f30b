/* step.c: a step of training, from the draws for a batch to the new theta.
 *
 * Until theta moves a step can be given up and made again, with the same bits,
 * since its noise is a function of counters. One that takes long therefore
 * takes its gradient whole, and moves theta in a pass of its own.
 */
#include "bbb.h"

#include <math.h>
#include <string.h>

static void step_aux(const bbb_model *model, const bbb_step *step,
                     const bbb_optim_at *at) {
  const bbb_likelihood *lik = &model->likelihood;
  const bbb_update *update = step->update;
  const size_t P = bbb_net_parameters(&model->net);
  model->net.kernels->optim_step(update->optim, at,
                                 bbb_likelihood_auxiliaries(lik), step->d_aux,
                                 update->moments + 2 * P, step->theta.aux);
  bbb_likelihood_hold(lik, step->theta.aux);
}

/* ---- a gradient that is known whole before theta moves ---- */

/* Weights that a thread moves at a time, whole vectors of them. */
enum { PIECE = 4096 };

typedef struct {
  const bbb_model *model;
  const bbb_step *step;
  bbb_optim_at at;
} move;

static void move_piece(void *ctx, size_t i, size_t worker) {
  const move *m = ctx;
  const bbb_step *step = m->step;
  const bbb_update *update = step->update;
  const bbb_kernels *kernels = m->model->net.kernels;
  const size_t P = bbb_net_parameters(&m->model->net), first = i * PIECE;
  const size_t n = P - first < PIECE ? P - first : PIECE;
  (void)worker;
  kernels->optim_step(update->optim, &m->at, n, step->g_mu + first,
                      update->moments + first, step->theta.mu + first);
  kernels->optim_step(update->optim, &m->at, n, step->g_rho + first,
                      update->moments + P + first, step->theta.rho + first);
}

/* Returns what the auxiliaries move by too. */
static bbb_optim_at move_whole(const bbb_model *model, const bbb_step *step) {
  const size_t P = bbb_net_parameters(&model->net);
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  const bbb_optim *optim = step->update->optim;
  move m = {model, step, step->update->at};
  if (optim->clip > 0) {
    m.at.scale = bbb_optim_clip(optim, &m.at,
                                bbb_optim_squares(P, step->g_mu) +
                                  bbb_optim_squares(P, step->g_rho) +
                                  bbb_optim_squares(A, step->d_aux));
  }
  bbb_parallel(bbb_model_workers(model, step->rows), (P + PIECE - 1) / PIECE,
               move_piece, &m);
  return m.at;
}

/* ---- the step ---- */

void bbb_step_begin(const bbb_model *model, bbb_step *step) {
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  memset(step->d_aux, 0, A * sizeof *step->d_aux);
  step->whole = step->update->optim->clip > 0 ||
                bbb_model_part(model, step->rows) < step->rows ||
                bbb_model_long(model, step->rows);
}

static int all_finite(const bbb_terms *terms) {
  return isfinite(terms->log_posterior) && isfinite(terms->log_prior) &&
         isfinite(terms->log_likelihood);
}

bbb_status bbb_step_pass(const bbb_model *model, const bbb_batch *part,
                         double kl_weight, bbb_step *step, bbb_terms *terms) {
  const double S = (double)step->S;
  if (step->noise) {
    step->noise->draw = (uint32_t)step->draw;
    step->row_noise.units = *step->noise;
    step->row_noise.units.stream = BBB_STREAM_UNITS;
  }
  step->row_noise.rows = step->rows, step->row_noise.first = step->first;
  const bbb_terms at = bbb_model_forward(model, part, step);
  if (step->stop && step->stop->wanted) return BBB_STOPPED;
  terms->log_posterior += at.log_posterior / S;
  terms->log_prior += at.log_prior / S;
  terms->log_likelihood += at.log_likelihood / S;
  if (step->update && !all_finite(terms)) return BBB_DIVERGED;
  bbb_model_backward(model, part, kl_weight, step);
  return step->stop && step->stop->wanted ? BBB_STOPPED : BBB_OK;
}

void bbb_step_move(const bbb_model *model, bbb_step *step) {
  const bbb_optim_at at =
    step->whole ? move_whole(model, step) : step->update->at;
  step_aux(model, step, &at);
}
