/* likelihood.c: one table row a family: its shape, its log density with the
 * gradient, and the moments of the outcome. A family is added by a row here and
 * a row in R/family.R. */
#include "bbb.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double half_log_2pi = 0.91893853320467274178;
static const float most_log_noise = 6.90775528f; /* log(1000) */

/* One observation: y (Y), eta (K), aux (A), those of eta and of y R and
 * `apart` from each other. Sets d_eta (K), where that is not NULL, and d_aux to
 * the gradient of -log P(y | eta). */
typedef struct {
  const float *y, *eta, *aux;
  float *d_eta;
  size_t R, apart;
  double d_aux;
} observation;

/* -log noise - (y - eta)^2 / (2 noise^2), a term for each output */
static double gaussian_log_density(size_t K, observation *o) {
  const double log_noise = (double)o->aux[0];
  const double precision = exp(-2 * log_noise);
  double sum = 0;
  for (size_t k = 0; k < K; k++) {
    const double residual =
      (double)o->y[k * o->apart] - (double)o->eta[k * o->R];
    const double square = residual * residual * precision;
    sum -= half_log_2pi + log_noise + 0.5 * square;
    if (!o->d_eta) continue;
    o->d_eta[k * o->R] = (float)(-residual * precision);
    o->d_aux += 1 - square;
  }
  return sum;
}

static void gaussian_moments(size_t K, size_t R, const float *eta,
                             const float *aux, double *mean, double *variance) {
  const double noise_variance = exp(2 * (double)aux[0]);
  for (size_t k = 0; k < K; k++) {
    mean[k] = (double)eta[k * R];
    variance[k] = noise_variance;
  }
}

static double sigmoid(double eta) {
  const double e = exp(-fabs(eta));
  return (eta >= 0 ? 1 : e) / (1 + e);
}

/* log p for a 1 and log(1 - p) for a 0, which is -log(1 + exp(-+eta)) */
static double binomial_log_density(size_t K, observation *o) {
  double sum = 0;
  for (size_t k = 0; k < K; k++) {
    const double y = (double)o->y[k * o->apart], eta = (double)o->eta[k * o->R];
    sum -= bbb_softplus(y > 0 ? -eta : eta);
    if (o->d_eta) o->d_eta[k * o->R] = (float)(sigmoid(eta) - y);
  }
  return sum;
}

static void binomial_moments(size_t K, size_t R, const float *eta,
                             const float *aux, double *mean, double *variance) {
  (void)aux;
  for (size_t k = 0; k < K; k++) {
    mean[k] = sigmoid((double)eta[k * R]);
    variance[k] = mean[k] * sigmoid(-(double)eta[k * R]);
  }
}

/* log(sum exp eta), with the largest taken out so that none overflows */
static double log_sum_exp(size_t K, size_t R, const float *eta) {
  double most = (double)eta[0], sum = 0;
  for (size_t k = 1; k < K; k++) most = fmax(most, (double)eta[k * R]);
  for (size_t k = 0; k < K; k++) sum += exp((double)eta[k * R] - most);
  return most + log(sum);
}

/* eta[y] - log(sum exp eta): the true class's log probability */
static double categorical_log_density(size_t K, observation *o) {
  const size_t y = (size_t)o->y[0];
  const double total = log_sum_exp(K, o->R, o->eta);
  assert(y < K);
  if (o->d_eta) {
    for (size_t k = 0; k < K; k++) {
      const double p = exp((double)o->eta[k * o->R] - total);
      o->d_eta[k * o->R] = (float)(p - (k == y));
    }
  }
  return (double)o->eta[y * o->R] - total;
}

static void categorical_moments(size_t K, size_t R, const float *eta,
                                const float *aux, double *mean,
                                double *variance) {
  const double total = log_sum_exp(K, R, eta);
  (void)aux;
  for (size_t k = 0; k < K; k++) {
    mean[k] = exp((double)eta[k * R] - total);
    variance[k] = mean[k] * (1 - mean[k]);
  }
}

typedef struct {
  size_t A;
  int y_per_output; /* as many columns of y as outputs, or just one */
  double (*log_density)(size_t K, observation *o);
  void (*moments)(size_t K, size_t R, const float *eta, const float *aux,
                  double *mean, double *variance);
} row;

static const row table[] = {
  [BBB_FAMILY_GAUSSIAN] = {1, 1, gaussian_log_density, gaussian_moments},
  [BBB_FAMILY_BINOMIAL] = {0, 1, binomial_log_density, binomial_moments},
  [BBB_FAMILY_CATEGORICAL] = {0, 0, categorical_log_density,
                              categorical_moments},
};

size_t bbb_likelihood_auxiliaries(const bbb_likelihood *lik) {
  return table[lik->family].A;
}

size_t bbb_likelihood_columns(const bbb_likelihood *lik) {
  return table[lik->family].y_per_output ? lik->K : 1;
}

double bbb_likelihood_log_density(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, float *d_eta,
                                  float *d_aux) {
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  double sum = 0, d_aux_sum = 0;
  if (d_eta) memset(d_eta, 0, lik->K * R * sizeof *d_eta);
  for (size_t i = 0; i < batch->N; i++) {
    observation o = {batch->y + i, eta + i, aux, d_eta ? d_eta + i : NULL, R,
                     batch->apart, 0};
    sum += table[lik->family].log_density(lik->K, &o);
    d_aux_sum += o.d_aux;
  }
  if (d_eta && lik->learn_aux) d_aux[0] += (float)d_aux_sum;
  return sum;
}

void bbb_likelihood_log_densities(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, double *each) {
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  for (size_t i = 0; i < batch->N; i++) {
    observation o = {batch->y + i, eta + i, aux, NULL, R, batch->apart, 0};
    each[i] = table[lik->family].log_density(lik->K, &o);
  }
}

void bbb_likelihood_hold(const bbb_likelihood *lik, float *aux) {
  if (!bbb_likelihood_auxiliaries(lik) || !lik->learn_aux) return;
  /* so written, not a number stays one and is found out */
  if (aux[0] > most_log_noise) aux[0] = most_log_noise;
  if (aux[0] < -most_log_noise) aux[0] = -most_log_noise;
}

void bbb_likelihood_moments(const bbb_likelihood *lik, size_t R,
                            const float *eta, const float *aux, double *mean,
                            double *variance) {
  table[lik->family].moments(lik->K, R, eta, aux, mean, variance);
}
