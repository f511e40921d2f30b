/* data.c: from R's column-major doubles to standardised row-major floats. */
#include "bbb.h"

/* Not a number stays one, so that it is found out. */
static double held(double value) {
  const double most = 1e9;
  return value > most ? most : value < -most ? -most : value;
}

void bbb_rows_pack(const bbb_rows *rows, const uint32_t *order, size_t first,
                   size_t n, float *out) {
  const size_t N = rows->N, D = rows->D;
  for (size_t i = 0; i < n; i++) {
    const size_t row = order ? order[first + i] : first + i;
    for (size_t d = 0; d < D; d++) {
      const double raw = rows->value[row + d * N];
      const double value = (raw - rows->center[d]) / rows->scale[d];
      out[i * D + d] = (float)held(value);
    }
  }
}
