/* special.h: special functions. */
#ifndef BBB_BASE_SPECIAL_H
#define BBB_BASE_SPECIAL_H

#include "base/base.h"

/* 1 / (1 + exp(-x)), no overflow */
double bbb_sigmoid(double x);

/* The most of which an exponential is taken: floats made of it stay finite. */
enum { BBB_EXP_MOST = 60 };

/* exp(x), x clamped to at most BBB_EXP_MOST */
double bbb_exp_held(double x);

/* log Gamma(x) and its derivative, x > 0, to 1e-14 of 1 or of the value. */
double bbb_log_gamma(double x);
double bbb_digamma(double x);

/* Distribution functions, to 1e-10: of the normal; of the gamma of shape a and
 * rate 1, and one less that; of the beta, for a up to 1e4 and any b, or b up to
 * 1e4, and to 1e-5 for others up to 1e9; of Student's t. */
double bbb_normal_below(double x);
double bbb_gamma_below(double a, double x);
double bbb_gamma_above(double a, double x);
double bbb_beta_below(double a, double b, double x);
double bbb_t_below(double df, double x);

#endif
