/* bbb.h: the core of bbb, specified. Plain C99; it knows nothing of R.
 *
 * Bayes by Backprop: Blundell, Cornebise, Kavukcuoglu and Wierstra (2015),
 * "Weight Uncertainty in Neural Networks", ICML, is "the paper" below.
 *
 * Dimensions    N rows of a batch   D inputs of a layer   H units of a layer
 *               K outputs           L layers, the output layer included
 *               P weights, biases among them            A auxiliaries (noise)
 *               T = 2 P + A trained numbers             S draws of the weights
 * Shapes        (N, D) is row-major: the last index runs fastest.
 * Conventions   Values are set, gradients are added. d_x is the gradient of a
 *               loss (a negative log density) in x. Weights, noise and
 *               activations are float; what is reported is summed in double.
 *               Arguments: what it is, then inputs (const), then outputs.
 * Ownership     The core allocates nothing, prints nothing and remembers
 *               nothing. Structs are views: they borrow their pointers.
 * Errors        A user's mistake is found in R, a programmer's is an assert,
 *               what only the numbers can show is a bbb_status.
 *
 * Each folder is a floor, which uses those before it: base (noise, special
 * functions, threads), data (rows and batches), posterior, prior, likelihood,
 * optim, kernels (the hot loops, once for each instruction set), network, model
 * (a step's passes), predict, train. Beside its files is the header that
 * specifies them.
 */
#ifndef BBB_H
#define BBB_H

#include "base/base.h"
#include "base/rng.h"
#include "base/activation.h"
#include "base/special.h"
#include "base/parallel.h"
#include "data/data.h"
#include "data/batch.h"
#include "data/coded.h"
#include "data/checksum.h"
#include "posterior/posterior.h"
#include "prior/prior.h"
#include "likelihood/likelihood.h"
#include "likelihood/form.h"
#include "likelihood/cdf_table.h"
#include "optim/optim.h"
#include "kernels/kernels.h"
#include "network/net.h"
#include "network/estimator.h"
#include "model/model.h"
#include "model/density.h"
#include "model/step.h"
#include "predict/predict.h"
#include "predict/quantile.h"
#include "train/prior_scale.h"
#include "train/fit.h"
#include "train/spread.h"
#include "train/start.h"

#endif
