/* fit_score.c: the score of the rows held out. */
#include "fit_room.h"

/* Draws of the weights for a validation score: enough to rank epochs, since all
 * epochs are scored with the same noise. */
enum { VALIDATION_DRAWS = 10 };

bbb_predictive bbb_fit_validation(const bbb_fit *fit, const bbb_theta *theta) {
  bbb_predictive p = {.model = fit->model, .theta = theta, .F = 1};
  p.source.key = fit->plan.key;
  p.source.stream = BBB_STREAM_VALIDATE;
  p.S = VALIDATION_DRAWS;
  p.asked[BBB_PREDICT_LOG_DENSITY] = 1;
  return p;
}

bbb_status bbb_fit_score(const bbb_fit *fit, const bbb_state *state,
                         bbb_fit_room *to, double *score) {
  const bbb_predictive p = bbb_fit_validation(fit, &state->theta);
  const bbb_batch *rows = &fit->data.held_out;
  const size_t D = fit->model.net.width[0];
  const size_t block = bbb_predict_block(&p, rows->N);
  double sum = 0, weights = 0;
  for (size_t first = 0; first < rows->N; first += block) {
    const bbb_batch part =
      bbb_batch_part(rows, D, first, bbb_smaller(block, rows->N - first));
    const bbb_status status = bbb_predict_rows(&p, &part, first, &to->score);
    if (status != BBB_OK) return status;
  }
  for (size_t i = 0; i < rows->N; i++) {
    const double weight = rows->weight ? (double)rows->weight[i] : 1;
    sum += weight * to->score.out[BBB_PREDICT_LOG_DENSITY][i];
    weights += weight;
  }
  *score = sum / weights;
  return BBB_OK;
}
