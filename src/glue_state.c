/* glue_state.c: where training stands, as plain R data.
 *
 * list(theta, moments, best, counters): the floats as the bits of integers, so
 * that they come back exactly, take no more room than they did, and saveRDS()
 * writes them portably; the counters as doubles. `best` is NULL unless rows are
 * held out.
 */
#include "glue.h"

#include <string.h>

enum { THETA, MOMENTS, BEST, COUNTERS, PARTS };
enum { EPOCH, BATCH, STEP, NLL, KL, BEST_SCORE, SINCE_BEST, N_COUNTERS };

static const char *const part_names[PARTS] = {"theta", "moments", "best",
                                              "counters"};

static const char *const counter_names[N_COUNTERS] = {
  "epoch", "batch", "step", "nll", "kl", "best_score", "since_best"};

static float *floats_of(SEXP bits) { return (float *)INTEGER(bits); }

static SEXP new_part(SEXP state, int part, SEXPTYPE type, size_t n) {
  SEXP value = Rf_allocVector(type, (R_xlen_t)n);
  SET_VECTOR_ELT(state, part, value);
  return value;
}

SEXP ffi_start(SEXP model_, SEXP plan_, SEXP start_) {
  const bbb_model model = glue_model(model_);
  const bbb_plan plan = glue_plan(plan_);
  const size_t L = model.net.L, T = bbb_model_size(&model);
  const size_t n_moments = T * bbb_optim_moments(&plan.optim);
  const bbb_start start = {
    glue_doubles(glue_get(start_, "mu_sd"), "mu_sd", L),
    glue_doubles(glue_get(start_, "bias_sd"), "bias_sd", L),
    glue_number(glue_get(start_, "rho"), "rho"),
    glue_doubles(glue_get(start_, "aux"), "aux",
                 bbb_likelihood_auxiliaries(&model.likelihood))};

  SEXP state = PROTECT(glue_list(part_names, PARTS));
  SEXP theta = new_part(state, THETA, INTSXP, T);
  SEXP moments = new_part(state, MOMENTS, INTSXP, n_moments);
  SEXP counters = new_part(state, COUNTERS, REALSXP, N_COUNTERS);
  bbb_fit_start(&model, plan.key, &start, floats_of(theta));
  memset(INTEGER(moments), 0, n_moments * sizeof(int));
  memset(REAL(counters), 0, N_COUNTERS * sizeof(double));
  SEXP names = Rf_allocVector(STRSXP, N_COUNTERS);
  Rf_setAttrib(counters, R_NamesSymbol, names);
  for (int i = 0; i < N_COUNTERS; i++) {
    SET_STRING_ELT(names, i, Rf_mkChar(counter_names[i]));
  }
  UNPROTECT(1);
  return state;
}

SEXP ffi_theta(SEXP bits) {
  const size_t n = (size_t)Rf_xlength(bits);
  const int *from = glue_integers(bits, "bits", n);
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)n));
  for (size_t j = 0; j < n; j++) {
    float value;
    memcpy(&value, from + j, sizeof value);
    REAL(out)[j] = (double)value;
  }
  UNPROTECT(1);
  return out;
}

/* How many batches an epoch has is for the plan to say; there are no more than
 * rows. All may be done when a validation score was interrupted. */
static void check_counters(const double *c, const bbb_fit *fit) {
  const double rows = (double)fit->data.train.N, most = GLUE_MOST_EPOCHS;
  if (!(c[EPOCH] >= 0 && c[EPOCH] <= most && c[BATCH] >= 0 &&
        c[BATCH] <= rows && c[STEP] >= c[BATCH] && c[STEP] < 4e9 &&
        c[SINCE_BEST] >= 0 && c[SINCE_BEST] <= most)) {
    Rf_error("`counters` are out of range");
  }
}

SEXP glue_state_copy(SEXP state, const bbb_fit *fit) {
  const size_t T = bbb_model_size(&fit->model);
  SEXP theta = glue_get(state, "theta"), moments = glue_get(state, "moments");
  SEXP best = glue_get(state, "best"), counters = glue_get(state, "counters");
  glue_integers(theta, "theta", T);
  glue_integers(moments, "moments", T * bbb_optim_moments(&fit->plan.optim));
  if (best != R_NilValue) glue_integers(best, "best", T);
  check_counters(glue_doubles(counters, "counters", N_COUNTERS), fit);

  SEXP copy = PROTECT(glue_list(part_names, PARTS));
  SET_VECTOR_ELT(copy, THETA, Rf_duplicate(theta));
  SET_VECTOR_ELT(copy, MOMENTS, Rf_duplicate(moments));
  SET_VECTOR_ELT(copy, COUNTERS, Rf_duplicate(counters));
  if (fit->data.held_out.N) {
    SET_VECTOR_ELT(copy, BEST, Rf_duplicate(best == R_NilValue ? theta : best));
  }
  UNPROTECT(1);
  return copy;
}

bbb_state glue_state(SEXP copy, const bbb_fit *fit) {
  const double *c = REAL(VECTOR_ELT(copy, COUNTERS));
  bbb_state state;
  state.theta = floats_of(VECTOR_ELT(copy, THETA));
  state.moments = floats_of(VECTOR_ELT(copy, MOMENTS));
  state.best = fit->data.held_out.N ? floats_of(VECTOR_ELT(copy, BEST)) : NULL;
  state.epoch = (size_t)c[EPOCH];
  state.batch = (size_t)c[BATCH];
  state.step = (uint32_t)c[STEP];
  state.nll = c[NLL];
  state.kl = c[KL];
  state.best_score = c[BEST_SCORE];
  state.since_best = (size_t)c[SINCE_BEST];
  return state;
}

void glue_state_store(const bbb_state *state, SEXP copy) {
  double *c = REAL(VECTOR_ELT(copy, COUNTERS));
  c[EPOCH] = (double)state->epoch;
  c[BATCH] = (double)state->batch;
  c[STEP] = (double)state->step;
  c[NLL] = state->nll;
  c[KL] = state->kl;
  c[BEST_SCORE] = state->best_score;
  c[SINCE_BEST] = (double)state->since_best;
}
