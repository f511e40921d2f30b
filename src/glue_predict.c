/* glue_predict.c: the posterior predictive, block after block. */
#include "glue.h"

/* at: values for survival, of classes there are none; else probabilities. */
static void check_at(const bbb_predictive *p) {
  const int classes =
    bbb_likelihood_scale(&p->model.likelihood) == BBB_SCALE_CLASSES;
  const int survival = p->what == BBB_PREDICT_SURVIVAL;
  if (survival && classes) Rf_error("classes do not survive");
  for (size_t i = 0; i < p->Q; i++) {
    const double at = p->at[i];
    if (survival ? !(at >= -1e9 && at <= 1e9) : !(at > 0 && at < 1)) {
      Rf_error("`at` must lie between 0 and 1, or be values for survival");
    }
  }
}

/* how = list(what, draws, joint, seed, at, outcome); the outcome is numbered
 * from 1 */
static bbb_predictive as_predictive(const bbb_model *model, SEXP theta,
                                    SEXP how) {
  SEXP at = glue_get(how, "at");
  const bbb_likelihood *lik = &model->likelihood;
  const double outcomes = (double)(lik->K / bbb_likelihood_outputs(lik));
  bbb_predictive p = {.model = *model};
  p.theta = glue_thetas(theta, model, &p.F);
  p.source.key = glue_key(glue_get(how, "seed"));
  p.source.stream = BBB_STREAM_PREDICT;
  p.what = (bbb_predict_what)glue_count(glue_get(how, "what"), "what", 0,
                                        BBB_PREDICT_SURVIVAL);
  p.S = glue_count(glue_get(how, "draws"), "draws", 1, 1e7);
  p.rowwise = !glue_flag(glue_get(how, "joint"), "joint");
  if (p.S % p.F) Rf_error("`draws` is not a multiple of the posteriors");
  p.outcome = glue_count(glue_get(how, "outcome"), "outcome", 1, outcomes) - 1;
  p.Q = (size_t)Rf_xlength(at);
  p.at = glue_doubles(at, "at", p.Q);
  check_at(&p);
  return p;
}

static SEXP new_result(const bbb_predictive *p, size_t N) {
  const double n = (double)N, K = (double)p->model.likelihood.K;
  const double V = (double)bbb_likelihood_values(&p->model.likelihood);
  double length = n;
  switch (p->what) {
  case BBB_PREDICT_LINK: length = n * K; break;
  case BBB_PREDICT_MOMENTS: length = n * V * 3; break;
  case BBB_PREDICT_DRAWS: length = n * V * (double)p->S; break;
  case BBB_PREDICT_QUANTILE:
  case BBB_PREDICT_SURVIVAL: length = n * (double)p->Q; break;
  case BBB_PREDICT_LOG_DENSITY: length = n; break;
  }
  return Rf_allocVector(REALSXP, (R_xlen_t)length);
}

/* The answer as one vector, in the order that bbb_predict_what says, or NULL
 * where the user interrupted. data$y is read for the log density only. */
SEXP ffi_predict(SEXP model_, SEXP theta, SEXP data, SEXP how) {
  const bbb_model model = glue_model(model_);
  const bbb_predictive p = as_predictive(&model, theta, how);
  const bbb_rows x = glue_predictors(data, &model);
  const int wants_y = p.what == BBB_PREDICT_LOG_DENSITY;
  const bbb_rows y = wants_y ? glue_outcome(data, &model) : x;
  if (x.N != y.N) Rf_error("`x` and `y` differ in rows");
  SEXP out = PROTECT(new_result(&p, x.N));
  const size_t block = bbb_predict_block(&p, x.N);
  glue_clock clock = glue_clock_start(0, R_NilValue);
  const bbb_predict_to to = {x.N,
                             REAL(out),
                             glue_floats(bbb_predict_workspace(&p, x.N)),
                             glue_sums(bbb_predict_sums(&p, x.N)),
                             glue_words(bbb_predict_words(&p, x.N)),
                             glue_interrupted,
                             &clock};
  const double *offset = glue_offset(data, x.N);
  float *px = glue_floats(block * x.D);
  float *poffset = offset ? glue_floats(block) : NULL;
  const size_t R = bbb_padded(block, BBB_LANES);
  float *py = wants_y ? glue_floats(R * y.D) : NULL;
  bbb_status status = BBB_OK;
  for (size_t first = 0; first < x.N && status == BBB_OK; first += block) {
    const size_t n = x.N - first < block ? x.N - first : block;
    const bbb_batch rows = {n, px, py, bbb_padded(n, BBB_LANES), NULL, poffset};
    bbb_rows_pack(&x, NULL, first, n, px);
    for (size_t i = 0; offset && i < n; i++) {
      poffset[i] = (float)offset[first + i];
    }
    if (wants_y) bbb_rows_pack_columns(&y, NULL, first, n, py);
    status = bbb_predict_rows(&p, &rows, first, &to);
  }
  glue_pass_error(&clock);
  UNPROTECT(1);
  return status == BBB_OK ? out : R_NilValue;
}
