/* glue_plain.c: whether fields of a list are plain vectors, without a call of R
 * for each. A fit is looked at before every prediction, also of one row. */
#include "glue.h"

static int within(const double *value, size_t n, double most) {
  int ok = 1;
  for (size_t i = 0; i < n; i++) {
    ok &=
      value[i] >= -most && value[i] <= most; /* no comparison holds of NaN */
  }
  return ok;
}

static int none_missing(const int *value, size_t n) {
  int ok = 1;
  for (size_t i = 0; i < n; i++) ok &= value[i] != NA_INTEGER;
  return ok;
}

static int strings(SEXP value, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (STRING_ELT(value, (R_xlen_t)i) == NA_STRING) return 0;
  }
  return 1;
}

/* Neither with a class nor with dimensions. */
static int is_plain(SEXP value, char type, double length, double most) {
  const size_t n = (size_t)Rf_xlength(value);
  if ((double)n != length || Rf_isObject(value) ||
      Rf_getAttrib(value, R_DimSymbol) != R_NilValue) {
    return 0;
  }
  switch (TYPEOF(value)) {
  case REALSXP: return type == 'd' && within(REAL_RO(value), n, most);
  case INTSXP: return type == 'i' && none_missing(INTEGER_RO(value), n);
  case LGLSXP: return type == 'l' && none_missing(LOGICAL_RO(value), n);
  case STRSXP: return type == 's' && strings(value, n);
  default: return 0;
  }
}

/* Whether the elements `names` of a list are plain vectors of these lengths,
 * with no value missing and doubles from -most to most; a letter of `types` for
 * each: d(ouble), i(nteger), l(ogical) or s(trings). */
SEXP ffi_plain(SEXP list, SEXP names, SEXP types, SEXP lengths, SEXP most_) {
  const double most = glue_number(most_, "most");
  const R_xlen_t n = Rf_xlength(names);
  if (TYPEOF(names) != STRSXP || TYPEOF(types) != STRSXP ||
      Rf_xlength(types) != 1 || Rf_xlength(STRING_ELT(types, 0)) != n) {
    Rf_error("`names` and `types` must be strings that go together");
  }
  const char *type = CHAR(STRING_ELT(types, 0));
  const double *length = glue_doubles(lengths, "lengths", (size_t)n);
  int ok = 1;
  for (R_xlen_t i = 0; ok && i < n; i++) {
    SEXP value = glue_maybe(list, CHAR(STRING_ELT(names, i)));
    ok = is_plain(value, type[i], length[i], most);
  }
  return Rf_ScalarLogical(ok);
}
