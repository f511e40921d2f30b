/* glue_checksum.c: the check sum of R's matrices. */
#include "glue.h"

#include <stdio.h>

/* Of a list of matrices, one after the other, as 16 hexadecimal digits; a NULL
 * is taken in as a matrix of no rows and columns. */
SEXP ffi_checksum(SEXP parts) {
  const bbb_rows none = {.N = 0, .D = 0};
  uint64_t sum = 0;
  char text[17];
  if (TYPEOF(parts) != VECSXP) Rf_error("`parts` must be a list");
  for (R_xlen_t i = 0; i < Rf_xlength(parts); i++) {
    SEXP part = VECTOR_ELT(parts, i);
    const bbb_rows rows = part == R_NilValue ? none : glue_cells(part);
    sum = bbb_rows_checksum(&rows, sum);
  }
  snprintf(text, sizeof text, "%08lx%08lx", (unsigned long)(sum >> 32),
           (unsigned long)(sum & UINT32_MAX));
  return Rf_mkString(text);
}
