/* optim.c: optimisers, learning-rate schedules and the weight of the KL. */
#include "bbb.h"

#include <math.h>

/* Kingma and Ba (2015), algorithm 1, with both bias corrections taken into the
 * step: m / (1 - beta1^t) over sqrt(v / (1 - beta2^t)) + epsilon. */
bbb_optim_at bbb_optim_begin(const bbb_optim *optim, double learn_rate,
                             double scale, uint32_t t, size_t apart) {
  bbb_optim_at at = {(float)learn_rate, 1, (float)scale, apart};
  if (optim->kind == BBB_OPTIMIZER_ADAM) {
    at.rate = (float)(learn_rate / (1 - pow(optim->beta1, (double)t)));
    at.v_factor = (float)(1 / (1 - pow(optim->beta2, (double)t)));
  }
  return at;
}

float bbb_optim_clip(const bbb_optim *optim, const bbb_optim_at *at,
                     double squares) {
  const double norm = (double)at->scale * sqrt(squares);
  if (!(optim->clip > 0 && norm > optim->clip)) return at->scale;
  return (float)(optim->clip / norm * (double)at->scale);
}

/* Eight sums side by side, since each addition waits for the last one of its
 * sum. */
double bbb_optim_squares(size_t n, const float *d) {
  double sum[8] = {0};
  size_t j = 0;
  for (; j + 8 <= n; j += 8) {
    for (size_t k = 0; k < 8; k++)
      sum[k] += (double)d[j + k] * (double)d[j + k];
  }
  for (; j < n; j++) sum[0] += (double)d[j] * (double)d[j];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
         ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static void adam(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                 const float *d, float *moments, float *theta) {
  float *m = moments, *v = moments + at->apart;
  const float take1 = (float)(1 - optim->beta1);
  const float take2 = (float)(1 - optim->beta2);
  const float epsilon = (float)optim->epsilon;
  for (size_t j = 0; j < n; j++) {
    const float g = at->scale * d[j];
    m[j] += take1 * (g - m[j]);
    v[j] += take2 * (g * g - v[j]);
    theta[j] -= at->rate * m[j] / (sqrtf(at->v_factor * v[j]) + epsilon);
  }
}

static void sgd(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                const float *d, float *moments, float *theta) {
  const float momentum = (float)optim->momentum;
  for (size_t j = 0; j < n; j++) {
    moments[j] = momentum * moments[j] + at->scale * d[j];
    theta[j] -= at->rate * moments[j];
  }
}

typedef struct {
  const char *name;
  size_t moments;
  void (*step)(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
               const float *d, float *moments, float *theta);
} row;

static const row table[BBB_OPTIMIZERS] = {
  [BBB_OPTIMIZER_ADAM] = {"adam", 2, adam},
  [BBB_OPTIMIZER_SGD] = {"sgd", 1, sgd},
};

const char *bbb_optimizer_name(int kind) {
  return kind < BBB_OPTIMIZERS ? table[kind].name : NULL;
}

size_t bbb_optim_moments(const bbb_optim *optim) {
  return table[optim->kind].moments;
}

void bbb_optim_step(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                    const float *d, float *moments, float *theta) {
  table[optim->kind].step(optim, at, n, d, moments, theta);
}

/* ---- schedules ---- */

static double constant(double done) {
  (void)done;
  return 1;
}

static const double least_factor = 0.01;

static double cosine(double done) {
  return fmax(least_factor, (1 + cos(bbb_pi * done)) / 2);
}

static double in_steps(double done) {
  return done < 0.5 ? 1 : done < 0.75 ? 0.1 : least_factor;
}

static const struct {
  const char *name;
  double (*factor)(double done);
} schedules[BBB_SCHEDULES] = {
  [BBB_SCHEDULE_CONSTANT] = {"constant", constant},
  [BBB_SCHEDULE_COSINE] = {"cosine", cosine},
  [BBB_SCHEDULE_STEP] = {"step", in_steps},
};

const char *bbb_schedule_name(int kind) {
  return kind < BBB_SCHEDULES ? schedules[kind].name : NULL;
}

double bbb_schedule_factor(bbb_schedule schedule, double done) {
  return schedules[schedule].factor(fmin(done, 1));
}

/* ---- weights of the KL ---- */

static double uniform(size_t i, size_t M) {
  (void)i;
  return 1 / (double)M;
}

/* Batches are numbered from 1 in the paper; scaled by 2^-M, so that no power of
 * two overflows however many there are. */
static double blundell(size_t i, size_t M) {
  return exp2(-(double)(i + 1)) / (1 - exp2(-(double)M));
}

static const struct {
  const char *name;
  double (*at)(size_t i, size_t M);
} kl_weights[BBB_KL_WEIGHTS] = {
  [BBB_KL_UNIFORM] = {"uniform", uniform},
  [BBB_KL_BLUNDELL] = {"blundell", blundell},
};

const char *bbb_kl_weight_name(int kind) {
  return kind < BBB_KL_WEIGHTS ? kl_weights[kind].name : NULL;
}

double bbb_kl_weight_at(bbb_kl_weight kind, size_t i, size_t M) {
  return kl_weights[kind].at(i, M);
}
