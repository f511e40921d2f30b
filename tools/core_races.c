/* core_races.c: do tasks that may run side by side leave each other's numbers
 * alone?
 *
 * Takes the place of parallel.c with a thread for each task, none of which
 * waits for another, so that the thread sanitizer sees any two of them that
 * touch the same number, however they happen to be scheduled. The results are
 * compared with those of one thread as well. */
#undef NDEBUG
enum { ROWS = 700, BATCH = 180, WIDTH = 70, EPOCHS = 2, DRAWS = 2 };
#include "core_fit.h"

#include <pthread.h>

enum { HELD_OUT = 310, MOST_TASKS = 64 };

typedef struct {
  bbb_task *task;
  void *ctx;
  size_t i;
  pthread_t thread;
} job;

static void *do_job(void *of) {
  const job *j = of;
  j->task(j->ctx, j->i, j->i);
  return NULL;
}

static size_t side_by_side; /* the most tasks that there were */

size_t bbb_parallel_most(void) { return MOST_TASKS; }

/* Worker 0 of the core's own is the thread that called; here it is nobody. */
int bbb_stop_wanted(bbb_stop *stop) { return stop && stop->wanted; }

int bbb_parallel_until(size_t threads, size_t tasks, bbb_task *task, void *ctx,
                       bbb_stop *stop) {
  job jobs[MOST_TASKS];
  for (size_t i = 0; threads == 1 && i < tasks; i++) task(ctx, i, 0);
  if (threads == 1) return bbb_stop_wanted(stop);
  assert(tasks <= threads && threads <= MOST_TASKS);
  if (tasks > side_by_side) side_by_side = tasks;
  for (size_t i = 0; i < tasks; i++) {
    jobs[i] = (job){.task = task, .ctx = ctx, .i = i};
    assert(!pthread_create(&jobs[i].thread, NULL, do_job, &jobs[i]));
  }
  for (size_t i = 0; i < tasks; i++) pthread_join(jobs[i].thread, NULL);
  return bbb_stop_wanted(stop);
}

void bbb_parallel(size_t threads, size_t tasks, bbb_task *task, void *ctx) {
  (void)bbb_parallel_until(threads, tasks, task, ctx, NULL);
}

static void expect_same_predictions(const training *a, const training *b) {
  for (int kind = 0; kind < BBB_PREDICT_KINDS; kind++) {
    for (int rowwise = 0; rowwise < 2; rowwise++) {
      size_t n;
      double *of_a = predict(a, kind, 1, rowwise, ROWS, &n);
      double *of_b = predict(b, kind, 1, rowwise, ROWS, &n);
      if (!of_a) continue;
      assert(all_numbers(n, of_a));
      assert(memcmp(of_a, of_b, n * sizeof *of_a) == 0);
      free(of_a), free(of_b);
    }
  }
}

static void try_fit(const setting *how, int predictions) {
  const table rows = make_data(how->family);
  setting one_thread = *how;
  training many, one;
  one_thread.threads = 1;
  begin(&many, how, &rows);
  begin(&one, &one_thread, &rows);
  side_by_side = 0;
  assert(bbb_fit_run(&many.fit, &many.state, never, NULL) == BBB_OK);
  assert(side_by_side > 2);
  assert(bbb_fit_run(&one.fit, &one.state, never, NULL) == BBB_OK);
  expect_same(&many, &one);
  assert(all_finite(EPOCHS, many.fit.history.nll));
  side_by_side = 0;
  if (predictions) {
    expect_same_predictions(&many, &one);
    assert(side_by_side > 2);
  }
  end(&many), end(&one);
}

/* A step that moves theta at once, one of two draws and one that is clipped. */
static void try_fits(const bbb_kernels *kernels) {
  static const setting step[] = {
    {.optimizer = BBB_OPTIMIZER_ADAM, .samples = 1},
    {.optimizer = BBB_OPTIMIZER_ADAM, .samples = 2},
    {.optimizer = BBB_OPTIMIZER_SGD, .samples = 1}};
  for (int e = 0; e < BBB_ESTIMATORS; e++) {
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
      setting how = step[i];
      how.family = i % 2 ? BBB_FAMILY_CATEGORICAL : BBB_FAMILY_GAUSSIAN;
      how.estimator = (bbb_estimator)e;
      how.hidden = 2;
      how.held_out = HELD_OUT;
      how.threads = MOST_TASKS;
      how.kernels = kernels;
      try_fit(&how, e == BBB_ESTIMATOR_SHARED && i < 2);
    }
  }
}

int main(void) {
  for (int isa = 0; isa < BBB_ISAS; isa++) {
    const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)isa);
    if (kernels) try_fits(kernels);
  }
  return 0;
}
