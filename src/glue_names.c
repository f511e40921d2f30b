/* glue_names.c: kinds come from R by their names, and R asks for these here. */
#include "glue.h"

#include <string.h>

int glue_named(const char *wanted, bbb_name *name) {
  for (int kind = 0; name(kind); kind++) {
    if (strcmp(wanted, name(kind)) == 0) return kind;
  }
  return -1;
}

int glue_kind_of(SEXP value, const char *what, bbb_name *name) {
  const int text = TYPEOF(value) == STRSXP && Rf_xlength(value) == 1;
  const int kind = text ? glue_named(CHAR(STRING_ELT(value, 0)), name) : -1;
  if (kind < 0) Rf_error("`%s` is not one of its names", what);
  return kind;
}

int glue_kind(SEXP list, const char *what, bbb_name *name) {
  return glue_kind_of(glue_get(list, what), what, name);
}

static SEXP as_names(bbb_name *name) {
  int n = 0;
  while (name(n)) n++;
  SEXP out = PROTECT(Rf_allocVector(STRSXP, n));
  for (int i = 0; i < n; i++) SET_STRING_ELT(out, i, Rf_mkChar(name(i)));
  UNPROTECT(1);
  return out;
}

/* A list with the names of each list of the core; ffi_isas() tells which
 * instruction sets this machine has. */
SEXP ffi_names(void) {
  static const char *const whats[] = {
    "activation", "prior",     "family", "optimizer", "schedule",
    "kl_weight",  "estimator", "stream", "predict",   "isa"};
  static bbb_name *const names[] = {bbb_activation_name, bbb_prior_name,
                                    bbb_family_name,     bbb_optimizer_name,
                                    bbb_schedule_name,   bbb_kl_weight_name,
                                    bbb_estimator_name,  bbb_stream_name,
                                    bbb_predict_name,    bbb_isa_name};
  const int n = sizeof names / sizeof *names;
  SEXP out = PROTECT(glue_list(whats, n));
  for (int i = 0; i < n; i++) SET_VECTOR_ELT(out, i, as_names(names[i]));
  UNPROTECT(1);
  return out;
}

/* Which instruction sets this machine has, by name */
SEXP ffi_isas(void) {
  SEXP has = PROTECT(Rf_allocVector(LGLSXP, BBB_ISAS));
  Rf_setAttrib(has, R_NamesSymbol, as_names(bbb_isa_name));
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    LOGICAL(has)[isa] = bbb_kernels_for((bbb_isa)isa) != NULL;
  }
  UNPROTECT(1);
  return has;
}
