/* glue_rows.c: R's matrices, sparse and coded ones too, as rows of the core. */
#include "glue.h"

/* A slot of a sparse matrix. */
static SEXP slot(SEXP x, const char *name) {
  SEXP symbol = Rf_install(name);
  if (!R_has_slot(x, symbol)) Rf_error("a sparse matrix lacks `%s`", name);
  return R_do_slot(x, symbol);
}

static size_t columns_of(SEXP x) {
  if (TYPEOF(x) == VECSXP) return (size_t)Rf_xlength(glue_get(x, "from"));
  SEXP dim = Rf_isS4(x) ? slot(x, "Dim") : Rf_getAttrib(x, R_DimSymbol);
  if (TYPEOF(dim) != INTSXP || Rf_xlength(dim) != 2) {
    Rf_error("`x` must be a matrix");
  }
  return (size_t)(INTEGER_RO(dim)[1] > 0 ? INTEGER_RO(dim)[1] : 0);
}

/* Rows ascend in each column, and columns follow each other. */
static void check_sparse(const bbb_rows *rows, size_t n) {
  const int *start = rows->start;
  if (start[0] != 0 || (size_t)start[rows->D] != n) {
    Rf_error("a sparse matrix has columns that do not follow each other");
  }
  for (size_t d = 0; d < rows->D; d++) {
    if (start[d + 1] < start[d] || (size_t)start[d + 1] > n) {
      Rf_error("a sparse matrix has columns that do not follow each other");
    }
    for (int at = start[d]; at < start[d + 1]; at++) {
      const int least = at > start[d] ? rows->row[at - 1] + 1 : 0;
      if (rows->row[at] < least || (size_t)rows->row[at] >= rows->N) {
        Rf_error("a sparse matrix has rows that do not ascend");
      }
    }
  }
}

static bbb_rows sparse_rows(SEXP x, size_t D) {
  bbb_rows rows = {.D = D, .cells = BBB_CELLS_SPARSE};
  SEXP value = slot(x, "x");
  const int *dim = glue_integers(slot(x, "Dim"), "Dim", 2);
  const size_t n = (size_t)Rf_xlength(value);
  if (dim[0] < 0 || dim[1] < 0 || (size_t)dim[1] != D) {
    Rf_error("`x` must be a matrix with %.0f columns", (double)D);
  }
  rows.N = (size_t)dim[0];
  rows.value = glue_doubles(value, "x", n);
  rows.row = glue_integers(slot(x, "i"), "i", n);
  rows.start = glue_integers(slot(x, "p"), "p", D + 1);
  check_sparse(&rows, n);
  return rows;
}

/* Rows and columns of a matrix that is one part of a coded one. */
static void size_of(SEXP x, const char *name, int type, size_t size[2]) {
  SEXP dim = Rf_getAttrib(x, R_DimSymbol);
  if (TYPEOF(x) != type || TYPEOF(dim) != INTSXP || Rf_xlength(dim) != 2) {
    Rf_error("`%s` must be a matrix of its type", name);
  }
  for (int i = 0; i < 2; i++) size[i] = (size_t)INTEGER_RO(dim)[i];
}

/* Columns are in value or of a factor, and a code is a column of its factor. */
static void check_coded(const bbb_rows *rows) {
  for (size_t d = 0; d < rows->D; d++) {
    const double from = rows->from[d];
    if (from == 0 || from > (double)rows->V || from < -(double)rows->C) {
      Rf_error("`from` names no column");
    }
  }
  for (size_t c = 0; c < rows->C; c++) {
    const int *code = rows->code + c * rows->N;
    for (size_t i = 0; i < rows->N; i++) {
      if (code[i] == NA_INTEGER || code[i] == 0) continue;
      if (code[i] < 0 || (size_t)code[i] > rows->D ||
          rows->from[code[i] - 1] != -(int)c - 1) {
        Rf_error("`code` names no column of its factor");
      }
    }
  }
}

static bbb_rows coded_rows(SEXP x, size_t D) {
  bbb_rows rows = {.D = D, .cells = BBB_CELLS_CODED};
  SEXP value = glue_get(x, "value"), code = glue_get(x, "code");
  size_t values[2], codes[2];
  size_of(value, "value", REALSXP, values);
  size_of(code, "code", INTSXP, codes);
  if (values[0] != codes[0]) Rf_error("`value` and `code` differ in rows");
  rows.N = codes[0], rows.V = values[1], rows.C = codes[1];
  rows.value = REAL_RO(value);
  rows.code = INTEGER_RO(code);
  rows.from = glue_integers(glue_get(x, "from"), "from", D);
  check_coded(&rows);
  uint32_t *number = glue_words(D);
  size_t V = 0;
  for (size_t d = 0; d < D; d++) {
    if (rows.from[d] > 0) number[V++] = (uint32_t)d;
  }
  if (V != rows.V)
    Rf_error("`value` has another number of columns than `from`");
  rows.number = number;
  return rows;
}

static bbb_rows dense_rows(SEXP x, size_t D) {
  bbb_rows rows = {.D = D};
  const R_xlen_t length = Rf_xlength(x);
  if (D == 0 || (size_t)length % D != 0 ||
      (double)length / (double)D > 2147483647.0) {
    Rf_error("`x` must be a matrix with %.0f columns", (double)D);
  }
  rows.N = (size_t)length / D;
  switch (TYPEOF(x)) {
  case REALSXP:
    rows.cells = BBB_CELLS_DOUBLE;
    rows.value = REAL_RO(x);
    break;
  case INTSXP:
    rows.cells = BBB_CELLS_INT;
    rows.value = INTEGER_RO(x);
    break;
  case LGLSXP:
    rows.cells = BBB_CELLS_INT;
    rows.value = LOGICAL_RO(x);
    break;
  case RAWSXP:
    rows.cells = BBB_CELLS_BYTE;
    rows.value = RAW_RO(x);
    break;
  default: Rf_error("`x` must be numbers");
  }
  return rows;
}

static bbb_rows cells_of(SEXP x, size_t D) {
  if (TYPEOF(x) == VECSXP) return coded_rows(x, D);
  return Rf_isS4(x) ? sparse_rows(x, D) : dense_rows(x, D);
}

bbb_rows glue_cells(SEXP x) { return cells_of(x, columns_of(x)); }

bbb_rows glue_rows(SEXP x, SEXP center, SEXP scale, size_t D) {
  bbb_rows rows = cells_of(x, D);
  rows.center = glue_doubles(center, "center", D);
  rows.scale = glue_doubles(scale, "scale", D);
  return rows;
}

size_t glue_rows_unseen(const bbb_rows *rows) {
  const size_t cells = 1 << 21, least = 1 << 10;
  return rows->D < cells / least ? cells / (rows->D + 1) / 64 * 64 : least;
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

const double *glue_weights(SEXP value, size_t n) {
  return numbers(value, "weights", n, 0);
}

const double *glue_offset(SEXP data, size_t n) {
  return numbers(glue_maybe(data, "offset"), "offset", n, -1e9);
}

/* list(center, scale, missing), a number for each column of x: see
 * bbb_rows_standard(). Weights of the rows, or NULL */
SEXP ffi_standard(SEXP x, SEXP weights) {
  static const char *const names[] = {"center", "scale", "missing"};
  const bbb_rows rows = glue_cells(x);
  const double *weight = glue_weights(weights, rows.N);
  SEXP out = PROTECT(glue_list(names, 3));
  for (int i = 0; i < 3; i++) {
    SET_VECTOR_ELT(out, i, Rf_allocVector(REALSXP, (R_xlen_t)rows.D));
  }
  for (size_t d = 0; d < rows.D; d++) {
    R_CheckUserInterrupt();
    const bbb_standard standard = bbb_rows_standard(&rows, d, weight);
    REAL(VECTOR_ELT(out, 0))[d] = standard.center;
    REAL(VECTOR_ELT(out, 1))[d] = standard.scale;
    REAL(VECTOR_ELT(out, 2))[d] = (double)standard.missing;
  }
  UNPROTECT(1);
  return out;
}

/* Whether all numbers of each row of x are finite */
SEXP ffi_complete(SEXP x) {
  const bbb_rows rows = glue_cells(x);
  SEXP ok = PROTECT(Rf_allocVector(LGLSXP, (R_xlen_t)rows.N));
  const size_t block = glue_rows_unseen(&rows);
  for (size_t first = 0; first < rows.N; first += block) {
    const size_t left = rows.N - first;
    R_CheckUserInterrupt();
    bbb_rows_complete(&rows, first, left < block ? left : block,
                      LOGICAL(ok) + first);
  }
  UNPROTECT(1);
  return ok;
}
