/* batch.c: rows of a batch. */
#include "bbb.h"

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
  part.x += first * (rows->coded ? rows->coded->V : D);
  if (rows->coded && part.code) part.code += first * rows->coded->C;
  if (part.y) part.y += first;
  if (part.weight) part.weight += first;
  if (part.offset) part.offset += first;
  return part;
}
