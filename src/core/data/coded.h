/* coded.h: factors of many levels. */
#ifndef BBB_DATA_CODED_H
#define BBB_DATA_CODED_H

#include "data/batch.h"

/* Of coded rows what a batch has beside their numbers: code (n, C) */
void bbb_rows_pack_codes(const bbb_rows *rows, const uint32_t *order,
                         size_t first, size_t n, uint32_t *code);

/* x (D, R) = all inputs of a coded batch, its rows fastest, zeros in the
 * padding. */
void bbb_coded_spread(const bbb_batch *batch, float *x);

#endif
