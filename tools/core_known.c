/* core_known.c: does the core, without R, give the numbers that it must?
 *
 * One or two closed forms or known answers a file of the core. The test suite
 * has many more; these say that a build of the core alone is sound.
 */
#undef NDEBUG
#include "bbb.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { MANY = 10000, MOST = 64 };

static const double log_2pi = 1.83787706640934548356;

static void expect_near(double got, double want, double tolerance) {
  if (fabs(got - want) <= tolerance * fmax(1, fabs(want))) return;
  fprintf(stderr, "got %.10g, not %.10g\n", got, want);
  assert(0);
}

/* Known answers of Random123 (Salmon et al. 2011), philox4x32-10 */
static void try_rng(void) {
  const uint32_t zeros[4] = {0, 0, 0, 0};
  const uint32_t want[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  const bbb_source source = {{{7, 8}}, BBB_STREAM_TRAIN, 0, 0};
  uint32_t got[4], order[MANY];
  float eps[MANY];
  double mean = 0, square = 0, sum = 0;
  bbb_rng_philox(zeros, (bbb_key){{0, 0}}, got);
  for (size_t i = 0; i < 4; i++) assert(got[i] == want[i]);

  bbb_rng_normals(&source, 0, MANY, eps);
  bbb_rng_permutation(bbb_rng_bits, &source, MANY, NULL, order);
  for (size_t i = 0; i < MANY; i++) {
    mean += (double)eps[i] / MANY;
    square += (double)eps[i] * (double)eps[i] / MANY;
    sum += order[i];
  }
  expect_near(mean, 0, 5 / sqrt(MANY));             /* five standard errors */
  expect_near(square, 1, 5 * sqrt(2) / sqrt(MANY)); /* five standard errors */
  expect_near(sum, MANY / 2.0 * (MANY - 1), 0);
}

/* KL of N(0, 2^2) from N(0, 1), by a single weight at eps = 1: -log q(w) and
 * -log P(w) at w = 2. */
static void try_posterior_and_prior(void) {
  const float mu = 0, rho = (float)bbb_softplus_inverse(2), eps = 1;
  const bbb_posterior q = {1, &mu, &rho};
  const bbb_prior normal = {.kind = BBB_PRIOR_NORMAL, .sd1 = 1};
  const bbb_prior mixture = {
    .kind = BBB_PRIOR_MIXTURE, .pi = 0.3, .sd1 = 1, .sd2 = 1};
  const float center = 1, narrow = 2;
  const bbb_place as_is = {NULL, NULL}, moved = {&narrow, &center};
  float w, d_w = 0;
  bbb_posterior_sample(&q, &eps, &w);
  expect_near((double)w, 2, 1e-6);
  expect_near(bbb_posterior_log_density(&q, &eps),
              -0.5 * log_2pi - log(2) - 0.5, 1e-6);
  expect_near(bbb_prior_log_density(&normal, 1, &as_is, &w), -0.5 * log_2pi - 2,
              1e-6);
  expect_near(bbb_prior_log_density(&mixture, 1, &as_is, &w),
              -0.5 * log_2pi - 2, 1e-6);
  bbb_prior_backward(&mixture, 1, 1, &as_is, &w, &d_w);
  expect_near((double)d_w, 2, 1e-6);
  expect_near(bbb_prior_log_density(&normal, 1, &moved, &w),
              -0.5 * log_2pi + log(2) - 2, 1e-6);
  d_w = 0;
  bbb_prior_backward(&normal, 1, 1, &moved, &w, &d_w);
  expect_near((double)d_w, 4, 1e-6);
  expect_near(bbb_softplus(-90), exp(-90), 1e-12 * exp(-90));
  expect_near(bbb_softplus(90), 90, 1e-15);
}

/* One row through one unit: eta = 3 x + 1, and the gradient by hand. */
static void try_net_and_likelihood(void) {
  const size_t width[] = {1, 1};
  const bbb_net net = {1, width, BBB_ACTIVATION_RELU, bbb_kernels_best(), 1, 0};
  const bbb_slice all = bbb_net_slice(&net, 0, 0);
  const bbb_likelihood gaussian = {BBB_FAMILY_GAUSSIAN, 1, 1, 0};
  const bbb_likelihood binomial = {BBB_FAMILY_BINOMIAL, 1, 1, 0};
  const float x = 2, y = 1, w[] = {3, 1}, aux = 0;
  const bbb_batch row = {1, &x, &y, 1, NULL, NULL, NULL, NULL};
  float work[2048], turned[16 * BBB_SLICE], d_w[2] = {0, 0}, d_aux = 0;
  assert(bbb_net_parameters(&net) == 2 && bbb_net_workspace(&net, 1) <= 2048);
  bbb_net_load(&net, &row, work);
  bbb_net_forward(&net, 1, &all, w, work);
  const float *eta = bbb_net_eta(&net, 1, work);
  float *d_eta = bbb_net_d_eta(&net, 1, work);
  expect_near((double)eta[0], 7, 0);
  expect_near(
    bbb_likelihood_log_density(&gaussian, &row, eta, &aux, d_eta, &d_aux),
    -0.5 * log_2pi - 18, 1e-12);
  bbb_net_backward_weights(&net, 1, &all, work, turned, d_w);
  expect_near((double)d_w[0], 12, 1e-6);
  expect_near((double)d_w[1], 6, 1e-6);
  expect_near((double)d_aux, 1 - 36, 1e-6);
  expect_near(
    bbb_likelihood_log_density(&binomial, &row, eta, &aux, NULL, NULL),
    -log1p(exp(-7)), 1e-6);
}

/* Gamma(1/2)^2 = pi, digamma(1) = -Euler's constant; one degree of freedom is
 * Cauchy's distribution. */
static void try_special(void) {
  const double pi = 3.14159265358979323846;
  expect_near(2 * bbb_log_gamma(0.5), log(pi), 1e-14);
  expect_near(bbb_digamma(1), -0.57721566490153286061, 1e-14);
  expect_near(bbb_gamma_below(1, 2), 1 - exp(-2), 1e-14);
  expect_near(bbb_beta_below(2, 3, 0.5), 11.0 / 16, 1e-14);
  expect_near(bbb_t_below(1, 1), 0.75, 1e-14);
}

static void try_schedules(void) {
  for (size_t M = 1; M < 2000; M += 333) {
    double uniform = 0, blundell = 0;
    for (size_t i = 0; i < M; i++) {
      uniform += bbb_kl_weight_at(BBB_KL_UNIFORM, i, M);
      blundell += bbb_kl_weight_at(BBB_KL_BLUNDELL, i, M);
    }
    expect_near(uniform, 1, 1e-12);
    expect_near(blundell, 1, 1e-12);
  }
  expect_near(bbb_schedule_factor(BBB_SCHEDULE_COSINE, 0.5), 0.5, 1e-12);
}

static void try_quantiles(void) {
  const double same[] = {5, 5, 5, 5}, sds[] = {2, 2}, unlike[] = {1, 1e-3};
  double value[] = {3, 1, 2};
  expect_near(bbb_quantile_mixture(3, same, 1, sds, 0.975), 5 + 2 * 1.959963985,
              1e-6);
  expect_near(bbb_quantile_mixture(4, same, 2, sds, 0.975), 5 + 2 * 1.959963985,
              1e-6);
  /* half is all below: 0.9875 of both is 0.975 of the wide one */
  expect_near(bbb_quantile_mixture(4, same, 2, unlike, 0.9875), 5 + 1.959963985,
              1e-6);
  expect_near(bbb_quantile_values(3, value, 0.75), 2.5, 1e-12);
}

/* Column-major doubles become row-major floats, standardised. */
static void try_rows(void) {
  const double value[] = {1, 2, 3, 4}, center[] = {1, 3}, scale[] = {1, 2};
  const bbb_rows rows = {
    .N = 2, .D = 2, .value = value, .center = center, .scale = scale};
  const uint32_t order[] = {1, 0};
  float out[4];
  bbb_rows_pack(&rows, order, 0, 2, out);
  expect_near((double)out[0], 1, 0);
  expect_near((double)out[1], 0.5, 0);
  expect_near((double)out[2], 0, 0);
  expect_near((double)out[3], 0, 0);
}

/* Whole numbers, of which sums are exact in any order. */
static void fill(size_t n, float *to) {
  for (size_t i = 0; i < n; i++) to[i] = (float)(i * 7 % 11) - 5;
}

static void expect_same(size_t n, const float *got, const float *want,
                        double tolerance) {
  for (size_t i = 0; i < n; i++) {
    expect_near((double)got[i], (double)want[i], tolerance);
  }
}

/* The products of a layer, as the plain loops have them. */
static void try_products(const bbb_kernels *kernels, const bbb_layer *l) {
  const bbb_kernels *plain = bbb_kernels_for(BBB_ISA_SCALAR);
  const size_t all[2] = {0, l->D};
  float W[MOST * BBB_SLICE], x[MOST * MOST], z[BBB_SLICE * MOST];
  float turned[MOST * BBB_SLICE], got[MOST * MOST], want[MOST * MOST];
  fill(l->D * l->H, W);
  fill(l->D * l->N, x);
  fill(l->H * l->N, z);
  kernels->forward(l, W, x, got);
  plain->forward(l, W, x, want);
  expect_same(l->H * l->N, got, want, 0);
  kernels->backward_inputs(l, W, z, all, got);
  plain->backward_inputs(l, W, z, all, want);
  expect_same(l->D * l->N, got, want, 0);
  kernels->backward_weights(l, x, z, turned, got);
  plain->backward_weights(l, x, z, turned, want);
  expect_same(l->D * l->H, got, want, 0);
}

/* Noise, of weights and of rows. */
static void try_noise(const bbb_kernels *kernels) {
  const bbb_source from = {{{7, 8}}, BBB_STREAM_ROWS, 0, 3};
  uint32_t word[MOST], want_word[MOST];
  float x[5 * MOST], mean[6 * MOST], sd[6 * MOST];
  float got[6 * MOST], want[6 * MOST];
  const bbb_rowwise rows = {MOST, 6, word, mean, sd};
  fill(5 * MOST, x);
  fill(6 * MOST, mean);
  for (size_t i = 0; i < 6 * MOST; i++) sd[i] = 0.5f;
  kernels->row_words(MOST, 5, x, word);
  bbb_rng_row_words(MOST, 5, x, want_word);
  for (size_t n = 0; n < MOST; n++) assert(word[n] == want_word[n]);
  kernels->rowwise(&from, &rows, got);
  bbb_rng_rowwise(&from, &rows, want);
  expect_same(6 * MOST, got, want, 1e-5);
  kernels->normals(&from, 0, 6 * MOST, got);
  bbb_rng_normals(&from, 0, 6 * MOST, want);
  expect_same(6 * MOST, got, want, 1e-5);
}

static void try_kernels(void) {
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)isa);
    if (!kernels) continue;
    try_noise(kernels);
    for (size_t N = BBB_LANES; N <= MOST; N += BBB_LANES) {
      for (size_t D = 1; D < 20; D++) {
        for (size_t H = 1; H <= BBB_SLICE; H++) {
          const bbb_layer l = {N, D, H};
          try_products(kernels, &l);
        }
      }
    }
  }
}

int main(void) {
  try_kernels();
  try_rng();
  try_posterior_and_prior();
  try_net_and_likelihood();
  try_special();
  try_schedules();
  try_quantiles();
  try_rows();
  return 0;
}
