/* spread.h: have the sds arrived?. */
#ifndef BBB_TRAIN_SPREAD_H
#define BBB_TRAIN_SPREAD_H

#include "train/fit.h"

/* The derivative of the ELBO of temperature T, per weight, in the log of a
 * factor of all sigma, over T: 0 where the ELBO is greatest, near 1 where all
 * sds are far too small. By draws and batches of its own, in the workspace of
 * the fit, which must not be training. NAN where T is 0 or stop(ctx) wanted
 * out. */
double bbb_fit_spread(const bbb_fit *fit, const bbb_theta *theta, void *ctx);

#endif
