/* glue_predict.c: the posterior predictive, block after block. */
#include "glue.h"

#include <string.h>

/* The kinds asked for, by their names */
static void as_kinds(SEXP names, bbb_predictive *p) {
  if (TYPEOF(names) != STRSXP) Rf_error("`kinds` must be text");
  for (R_xlen_t i = 0; i < Rf_xlength(names); i++) {
    const char *name = CHAR(STRING_ELT(names, i));
    const int kind = glue_named(name, bbb_predict_name);
    if (kind < 0) Rf_error("there is no kind \"%s\"", name);
    if (!bbb_predict_possible((bbb_predict_kind)kind, &p->model.likelihood)) {
      Rf_error("these classes have no \"%s\"", name);
    }
    p->asked[kind] = 1;
  }
}

/* Numbers between two, or none where R's list has none. */
static const double *numbers_between(SEXP how, const char *name, double least,
                                     double most, size_t *n) {
  SEXP value = glue_maybe(how, name);
  *n = 0;
  if (value == R_NilValue) return NULL;
  *n = (size_t)Rf_xlength(value);
  const double *number = glue_doubles(value, name, *n);
  for (size_t i = 0; i < *n; i++) {
    if (!(number[i] > least && number[i] < most)) {
      Rf_error("`%s` must lie between %g and %g", name, least, most);
    }
  }
  return number;
}

/* how = list(kinds, draws, joint, seed, and, where they are needed, probs,
 * times, complete, and of the draws center, scale and names) */
static bbb_predictive as_predictive(const bbb_model *model, SEXP theta,
                                    SEXP how) {
  const size_t V = bbb_likelihood_values(&model->likelihood);
  bbb_predictive p = {.model = *model};
  p.theta = glue_thetas(theta, model, &p.F);
  p.source.key = glue_key(glue_get(how, "seed"));
  p.source.stream = BBB_STREAM_PREDICT;
  as_kinds(glue_get(how, "kinds"), &p);
  p.S = glue_count(glue_get(how, "draws"), "draws", 1, 1e7);
  p.rowwise = !glue_flag(glue_get(how, "joint"), "joint");
  if (p.S % p.F) Rf_error("`draws` is not a multiple of the posteriors");
  p.probs = numbers_between(how, "probs", 0, 1, &p.Q);
  p.times = numbers_between(how, "times", -1e9, 1e9, &p.T);
  SEXP center = glue_maybe(how, "center"), scale = glue_maybe(how, "scale");
  if (center != R_NilValue) p.center = glue_doubles(center, "center", V);
  if (scale != R_NilValue) p.scale = glue_doubles(scale, "scale", V);
  return p;
}

static SEXP new_answer(const bbb_predictive *p, bbb_predict_kind kind,
                       size_t N) {
  const bbb_predict_shape shape = bbb_predict_shape_of(p, kind, N);
  double length = 1;
  for (int i = 0; i < shape.rank; i++) length *= (double)shape.dim[i];
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)length));
  if (shape.rank > 1) {
    SEXP dim = PROTECT(Rf_allocVector(INTSXP, shape.rank));
    for (int i = 0; i < shape.rank; i++) INTEGER(dim)[i] = (int)shape.dim[i];
    Rf_setAttrib(out, R_DimSymbol, dim);
    UNPROTECT(1);
  }
  UNPROTECT(1);
  return out;
}

/* list(link = , moments = , ...) of what is asked, whose numbers are in out. */
static SEXP new_answers(const bbb_predictive *p, size_t N, double **out) {
  const char *names[BBB_PREDICT_KINDS];
  bbb_predict_kind kinds[BBB_PREDICT_KINDS];
  int n = 0;
  for (int kind = 0; kind < BBB_PREDICT_KINDS; kind++) {
    if (!p->asked[kind]) continue;
    kinds[n] = (bbb_predict_kind)kind;
    names[n++] = bbb_predict_name((bbb_predict_kind)kind);
  }
  SEXP answers = PROTECT(glue_list(names, n));
  for (int i = 0; i < n; i++) {
    SET_VECTOR_ELT(answers, i, new_answer(p, kinds[i], N));
    out[kinds[i]] = REAL(VECTOR_ELT(answers, i));
  }
  UNPROTECT(1);
  return answers;
}

/* Names for the values of the draws, where R's list has some */
static void name_values(SEXP how, SEXP answers) {
  SEXP names = glue_maybe(how, "names");
  SEXP draws = glue_maybe(answers, "draws");
  SEXP dim = Rf_getAttrib(draws, R_DimSymbol);
  if (names == R_NilValue || Rf_xlength(dim) != 3) return;
  if (TYPEOF(names) != STRSXP || Rf_xlength(names) != INTEGER(dim)[2]) {
    Rf_error("`names` must name the values");
  }
  SEXP all = PROTECT(Rf_allocVector(VECSXP, 3));
  SET_VECTOR_ELT(all, 2, names);
  Rf_setAttrib(draws, R_DimNamesSymbol, all);
  UNPROTECT(1);
}

/* The rows that can be predicted, or NULL where all can. */
static const int *complete_rows(SEXP how, size_t N) {
  SEXP complete = glue_maybe(how, "complete");
  if (complete == R_NilValue) return NULL;
  if (TYPEOF(complete) != LGLSXP || (size_t)Rf_xlength(complete) != N) {
    Rf_error("`complete` must be TRUE or FALSE for each row");
  }
  return LOGICAL_RO(complete);
}

/* NA in the other rows: dim is (rows, ...) but of the draws. */
static void blank_rows(const bbb_predictive *p, const int *complete, size_t N,
                       double *const *out) {
  for (int k = 0; complete && k < BBB_PREDICT_KINDS; k++) {
    if (!p->asked[k]) continue;
    const bbb_predict_shape shape =
      bbb_predict_shape_of(p, (bbb_predict_kind)k, N);
    const size_t S = k == BBB_PREDICT_DRAWS ? p->S : 1;
    size_t length = 1;
    for (int i = 0; i < shape.rank; i++) length *= shape.dim[i];
    for (size_t i = 0; i < length; i++) {
      if (!complete[i / S % N]) out[k][i] = NA_REAL;
    }
  }
}

/* What is packed of the rows of a block */
typedef struct {
  bbb_rows x, y;
  const double *offset;
  const int *complete;
  glue_inputs room;
  float *py, *poffset;
} packed;

static packed new_packed(SEXP data, SEXP how, const bbb_predictive *p) {
  packed rows = {.x = glue_predictors(data, &p->model)};
  const size_t block = bbb_predict_block(p, rows.x.N);
  int wants_y = 0;
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    wants_y |= p->asked[k] && bbb_predict_needs_y((bbb_predict_kind)k);
  }
  rows.complete = complete_rows(how, rows.x.N);
  rows.offset = glue_offset(data, rows.x.N);
  rows.room = glue_inputs_for(&rows.x, block);
  if (rows.offset) rows.poffset = glue_floats(block);
  if (wants_y) {
    rows.y = glue_outcome(data, &p->model);
    if (rows.x.N != rows.y.N) Rf_error("`x` and `y` differ in rows");
    rows.py = glue_floats(bbb_padded(block, BBB_LANES) * rows.y.D);
  }
  return rows;
}

/* Rows that cannot be predicted are predicted at 0. */
static bbb_batch pack(const packed *rows, size_t first, size_t n) {
  const size_t V = rows->room.coded ? rows->x.V : rows->x.D;
  bbb_batch batch = {.N = n, .y = rows->py, .offset = rows->poffset};
  batch.apart = bbb_padded(n, BBB_LANES);
  glue_load(&rows->x, NULL, first, &rows->room, &batch);
  for (size_t i = 0; rows->complete && i < n; i++) {
    if (rows->complete[first + i]) continue;
    memset(rows->room.x + i * V, 0, V * sizeof(float));
  }
  for (size_t i = 0; rows->offset && i < n; i++) {
    rows->poffset[i] = (float)rows->offset[first + i];
  }
  if (rows->py) bbb_rows_pack_columns(&rows->y, NULL, first, n, rows->py);
  return batch;
}

/* A list of the answers, each an array as bbb_predict_kind says, or NULL where
 * the user interrupted. data$y is read for the kinds that need it only. */
SEXP ffi_predict(SEXP model_, SEXP theta, SEXP data, SEXP how) {
  const bbb_model model = glue_model(model_);
  const bbb_predictive p = as_predictive(&model, theta, how);
  const packed rows = new_packed(data, how, &p);
  const size_t N = rows.x.N, block = bbb_predict_block(&p, N);
  glue_clock clock = glue_clock_start(0, R_NilValue);
  bbb_predict_to to = {.N = N,
                       .work = glue_floats(bbb_predict_workspace(&p, N)),
                       .sums = glue_sums(bbb_predict_sums(&p, N)),
                       .words = glue_words(bbb_predict_words(&p, N)),
                       .stop = glue_interrupted,
                       .ctx = &clock};
  SEXP answers = PROTECT(new_answers(&p, N, to.out));
  name_values(how, answers);
  bbb_status status = BBB_OK;
  for (size_t first = 0; first < N && status == BBB_OK; first += block) {
    const size_t n = N - first < block ? N - first : block;
    const bbb_batch batch = pack(&rows, first, n);
    status = bbb_predict_rows(&p, &batch, first, &to);
  }
  glue_pass_error(&clock);
  if (status == BBB_OK) blank_rows(&p, rows.complete, N, to.out);
  UNPROTECT(1);
  return status == BBB_OK ? answers : R_NilValue;
}
