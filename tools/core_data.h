/* core_data.h: memory and data of core_fit.h. */
#include "bbb.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 3, CLASSES = 3, COLUMNS = 2 };

/* ---- memory ---- */

static void *room(size_t n, size_t size) {
  const size_t bytes = n * size > 0 ? n * size : 1;
  void *p = malloc(bytes);
  assert(p);
  return memset(p, 0xff, bytes); /* all bits set is a NaN */
}

static float *floats(size_t n) { return room(n, sizeof(float)); }
static double *doubles(size_t n) { return room(n, sizeof(double)); }

static int all_finite(size_t n, const double *value) {
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(value[i])) return 0;
  }
  return 1;
}

/* Or infinite: some means are. */
static int all_numbers(size_t n, const double *value) {
  for (size_t i = 0; i < n; i++) {
    if (isnan(value[i])) return 0;
  }
  return 1;
}

/* ---- data ---- */

typedef struct {
  float x[ROWS * INPUTS], y[COLUMNS * ROWS], weight[ROWS];
} table;

static bbb_likelihood make_likelihood(bbb_family family) {
  const size_t K = family == BBB_FAMILY_CATEGORICAL       ? CLASSES
                   : family == BBB_FAMILY_GAUSSIAN_HETERO ? 2
                                                          : 1;
  const bbb_likelihood lik = {family, K, 1,
                              family == BBB_FAMILY_ORDINAL ? CLASSES : 0};
  assert(bbb_likelihood_valid(&lik));
  return lik;
}

/* What suits each kind of column, of one number and the column before. */
static float make_value(const bbb_likelihood *lik, size_t k, float number,
                        float before) {
  const int classes = (int)bbb_likelihood_classes(lik);
  const int whole = number < -0.5f ? 0 : number < 0.5f ? 1 : 2;
  switch (bbb_likelihood_column(lik, k)) {
  case BBB_COLUMN_CLASS: return (float)(whole % classes);
  case BBB_COLUMN_COUNT: return (float)whole;
  case BBB_COLUMN_TRIALS: return before + 2;
  case BBB_COLUMN_FLAG: return (float)(number < 0.7f);
  default: return number;
  }
}

static table make_data(bbb_family family) {
  const bbb_source source = {{{1, 2}}, BBB_STREAM_TRAIN, 0, 0};
  const bbb_likelihood lik = make_likelihood(family);
  table rows;
  bbb_rng_normals(&source, 0, ROWS * INPUTS, rows.x);
  for (size_t i = 0; i < ROWS; i++) {
    const float *x = rows.x + i * INPUTS;
    const float number = sinf(x[0]) + 0.5f * x[1];
    rows.weight[i] = 1 + (float)(i % 3);
    rows.y[i] = make_value(&lik, 0, number, 0);
    rows.y[ROWS + i] = bbb_likelihood_columns(&lik) > 1
                         ? make_value(&lik, 1, number, rows.y[i])
                         : 0;
  }
  return rows;
}
