/* prior_scale.h: a prior sd for each input of a layer. */
#ifndef BBB_TRAIN_PRIOR_SCALE_H
#define BBB_TRAIN_PRIOR_SCALE_H

#include "model/model.h"

/* The weights that leave one input of a layer make a group, G groups in all,
 * each layer's biases one of them. */
size_t bbb_prior_groups(const bbb_net *net);

/* scale (G) at the start. */
void bbb_prior_scale_start(const bbb_model *model, float *scale);

/* Empirical Bayes: the scale that maximises the ELBO in closed form (Wu et al.
 * 2019, "Deterministic variational inference for robust Bayesian neural
 * networks", eq. 15), drawn towards its start as if by `strength` weights more:
 *   scale^2 = (sum of mu^2 + sigma^2 + strength start^2) / (n + strength)
 * over the n weights of a group, in units of sd1. Biases keep theirs. room (P)
 * is to work in. */
void bbb_prior_scale_learn(const bbb_model *model, const bbb_theta *theta,
                           float *room, float *scale);

/* narrow (P) = 1 / scale of each weight */
void bbb_prior_scale_spread(const bbb_net *net, const float *scale,
                            float *narrow);

#endif
