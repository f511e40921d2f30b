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

void bbb_parallel(size_t threads, size_t tasks, bbb_task *task, void *ctx) {
#if defined(_OPENMP)
  if (threads > 1 && tasks > 1) {
#pragma omp parallel for num_threads((int)threads) schedule(dynamic, 1)
    for (size_t i = 0; i < tasks; i++) {
      task(ctx, i, (size_t)omp_get_thread_num());
    }
    return;
  }
#endif
  (void)threads;
  for (size_t i = 0; i < tasks; i++) task(ctx, i, 0);
}
