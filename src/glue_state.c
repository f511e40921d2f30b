/* glue_state.c: where training stands, as plain R data.
 *
 * The posterior comes and goes as doubles in R's order of the weights; the
 * rest, list(moments, theta, scale, counters), is for the core alone: the
 * floats as the bits of integers, so that they come back exactly, take no more
 * room than they did, and saveRDS() writes them portably. `theta` is NULL
 * unless rows are held out: the posterior is then that of the best score, and
 * training goes on from theta. `scale` is that of a prior that learns it.
 *
 * While the core trains, the memory of the doubles that will be mu holds the
 * floats of mu and, behind them, the weights drawn; so that of rho, and eps. A
 * fit then never needs more than eight floats a weight.
 */
#include "glue.h"

#include <string.h>

enum { MOMENTS, THETA, SCALE, COUNTERS, PARTS };
enum { EPOCH, BATCH, STEP, NLL, KL, BEST_SCORE, SINCE_BEST, N_COUNTERS };

static const char *const part_names[PARTS] = {"moments", "theta", "scale",
                                              "counters"};

static const char *const counter_names[N_COUNTERS] = {
  "epoch", "batch", "step", "nll", "kl", "best_score", "since_best"};

static float *floats_of(SEXP bits) { return (float *)INTEGER(bits); }

static SEXP new_part(SEXP list, int part, SEXPTYPE type, size_t n) {
  SEXP value = Rf_allocVector(type, (R_xlen_t)n);
  SET_VECTOR_ELT(list, part, value);
  return value;
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

/* ---- posteriors ---- */

static bbb_theta as_theta(const double *from, const bbb_model *model,
                          float *natural) {
  const size_t P = bbb_net_parameters(&model->net), T = bbb_model_size(model);
  const bbb_theta theta = {glue_floats(P), glue_floats(P),
                           glue_floats(T - 2 * P)};
  for (size_t j = 0; j < P; j++) natural[j] = (float)from[j];
  bbb_net_pack(&model->net, natural, theta.mu);
  for (size_t j = 0; j < P; j++) natural[j] = (float)from[P + j];
  bbb_net_pack(&model->net, natural, theta.rho);
  for (size_t j = 2 * P; j < T; j++) theta.aux[j - 2 * P] = (float)from[j];
  return theta;
}

bbb_theta glue_theta(SEXP value, const bbb_model *model) {
  const double *from = glue_doubles(value, "theta", bbb_model_size(model));
  return as_theta(from, model, glue_floats(bbb_net_parameters(&model->net)));
}

bbb_theta *glue_thetas(SEXP value, const bbb_model *model, size_t *F) {
  const size_t T = bbb_model_size(model), n = (size_t)Rf_xlength(value);
  const double *from = glue_doubles(value, "theta", n);
  if (n == 0 || n % T != 0)
    Rf_error("length of `theta` is not a multiple of the model's size");
  *F = n / T;
  bbb_theta *theta = (bbb_theta *)R_alloc(*F, sizeof *theta);
  float *natural = glue_floats(bbb_net_parameters(&model->net));
  for (size_t f = 0; f < *F; f++) {
    theta[f] = as_theta(from + f * T, model, natural);
  }
  return theta;
}

/* ---- where training starts, or goes on ---- */

static void start_anew(SEXP from, const bbb_fit *fit, const bbb_state *state) {
  const size_t L = fit->model.net.L;
  const bbb_start start = {
    glue_doubles(glue_get(from, "mu_sd"), "mu_sd", L),
    glue_doubles(glue_get(from, "bias_sd"), "bias_sd", L),
    glue_number(glue_get(from, "rho"), "rho"),
    glue_doubles(glue_get(from, "aux"), "aux",
                 bbb_likelihood_auxiliaries(&fit->model.likelihood))};
  bbb_fit_start(&fit->model, fit->plan.key, &start, &state->theta);
}

/* The posterior given is where training stands, or the best so far. */
static void go_on(SEXP from, const bbb_fit *fit, const bbb_state *state) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t A = bbb_likelihood_auxiliaries(&fit->model.likelihood);
  SEXP before = glue_maybe(from, "state");
  SEXP theta = before == R_NilValue ? R_NilValue : glue_get(before, "theta");
  glue_pack(glue_get(from, "mu"), "mu", &fit->model, fit->w, state->theta.mu);
  glue_pack(glue_get(from, "rho"), "rho", &fit->model, fit->w,
            state->theta.rho);
  const double *aux = glue_doubles(glue_get(from, "aux"), "aux", A);
  for (size_t i = 0; i < A; i++) state->theta.aux[i] = (float)aux[i];
  if (state->best) bbb_fit_keep(fit, state);
  if (theta == R_NilValue) return;
  const int *bits = glue_integers(theta, "theta", 2 * P + A);
  memcpy(state->theta.mu, bits, P * sizeof *bits);
  memcpy(state->theta.rho, bits + P, P * sizeof *bits);
  memcpy(state->theta.aux, bits + 2 * P, A * sizeof *bits);
}

static void copy_counters(SEXP from, const bbb_fit *fit, SEXP to) {
  double *c = REAL(to);
  memset(c, 0, N_COUNTERS * sizeof *c);
  SEXP names = Rf_allocVector(STRSXP, N_COUNTERS);
  Rf_setAttrib(to, R_NamesSymbol, names);
  for (int i = 0; i < N_COUNTERS; i++) {
    SET_STRING_ELT(names, i, Rf_mkChar(counter_names[i]));
  }
  if (from == R_NilValue) return;
  memcpy(c, glue_doubles(glue_get(from, "counters"), "counters", N_COUNTERS),
         N_COUNTERS * sizeof *c);
  check_counters(c, fit);
}

static void copy_moments(SEXP from, size_t n, SEXP to) {
  memset(INTEGER(to), 0, n * sizeof(int));
  if (from == R_NilValue) return;
  memcpy(INTEGER(to), glue_integers(glue_get(from, "moments"), "moments", n),
         n * sizeof(int));
}

/* The scales of the prior: memory for them, and what they start from. */
static void lend_scales(SEXP before, bbb_fit *fit, bbb_state *state,
                        SEXP parts) {
  const bbb_model *model = &fit->model;
  if (!model->prior.weight_scale) return;
  const size_t G = bbb_prior_groups(&model->net);
  fit->narrow = glue_floats(bbb_net_parameters(&model->net));
  state->scale = floats_of(new_part(parts, SCALE, INTSXP, G));
  if (before == R_NilValue) {
    bbb_prior_scale_start(model, state->scale);
    return;
  }
  const int *bits = glue_integers(glue_get(before, "scale"), "scale", G);
  memcpy(state->scale, bits, G * sizeof *bits);
  for (size_t g = 0; g < G; g++) {
    if (!(state->scale[g] > 0)) Rf_error("`scale` must be positive");
  }
}

bbb_state glue_state_begin(SEXP from, bbb_fit *fit, SEXP out) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t T = bbb_model_size(&fit->model);
  const size_t n_moments = T * bbb_optim_moments(&fit->plan.optim);
  SEXP before = glue_maybe(from, "state");
  const int fresh = glue_maybe(from, "mu") == R_NilValue;
  float *mu = (float *)REAL(new_part(out, GLUE_MU, REALSXP, P));
  float *rho = (float *)REAL(new_part(out, GLUE_RHO, REALSXP, P));
  new_part(out, GLUE_AUX, REALSXP, T - 2 * P);
  SEXP parts = glue_list(part_names, PARTS);
  SET_VECTOR_ELT(out, GLUE_STATE, parts);
  SEXP moments = new_part(parts, MOMENTS, INTSXP, n_moments);
  SEXP counters = new_part(parts, COUNTERS, REALSXP, N_COUNTERS);
  copy_moments(before, n_moments, moments);
  copy_counters(before, fit, counters);

  bbb_state state = {{mu, rho, glue_floats(T - 2 * P)}, .step = 0};
  const double *c = REAL(counters);
  fit->w = mu + P, fit->eps = rho + P;
  state.moments = floats_of(moments);
  state.best = fit->data.held_out.N ? glue_floats(T) : NULL;
  state.epoch = (size_t)c[EPOCH], state.batch = (size_t)c[BATCH];
  state.step = (uint32_t)c[STEP];
  state.nll = c[NLL], state.kl = c[KL];
  state.best_score = c[BEST_SCORE];
  state.since_best = (size_t)c[SINCE_BEST];
  lend_scales(before, fit, &state, parts);
  if (fresh) {
    start_anew(from, fit, &state);
    if (state.best) bbb_fit_keep(fit, &state);
  } else {
    go_on(from, fit, &state);
  }
  return state;
}

/* ---- where it ended ---- */

/* The doubles whose memory holds, or is to hold, the floats given. */
static void widen(const bbb_model *model, const float *packed, SEXP doubles) {
  const size_t P = bbb_net_parameters(&model->net);
  double *to = REAL(doubles);
  float *natural = (float *)to + P;
  bbb_net_unpack(&model->net, packed, natural);
  for (size_t j = 0; j < P; j++) {
    const float value = natural[j];
    to[j] = (double)value;
  }
}

static void keep_theta(const bbb_fit *fit, const bbb_state *state, SEXP parts) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t T = bbb_model_size(&fit->model);
  float *to = floats_of(new_part(parts, THETA, INTSXP, T));
  memcpy(to, state->theta.mu, P * sizeof *to);
  memcpy(to + P, state->theta.rho, P * sizeof *to);
  memcpy(to + 2 * P, state->theta.aux, (T - 2 * P) * sizeof *to);
}

void glue_state_end(const bbb_fit *fit, const bbb_state *state, SEXP out) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const size_t A = bbb_likelihood_auxiliaries(&fit->model.likelihood);
  SEXP parts = VECTOR_ELT(out, GLUE_STATE);
  double *c = REAL(VECTOR_ELT(parts, COUNTERS));
  const float *best = state->best;
  c[EPOCH] = (double)state->epoch, c[BATCH] = (double)state->batch;
  c[STEP] = (double)state->step;
  c[NLL] = state->nll, c[KL] = state->kl;
  c[BEST_SCORE] = state->best_score;
  c[SINCE_BEST] = (double)state->since_best;
  if (best) keep_theta(fit, state, parts);
  const float *aux = best ? best + 2 * P : state->theta.aux;
  for (size_t i = 0; i < A; i++) {
    REAL(VECTOR_ELT(out, GLUE_AUX))[i] = (double)aux[i];
  }
  widen(&fit->model, best ? best : state->theta.mu, VECTOR_ELT(out, GLUE_MU));
  widen(&fit->model, best ? best + P : state->theta.rho,
        VECTOR_ELT(out, GLUE_RHO));
}
