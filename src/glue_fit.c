/* glue_fit.c: a plan and data become a training run. */
#include "glue.h"

#include <math.h>
#include <string.h>

static bbb_optim as_optim(SEXP plan) {
  bbb_optim optim;
  optim.kind = (bbb_optimizer)glue_kind(plan, "optimizer", bbb_optimizer_name);
  optim.beta1 = glue_number(glue_get(plan, "beta1"), "beta1");
  optim.beta2 = glue_number(glue_get(plan, "beta2"), "beta2");
  optim.epsilon = glue_number(glue_get(plan, "epsilon"), "epsilon");
  optim.momentum = glue_number(glue_get(plan, "momentum"), "momentum");
  optim.clip = glue_number(glue_get(plan, "clip"), "clip");
  if (!(optim.clip >= 0)) Rf_error("`clip` is out of range");
  return optim;
}

bbb_plan glue_plan(SEXP value) {
  const double most = 2147483647;
  bbb_plan plan;
  plan.optim = as_optim(value);
  plan.schedule = (bbb_schedule)glue_kind(value, "schedule", bbb_schedule_name);
  plan.kl_weight =
    (bbb_kl_weight)glue_kind(value, "kl_weight", bbb_kl_weight_name);
  plan.kl_warmup = glue_number(glue_get(value, "kl_warmup"), "kl_warmup");
  plan.temperature = glue_number(glue_get(value, "temperature"), "temperature");
  if (!(plan.kl_warmup >= 0 && plan.kl_warmup <= 1) ||
      !(plan.temperature >= 0)) {
    Rf_error("`kl_warmup` or `temperature` is out of range");
  }
  plan.learn_rate = glue_number(glue_get(value, "learn_rate"), "learn_rate");
  plan.epochs =
    glue_count(glue_get(value, "epochs"), "epochs", 0, GLUE_MOST_EPOCHS);
  plan.schedule_epochs = glue_count(glue_get(value, "schedule_epochs"),
                                    "schedule_epochs", 1, GLUE_MOST_EPOCHS);
  plan.batch_size =
    glue_count(glue_get(value, "batch_size"), "batch_size", 1, most);
  plan.samples = glue_count(glue_get(value, "samples"), "samples", 1, 1e6);
  plan.antithetic = glue_flag(glue_get(value, "antithetic"), "antithetic");
  plan.patience = glue_count(glue_get(value, "patience"), "patience", 1, most);
  plan.key = glue_key(glue_get(value, "seed"));
  return plan;
}

static double mean_weight(const bbb_batch *rows) {
  double sum = 0;
  for (size_t i = 0; i < rows->N; i++) sum += (double)rows->weight[i];
  if (!(sum > 0))
    Rf_error("`weights` leave no row to train on, or to hold out");
  return sum / (double)rows->N;
}

/* list(x, x_center, x_scale, y, y_center, y_scale, weights, offset, held_out);
 * held_out lists row numbers from 1. */
static bbb_data as_data(SEXP value, const bbb_model *model) {
  const glue_table rows = glue_data(value, model);
  const size_t N = rows.x.N;
  SEXP held_out = glue_get(value, "held_out");
  const size_t n_out = (size_t)Rf_xlength(held_out);
  const int *out = glue_integers(held_out, "held_out", n_out);
  if (n_out >= N) Rf_error("no rows are left to train on");
  char *is_out = R_alloc(N, 1);
  uint32_t *order = glue_words(N);
  memset(is_out, 0, N);
  for (size_t i = 0; i < n_out; i++) {
    if (out[i] < 1 || (size_t)out[i] > N || is_out[out[i] - 1]) {
      Rf_error("`held_out` must be distinct row numbers");
    }
    is_out[out[i] - 1] = 1;
    order[N - n_out + i] = (uint32_t)out[i] - 1;
  }
  for (size_t i = 0, at = 0; i < N; i++) {
    if (!is_out[i]) order[at++] = (uint32_t)i;
  }
  bbb_data data = {glue_packed(&rows, order, 0, N - n_out),
                   glue_packed(&rows, order, N - n_out, n_out), 1};
  if (rows.weight) data.mean_weight = mean_weight(&data.train);
  if (n_out && rows.weight) (void)mean_weight(&data.held_out);
  return data;
}

static double *history_column(SEXP out, int i, size_t epochs) {
  SEXP column = Rf_allocVector(REALSXP, (R_xlen_t)epochs);
  SET_VECTOR_ELT(out, i, column);
  for (size_t e = 0; e < epochs; e++) REAL(column)[e] = NA_REAL;
  return REAL(column);
}

static SEXP lend_history(bbb_history *history, double **seconds,
                         size_t epochs) {
  static const char *const names[] = {"nll",        "kl",         "aux",
                                      "learn_rate", "validation", "seconds"};
  SEXP out = PROTECT(glue_list(names, 6));
  history->nll = history_column(out, 0, epochs);
  history->kl = history_column(out, 1, epochs);
  history->aux = history_column(out, 2, epochs);
  history->learn_rate = history_column(out, 3, epochs);
  history->validation = history_column(out, 4, epochs);
  *seconds = history_column(out, 5, epochs);
  UNPROTECT(1);
  return out;
}

/* Multiplications of a pass over a batch, up to which the sds are checked even
 * when training was stopped: all passes then take some hundredths of a second.
 */
static const double quick = 1e7;

/* Whether the sds of what the user is to get have arrived; NA where that is not
 * known. */
static double spread_of(const bbb_fit *fit, const bbb_state *state,
                        bbb_status status, glue_clock *clock) {
  const size_t P = bbb_net_parameters(&fit->model.net);
  const bbb_theta best = {state->best, state->best + P, state->best + 2 * P};
  const bbb_theta *theta = state->best ? &best : &state->theta;
  const int wanted_out = clock->interrupted;
  bbb_fit to_check = *fit;
  if (status == BBB_DIVERGED || clock->paused) return NA_REAL;
  clock->looks = 0; /* those of the training are over */
  if (status == BBB_STOPPED) {
    if ((double)P * (double)fit->plan.batch_size > quick) return NA_REAL;
    to_check.stop = glue_interrupted; /* the time limit has passed already */
  }
  const double gap = bbb_fit_spread(&to_check, theta, clock);
  clock->interrupted |= wanted_out;
  return isnan(gap) ? NA_REAL : gap;
}

/* max_seconds and, where they are there, pause and looks of the plan: see
 * glue_clock. The time runs from here on, so that the data count. */
static glue_clock start_clock(SEXP plan, SEXP progress) {
  SEXP pause = glue_maybe(plan, "pause"), looks = glue_maybe(plan, "looks");
  const double max_seconds =
    glue_number(glue_get(plan, "max_seconds"), "max_seconds");
  if (progress != R_NilValue && !Rf_isFunction(progress)) {
    Rf_error("`progress` must be a function or NULL");
  }
  glue_clock clock = glue_clock_start(max_seconds, progress);
  if (pause != R_NilValue) clock.pause = glue_number(pause, "pause");
  if (looks != R_NilValue) clock.looks = glue_count(looks, "looks", 0, 1e9);
  return clock;
}

static const char *status_name(bbb_status status, const glue_clock *clock) {
  if (status == BBB_DIVERGED) return "diverged";
  if (clock->interrupted) return "stopped";
  if (status == BBB_OK) return "done";
  if (clock->timed_out) return "max_seconds";
  return clock->paused ? "paused" : "stopped";
}

/* list(status, mu, rho, aux, state, history, spread): status is "done",
 * "stopped", "max_seconds", "paused" or "diverged"; history covers all epochs,
 * NA where this call did not train. `from` says where to start, list(mu_sd,
 * bias_sd, rho, aux), or where to go on, list(mu, rho, aux, state); with a
 * state of NULL from that posterior, but anew. */
SEXP ffi_fit(SEXP model, SEXP plan, SEXP data, SEXP from, SEXP progress) {
  static const char *const names[] = {"status", "mu",      "rho",   "aux",
                                      "state",  "history", "spread"};
  glue_clock clock = start_clock(plan, progress);
  bbb_fit fit;
  memset(&fit, 0, sizeof fit);
  fit.model = glue_model(model);
  fit.plan = glue_plan(plan);
  fit.data = as_data(data, &fit.model);
  SEXP out = PROTECT(glue_list(names, 7));
  bbb_state state = glue_state_begin(from, &fit, out);
  SET_VECTOR_ELT(out, GLUE_HISTORY,
                 lend_history(&fit.history, &clock.seconds, fit.plan.epochs));
  fit.stop = glue_out;
  fit.sums = glue_sums(bbb_fit_sums(&fit));
  fit.work = glue_floats(bbb_fit_workspace(&fit));
  fit.order = glue_words(fit.data.train.N);
  fit.code = glue_words(bbb_fit_codes(&fit));
  clock.epoch = state.epoch;

  const bbb_status status = bbb_fit_run(&fit, &state, glue_tick, &clock);
  const double spread = spread_of(&fit, &state, status, &clock);
  SET_VECTOR_ELT(out, GLUE_SPREAD, Rf_ScalarReal(spread));
  glue_pass_error(&clock);

  glue_state_end(&fit, &state, out);
  SET_VECTOR_ELT(out, GLUE_STATUS, Rf_mkString(status_name(status, &clock)));
  UNPROTECT(1);
  return out;
}
