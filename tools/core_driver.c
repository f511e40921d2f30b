/* core_driver.c: does the core work without R, and within its memory?
 *
 * Fits every family with 0 to 2 hidden layers by Adam and by clipped SGD, with
 * each estimator and under every instruction set, stopped after every step and
 * not, and predicts all there is to predict. Every buffer is exactly as large
 * as the core asks for and full of NaN before, so that the sanitizers see a
 * step past its end and the asserts a read of what was never set. */
#undef NDEBUG
enum { ROWS = 47, BATCH = 16, WIDTH = 24, EPOCHS = 4, DRAWS = 6 };
#include "core_fit.h"

enum { HELD_OUT = 9 };

static int always(void *ctx, const bbb_state *now) {
  (void)now;
  ++*(int *)ctx;
  return 1;
}

/* ---- what must hold of it ---- */

static void expect_predictions(const training *t) {
  for (int kind = 0; kind < BBB_PREDICT_KINDS; kind++) {
    for (int rowwise = 0; rowwise < 2; rowwise++) {
      size_t n;
      double *whole = predict(t, kind, 1, rowwise, ROWS, &n);
      double *parts = predict(t, kind, 0, rowwise, 7, &n);
      if (!whole) continue;
      assert(all_numbers(n, whole));
      assert(memcmp(whole, parts, n * sizeof *whole) == 0);
      free(whole), free(parts);
    }
  }
}

static void try_fit(const setting *how) {
  const table rows = make_data(how->family);
  training whole, stopped;
  int stops = 0;
  begin(&whole, how, &rows);
  begin(&stopped, how, &rows);

  assert(bbb_fit_run(&whole.fit, &whole.state, never, NULL) == BBB_OK);
  while (bbb_fit_run(&stopped.fit, &stopped.state, always, &stops) != BBB_OK)
    assert(stops <= (int)stopped.state.step);

  assert(stops == EPOCHS * 3 && whole.state.step == EPOCHS * 3);
  expect_same(&whole, &stopped);
  assert(all_finite(EPOCHS, whole.fit.history.nll));
  assert(all_finite(EPOCHS, whole.fit.history.kl));
  /* so few steps of SGD at a rate that suits all families learn little */
  assert(how->optimizer == BBB_OPTIMIZER_SGD ||
         whole.fit.history.nll[EPOCHS - 1] < whole.fit.history.nll[0]);
  assert(!how->held_out || all_finite(EPOCHS, whole.fit.history.validation));
  expect_predictions(&whole);
  end(&whole), end(&stopped);
}

static void try_divergence(void) {
  const setting how = {.optimizer = BBB_OPTIMIZER_SGD,
                       .hidden = 1,
                       .samples = 1,
                       .threads = 1,
                       .kernels = bbb_kernels_best()};
  const table rows = make_data(how.family);
  training t;
  begin(&t, &how, &rows);
  t.fit.plan.learn_rate = 1e30;
  assert(bbb_fit_run(&t.fit, &t.state, never, NULL) == BBB_DIVERGED);
  end(&t);
}

static void try_fits(const bbb_kernels *kernels) {
  for (int f = 0; f < BBB_FAMILIES; f++) {
    for (int o = 0; o <= BBB_OPTIMIZER_SGD; o++) {
      for (size_t hidden = 0; hidden < MOST_LAYERS; hidden++) {
        const size_t turn = hidden + (size_t)f;
        const setting how = {(bbb_family)f,
                             (bbb_optimizer)o,
                             (bbb_estimator)(turn % BBB_ESTIMATORS),
                             hidden,
                             1 + (turn + (size_t)o) % 2,
                             turn % 2 * HELD_OUT,
                             1,
                             kernels};
        try_fit(&how);
      }
    }
  }
}

static void expect_names(bbb_name *name, int n) {
  for (int kind = 0; kind < n; kind++) assert(name(kind));
  assert(!name(n));
}

/* No table has a hole: a name that was forgotten would hide all after it. */
static void try_names(void) {
  expect_names(bbb_activation_name, BBB_ACTIVATIONS);
  expect_names(bbb_prior_name, BBB_PRIORS);
  expect_names(bbb_family_name, BBB_FAMILIES);
  expect_names(bbb_optimizer_name, BBB_OPTIMIZERS);
  expect_names(bbb_schedule_name, BBB_SCHEDULES);
  expect_names(bbb_kl_weight_name, BBB_KL_WEIGHTS);
  expect_names(bbb_estimator_name, BBB_ESTIMATORS);
  expect_names(bbb_stream_name, BBB_STREAMS);
  expect_names(bbb_predict_name, BBB_PREDICT_KINDS);
  expect_names(bbb_isa_name, BBB_ISAS);
}

int main(void) {
  try_names();
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)isa);
    if (kernels) try_fits(kernels);
  }
  try_divergence();
  return 0;
}
