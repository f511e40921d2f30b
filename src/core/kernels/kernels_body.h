/* kernels_body.h: the hot loops in vectors of LANES floats. Compiled once for
 * each instruction set by kernels_vector.c, kernels_avx2.c and
 * kernels_avx512.c, which define, besides what vector.h wants,
 *
 *   ROWS   rows of a tile of a product, at most BBB_BLOCK
 *   WIDE   its vectors side by side: with 16 registers 4 x 2, with 32 8 x 2, so
 *          that the sums of a tile outlast the time that an addition takes and
 *          leave room for what is added
 *   TABLE  the name of the table of kernels that this makes
 */
#include "bbb.h"
#include "vector.h"
#include "vector_double.h"
#include "vector_quad.h"

#include <math.h>
#include <string.h>

/* The next numbers of n, of which there may be fewer than a vector's. */
INLINE vec load_part(const float *from, size_t n) {
  if (n >= LANES) return vec_load(from);
  float part[LANES] = {0};
  memcpy(part, from, n * sizeof *part);
  return vec_load(part);
}

INLINE void store_part(float *to, vec v, size_t n) {
  if (n >= LANES) {
    vec_store(to, v);
  } else {
    float part[LANES];
    vec_store(part, v);
    memcpy(to, part, n * sizeof *part);
  }
}

#include "kernels_products.h"
#include "kernels_noise.h"
#include "kernels_draw.h"
#include "kernels_gradient.h"
#include "kernels_update.h"
#include "kernels_activation.h"
#include "kernels_likelihood.h"
#include "kernels_form.h"
#include "kernels_predict.h"

const bbb_kernels TABLE = {
  forward,
  backward_inputs,
  backward_weights,
  bits,
  normals,
  row_words,
  rowwise,
  sample,
  variance,
  draw,
  gather,
  chain,
  activation_forward,
  activation_backward,
  optim_step,
  update,
  likelihood_log_density,
  form_log_densities,
  density_add,
  normal_mixture,
  bbb_kernels_table_mixture,
  inverse_sds,
  counts_begin,
  counts_next,
};
