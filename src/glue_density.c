/* glue_density.c: the joint log density of data and weights. */
#include "glue.h"

/* list(log_likelihood, log_prior, d_w, d_aux) at w and aux over all rows of
 * data, the gradient of -(log P(D | w) + prior_weight log P(w)); or NULL where
 * the user interrupted. */
SEXP ffi_density(SEXP model_, SEXP w_, SEXP aux_, SEXP data,
                 SEXP prior_weight) {
  static const char *const names[] = {"log_likelihood", "log_prior", "d_w",
                                      "d_aux"};
  const bbb_model model = glue_model(model_);
  const size_t P = bbb_net_parameters(&model.net);
  const size_t A = bbb_likelihood_auxiliaries(&model.likelihood);
  const glue_table rows = glue_data(data, &model);
  const bbb_batch batch = glue_packed(&rows, NULL, 0, rows.x.N);
  const double *given = glue_doubles(aux_, "aux", A);
  glue_clock clock = glue_clock_start(0, R_NilValue);
  bbb_stop stop = {glue_interrupted, &clock, 0};
  const bbb_density density = {
    &model,
    glue_prior_place(&model, model_),
    glue_number(prior_weight, "prior_weight"),
    glue_floats(bbb_density_net(&model, batch.N)),
    glue_floats(bbb_density_workers(&model, batch.N)),
    &stop};
  float *w = glue_floats(P), *d_w = glue_floats(P), *aux = glue_floats(A),
        *d_aux = glue_floats(A);
  bbb_log_joint at;
  glue_pack(w_, "w", &model, d_w, w);
  for (size_t a = 0; a < A; a++) aux[a] = (float)given[a];
  const bbb_status status =
    bbb_density_at(&density, &batch, w, aux, &at, d_w, d_aux);
  glue_pass_error(&clock);
  if (status == BBB_STOPPED) return R_NilValue;
  SEXP out = PROTECT(glue_list(names, 4));
  SET_VECTOR_ELT(out, 0, Rf_ScalarReal(at.log_likelihood));
  SET_VECTOR_ELT(out, 1, Rf_ScalarReal(at.log_prior));
  SET_VECTOR_ELT(out, 2, Rf_allocVector(REALSXP, (R_xlen_t)P));
  glue_unpack(&model, d_w, REAL(VECTOR_ELT(out, 2)));
  SET_VECTOR_ELT(out, 3, glue_from_floats(A, d_aux));
  UNPROTECT(1);
  return out;
}
