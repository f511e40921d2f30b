/* step.c: a step of training, from the draws for a batch to the new theta. */
#include "bbb.h"

#include <math.h>
#include <string.h>

static void step_aux(const bbb_model *model, const bbb_step *step) {
  const bbb_likelihood *lik = &model->likelihood;
  const bbb_update *update = step->update;
  const size_t P = bbb_net_parameters(&model->net);
  model->net.kernels->optim_step(update->optim, &update->at,
                                 bbb_likelihood_auxiliaries(lik), step->d_aux,
                                 update->moments + 2 * P, step->theta.aux);
  bbb_likelihood_hold(lik, step->theta.aux);
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
  step_aux(model, step);
  *terms = mean;
  return 1;
}
