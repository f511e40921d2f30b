/* start.h: where training starts. */
#ifndef BBB_TRAIN_START_H
#define BBB_TRAIN_START_H

#include "model/model.h"

/* theta at the start: mu ~ N(0, mu_sd[l]^2) for the weights and
 * N(0, bias_sd[l]^2) for the biases of layer l, rho and aux as given. */
typedef struct {
  const double *mu_sd, *bias_sd; /* (L) */
  double rho;
  const double *aux; /* (A) */
} bbb_start;
void bbb_fit_start(const bbb_model *model, bbb_key key, const bbb_start *start,
                   const bbb_theta *theta);

#endif
