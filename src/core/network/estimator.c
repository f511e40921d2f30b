/* estimator.c: the table of estimators, and the paper's, where a batch has one
 * draw of the weights. */
#include "row_noise.h"

#include <assert.h>

/* ---- one draw for all rows ---- */

static size_t no_workspace(const bbb_net *net, size_t N) {
  (void)net, (void)N;
  return 0;
}

static void load_nothing(const bbb_pass *p) { (void)p; }

static void draw_nothing(const bbb_pass *p, const bbb_slice *s) {
  (void)p, (void)s;
}

static void forward(const bbb_pass *p, const bbb_slice *s) {
  bbb_net_forward(p->net, p->N, s, p->w, p->work);
}

static void backward_inputs(const bbb_pass *p, const bbb_slice *below) {
  bbb_net_backward_inputs(p->net, p->N, below, p->w, p->work);
}

static const float *no_sigma(const bbb_pass *p, const bbb_slice *s,
                             float *turned, float *d_sigma) {
  (void)p, (void)s, (void)turned, (void)d_sigma;
  return NULL;
}

static const bbb_estimator_row shared = {.name = "shared",
                                         .paths = 1,
                                         .reads_mu = 0,
                                         .workspace = no_workspace,
                                         .load = load_nothing,
                                         .draw = draw_nothing,
                                         .forward = forward,
                                         .begin_backward = load_nothing,
                                         .backward_inputs = backward_inputs,
                                         .backward_sigma = no_sigma};

/* ---- all ---- */

static const bbb_estimator_row *const table[BBB_ESTIMATORS] = {
  [BBB_ESTIMATOR_SHARED] = &shared,
  [BBB_ESTIMATOR_FLIPOUT] = &bbb_estimator_flipout,
  [BBB_ESTIMATOR_LOCAL] = &bbb_estimator_local,
};

const bbb_estimator_row *bbb_estimator_of(bbb_estimator kind) {
  assert(kind < BBB_ESTIMATORS);
  return table[kind];
}

const char *bbb_estimator_name(int kind) {
  return kind < BBB_ESTIMATORS ? table[kind]->name : NULL;
}
