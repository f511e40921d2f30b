/* glue_step.c: one draw of the training step, the noise, and the instruction
 * sets, to look at. */
#include "glue.h"

#include <string.h>

/* list(w, d_theta, log_posterior, log_prior, log_likelihood) of one draw at eps
 * over all rows of data, theta and gradient in doubles. */
SEXP ffi_step(SEXP model_, SEXP theta, SEXP data, SEXP eps, SEXP kl_weight) {
  static const char *const names[] = {"w", "d_theta", "log_posterior",
                                      "log_prior", "log_likelihood"};
  const bbb_model model = glue_model(model_);
  const size_t P = bbb_net_parameters(&model.net), T = bbb_model_size(&model);
  const glue_table rows = glue_data(data, &model);
  const size_t N = rows.x.N;
  const bbb_batch batch = glue_packed(&rows, NULL, 0, N);
  const double *eps_ = glue_doubles(eps, "eps", P);
  bbb_scratch scratch = {glue_floats(P), glue_floats(P), glue_floats(P),
                         glue_floats(bbb_net_workspace(&model.net, N))};
  float *d_theta = glue_floats(T);
  for (size_t j = 0; j < P; j++) scratch.eps[j] = (float)eps_[j];
  memset(d_theta, 0, T * sizeof *d_theta);

  bbb_net_load(&model.net, &batch, scratch.net);
  const bbb_terms terms =
    bbb_model_step(&model, &batch, glue_theta(theta, &model),
                   glue_number(kl_weight, "kl_weight"), &scratch, d_theta);

  SEXP out = PROTECT(glue_list(names, 5));
  SET_VECTOR_ELT(out, 0, glue_from_floats(P, scratch.w));
  SET_VECTOR_ELT(out, 1, glue_from_floats(T, d_theta));
  SET_VECTOR_ELT(out, 2, Rf_ScalarReal(terms.log_posterior));
  SET_VECTOR_ELT(out, 3, Rf_ScalarReal(terms.log_prior));
  SET_VECTOR_ELT(out, 4, Rf_ScalarReal(terms.log_likelihood));
  UNPROTECT(1);
  return out;
}

/* from = list(seed, stream, step, draw) */
static bbb_source as_source(SEXP from) {
  const double most = 4294967295.0;
  bbb_source source;
  source.key = glue_key(glue_get(from, "seed"));
  source.stream = (bbb_stream)glue_count(glue_get(from, "stream"), "stream", 0,
                                         BBB_STREAM_HOLDOUT);
  source.step = (uint32_t)glue_count(glue_get(from, "step"), "step", 0, most);
  source.draw = (uint32_t)glue_count(glue_get(from, "draw"), "draw", 0, most);
  return source;
}

SEXP ffi_normals(SEXP isa, SEXP from, SEXP n_) {
  const bbb_kernels *kernels = glue_kernels(isa);
  const bbb_source source = as_source(from);
  const size_t n = glue_count(n_, "n", 0, 1e9);
  float *eps = glue_floats(n);
  kernels->normals(&source, 0, n, eps);
  return glue_from_floats(n, eps);
}

/* Numbers from 1 */
SEXP ffi_permutation(SEXP from, SEXP n_) {
  const bbb_source source = as_source(from);
  const size_t n = glue_count(n_, "n", 0, 2147483647);
  uint32_t *order = (uint32_t *)R_alloc(n, sizeof *order);
  bbb_rng_permutation(&source, (uint32_t)n, order);
  SEXP out = PROTECT(Rf_allocVector(INTSXP, (R_xlen_t)n));
  for (size_t i = 0; i < n; i++) INTEGER(out)[i] = (int)order[i] + 1;
  UNPROTECT(1);
  return out;
}

/* Which instruction sets there are here, in the order of bbb_isa */
SEXP ffi_isas(void) {
  SEXP has = PROTECT(Rf_allocVector(LGLSXP, BBB_ISAS));
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    LOGICAL(has)[isa] = bbb_kernels_for((bbb_isa)isa) != NULL;
  }
  UNPROTECT(1);
  return has;
}
