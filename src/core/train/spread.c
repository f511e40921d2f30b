/* spread.c: whether the standard deviations of the posterior have come to where
 * the ELBO is greatest.
 *
 * They start small and are the last to arrive, and the ELBO hardly shows it:
 * half of what an sd should be costs 0.3 nats a weight. What shows it is the
 * derivative of the ELBO when all sds grow by one factor, per weight:
 *   1 + mean over draws of d/dc (log P(D | w) / T + log P(w)) / P
 * at w = mu + c sigma eps, c = 1, where T is the temperature. The 1 is that of
 * the entropy. In a linear model it is 1 less the mean of (sigma / best
 * sigma)^2, and for weights that their prior alone decides it is 0 when they
 * are as wide as their prior. What chance makes of the size of the draws
 * cancels where the sum is divided by the squares of eps, and not by their
 * mean.
 */
#include "fit_room.h"

#include <math.h>

/* Draws come in pairs, eps and -eps, so that the gradient in mu cancels; each
 * is taken at c = 1 + H and 1 - H. Powers of 2 lose no bits. */
static const float H = 0.125f;

/* So many weights in all pairs, and multiplications in all products of them,
 * but from 4 to 1000 pairs: some hundredths of a second, or a few steps. */
static const double weights = 2e6, products = 2e8;

static size_t count_pairs(const bbb_fit *fit) {
  const double P = (double)bbb_net_parameters(&fit->model.net);
  const double pairs =
    fmin(weights / P, products / P / (double)bbb_fit_batch(fit));
  const size_t n = pairs < 4 ? 4 : pairs > 1000 ? 1000 : (size_t)pairs;
  const size_t M = bbb_fit_batches(fit);
  return n < M ? n : n - n % M;
}

typedef struct {
  const bbb_fit *fit;
  bbb_model model;
  bbb_fit_room to;
  bbb_stop stop;
} spread;

/* log P(D | w) / T + log P(w) at w = mu + factor sigma eps, eps becoming factor
 * eps; of the batch whose first row is order[first], part by part. */
static double at_factor(spread *s, size_t first, float factor) {
  const size_t P = bbb_net_parameters(&s->model.net), N = s->to.step.rows;
  const size_t part = bbb_model_part(&s->model, N);
  float *eps = s->to.step.eps;
  double log_likelihood = 0, log_prior = 0;
  for (size_t j = 0; j < P; j++) eps[j] *= factor;
  for (size_t at = 0; at < N; at += part) {
    s->to.step.first = at;
    bbb_fit_load(s->fit, first + at, bbb_smaller(part, N - at), &s->to);
    const bbb_terms terms =
      bbb_model_forward(&s->model, &s->to.batch, &s->to.step);
    log_likelihood += terms.log_likelihood;
    log_prior += terms.log_prior;
  }
  return (double)bbb_fit_batches(s->fit) * log_likelihood /
           s->fit->plan.temperature +
         log_prior;
}

static double squares(const spread *s) {
  double sum = 0;
  for (size_t j = 0; j < bbb_net_parameters(&s->model.net); j++) {
    sum += (double)s->to.step.eps[j] * (double)s->to.step.eps[j];
  }
  return sum;
}

static double derivative(spread *s, size_t first) {
  const float more = 1 + H, less = 1 - H;
  const double above = at_factor(s, first, more) + at_factor(s, first, -1);
  const double below =
    at_factor(s, first, less / more) + at_factor(s, first, -1);
  return (above - below) / (4 * (double)H);
}

static void begin(spread *s, const bbb_theta *theta, void *ctx) {
  const bbb_source source = {s->fit->plan.key, BBB_STREAM_SPREAD, 0, 0};
  s->model.estimator = BBB_ESTIMATOR_SHARED;
  s->model.prior.exact = 0;
  bbb_fit_carve(s->fit, s->fit->work, &s->to);
  s->to.step.prior = bbb_prior_begin(&s->model.prior);
  s->to.step.theta = *theta;
  s->to.step.weigh = 1;
  s->stop.ask = s->fit->stop;
  s->stop.ctx = ctx;
  if (bbb_model_long(&s->model, bbb_fit_batch(s->fit))) {
    s->to.step.stop = &s->stop;
  }
  bbb_rng_permutation(s->model.net.kernels->bits, &source,
                      (uint32_t)s->fit->data.train.N, NULL, s->fit->order);
}

double bbb_fit_spread(const bbb_fit *fit, const bbb_theta *theta, void *ctx) {
  spread s = {.fit = fit, .model = fit->model};
  const size_t P = bbb_net_parameters(&fit->model.net), n = count_pairs(fit);
  const size_t unseen = bbb_model_unseen(&fit->model, 4 * bbb_fit_batch(fit));
  double sum = 0, all = 0;
  if (!(fit->plan.temperature > 0)) return NAN;
  begin(&s, theta, ctx);
  for (size_t i = 0; i < n; i++) {
    const bbb_source noise = {fit->plan.key, BBB_STREAM_SPREAD, (uint32_t)i + 1,
                              0};
    if (i % unseen == 0 && bbb_stop_wanted(&s.stop)) return NAN;
    const size_t first = i % bbb_fit_batches(fit) * bbb_fit_batch(fit);
    s.to.step.rows = bbb_smaller(bbb_fit_batch(fit), fit->data.train.N - first);
    fit->model.net.kernels->normals(&noise, 0, P, s.to.step.eps);
    all += squares(&s);
    sum += derivative(&s, first);
  }
  return s.stop.wanted ? NAN : 1 + sum / all;
}
