/* glue_fork.c: a process that trains for its session ends when that is gone,
 * also when it was killed and could not say so. Linux does that by itself;
 * elsewhere it is seen where a running fit asks R.
 */
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "glue.h"

#if !defined(_WIN32)
#include <signal.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

static pid_t session = 0;

SEXP ffi_tie_to_parent(void) {
  session = getppid();
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  return Rf_ScalarInteger((int)session);
}

void glue_end_if_orphan(void) {
  if (session && getppid() != session) raise(SIGKILL);
}

#else
SEXP ffi_tie_to_parent(void) { return Rf_ScalarInteger(NA_INTEGER); }
void glue_end_if_orphan(void) {}
#endif
