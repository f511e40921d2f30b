/* parallel.h: threads. */
#ifndef BBB_BASE_PARALLEL_H
#define BBB_BASE_PARALLEL_H

#include "base/base.h"

/* Tasks 0 .. tasks - 1, each once, on up to so many threads, numbered from 0;
 * they must not depend on each other. */
typedef void bbb_task(void *ctx, size_t i, size_t worker);
void bbb_parallel(size_t threads, size_t tasks, bbb_task *task, void *ctx);

/* Ask, outside of tasks; stop may be NULL. */
int bbb_stop_wanted(bbb_stop *stop);

/* The same tasks, with a look before each; returns nonzero, with tasks undone,
 * where the caller wants out. */
int bbb_parallel_until(size_t threads, size_t tasks, bbb_task *task, void *ctx,
                       bbb_stop *stop);

/* Threads that the machine, or the environment, allows. */
size_t bbb_parallel_most(void);

#endif
