/* kernels_body.h: the hot loops in vectors of LANES floats. Compiled once for
 * each instruction set by kernels_vector.c, kernels_avx2.c and
 * kernels_avx512.c, which define, besides what vector.h wants, WIDE   vectors
 * side by side in a tile of a product TABLE  the name of the table of kernels
 * that this makes
 */
#include "bbb.h"
#include "vector.h"

#include <math.h>
#include <string.h>

/* ---- products: a tile is BBB_BLOCK rows of WIDE vectors, held in registers
 * --- */

/* One tile, to which `depth` outer products are added: of a column of BLOCK
 * numbers, a[row * i], and of WIDE vectors from b, which step on together. */
typedef struct {
  vec sum[BBB_BLOCK][WIDE];
} tile;

INLINE void tile_add(tile *t, int wide, const float *a, size_t row,
                     const float *b) {
  vec right[WIDE];
#pragma GCC unroll 4
  for (int v = 0; v < wide; v++) right[v] = vec_load(b + v * LANES);
#pragma GCC unroll 8
  for (int i = 0; i < BBB_BLOCK; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < wide; v++)
      t->sum[i][v] += right[v] * a[row * (size_t)i];
  }
}

INLINE void tile_clear(tile *t, int wide) {
#pragma GCC unroll 8
  for (int i = 0; i < BBB_BLOCK; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < wide; v++) t->sum[i][v] = vec_all(0);
  }
}

INLINE void tile_store(const tile *t, int wide, float *to, size_t row) {
#pragma GCC unroll 8
  for (int i = 0; i < BBB_BLOCK; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < wide; v++) {
      vec_store(to + row * (size_t)i + v * LANES, t->sum[i][v]);
    }
  }
}

INLINE void forward_tile(const bbb_layer *l, int wide, const float *W,
                         const float *x, float *z) {
  tile t;
  tile_clear(&t, wide);
  for (size_t d = 0; d < l->D; d++) {
    tile_add(&t, wide, W + d * BBB_BLOCK, 1, x + d * l->N);
  }
  tile_store(&t, wide, z, l->N);
}

/* Rows of inputs, in whole tiles, that stay in the cache while all units pass.
 */
INLINE size_t rows_in_cache(const bbb_layer *l) {
  const size_t floats = 1 << 17, tile_rows = WIDE * LANES;
  const size_t rows = floats / l->D / tile_rows * tile_rows;
  return rows > tile_rows ? rows : tile_rows;
}

INLINE void forward_rows(const bbb_layer *l, size_t first, size_t end,
                         const float *W, const float *x, float *z) {
  const size_t D8 = bbb_padded(l->D, BBB_BLOCK);
  for (size_t h = 0; h < l->H; h += BBB_BLOCK) {
    size_t n = first;
    for (; n + WIDE * LANES <= end; n += WIDE * LANES) {
      forward_tile(l, WIDE, W + h * D8, x + n, z + h * l->N + n);
    }
    for (; n < end; n += LANES) {
      forward_tile(l, 1, W + h * D8, x + n, z + h * l->N + n);
    }
  }
}

TARGET static void forward(const bbb_layer *l, const float *W, const float *x,
                           float *z) {
  const size_t rows = rows_in_cache(l);
  for (size_t n = 0; n < l->N; n += rows) {
    forward_rows(l, n, n + rows < l->N ? n + rows : l->N, W, x, z);
  }
}

INLINE void backward_inputs_tile(const bbb_layer *l, int wide, const float *W,
                                 const float *d_z, float *d_x) {
  const size_t D8 = bbb_padded(l->D, BBB_BLOCK);
  tile t;
  tile_clear(&t, wide);
  for (size_t h = 0; h < l->H; h += BBB_BLOCK) {
    for (size_t k = 0; k < BBB_BLOCK; k++) {
      tile_add(&t, wide, W + h * D8 + k, BBB_BLOCK, d_z + (h + k) * l->N);
    }
  }
  tile_store(&t, wide, d_x, l->N);
}

TARGET static void backward_inputs(const bbb_layer *l, const float *W,
                                   const float *d_z, float *d_x) {
  for (size_t d = 0; d < l->D; d += BBB_BLOCK) {
    const float *W_d = W + d * BBB_BLOCK;
    size_t n = 0;
    for (; n + WIDE * LANES <= l->N; n += WIDE * LANES) {
      backward_inputs_tile(l, WIDE, W_d, d_z + n, d_x + d * l->N + n);
    }
    for (; n < l->N; n += LANES) {
      backward_inputs_tile(l, 1, W_d, d_z + n, d_x + d * l->N + n);
    }
  }
}

INLINE void backward_weights_tile(const bbb_layer *l, int wide, const float *x,
                                  const float *d_z, float *d_W) {
  const size_t H16 = bbb_padded(l->H, BBB_LANES);
  tile t;
  tile_clear(&t, wide);
  for (size_t n = 0; n < l->N; n++) {
    tile_add(&t, wide, x + n, l->N, d_z + n * H16);
  }
  tile_store(&t, wide, d_W, H16);
}

TARGET static void backward_weights(const bbb_layer *l, const float *x,
                                    const float *d_z, float *d_W) {
  const size_t H16 = bbb_padded(l->H, BBB_LANES);
  size_t h = 0;
  for (; h + WIDE * LANES <= H16; h += WIDE * LANES) {
    for (size_t d = 0; d < l->D; d += BBB_BLOCK) {
      backward_weights_tile(l, WIDE, x + d * l->N, d_z + h, d_W + d * H16 + h);
    }
  }
  for (; h < H16; h += LANES) {
    for (size_t d = 0; d < l->D; d += BBB_BLOCK) {
      backward_weights_tile(l, 1, x + d * l->N, d_z + h, d_W + d * H16 + h);
    }
  }
}

/* ---- the rest ---- */

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

#include "kernels_weights.h"
#include "kernels_activation.h"
#include "kernels_likelihood.h"

const bbb_kernels TABLE = {
  NAME,
  forward,
  backward_inputs,
  backward_weights,
  normals,
  sample,
  posterior_log_density,
  posterior_backward,
  prior_log_density,
  prior_backward,
  activation_forward,
  activation_backward,
  optim_step,
  likelihood_log_density,
};
