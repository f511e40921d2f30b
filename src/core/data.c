/* data.c: from R's column-major doubles to standardised row-major floats. */
#include "bbb.h"

/* Not a number stays one, so that it is found out. */
static double held(double value) {
  const double most = 1e9;
  return value > most ? most : value < -most ? -most : value;
}

static float standard(const bbb_rows *rows, size_t row, size_t d) {
  const double raw = rows->value[row + d * rows->N];
  return (float)held((raw - rows->center[d]) / rows->scale[d]);
}

void bbb_rows_pack(const bbb_rows *rows, const uint32_t *order, size_t first,
                   size_t n, float *out) {
  const size_t D = rows->D;
  for (size_t i = 0; i < n; i++) {
    const size_t row = order ? order[first + i] : first + i;
    for (size_t d = 0; d < D; d++) out[i * D + d] = standard(rows, row, d);
  }
}

void bbb_rows_pack_columns(const bbb_rows *rows, const uint32_t *order,
                           size_t first, size_t n, float *out) {
  const size_t R = bbb_padded(n, BBB_LANES);
  for (size_t d = 0; d < rows->D; d++, out += R) {
    for (size_t i = 0; i < n; i++) {
      out[i] = standard(rows, order ? order[first + i] : first + i, d);
    }
    for (size_t i = n; i < R; i++) out[i] = 0;
  }
}

const float *bbb_rows_gather(const float *from, const uint32_t *order, size_t n,
                             float *out) {
  if (!from) return NULL;
  for (size_t i = 0; i < n; i++) out[i] = from[order[i]];
  return out;
}

bbb_batch bbb_batch_part(const bbb_batch *rows, size_t D, size_t first,
                         size_t n) {
  bbb_batch part = *rows;
  part.N = n;
  part.x += first * D;
  if (part.y) part.y += first;
  if (part.weight) part.weight += first;
  if (part.offset) part.offset += first;
  return part;
}
