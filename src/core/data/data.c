/* data.c: from R's matrices to standardised row-major floats.
 *
 * A matrix is read by tiles, a few rows of a column at a time: what is packed
 * row by row is then still in the cache, and the kinds of matrices differ only
 * in how a tile becomes doubles. So all give the same bits.
 */
#include "bbb.h"

#include <float.h>
#include <limits.h>
#include <math.h>

enum { TILE = 64 };

/* Rows of a matrix: order[first ...], or first ... where order is NULL. */
typedef struct {
  const uint32_t *order;
  size_t first, n;
} stretch;

static size_t row_of(const stretch *p, size_t i) {
  return p->order ? p->order[p->first + i] : p->first + i;
}

/* The first of the values [at, end) whose row is no less than `row`. */
static size_t lower_bound(const int *rows, size_t at, size_t end, size_t row) {
  while (at < end) {
    const size_t middle = at + (end - at) / 2;
    if ((size_t)rows[middle] < row)
      at = middle + 1;
    else
      end = middle;
  }
  return at;
}

static void sparse_tile(const bbb_rows *rows, size_t d, const stretch *p,
                        double *out) {
  const double *value = rows->value;
  const size_t start = (size_t)rows->start[d];
  const size_t end = (size_t)rows->start[d + 1];
  size_t at = start, before = 0;
  for (size_t i = 0; i < p->n; i++) {
    const size_t row = row_of(p, i);
    if (i == 0 || row < before) at = lower_bound(rows->row, start, end, row);
    while (at < end && (size_t)rows->row[at] < row) at++;
    out[i] = at < end && (size_t)rows->row[at] == row ? value[at] : 0;
    before = row;
  }
}

static void coded_tile(const bbb_rows *rows, size_t d, const stretch *p,
                       double *out) {
  const int from = rows->from[d];
  if (from > 0) {
    const double *value =
      (const double *)rows->value + (size_t)(from - 1) * rows->N;
    for (size_t i = 0; i < p->n; i++) out[i] = value[row_of(p, i)];
    return;
  }
  const int *code = rows->code + (size_t)(-from - 1) * rows->N;
  const int own = (int)d + 1;
  for (size_t i = 0; i < p->n; i++) {
    const int on = code[row_of(p, i)];
    out[i] = on == INT_MIN ? (double)NAN : on == own;
  }
}

/* Column d of at most TILE rows, as doubles. */
static void tile(const bbb_rows *rows, size_t d, const stretch *p,
                 double *out) {
  const size_t from = d * rows->N;
  switch (rows->cells) {
  case BBB_CELLS_DOUBLE: {
    const double *value = (const double *)rows->value + from;
    for (size_t i = 0; i < p->n; i++) out[i] = value[row_of(p, i)];
  } break;
  case BBB_CELLS_INT: {
    const int *value = (const int *)rows->value + from;
    for (size_t i = 0; i < p->n; i++) {
      const int whole = value[row_of(p, i)];
      out[i] = whole == INT_MIN ? (double)NAN : whole;
    }
  } break;
  case BBB_CELLS_BYTE: {
    const unsigned char *value = (const unsigned char *)rows->value + from;
    for (size_t i = 0; i < p->n; i++) out[i] = value[row_of(p, i)];
  } break;
  case BBB_CELLS_SPARSE: sparse_tile(rows, d, p, out); break;
  case BBB_CELLS_CODED: coded_tile(rows, d, p, out); break;
  }
}

void bbb_rows_read(const bbb_rows *rows, size_t d, size_t first, size_t n,
                   double *out) {
  const stretch p = {NULL, first, n};
  tile(rows, d, &p, out);
}

static stretch tile_at(const uint32_t *order, size_t first, size_t end) {
  const stretch p = {order, first, end - first < TILE ? end - first : TILE};
  return p;
}

/* Not a number stays one, so that it is found out. */
static float held(double value) {
  const double most = 1e9;
  return (float)(value > most ? most : value < -most ? -most : value);
}

void bbb_rows_pack(const bbb_rows *rows, const uint32_t *order, size_t first,
                   size_t n, float *out) {
  const uint32_t *number = rows->number;
  const size_t V = number ? rows->V : rows->D;
  double raw[TILE];
  for (size_t i = 0; i < n; i += TILE, out += TILE * V) {
    const stretch p = tile_at(order, first + i, first + n);
    for (size_t v = 0; v < V; v++) {
      const size_t d = number ? number[v] : v;
      const double center = rows->center[d], scale = rows->scale[d];
      tile(rows, d, &p, raw);
      for (size_t r = 0; r < p.n; r++) {
        out[r * V + v] = held((raw[r] - center) / scale);
      }
    }
  }
}

void bbb_rows_levels(const bbb_rows *rows, float *off, float *on) {
  for (size_t d = 0; d < rows->D; d++) {
    off[d] = held((0 - rows->center[d]) / rows->scale[d]);
    on[d] = held((1 - rows->center[d]) / rows->scale[d]);
  }
}

void bbb_rows_pack_columns(const bbb_rows *rows, const uint32_t *order,
                           size_t first, size_t n, float *out) {
  const size_t R = bbb_padded(n, BBB_LANES);
  double raw[TILE];
  for (size_t d = 0; d < rows->D; d++, out += R) {
    const double center = rows->center[d], scale = rows->scale[d];
    for (size_t i = 0; i < n; i += TILE) {
      const stretch p = tile_at(order, first + i, first + n);
      tile(rows, d, &p, raw);
      for (size_t r = 0; r < p.n; r++) {
        out[i + r] = held((raw[r] - center) / scale);
      }
    }
    for (size_t i = n; i < R; i++) out[i] = 0;
  }
}

/* Of the rows that count: the largest size, and whether all are `only`; of all
 * rows how many are not finite. */
typedef struct {
  double size, only;
  int same;
  size_t missing;
} extent;

static extent extent_of(const bbb_rows *rows, size_t d, const double *weight) {
  double raw[TILE];
  extent out = {DBL_MIN, 0, -1, 0};
  for (size_t first = 0; first < rows->N; first += TILE) {
    const stretch p = tile_at(NULL, first, rows->N);
    tile(rows, d, &p, raw);
    for (size_t i = 0; i < p.n; i++) {
      const double size = fabs(raw[i]);
      if (!(size <= DBL_MAX)) {
        out.missing++;
        continue;
      }
      if (weight && weight[first + i] == 0) continue;
      if (out.same < 0) out.only = raw[i];
      out.same = out.same != 0 && raw[i] == out.only;
      if (size > out.size) out.size = size;
    }
  }
  return out;
}

/* Sums over the rows that count of the weights, and of the differences from
 * `origin`, in units of `unit`, and their squares. */
typedef struct {
  double weight, value, square;
} moments;

static moments moments_of(const bbb_rows *rows, size_t d, const double *weight,
                          double unit, double origin) {
  double raw[TILE];
  moments sum = {0, 0, 0};
  for (size_t first = 0; first < rows->N; first += TILE) {
    const stretch p = tile_at(NULL, first, rows->N);
    tile(rows, d, &p, raw);
    for (size_t i = 0; i < p.n; i++) {
      const double w = weight ? weight[first + i] : 1;
      if (w == 0) continue;
      const double off = raw[i] * unit - origin;
      sum.weight += w;
      sum.value += w * off;
      sum.square += w * off * off;
    }
  }
  return sum;
}

/* Squares of numbers beyond 1e150 would overflow, or vanish: these are taken in
 * units of the largest. The second sums are about the mean of the first, and
 * what is left of a mean there puts the first one's rounding right; but that of
 * one number is the number itself, of whatever size. A spread that may be no
 * more than rounding is a scale only where it is above 1. */
bbb_standard bbb_rows_standard(const bbb_rows *rows, size_t d,
                               const double *weight) {
  const double constant = 1e-12, widest = 1e300;
  const extent all = extent_of(rows, d, weight);
  const double size = all.size;
  bbb_standard out = {all.only, 1, all.missing};
  if (all.same > 0) return out;
  const double unit = size > 1e150 || size < 1e-150 ? 1 / size : 1;
  const moments first = moments_of(rows, d, weight, unit, 0);
  const double mean = first.value / first.weight;
  const moments about = moments_of(rows, d, weight, unit, mean);
  const double left = about.value / about.weight;
  const double variance = about.square / about.weight - left * left;
  const double spread = variance > 0 ? sqrt(variance) : 0;
  const int varies = spread >= constant * size * unit;
  const double scale = spread / unit;
  out.center = (mean + left) / unit;
  out.scale = !varies && scale < 1 ? 1 : scale > widest ? widest : scale;
  return out;
}

void bbb_rows_complete(const bbb_rows *rows, size_t first, size_t n, int *ok) {
  double raw[TILE];
  for (size_t at = 0; at < n; at += TILE) {
    const stretch p = tile_at(NULL, first + at, first + n);
    for (size_t i = 0; i < p.n; i++) ok[at + i] = 1;
    for (size_t d = 0; d < rows->D; d++) {
      tile(rows, d, &p, raw);
      for (size_t i = 0; i < p.n; i++) {
        if (!(fabs(raw[i]) <= DBL_MAX)) ok[at + i] = 0;
      }
    }
  }
}
