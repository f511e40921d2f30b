/* kernels_products.h: the three matrix products of a layer, in vectors.
 * Included by kernels_body.h.
 *
 * A tile of the result is held in registers while outer products are added to
 * it: of ROWS numbers from one operand with WIDE vectors from the other, or of
 * 4, 2 or 1 with more vectors where fewer are left. Every element adds in the
 * order of the inner index, wherever its tile begins.
 */

typedef enum {
  FORWARD, /* z (H, N) = W' x: a tile is a block of units */
  INPUTS,  /* d_x (D, N) = W d_z: rows of d_x */
  WEIGHTS  /* d_W (D, H) = x d_z': rows of d_W, which goes to its blocks */
} product;

/* a gives the tile's rows, b its vectors. */
typedef struct {
  const bbb_layer *l;
  const float *a, *b;
  size_t b_row; /* from a row of b to the next */
} operands;

enum { TILE = ROWS * WIDE };

INLINE void tile_add(vec *sum, int rows, int wide, const float *a, size_t a_row,
                     const float *b) {
  vec right[BBB_BLOCK];
#pragma GCC unroll 8
  for (int v = 0; v < wide; v++) right[v] = vec_load(b + v * LANES);
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < wide; v++) {
      sum[i * wide + v] += right[v] * a[a_row * (size_t)i];
    }
  }
}

/* The tile that starts at row `row` and column `at` of the result. */
INLINE void tile_sum(product kind, const operands *o, int rows, int wide,
                     const size_t start[2], vec *sum) {
  const bbb_layer *l = o->l;
  const size_t row = start[0];
  const float *b = o->b + start[1];
#pragma GCC unroll 16
  for (int t = 0; t < rows * wide; t++) sum[t] = vec_all(0);
  if (kind == FORWARD) {
    /* a block of 8 units may be several tiles, a smaller one is one */
    const size_t whole = l->H / BBB_BLOCK * BBB_BLOCK;
    const size_t in = row < whole ? row % BBB_BLOCK : 0;
    const size_t block = row < whole ? BBB_BLOCK : (size_t)rows;
    const float *W = o->a + (row - in) * l->D + in;
    for (size_t d = 0; d < l->D; d++, W += block, b += o->b_row) {
      tile_add(sum, rows, wide, W, 1, b);
    }
  } else if (kind == INPUTS) {
    for (size_t h = 0, block; h < l->H; h += block) {
      block = bbb_block(l->H - h);
      const float *W = o->a + h * l->D + row * block;
      for (size_t k = 0; k < block; k++, b += o->b_row) {
        tile_add(sum, rows, wide, W + k, block, b);
      }
    }
  } else {
    const float *x = o->a + row * l->N;
    for (size_t n = 0; n < l->N; n++, b += o->b_row) {
      tile_add(sum, rows, wide, x + n, l->N, b);
    }
  }
}

/* The units of a vector of d_W's row d, from unit h on, to their blocks. */
INLINE void store_units(const bbb_layer *l, size_t d, size_t h, vec units,
                        float *d_W) {
  const size_t full = l->H / BBB_BLOCK * BBB_BLOCK;
  const size_t piece = LANES < BBB_BLOCK ? LANES : BBB_BLOCK;
  float each[LANES];
  vec_store(each, units);
  for (size_t i = 0, block; i < LANES && h + i < l->H; i += block) {
    if (h + i < full) {
      const size_t in = (h + i) % BBB_BLOCK;
      block = piece;
      memcpy(d_W + (h + i - in) * l->D + d * BBB_BLOCK + in, each + i,
             piece * sizeof *each);
    } else {
      block = bbb_block(l->H - h - i);
      float *to = d_W + (h + i) * l->D + d * block;
      for (size_t k = 0; k < block; k++) to[k] = each[i + k];
    }
  }
}

INLINE void tile_store(product kind, const operands *o, int rows, int wide,
                       const size_t start[2], const vec *sum, float *to) {
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < wide; v++) {
      const size_t row = start[0] + (size_t)i;
      const size_t at = start[1] + (size_t)(v * LANES);
      if (kind == WEIGHTS) {
        store_units(o->l, row, at, sum[i * wide + v], to);
      } else {
        vec_store(to + row * o->l->N + at, sum[i * wide + v]);
      }
    }
  }
}

/* `rows` rows of the result from start on, their columns up to `end`. */
INLINE void tiles(product kind, const operands *o, int rows, int wide,
                  const size_t range[3], float *to) {
  const size_t step = (size_t)(wide * LANES);
  size_t start[2] = {range[0], range[1]};
  vec sum[TILE];
  for (; start[1] + step <= range[2]; start[1] += step) {
    tile_sum(kind, o, rows, wide, start, sum);
    tile_store(kind, o, rows, wide, start, sum, to);
  }
  const size_t less = WIDE * LANES;
  for (; wide > WIDE && start[1] + less <= range[2]; start[1] += less) {
    tile_sum(kind, o, rows, WIDE, start, sum);
    tile_store(kind, o, rows, WIDE, start, sum, to);
  }
  for (; start[1] < range[2]; start[1] += LANES) {
    tile_sum(kind, o, rows, 1, start, sum);
    tile_store(kind, o, rows, 1, start, sum, to);
  }
}

/* Rows first .. end of the result, columns from .. until. */
INLINE void cover(product kind, const operands *o, const size_t rows[2],
                  const size_t columns[2], float *to) {
  for (size_t row = rows[0], block; row < rows[1]; row += block) {
    const size_t range[3] = {row, columns[0], columns[1]};
    block = bbb_block(rows[1] - row);
    if (block > ROWS) block = ROWS;
    switch (block) {
    case 8: tiles(kind, o, 8, TILE / 8, range, to); break;
    case 4: tiles(kind, o, 4, TILE / 4, range, to); break;
    case 2: tiles(kind, o, 2, TILE / 2, range, to); break;
    default: tiles(kind, o, 1, TILE / 2, range, to);
    }
  }
}

/* Rows of the batch whose inputs stay in the cache while all units pass. */
INLINE size_t rows_in_cache(const bbb_layer *l) {
  const size_t floats = 1 << 17, step = WIDE * LANES;
  const size_t rows = floats / l->D / step * step;
  return rows > step ? rows : step;
}

TARGET static void forward(const bbb_layer *l, const float *W, const float *x,
                           float *z) {
  const operands o = {l, W, x, l->N};
  const size_t units[2] = {0, l->H}, n = rows_in_cache(l);
  for (size_t first = 0; first < l->N; first += n) {
    const size_t rows[2] = {first, first + n < l->N ? first + n : l->N};
    cover(FORWARD, &o, units, rows, z);
  }
}

TARGET static void backward_inputs(const bbb_layer *l, const float *W,
                                   const float *d_z, const size_t range[2],
                                   float *d_x) {
  const operands o = {l, W, d_z, l->N};
  const size_t rows[2] = {0, l->N};
  cover(INPUTS, &o, range, rows, d_x);
}

/* ---- backward in weights ---- */

/* t (N, row) = d_z (H, N) transposed, in squares of four. Beyond H the last row
 * is repeated: nobody reads that. */
INLINE void transpose(const bbb_layer *l, const float *d_z, size_t row,
                      float *t) {
  for (size_t h = 0; h < row; h += 4) {
    const float *from[4];
    for (size_t i = 0; i < 4; i++) {
      from[i] = d_z + (h + i < l->H ? h + i : l->H - 1) * l->N;
    }
    for (size_t n = 0; n < l->N; n += 4) {
      float *to = t + n * row + h;
      const quad in[4] = {quad_load(from[0] + n), quad_load(from[1] + n),
                          quad_load(from[2] + n), quad_load(from[3] + n)};
      quad out[4];
      quad_transpose(in, out);
      quad_store(to, out[0]);
      quad_store(to + row, out[1]);
      quad_store(to + 2 * row, out[2]);
      quad_store(to + 3 * row, out[3]);
    }
  }
}

/* One row of d_W at a time, as products over the rows of the batch: for so few
 * units that a vector of them would be mostly empty. */
INLINE void weights_by_dots(const bbb_layer *l, const float *x,
                            const float *d_z, float *d_W) {
  for (size_t h = 0, block; h < l->H; h += block) {
    block = bbb_block(l->H - h);
    for (size_t d = 0; d < l->D; d++) {
      for (size_t k = 0; k < block; k++) {
        const float *left = x + d * l->N, *right = d_z + (h + k) * l->N;
        vec sum = vec_all(0);
        for (size_t n = 0; n < l->N; n += LANES) {
          sum += vec_load(left + n) * vec_load(right + n);
        }
        d_W[h * l->D + d * block + k] = vec_sum_float(sum);
      }
    }
  }
}

TARGET static void backward_weights(const bbb_layer *l, const float *x,
                                    const float *d_z, float *work, float *d_W) {
  const size_t row = bbb_padded(l->H, BBB_LANES), few = 2;
  const operands o = {l, x, work, row};
  const size_t inputs[2] = {0, l->D}, units[2] = {0, row};
  if (l->H <= few) {
    weights_by_dots(l, x, d_z, d_W);
  } else {
    transpose(l, d_z, row, work);
    cover(WEIGHTS, &o, inputs, units, d_W);
  }
}
