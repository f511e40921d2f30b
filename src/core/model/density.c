/* density.c: the joint log density of data and weights, at given weights.
 *
 * The rows of a large batch pass part by part, as in a step of training: the
 * memory does not grow with them. Slices are what threads share out; a slice's
 * gradient is added up over the parts.
 */
#include "model_room.h"

#include <math.h>
#include <string.h>

typedef struct {
  const bbb_density *density;
  const float *w;
  float *d_w;
  size_t N, layer;
  int first; /* whether it is the first part */
} pass;

static const bbb_net *net_of(const pass *p) { return &p->density->model->net; }

static size_t worker_floats(const bbb_model *model, size_t N) {
  return bbb_padded(N, BBB_LANES) * BBB_SLICE + bbb_model_largest(model);
}

size_t bbb_density_net(const bbb_model *model, size_t N) {
  return bbb_net_workspace(&model->net, bbb_model_part(model, N));
}

size_t bbb_density_workers(const bbb_model *model, size_t N) {
  const size_t part = bbb_model_part(model, N);
  return bbb_model_workers(model, part) * worker_floats(model, part);
}

/* ---- tasks, of a slice each ---- */

static void forward_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_slice s = bbb_net_slice(net_of(p), p->layer, i);
  (void)worker;
  bbb_net_forward(net_of(p), p->N, &s, p->w, p->density->net);
}

/* Of the layer below */
static void inputs_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_slice s = bbb_net_slice(net_of(p), p->layer - 1, i);
  (void)worker;
  bbb_net_backward_inputs(net_of(p), p->N, &s, p->w, p->density->net);
}

static void weights_task(void *ctx, size_t i, size_t worker) {
  const pass *p = ctx;
  const bbb_model *model = p->density->model;
  const bbb_slice s = bbb_net_slice(net_of(p), p->layer, i);
  float *turned = p->density->workers + worker * worker_floats(model, p->N);
  float *own = turned + bbb_padded(p->N, BBB_LANES) * BBB_SLICE;
  float *d_w = p->d_w + s.first;
  bbb_net_backward_weights(net_of(p), p->N, &s, p->density->net, turned, own);
  if (p->first) {
    memcpy(d_w, own, s.P * sizeof *d_w);
  } else {
    for (size_t j = 0; j < s.P; j++) d_w[j] += own[j];
  }
}

/* ---- a part of the rows ---- */

static int run(pass *p, size_t tasks, bbb_task *task) {
  return bbb_parallel_until(bbb_model_workers(p->density->model, p->N), tasks,
                            task, p, p->density->stop);
}

/* log P(D | w) of the part; d_aux is added to. */
static double forward(pass *p, const bbb_batch *part, const float *aux,
                      float *d_aux) {
  const bbb_net *net = net_of(p);
  float *work = p->density->net;
  bbb_net_load(net, part, work);
  for (p->layer = 0; p->layer < net->L; p->layer++) {
    if (run(p, bbb_net_slices(net, p->layer), forward_task)) return 0;
  }
  return net->kernels->likelihood_log_density(
    &p->density->model->likelihood, part, bbb_net_eta(net, p->N, work), aux,
    p->d_w ? bbb_net_d_eta(net, p->N, work) : NULL, d_aux);
}

static void backward(pass *p) {
  const bbb_net *net = net_of(p);
  for (p->layer = net->L; p->layer-- > 0;) {
    const size_t below = p->layer > 0 ? bbb_net_slices(net, p->layer - 1) : 0;
    if (run(p, below, inputs_task) ||
        run(p, bbb_net_slices(net, p->layer), weights_task)) {
      return;
    }
  }
}

static int is_stopped(const bbb_density *density) {
  return density->stop && density->stop->wanted;
}

bbb_status bbb_density_at(const bbb_density *density, const bbb_batch *batch,
                          const float *w, const float *aux, bbb_log_joint *at,
                          float *d_w, float *d_aux) {
  const bbb_model *model = density->model;
  const size_t P = bbb_net_parameters(&model->net), D = model->net.width[0];
  const size_t A = bbb_likelihood_auxiliaries(&model->likelihood);
  const size_t most = bbb_model_part(model, batch->N);
  pass p = {density, w, d_w, 0, 0, 1};
  at->log_likelihood = 0;
  if (d_w) memset(d_aux, 0, A * sizeof *d_aux);
  for (size_t first = 0; first < batch->N; first += most, p.first = 0) {
    const size_t left = batch->N - first;
    const bbb_batch part =
      bbb_batch_part(batch, D, first, left < most ? left : most);
    p.N = part.N;
    at->log_likelihood += forward(&p, &part, aux, d_aux);
    if (d_w && !is_stopped(density)) backward(&p);
    if (is_stopped(density)) return BBB_STOPPED;
  }
  at->log_prior = bbb_prior_log_density(&model->prior, P, &density->place, w);
  if (d_w) {
    bbb_prior_backward(&model->prior, P, density->prior_weight, &density->place,
                       w, d_w);
  }
  return isfinite(at->log_likelihood) && isfinite(at->log_prior) ? BBB_OK
                                                                 : BBB_DIVERGED;
}
