/* parallel.c: tasks that do not depend on each other, on several threads.
 *
 * Which thread does a task, and when, changes nothing in what the task
 * computes, so the number of threads changes no bit of a result.
 */
#include "bbb.h"

#if defined(_OPENMP)
#include <omp.h>
#endif

size_t bbb_parallel_most(void) {
#if defined(_OPENMP)
  return (size_t)omp_get_max_threads();
#else
  return 1;
#endif
}

/* Threads read what one of them writes. */
static int is_wanted(const bbb_stop *stop) {
  int wanted;
#if defined(_OPENMP)
#pragma omp atomic read
#endif
  wanted = stop->wanted;
  return wanted;
}

static void want(bbb_stop *stop) {
#if defined(_OPENMP)
#pragma omp atomic write
#endif
  stop->wanted = 1;
}

/* Worker 0 is the thread that the caller called from. */
static int look(bbb_stop *stop, size_t worker) {
  if (!stop || !stop->ask) return 0;
  if (worker == 0 && !is_wanted(stop) && stop->ask(stop->ctx)) want(stop);
  return is_wanted(stop);
}

int bbb_stop_wanted(bbb_stop *stop) { return look(stop, 0); }

int bbb_parallel_until(size_t threads, size_t tasks, bbb_task *task, void *ctx,
                       bbb_stop *stop) {
#if defined(_OPENMP)
  if (threads > 1 && tasks > 1) {
#pragma omp parallel for num_threads((int)threads) schedule(dynamic, 1)
    for (size_t i = 0; i < tasks; i++) {
      const size_t worker = (size_t)omp_get_thread_num();
      if (!look(stop, worker)) task(ctx, i, worker);
    }
    return stop && stop->wanted;
  }
#endif
  (void)threads;
  for (size_t i = 0; i < tasks; i++) {
    if (look(stop, 0)) return 1;
    task(ctx, i, 0);
  }
  return 0;
}

void bbb_parallel(size_t threads, size_t tasks, bbb_task *task, void *ctx) {
  (void)bbb_parallel_until(threads, tasks, task, ctx, NULL);
}
