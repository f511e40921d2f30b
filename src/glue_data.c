/* glue_data.c: rows of predictors and outcomes, checked and packed. */
#include "glue.h"

static int whole(double value, double most) {
  return value >= 0 && value <= most && value == (double)(long)value;
}

/* What is not a number of its own scale is as it is, and as the core asserts.
 */
static void check_column(const bbb_likelihood *lik, const bbb_rows *y,
                         size_t k) {
  const double *value = (const double *)y->value + k * y->N;
  const bbb_column column = bbb_likelihood_column(lik, k);
  const double classes = (double)bbb_likelihood_classes(lik);
  const double most = column == BBB_COLUMN_CLASS  ? classes - 1
                      : column == BBB_COLUMN_FLAG ? 1
                                                  : 1e9;
  if (column == BBB_COLUMN_NUMBER) return;
  if (y->center[k] != 0 || y->scale[k] != 1) {
    Rf_error("classes and counts are not standardised");
  }
  for (size_t i = 0; i < y->N; i++) {
    if (!whole(value[i], most)) {
      Rf_error("`y` must be whole numbers from 0 to %.0f", most);
    }
    if (column == BBB_COLUMN_TRIALS && value[i] < (value - y->N)[i]) {
      Rf_error("`y` has more successes than trials");
    }
  }
}

bbb_rows glue_outcome(SEXP data, const bbb_model *model) {
  const bbb_rows y = glue_rows(glue_get(data, "y"), glue_get(data, "y_center"),
                               glue_get(data, "y_scale"),
                               bbb_likelihood_columns(&model->likelihood));
  if (y.cells != BBB_CELLS_DOUBLE) Rf_error("`y` must be double");
  for (size_t k = 0; k < y.D; k++) check_column(&model->likelihood, &y, k);
  return y;
}

bbb_rows glue_predictors(SEXP data, const bbb_model *model) {
  return glue_rows(glue_get(data, "x"), glue_get(data, "x_center"),
                   glue_get(data, "x_scale"), model->net.width[0]);
}

glue_table glue_data(SEXP data, const bbb_model *model) {
  glue_table table = {.x = glue_predictors(data, model),
                      .y = glue_outcome(data, model)};
  const size_t N = table.x.N;
  if (table.y.N != N) Rf_error("`x` and `y` differ in rows");
  table.weight = glue_weights(glue_maybe(data, "weights"), N);
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

glue_inputs glue_inputs_for(const bbb_rows *x, size_t n) {
  glue_inputs room = {NULL, NULL, NULL};
  if (x->cells != BBB_CELLS_CODED) {
    room.x = glue_floats(n * x->D);
    return room;
  }
  float *off = glue_floats(x->D), *on = glue_floats(x->D);
  bbb_rows_levels(x, off, on);
  const bbb_coded coded = {x->D, x->V, x->C, x->number, off, on};
  room.x = glue_floats(n * x->V);
  room.code = glue_words(n * x->C);
  room.coded = (bbb_coded *)R_alloc(1, sizeof coded);
  *room.coded = coded;
  return room;
}

void glue_load(const bbb_rows *x, const uint32_t *order, size_t first,
               const glue_inputs *room, bbb_batch *batch) {
  const size_t V = room->coded ? x->V : x->D, block = glue_rows_unseen(x);
  for (size_t at = 0; at < batch->N; at += block) {
    const size_t left = batch->N - at, n = left < block ? left : block;
    R_CheckUserInterrupt();
    bbb_rows_pack(x, order, first + at, n, room->x + at * V);
    if (room->coded) {
      bbb_rows_pack_codes(x, order, first + at, n, room->code + at * x->C);
    }
  }
  batch->x = room->x;
  batch->code = room->code;
  batch->coded = room->coded;
}

bbb_batch glue_packed(const glue_table *table, const uint32_t *order,
                      size_t first, size_t n) {
  const size_t R = bbb_padded(n, BBB_LANES);
  const glue_inputs room = glue_inputs_for(&table->x, n);
  float *py = glue_floats(R * table->y.D);
  bbb_batch rows = {.N = n, .y = py, .apart = R};
  glue_load(&table->x, order, first, &room, &rows);
  bbb_rows_pack_columns(&table->y, order, first, n, py);
  rows.weight = picked(table->weight, order, first, n);
  rows.offset = picked(table->offset, order, first, n);
  return rows;
}
