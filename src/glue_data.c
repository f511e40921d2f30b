/* glue_data.c: rows of predictors and outcomes, checked and packed. */
#include "glue.h"

/* y of a class is a whole number below K, or 0 or 1, and as it is. */
static void check_outcome(const bbb_model *model, const bbb_rows *y) {
  const bbb_family family = model->likelihood.family;
  if (family == BBB_FAMILY_GAUSSIAN) return;
  const double most =
    family == BBB_FAMILY_BINOMIAL ? 1 : (double)model->likelihood.K - 1;
  for (size_t i = 0; i < y->N * y->D; i++) {
    const double value = y->value[i];
    if (!(value >= 0 && value <= most) || value != (double)(long)value) {
      Rf_error("`y` must be whole numbers from 0 to %.0f", most);
    }
  }
  for (size_t k = 0; k < y->D; k++) {
    if (y->center[k] != 0 || y->scale[k] != 1) {
      Rf_error("classes are not standardised");
    }
  }
}

bbb_rows glue_outcome(SEXP data, const bbb_model *model) {
  const bbb_rows y = glue_rows(glue_get(data, "y"), glue_get(data, "y_center"),
                               glue_get(data, "y_scale"),
                               bbb_likelihood_columns(&model->likelihood));
  check_outcome(model, &y);
  return y;
}

bbb_rows glue_predictors(SEXP data, const bbb_model *model) {
  return glue_rows(glue_get(data, "x"), glue_get(data, "x_center"),
                   glue_get(data, "x_scale"), model->net.width[0]);
}

/* A number for each of n rows in [least, 1e9], or NULL where there are none. */
static const double *numbers(SEXP value, const char *name, size_t n,
                             double least) {
  if (value == R_NilValue) return NULL;
  const double *number = glue_doubles(value, name, n);
  for (size_t i = 0; i < n; i++) {
    if (!(number[i] >= least && number[i] <= 1e9)) {
      Rf_error("`%s` must be finite numbers in range", name);
    }
  }
  return number;
}

const double *glue_offset(SEXP data, size_t n) {
  return numbers(glue_maybe(data, "offset"), "offset", n, -1e9);
}

glue_table glue_data(SEXP data, const bbb_model *model) {
  glue_table table = {.x = glue_predictors(data, model),
                      .y = glue_outcome(data, model)};
  const size_t N = table.x.N;
  if (table.y.N != N) Rf_error("`x` and `y` differ in rows");
  table.weight = numbers(glue_maybe(data, "weights"), "weights", N, 0);
  table.offset = glue_offset(data, N);
  return table;
}

static const float *picked(const double *from, const uint32_t *order,
                           size_t first, size_t n) {
  if (!from) return NULL;
  float *to = glue_floats(n);
  for (size_t i = 0; i < n; i++) {
    to[i] = (float)from[order ? order[first + i] : first + i];
  }
  return to;
}

bbb_batch glue_packed(const glue_table *table, const uint32_t *order,
                      size_t first, size_t n) {
  const size_t R = bbb_padded(n, BBB_LANES);
  float *px = glue_floats(n * table->x.D), *py = glue_floats(R * table->y.D);
  bbb_rows_pack(&table->x, order, first, n, px);
  bbb_rows_pack_columns(&table->y, order, first, n, py);
  const bbb_batch rows = {n,
                          px,
                          py,
                          R,
                          picked(table->weight, order, first, n),
                          picked(table->offset, order, first, n)};
  return rows;
}
