/* glue_tick.c: how a running fit hears of the user.
 *
 * R_CheckUserInterrupt() leaves by a jump. Called through R_ToplevelExec() the
 * jump ends here and becomes a return value, so the core stops at a step's end
 * and what was learned is kept. The interrupt is used up by that: R sees none,
 * and the R side turns the flag into a warning. An error is told from an
 * interrupt, stops the core as well, and is raised when that has ended.
 */
#include "glue.h"

#include <stdio.h>
#include <time.h>

static const double check_every = 0.02; /* seconds */

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

glue_clock glue_clock_start(double max_seconds, SEXP progress) {
  const double now = now_seconds();
  const glue_clock clock = {.started = now,
                            .checked = now,
                            .max_seconds = max_seconds,
                            .pause = R_PosInf,
                            .progress = progress};
  return clock;
}

static SEXP ask(void *ctx) {
  const glue_clock *clock = ctx;
  R_CheckUserInterrupt();
  if (clock->progress != R_NilValue) {
    SEXP done = PROTECT(Rf_ScalarReal((double)clock->epoch));
    SEXP call = PROTECT(Rf_lang2(clock->progress, done));
    Rf_eval(call, R_GlobalEnv);
    UNPROTECT(2);
  }
  return R_NilValue;
}

static SEXP keep_error(SEXP condition, void *ctx) {
  glue_clock *clock = ctx;
  SEXP call = PROTECT(Rf_lang2(Rf_install("conditionMessage"), condition));
  SEXP message = PROTECT(Rf_eval(call, R_BaseEnv));
  snprintf(clock->error, sizeof clock->error, "%s",
           Rf_translateChar(STRING_ELT(message, 0)));
  UNPROTECT(2);
  return R_NilValue;
}

static void ask_r(void *ctx) { R_tryCatchError(ask, ctx, keep_error, ctx); }

static int interrupted_at(glue_clock *clock, double now) {
  if (now - clock->checked < check_every) return 0;
  glue_end_if_orphan();
  clock->interrupted = !R_ToplevelExec(ask_r, clock) || clock->error[0];
  /* after the answer: a slow one must not be asked for at each look */
  clock->checked = now_seconds();
  return clock->interrupted;
}

void glue_pass_error(const glue_clock *clock) {
  if (clock->error[0]) Rf_errorcall(R_NilValue, "%s", clock->error);
}

int glue_interrupted(void *ctx) { return interrupted_at(ctx, now_seconds()); }

static int out_at(glue_clock *clock, double now) {
  if (clock->looks > 0 && --clock->looks == 0) return clock->interrupted = 1;
  clock->timed_out = now - clock->started > clock->max_seconds;
  return clock->timed_out || interrupted_at(clock, now);
}

int glue_out(void *ctx) { return out_at(ctx, now_seconds()); }

int glue_tick(void *ctx, const bbb_state *now) {
  glue_clock *clock = ctx;
  const double at = now_seconds();
  if (now->epoch > clock->epoch) {
    clock->seconds[now->epoch - 1] = at - clock->started;
    clock->epoch = now->epoch;
  }
  clock->paused = at - clock->started > clock->pause;
  return out_at(clock, at) || clock->paused;
}
