/* coded.c: factors of many levels, kept as one code a row.
 *
 * Their indicators are made for the rows that the network is about to see, and
 * for no more: what is kept of a row does not grow with the levels.
 */
#include "bbb.h"

void bbb_rows_pack_codes(const bbb_rows *rows, const uint32_t *order,
                         size_t first, size_t n, uint32_t *code) {
  for (size_t i = first; i < first + n; i++) {
    const size_t row = order ? order[i] : i;
    for (size_t c = 0; c < rows->C; c++) {
      const int on = rows->code[c * rows->N + row];
      *code++ = on > 0 ? (uint32_t)on : 0;
    }
  }
}

static void set(float value, size_t N, size_t R, float *to) {
  for (size_t n = 0; n < N; n++) to[n] = value;
  for (size_t n = N; n < R; n++) to[n] = 0;
}

void bbb_coded_spread(const bbb_batch *batch, float *x) {
  const bbb_coded *coded = batch->coded;
  const size_t N = batch->N, R = bbb_padded(N, BBB_LANES);
  for (size_t d = 0; d < coded->D; d++) set(coded->off[d], N, R, x + d * R);
  for (size_t v = 0; v < coded->V; v++) {
    float *column = x + coded->number[v] * R;
    for (size_t n = 0; n < N; n++) column[n] = batch->x[n * coded->V + v];
  }
  const uint32_t *code = batch->code;
  for (size_t n = 0; n < N; n++) {
    for (size_t c = 0; c < coded->C; c++, code++) {
      if (*code > 0) x[(*code - 1) * R + n] = coded->on[*code - 1];
    }
  }
}
