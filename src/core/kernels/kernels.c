/* kernels.c: the hot loops in plain C, and the choice among the instruction
 * sets.
 *
 * The plain products are the reference for the vector ones and stand in for
 * them where a compiler has no vectors. A product adds in the order of the
 * inner index for each element, so a row's values do not depend on the rows
 * beside it.
 */
#include "bbb.h"

#include <string.h>

static void forward(const bbb_layer *l, const float *W, const float *x,
                    float *z) {
  for (size_t h = 0, block; h < l->H; h += block, W += block * l->D) {
    block = bbb_block(l->H - h);
    for (size_t k = 0; k < block; k++, z += l->N) {
      memset(z, 0, l->N * sizeof *z);
      for (size_t d = 0; d < l->D; d++) {
        const float W_dk = W[d * block + k];
        for (size_t n = 0; n < l->N; n++) z[n] += W_dk * x[d * l->N + n];
      }
    }
  }
}

static void backward_inputs(const bbb_layer *l, const float *W,
                            const float *d_z, const size_t range[2],
                            float *d_x) {
  for (size_t d = range[0]; d < range[1]; d++) {
    float *to = d_x + d * l->N;
    memset(to, 0, l->N * sizeof *to);
    for (size_t h = 0, block; h < l->H; h += block) {
      block = bbb_block(l->H - h);
      for (size_t k = 0; k < block; k++) {
        const float W_dk = W[h * l->D + d * block + k];
        const float *from = d_z + (h + k) * l->N;
        for (size_t n = 0; n < l->N; n++) to[n] += W_dk * from[n];
      }
    }
  }
}

static void backward_weights(const bbb_layer *l, const float *x,
                             const float *d_z, float *turned, float *d_W) {
  (void)turned;
  for (size_t h = 0, block; h < l->H; h += block) {
    block = bbb_block(l->H - h);
    for (size_t d = 0; d < l->D; d++) {
      for (size_t k = 0; k < block; k++) {
        float sum = 0;
        for (size_t n = 0; n < l->N; n++) {
          sum += x[d * l->N + n] * d_z[(h + k) * l->N + n];
        }
        *d_W++ = sum;
      }
    }
  }
}

static void variance(const bbb_posterior *q, float *out) {
  for (size_t j = 0; j < q->P; j++) {
    const double sigma = bbb_softplus((double)q->rho[j]);
    out[j] = (float)(sigma * sigma);
  }
}

/* Under the exact KL log q is as its mean: that of eps^2 is 1. */
static bbb_log_densities draw(const bbb_prior_at *at, const bbb_posterior *q,
                              const bbb_place *place, const float *eps,
                              float *w) {
  const bbb_prior *prior = at->prior;
  bbb_log_densities sum = {bbb_posterior_log_density(q, eps), 0};
  bbb_posterior_sample(q, eps, w);
  if (!prior->exact) {
    sum.prior = bbb_prior_log_density(prior, q->P, place, w);
    return sum;
  }
  sum.prior = bbb_prior_expected(prior, q, place);
  for (size_t j = 0; j < q->P; j++) {
    sum.posterior += 0.5 * ((double)eps[j] * (double)eps[j] - 1);
  }
  return sum;
}

static void gather(const bbb_prior_at *at, double kl_weight,
                   const bbb_draw *draw, int add, float *g_mu, float *g_rho) {
  enum { SOME = 64 };
  float d_prior[SOME];
  for (size_t j = 0; j < draw->n; j += SOME) {
    const size_t n = draw->n - j < SOME ? draw->n - j : SOME;
    const bbb_place place = bbb_place_from(&draw->place, j);
    const bbb_posterior q = {n, draw->mu + j, NULL};
    memset(d_prior, 0, sizeof d_prior);
    if (at->prior->exact) {
      bbb_prior_expected_backward(at->prior, &q, kl_weight, &place, d_prior,
                                  NULL);
    } else {
      bbb_prior_backward(at->prior, n, kl_weight, &place, draw->w + j, d_prior);
    }
    for (size_t i = 0; i < n; i++) {
      const float d_w = draw->d_w[j + i], eps = draw->eps[j + i];
      const float d_sigma = draw->d_sigma ? draw->d_sigma[j + i] : d_w * eps;
      const float of_prior = at->prior->exact ? 0 : d_prior[i] * eps;
      g_mu[j + i] = (add ? g_mu[j + i] : 0) + d_w + d_prior[i];
      g_rho[j + i] = (add ? g_rho[j + i] : 0) + d_sigma + of_prior;
    }
  }
}

static void chain(const bbb_prior_at *at, const bbb_posterior *q,
                  const bbb_place *place, double kl_weight, float *g_rho) {
  if (at->prior->exact) {
    bbb_prior_expected_backward(at->prior, q, kl_weight, place, NULL, g_rho);
  }
  bbb_posterior_chain(q, kl_weight, g_rho);
}

static const bbb_kernels scalar = {
  forward,
  backward_inputs,
  backward_weights,
  bbb_rng_bits,
  bbb_rng_normals,
  bbb_rng_row_words,
  bbb_rng_rowwise,
  bbb_posterior_sample,
  variance,
  draw,
  gather,
  chain,
  bbb_activation_forward,
  bbb_activation_backward,
  bbb_optim_step,
  NULL,
  bbb_likelihood_log_density,
  bbb_form_log_densities,
  bbb_density_add,
  NULL,
  NULL,
  NULL,
  bbb_counts_begin,
  bbb_counts_next,
};

/* ---- which there are ---- */

static int always(void) { return 1; }

#if defined(BBB_VECTORS)
extern const bbb_kernels bbb_kernels_vector;
#define BASELINE &bbb_kernels_vector, always
#else
#define BASELINE NULL, always
#endif

#if defined(BBB_VECTORS) && defined(__x86_64__) && !defined(_WIN32)
extern const bbb_kernels bbb_kernels_avx2, bbb_kernels_avx512;
#define AVX2 &bbb_kernels_avx2, has_avx2
#define AVX512 &bbb_kernels_avx512, has_avx512

static int has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw");
}
#else
#define AVX2 NULL, always
#define AVX512 NULL, always
#endif

static const struct {
  const char *name;
  const bbb_kernels *kernels;
  int (*here)(void);
} table[BBB_ISAS] = {
  [BBB_ISA_SCALAR] = {"scalar", &scalar, always},
  [BBB_ISA_BASELINE] = {"baseline", BASELINE},
  [BBB_ISA_AVX2] = {"avx2", AVX2},
  [BBB_ISA_AVX512] = {"avx512", AVX512},
};

const char *bbb_isa_name(int isa) {
  return isa < BBB_ISAS ? table[isa].name : NULL;
}

const bbb_kernels *bbb_kernels_for(bbb_isa isa) {
  return table[isa].here() ? table[isa].kernels : NULL;
}

const bbb_kernels *bbb_kernels_best(void) {
  const bbb_kernels *best = &scalar;
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)isa);
    if (kernels) best = kernels;
  }
  return best;
}
