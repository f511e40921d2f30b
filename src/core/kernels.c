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
  const size_t D8 = bbb_padded(l->D, BBB_BLOCK);
  const size_t H8 = bbb_padded(l->H, BBB_BLOCK);
  for (size_t h = 0; h < H8; h++) {
    const float *W_h = W + h / BBB_BLOCK * BBB_BLOCK * D8 + h % BBB_BLOCK;
    float *z_h = z + h * l->N;
    memset(z_h, 0, l->N * sizeof *z_h);
    for (size_t d = 0; d < l->D; d++) {
      const float W_dh = W_h[d * BBB_BLOCK];
      for (size_t n = 0; n < l->N; n++) z_h[n] += W_dh * x[d * l->N + n];
    }
  }
}

static void backward_inputs(const bbb_layer *l, const float *W,
                            const float *d_z, float *d_x) {
  const size_t D8 = bbb_padded(l->D, BBB_BLOCK);
  memset(d_x, 0, D8 * l->N * sizeof *d_x);
  for (size_t d = 0; d < l->D; d++) {
    for (size_t h = 0; h < l->H; h++) {
      const size_t block = h / BBB_BLOCK * D8 + d;
      const float W_dh = W[block * BBB_BLOCK + h % BBB_BLOCK];
      for (size_t n = 0; n < l->N; n++) {
        d_x[d * l->N + n] += W_dh * d_z[h * l->N + n];
      }
    }
  }
}

static void backward_weights(const bbb_layer *l, const float *x,
                             const float *d_z, float *d_W) {
  const size_t H16 = bbb_padded(l->H, BBB_LANES);
  memset(d_W, 0, bbb_padded(l->D, BBB_BLOCK) * H16 * sizeof *d_W);
  for (size_t n = 0; n < l->N; n++) {
    for (size_t d = 0; d < l->D; d++) {
      const float x_dn = x[d * l->N + n];
      for (size_t h = 0; h < l->H; h++) {
        d_W[d * H16 + h] += x_dn * d_z[n * H16 + h];
      }
    }
  }
}

static const bbb_kernels scalar = {
  "scalar",
  forward,
  backward_inputs,
  backward_weights,
  bbb_rng_normals,
  bbb_posterior_sample,
  bbb_posterior_log_density,
  bbb_posterior_backward,
  bbb_prior_log_density,
  bbb_prior_backward,
  bbb_activation_forward,
  bbb_activation_backward,
  bbb_optim_step,
  bbb_likelihood_log_density,
};

#if defined(__GNUC__)
extern const bbb_kernels bbb_kernels_vector;
#endif
#if defined(__GNUC__) && defined(__x86_64__) && !defined(_WIN32)
extern const bbb_kernels bbb_kernels_avx2, bbb_kernels_avx512;
#define HAVE_AVX 1
#endif

const bbb_kernels *bbb_kernels_for(bbb_isa isa) {
  switch (isa) {
  case BBB_ISA_SCALAR: return &scalar;
#if defined(__GNUC__)
  case BBB_ISA_BASELINE: return &bbb_kernels_vector;
#endif
#if defined(HAVE_AVX)
  case BBB_ISA_AVX2: {
    const int has =
      __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return has ? &bbb_kernels_avx2 : NULL;
  }
  case BBB_ISA_AVX512: {
    const int has =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    return has ? &bbb_kernels_avx512 : NULL;
  }
#endif
  default: return NULL;
  }
}

const bbb_kernels *bbb_kernels_best(void) {
  const bbb_kernels *best = &scalar;
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)isa);
    if (kernels) best = kernels;
  }
  return best;
}
