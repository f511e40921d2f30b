/* step.c: a step of training, from the draws for a batch to the new theta. */
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

/* ---- a gradient that is clipped: known whole before theta moves ---- */

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
static bbb_optim_at move_clipped(const bbb_model *model, size_t N,
                                 const bbb_step *step) {
  const size_t P = bbb_net_parameters(&model->net);
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  move m = {model, step, step->update->at};
  m.at.scale = bbb_optim_clip(step->update->optim, &m.at,
                              bbb_optim_squares(P, step->g_mu) +
                                bbb_optim_squares(P, step->g_rho) +
                                bbb_optim_squares(A, step->d_aux));
  bbb_parallel(bbb_model_workers(model, N), (P + PIECE - 1) / PIECE, move_piece,
               &m);
  return m.at;
}

int bbb_model_descend(const bbb_model *model, const bbb_batch *batch,
                      double kl_weight, bbb_source *noise, bbb_step *step,
                      bbb_terms *terms) {
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  const double S = (double)step->S;
  bbb_terms mean = {0, 0, 0};
  memset(step->d_aux, 0, A * sizeof *step->d_aux);
  step->noise = noise;
  for (step->draw = 0; step->draw < step->S; step->draw++) {
    noise->draw = (uint32_t)step->draw;
    step->side.units = *noise;
    step->side.units.stream = BBB_STREAM_UNITS;
    const bbb_terms at = bbb_model_forward(model, batch, step);
    mean.log_posterior += at.log_posterior / S;
    mean.log_prior += at.log_prior / S;
    mean.log_likelihood += at.log_likelihood / S;
    if (!isfinite(mean.log_posterior) || !isfinite(mean.log_prior) ||
        !isfinite(mean.log_likelihood)) {
      return 0;
    }
    bbb_model_backward(model, batch, kl_weight, step);
  }
  const bbb_optim_at at = step->update->optim->clip > 0
                            ? move_clipped(model, batch->N, step)
                            : step->update->at;
  step_aux(model, step, &at);
  *terms = mean;
  return 1;
}
