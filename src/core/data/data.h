/* data.h: rows, standardised in single precision. */
#ifndef BBB_DATA_DATA_H
#define BBB_DATA_DATA_H

#include "base/base.h"

/* How the numbers of a matrix lie: column after column as doubles, as whole
 * numbers of which INT_MIN is a missing one, or as bytes; or as the doubles
 * that are not 0, column after column. Or coded: some columns as doubles, and
 * of factors which of the other columns is 1 in a row, where all others are 0.
 */
typedef enum {
  BBB_CELLS_DOUBLE,
  BBB_CELLS_INT,
  BBB_CELLS_BYTE,
  BBB_CELLS_SPARSE,
  BBB_CELLS_CODED
} bbb_cells;

typedef struct {
  size_t N, D;
  bbb_cells cells;
  const void *value;      /* (D, N): R's matrix of N rows; sparse (n);
                             coded (V, N) */
  const int *row;         /* sparse (n): ascending in each column */
  const int *start;       /* sparse (D + 1): first value of a column, n */
  const int *code;        /* coded (C, N): 1 + a column, 0 for none */
  const int *from;        /* coded (D): v + 1 of value, -(c + 1) of code */
  const uint32_t *number; /* coded (V): columns that are in value */
  size_t V, C;            /* coded */
  const double *center, *scale; /* (D) */
} bbb_rows;

/* What standardises a column: its mean and its standard deviation over N, with
 * weights (N) of the rows or NULL; a constant column gets its number and scale
 * 1. Both have a meaning where all N numbers are finite: `missing` are not. */
typedef struct {
  double center, scale;
  size_t missing;
} bbb_standard;
bbb_standard bbb_rows_standard(const bbb_rows *rows, size_t d,
                               const double *weight);

/* ok[i] = whether all numbers of row first + i are finite, ok (n) */
void bbb_rows_complete(const bbb_rows *rows, size_t first, size_t n, int *ok);

/* out[i] = the number of column d in row first + i, i < n, as it is. */
void bbb_rows_read(const bbb_rows *rows, size_t d, size_t first, size_t n,
                   double *out);

/* out (n, D) = (row - center) / scale for n rows: rows order[first ...], or
 * first ... where order is NULL. Held to +-1e9, so that a wild value cannot
 * overflow a float further on. Of coded rows the V numbers: out (n, V). */
void bbb_rows_pack(const bbb_rows *rows, const uint32_t *order, size_t first,
                   size_t n, float *out);

/* off (D) and on (D) of bbb_coded */
void bbb_rows_levels(const bbb_rows *rows, float *off, float *on);

/* The same rows as columns: out (D, R), R = bbb_padded(n, BBB_LANES), zeros in
 * the padding. */
void bbb_rows_pack_columns(const bbb_rows *rows, const uint32_t *order,
                           size_t first, size_t n, float *out);

#endif
