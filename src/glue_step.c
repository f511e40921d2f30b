/* glue_step.c: one draw of the training step, the noise, and the instruction
 * sets, to look at. */
#include "glue.h"

#include <string.h>

/* 1 / scale of each weight under the scales given, or as they start */
static float *narrow_of(const bbb_model *model, SEXP given) {
  const size_t G = bbb_prior_groups(&model->net);
  float *scale = glue_floats(G);
  float *narrow = glue_floats(bbb_net_parameters(&model->net));
  if (given == R_NilValue) {
    bbb_prior_scale_start(model, scale);
  } else {
    const double *sd = glue_doubles(given, "scale", G);
    for (size_t g = 0; g < G; g++) scale[g] = (float)sd[g];
  }
  bbb_prior_scale_spread(&model->net, scale, narrow);
  return narrow;
}

bbb_place glue_prior_place(const bbb_model *model, SEXP value) {
  bbb_place place = model->prior.each;
  if (model->prior.weight_scale) {
    SEXP prior = glue_get(value, "prior");
    place.narrow = narrow_of(model, glue_maybe(prior, "scale"));
  }
  return place;
}

bbb_step glue_step(const bbb_model *model, SEXP theta, size_t N) {
  const size_t P = bbb_net_parameters(&model->net);
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  const bbb_room room = bbb_model_room(model, bbb_model_part(model, N));
  bbb_step step = {.theta = glue_theta(theta, model),
                   .prior = bbb_prior_begin(&model->prior),
                   .place = model->prior.each,
                   .S = 1,
                   .rows = N,
                   .weigh = 1,
                   .eps = glue_floats(P),
                   .w = glue_floats(P),
                   .g_mu = glue_floats(P),
                   .g_rho = glue_floats(P),
                   .d_aux = glue_floats(A),
                   .net = glue_floats(room.net),
                   .workers = glue_floats(room.workers),
                   .sums = glue_sums(room.sums)};
  step.row_noise.units.stream = BBB_STREAM_UNITS;
  step.row_noise.scale = glue_floats(P);
  step.row_noise.work = glue_floats(room.row_noise);
  memset(step.d_aux, 0, A * sizeof *step.d_aux);
  return step;
}

bbb_status glue_pass(const bbb_model *model, const bbb_batch *batch,
                     double kl_weight, bbb_step *step, bbb_terms *terms) {
  const size_t D = model->net.width[0], N = batch->N;
  const size_t n = bbb_model_part(model, N);
  bbb_status status = BBB_OK;
  for (step->first = 0; step->first < N && status == BBB_OK; step->first += n) {
    const size_t left = N - step->first;
    const bbb_batch part =
      bbb_batch_part(batch, D, step->first, left < n ? left : n);
    bbb_net_load(&model->net, &part, step->net);
    status = bbb_step_pass(model, &part, kl_weight, step, terms);
  }
  return status;
}

static SEXP step_result(const bbb_model *model, const bbb_step *step,
                        const bbb_terms *terms) {
  static const char *const names[] = {"w", "d_theta", "log_posterior",
                                      "log_prior", "log_likelihood"};
  const size_t P = bbb_net_parameters(&model->net), T = bbb_model_size(model);
  SEXP out = PROTECT(glue_list(names, 5));
  SET_VECTOR_ELT(out, 0, Rf_allocVector(REALSXP, (R_xlen_t)P));
  SET_VECTOR_ELT(out, 1, Rf_allocVector(REALSXP, (R_xlen_t)T));
  double *d_theta = REAL(VECTOR_ELT(out, 1));
  glue_unpack(model, step->w, REAL(VECTOR_ELT(out, 0)));
  glue_unpack(model, step->g_mu, d_theta);
  glue_unpack(model, step->g_rho, d_theta + P);
  for (size_t j = 2 * P; j < T; j++) {
    d_theta[j] = (double)step->d_aux[j - 2 * P];
  }
  SET_VECTOR_ELT(out, 2, Rf_ScalarReal(terms->log_posterior));
  SET_VECTOR_ELT(out, 3, Rf_ScalarReal(terms->log_prior));
  SET_VECTOR_ELT(out, 4, Rf_ScalarReal(terms->log_likelihood));
  UNPROTECT(1);
  return out;
}

/* list(w, d_theta, log_posterior, log_prior, log_likelihood) of one draw at eps
 * over all rows of data, theta and gradient in doubles; or NULL where the user
 * interrupted. */
SEXP ffi_step(SEXP model_, SEXP theta, SEXP data, SEXP eps, SEXP kl_weight) {
  const bbb_model model = glue_model(model_);
  const glue_table rows = glue_data(data, &model);
  const bbb_batch batch = glue_packed(&rows, NULL, 0, rows.x.N);
  const double weight = glue_number(kl_weight, "kl_weight");
  glue_clock clock = glue_clock_start(0, R_NilValue);
  bbb_stop stop = {glue_interrupted, &clock, 0};
  bbb_step step = glue_step(&model, theta, rows.x.N);
  bbb_terms terms = {0, 0, 0};
  glue_pack(eps, "eps", &model, step.w, step.eps);
  step.place = glue_prior_place(&model, model_);
  step.stop = &stop;
  const bbb_status status = glue_pass(&model, &batch, weight, &step, &terms);
  glue_pass_error(&clock);
  return status == BBB_STOPPED ? R_NilValue
                               : step_result(&model, &step, &terms);
}

/* from = list(seed, stream, step, draw) */
bbb_source glue_source(SEXP from) {
  const double most = 4294967295.0;
  bbb_source source;
  source.key = glue_key(glue_get(from, "seed"));
  source.stream = (bbb_stream)glue_kind(from, "stream", bbb_stream_name);
  source.step = (uint32_t)glue_count(glue_get(from, "step"), "step", 0, most);
  source.draw = (uint32_t)glue_count(glue_get(from, "draw"), "draw", 0, most);
  return source;
}

SEXP ffi_normals(SEXP isa, SEXP from, SEXP n_) {
  const bbb_kernels *kernels = glue_kernels(isa);
  const bbb_source source = glue_source(from);
  const size_t n = glue_count(n_, "n", 0, 1e9);
  float *eps = glue_floats(n);
  kernels->normals(&source, 0, n, eps);
  return glue_from_floats(n, eps);
}

/* The eps that a draw of the model's weights takes from a source, in R's order
 */
SEXP ffi_noise(SEXP model_, SEXP from) {
  const bbb_model model = glue_model(model_);
  const bbb_net *net = &model.net;
  const bbb_source source = glue_source(from);
  const size_t P = bbb_net_parameters(net);
  float *eps = glue_floats(P);
  for (size_t l = 0; l < net->L; l++) {
    for (size_t i = 0; i < bbb_net_slices(net, l); i++) {
      const bbb_slice s = bbb_net_slice(net, l, i);
      net->kernels->normals(&source, s.noise, s.P, eps + s.first);
    }
  }
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)P));
  glue_unpack(&model, eps, REAL(out));
  UNPROTECT(1);
  return out;
}

/* Numbers from 1 */
SEXP ffi_permutation(SEXP from, SEXP n_) {
  const bbb_source source = glue_source(from);
  const size_t n = glue_count(n_, "n", 0, 2147483647);
  uint32_t *order = glue_words(n);
  bbb_rng_permutation(bbb_kernels_best()->bits, &source, (uint32_t)n, NULL,
                      order);
  SEXP out = PROTECT(Rf_allocVector(INTSXP, (R_xlen_t)n));
  for (size_t i = 0; i < n; i++) INTEGER(out)[i] = (int)order[i] + 1;
  UNPROTECT(1);
  return out;
}
