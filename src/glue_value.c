/* glue_value.c: checked conversion of single R values and lists, and memory. */
#include "glue.h"

#include <string.h>

/* NULL, not R's, where there is none. */
static SEXP element(SEXP list, const char *name) {
  if (TYPEOF(list) != VECSXP) return NULL;
  SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  for (R_xlen_t i = 0; TYPEOF(names) == STRSXP && i < Rf_xlength(list); i++) {
    if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0) {
      return VECTOR_ELT(list, i);
    }
  }
  return NULL;
}

SEXP glue_get(SEXP list, const char *name) {
  SEXP value = element(list, name);
  if (!value) Rf_error("element `%s` is missing", name);
  return value;
}

SEXP glue_maybe(SEXP list, const char *name) {
  SEXP value = element(list, name);
  return value ? value : R_NilValue;
}

double glue_number(SEXP value, const char *name) {
  const int numeric = TYPEOF(value) == REALSXP || TYPEOF(value) == INTSXP;
  if (numeric && Rf_xlength(value) == 1) {
    const double number = Rf_asReal(value);
    if (R_FINITE(number)) return number;
  }
  Rf_error("`%s` must be one finite number", name);
}

size_t glue_count(SEXP value, const char *name, double least, double most) {
  const double number = glue_number(value, name);
  if (!(number >= least && number <= most) ||
      number != (double)(long long)number) {
    Rf_error("`%s` must be a whole number from %.0f to %.0f", name, least,
             most);
  }
  return (size_t)number;
}

int glue_flag(SEXP value, const char *name) {
  if (TYPEOF(value) == LGLSXP && Rf_xlength(value) == 1) {
    const int flag = LOGICAL_RO(value)[0];
    if (flag != NA_LOGICAL) return flag;
  }
  Rf_error("`%s` must be TRUE or FALSE", name);
}

static void check_length(SEXP value, const char *name, size_t length) {
  if ((size_t)Rf_xlength(value) != length) {
    Rf_error("`%s` has length %.0f, not %.0f", name, (double)Rf_xlength(value),
             (double)length);
  }
}

const double *glue_doubles(SEXP value, const char *name, size_t length) {
  if (TYPEOF(value) != REALSXP) Rf_error("`%s` must be double", name);
  check_length(value, name, length);
  return REAL_RO(value);
}

const int *glue_integers(SEXP value, const char *name, size_t length) {
  if (TYPEOF(value) != INTSXP) Rf_error("`%s` must be integer", name);
  check_length(value, name, length);
  return INTEGER_RO(value);
}

SEXP glue_from_floats(size_t n, const float *value) {
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)n));
  for (size_t j = 0; j < n; j++) REAL(out)[j] = (double)value[j];
  UNPROTECT(1);
  return out;
}

SEXP glue_list(const char *const *names, int n) {
  SEXP list = PROTECT(Rf_allocVector(VECSXP, n));
  SEXP labels = Rf_allocVector(STRSXP, n);
  Rf_setAttrib(list, R_NamesSymbol, labels);
  for (int i = 0; i < n; i++) SET_STRING_ELT(labels, i, Rf_mkChar(names[i]));
  UNPROTECT(1);
  return list;
}

/* One at least: R_alloc() of nothing is NULL, which memset() must not get. */
float *glue_floats(size_t n) {
  return (float *)R_alloc(n > 0 ? n : 1, sizeof(float));
}

double *glue_sums(size_t n) {
  return (double *)R_alloc(n > 0 ? n : 1, sizeof(double));
}

uint32_t *glue_words(size_t n) {
  return (uint32_t *)R_alloc(n > 0 ? n : 1, sizeof(uint32_t));
}
