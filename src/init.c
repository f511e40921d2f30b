/* init.c: the routines that R can reach, all of them and no others. */
#include "glue.h"

#define ROUTINE(name, arguments)                                               \
  { #name, (DL_FUNC)(name), arguments }

static const R_CallMethodDef routines[] = {
  ROUTINE(ffi_fit, 5),
  ROUTINE(ffi_density, 5),
  ROUTINE(ffi_step, 5),
  ROUTINE(ffi_normals, 3),
  ROUTINE(ffi_noise, 2),
  ROUTINE(ffi_permutation, 2),
  ROUTINE(ffi_predict, 4),
  ROUTINE(ffi_names, 0),
  ROUTINE(ffi_isas, 0),
  ROUTINE(ffi_standard, 2),
  ROUTINE(ffi_complete, 1),
  ROUTINE(ffi_plain, 5),
  ROUTINE(ffi_checksum, 1),
  ROUTINE(ffi_tie_to_parent, 0),
  /* below: testing */
  ROUTINE(ffi_test_philox, 2),
  ROUTINE(ffi_test_softplus, 1),
  ROUTINE(ffi_test_activation, 3),
  ROUTINE(ffi_test_kernels, 5),
  ROUTINE(ffi_test_prior, 2),
  ROUTINE(ffi_test_optim, 5),
  ROUTINE(ffi_test_gradient, 5),
  ROUTINE(ffi_test_schedule, 2),
  ROUTINE(ffi_test_kl_weights, 2),
  ROUTINE(ffi_test_quantile, 3),
  ROUTINE(ffi_test_special, 4),
  {NULL, NULL, 0},
};

void attribute_visible R_init_bbb(DllInfo *dll) {
  R_registerRoutines(dll, NULL, routines, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
  glue_threads_init();
}
