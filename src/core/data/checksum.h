/* checksum.h: sums that tell data apart. */
#ifndef BBB_DATA_CHECKSUM_H
#define BBB_DATA_CHECKSUM_H

#include "data/data.h"

/* `sum`, 0 at first, with N, D and each column in turn taken in: the same for
 * the same numbers, however they are stored. Of a column every fourth number,
 * from the first, second, third and fourth on, is taken into a sum of its own,
 * which starts from 0, 1, 2 and 3, zeros where the last four are not all there;
 * the later ones are then taken into the first. */
uint64_t bbb_rows_checksum(const bbb_rows *rows, uint64_t sum);

#endif
