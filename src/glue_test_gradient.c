/* glue_test_gradient.c: what the estimators of the gradient are worth. */
#include "glue.h"

/* Add a gradient (n), in R's order of the weights, and its square to sums. */
static void add_moments(const double *d, size_t n, double *sum,
                        double *squares) {
  for (size_t j = 0; j < n; j++) {
    sum[j] += d[j];
    squares[j] += d[j] * d[j];
  }
}

/* list(mean, mean_square) of the gradient in mu and rho over how$steps steps of
 * how$samples draws each, the steps numbered from that of `from`. */
SEXP ffi_test_gradient(SEXP model_, SEXP theta, SEXP data, SEXP from,
                       SEXP how) {
  static const char *const names[] = {"mean", "mean_square"};
  const bbb_model model = glue_model(model_);
  const size_t P = bbb_net_parameters(&model.net);
  const glue_table rows = glue_data(data, &model);
  const bbb_batch batch = glue_packed(&rows, NULL, 0, rows.x.N);
  const size_t steps = glue_count(glue_get(how, "steps"), "steps", 1, 1e6);
  const double kl_weight = glue_number(glue_get(how, "kl_weight"), "kl_weight");
  bbb_step step = glue_step(&model, theta, rows.x.N);
  bbb_source noise = glue_source(from);
  SEXP out = PROTECT(glue_list(names, 2));
  for (int i = 0; i < 2; i++) {
    SET_VECTOR_ELT(out, i, Rf_allocVector(REALSXP, (R_xlen_t)(2 * P)));
    for (size_t j = 0; j < 2 * P; j++) REAL(VECTOR_ELT(out, i))[j] = 0;
  }
  double *sum = REAL(VECTOR_ELT(out, 0)), *squares = REAL(VECTOR_ELT(out, 1));
  double *d = glue_sums(2 * P);
  step.S = glue_count(glue_get(how, "samples"), "samples", 1, 1000);
  step.antithetic = glue_flag(glue_get(how, "antithetic"), "antithetic");
  step.noise = &noise;
  bbb_terms terms = {0, 0, 0};
  for (size_t t = 0; t < steps; t++, noise.step++) {
    for (step.draw = 0; step.draw < step.S; step.draw++) {
      glue_pass(&model, &batch, kl_weight, &step, &terms);
    }
    const void *vmax = vmaxget();
    glue_unpack(&model, step.g_mu, d);
    glue_unpack(&model, step.g_rho, d + P);
    vmaxset(vmax);
    add_moments(d, 2 * P, sum, squares);
  }
  const double n = (double)steps, S = (double)step.S;
  for (size_t j = 0; j < 2 * P; j++) sum[j] /= n * S, squares[j] /= n * S * S;
  UNPROTECT(1);
  return out;
}
