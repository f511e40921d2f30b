/* kernels.h: the hot loops, once for each instruction set. */
#ifndef BBB_KERNELS_KERNELS_H
#define BBB_KERNELS_KERNELS_H

#include "base/activation.h"
#include "base/rng.h"
#include "likelihood/form.h"
#include "likelihood/likelihood.h"
#include "optim/optim.h"
#include "posterior/posterior.h"
#include "prior/prior.h"

/* Weights lie in blocks, as the products read them: of 8 units, and then of 4,
 * 2 and 1 for those that are left. A block of b units and D inputs is (D, b).
 */
enum { BBB_BLOCK = 8 };

/* Units of the next block when so many are left. */
static inline size_t bbb_block(size_t left) {
  return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* Inside a network a layer's values are (H, N), each unit's together. */
typedef struct {
  size_t N, D, H; /* rows, a multiple of BBB_LANES; inputs; units */
} bbb_layer;

/* What backward_weights() takes at most. */
enum { BBB_SLICE = 32 };

typedef struct {
  double posterior, prior;
} bbb_log_densities;

/* Draws of a mixture that are added up in single precision */
enum { BBB_DRAWS_AT_ONCE = 256 };

/* Normal distributions, one a draw. */
typedef struct {
  size_t S;
  const float *mean, *inverse; /* (S), (S) 1 / sd */
} bbb_normals;

/* The scalar kernels are the reference, the others agree with them to single
 * precision and, however many rows or weights they are given at a time, with
 * themselves to the bit, sums aside. */
typedef struct {
  /* z (H, N) = W' x (D, N) */
  void (*forward)(const bbb_layer *l, const float *W, const float *x, float *z);
  /* rows range[0] .. range[1] - 1 of d_x (D, N) = W d_z (H, N): set, not added
   */
  void (*backward_inputs)(const bbb_layer *l, const float *W, const float *d_z,
                          const size_t range[2], float *d_x);
  /* d_W, in blocks = x (D, N) d_z' (N, H), H <= BBB_SLICE: set, not added.
   * turned (N, BBB_SLICE) is room to work. */
  void (*backward_weights)(const bbb_layer *l, const float *x, const float *d_z,
                           float *turned, float *d_W);
  bbb_bits *bits;
  void (*normals)(const bbb_source *from, size_t first, size_t n, float *eps);
  /* N is a multiple of BBB_LANES in both of these. */
  void (*row_words)(size_t N, size_t D, const float *x, uint32_t *word);
  void (*rowwise)(const bbb_source *from, const bbb_rowwise *rows, float *z);
  void (*sample)(const bbb_posterior *q, const float *eps, float *w);
  void (*variance)(const bbb_posterior *q, float *out); /* sigma^2 */
  /* sample, whose q->mu may be NULL: 0; and log q(w) and log P(w) of what came,
   * or their means under q */
  bbb_log_densities (*draw)(const bbb_prior_at *prior, const bbb_posterior *q,
                            const bbb_place *place, const float *eps, float *w);
  /* Of draw->d_w, the gradient of -log P(D | w), and of -kl_weight log P(w):
   * g_mu and g_rho are set or, where `add`, added to. Of the mean of log P the
   * part in sigma is for chain to add. */
  void (*gather)(const bbb_prior_at *prior, double kl_weight,
                 const bbb_draw *draw, int add, float *g_mu, float *g_rho);
  void (*chain)(const bbb_prior_at *prior, const bbb_posterior *q,
                const bbb_place *place, double kl_weight, float *g_rho);
  void (*activation_forward)(bbb_activation kind, size_t n, const float *z,
                             float *a);
  void (*activation_backward)(bbb_activation kind, size_t n, const float *z,
                              const float *a, float *d);
  void (*optim_step)(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                     const float *d, float *moments, float *theta);
  /* gather, chain and a step of Adam for mu and rho in one pass, when a step
   * has one draw. NULL: use the three. */
  void (*update)(const bbb_prior_at *prior, double kl_weight,
                 const bbb_draw *draw, const bbb_optim *optim,
                 const bbb_optim_at *at, const bbb_trained *to);
  double (*likelihood_log_density)(const bbb_likelihood *lik,
                                   const bbb_batch *batch, const float *eta,
                                   const float *aux, float *d_eta,
                                   float *d_aux);
  /* bbb_form_log_densities() and bbb_density_add() */
  void (*form_log_densities)(bbb_form form, size_t N, const bbb_form_rows *rows,
                             const float *eta, size_t R, double *each);
  void (*density_add)(size_t N, const double *each, double *most, double *sum);
  /* At value, sums over the draws: of the distribution functions, densities and
   * their slopes. NULL: use a table. */
  void (*normal_mixture)(const bbb_normals *of, double value, double sum[3]);
  /* The same of S draws of a tabled F, z = (value - eta) inverse, whose cubics
   * `quick` has; nonzero where a draw is beyond the table. */
  int (*table_mixture)(const float *quick, size_t S, const float *eta,
                       double inverse, double value, double sum[3]);
  /* 1 / sd of S log sds, clamped to +-BBB_MOST_LOG_NOISE */
  void (*inverse_sds)(size_t S, const float *log_sd, float *inverse);
  /* bbb_counts_begin() and bbb_counts_next() */
  void (*counts_begin)(const bbb_counts *of, double *p, double *ratio);
  double (*counts_next)(size_t S, double factor, const double *ratio,
                        double *p);
} bbb_kernels;

/* The table_mixture() of all that have vectors */
int bbb_kernels_table_mixture(const float *quick, size_t S, const float *eta,
                              double inverse, double value, double sum[3]);

typedef enum {
  BBB_ISA_SCALAR,   /* plain C, the reference */
  BBB_ISA_BASELINE, /* vectors of 4: SSE2, NEON */
  BBB_ISA_AVX2,     /* vectors of 8, with FMA */
  BBB_ISA_AVX512,   /* vectors of 16 */
  BBB_ISAS          /* how many there are */
} bbb_isa;

bbb_name bbb_isa_name;

/* One in particular, or NULL where the machine or the compiler does not have
 * it; and the best that there is. */
const bbb_kernels *bbb_kernels_for(bbb_isa isa);
const bbb_kernels *bbb_kernels_best(void);

#endif
