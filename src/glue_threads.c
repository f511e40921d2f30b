/* glue_threads.c: how many threads a call may use.
 *
 * A process that was forked off, as parallel::mclapply() does, has none of the
 * threads that its parent's OpenMP believes to have, and would wait for them
 * for ever: it works on one thread. Its siblings keep the other cores busy
 * anyway.
 */
#include "glue.h"

#if !defined(_WIN32)
#include <unistd.h>
static long loaded_in = 0;
void glue_threads_init(void) { loaded_in = (long)getpid(); }
static int forked(void) { return (long)getpid() != loaded_in; }
#else
void glue_threads_init(void) {}
static int forked(void) { return 0; }
#endif

size_t glue_threads(SEXP threads) {
  const size_t most = bbb_parallel_most(), few = 2;
  const size_t wanted = threads == R_NilValue
                          ? (most < few ? most : few)
                          : glue_count(threads, "threads", 1, 1024);
  return forked() ? 1 : wanted;
}
