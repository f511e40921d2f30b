/* predict_stop.c: the work of a prediction in parts, between and inside of
 * which the caller can stop it. */
#include "predict_job.h"

int bbb_predict_is_stopped(bbb_predict_shared *all) {
  int stopped;
#if defined(_OPENMP)
#pragma omp atomic read
#endif
  stopped = all->stopped;
  return stopped;
}

int bbb_predict_ask(void *ctx) {
  const bbb_predict_asker *who = ctx;
  const bbb_predict_to *to = who->all->to;
  if (who->worker == 0 && to->stop && to->stop(to->ctx)) {
#if defined(_OPENMP)
#pragma omp atomic write
#endif
    who->all->stopped = 1;
  }
  return bbb_predict_is_stopped(who->all);
}

/* Multiplications between two times of asking, about a thirtieth of a second.
 */
static const double usual_span = 1e8;

int bbb_predict_run(bbb_predict_shared *all, size_t tasks, double cost,
                    bbb_task *task) {
  const bbb_predict_asker caller = {all, 0};
  const double span = all->p->model.net.span;
  const double rounds = (span > 0 ? span : usual_span) / (cost > 1 ? cost : 1);
  const size_t each = all->threads * (rounds < 1     ? 1
                                      : rounds < 1e6 ? (size_t)rounds
                                                     : 1000000);
  for (all->from = 0; all->from < tasks; all->from += each) {
    const size_t left = tasks - all->from;
    bbb_parallel(all->threads, left < each ? left : each, task, all);
    if (bbb_predict_ask((void *)&caller)) return 1;
  }
  return 0;
}
