/* net.c: forward and backward through the layers.
 *
 * The workspace of a batch of N rows holds, in this order: z and a (N, H) of
 * each hidden layer, z of the output layer (eta), and two gradients (N, widest)
 * between which the backward pass alternates.
 */
#include "bbb.h"

#include <string.h>

static size_t layer_parameters(const bbb_net *net, size_t l) {
  return (net->width[l] + 1) * net->width[l + 1];
}

size_t bbb_net_parameters(const bbb_net *net) {
  size_t P = 0;
  for (size_t l = 0; l < net->L; l++) P += layer_parameters(net, l);
  return P;
}

/* The widest layer whose gradient is needed: the inputs' is not. */
static size_t widest(const bbb_net *net) {
  size_t most = 0;
  for (size_t l = 1; l <= net->L; l++) {
    if (net->width[l] > most) most = net->width[l];
  }
  return most;
}

/* Floats of z and a of all layers. */
static size_t activations(const bbb_net *net, size_t N) {
  size_t units = net->width[net->L];
  for (size_t l = 1; l < net->L; l++) units += 2 * net->width[l];
  return N * units;
}

size_t bbb_net_workspace(const bbb_net *net, size_t N) {
  return activations(net, N) + 2 * N * widest(net);
}

const float *bbb_net_forward(const bbb_net *net, const bbb_batch *batch,
                             const float *w, float *work) {
  const size_t N = batch->N;
  const float *input = batch->x;
  for (size_t l = 0; l + 1 < net->L; l++) {
    const size_t H = net->width[l + 1];
    float *z = work, *a = work + N * H;
    bbb_kernel_forward(N, net->width[l], H, input, w, z);
    bbb_activation_forward(net->activation, N * H, z, a);
    input = a;
    w += layer_parameters(net, l);
    work += 2 * N * H;
  }
  bbb_kernel_forward(N, net->width[net->L - 1], net->width[net->L], input, w,
                     work);
  return work;
}

float *bbb_net_d_eta(const bbb_net *net, size_t N, float *work) {
  return work + activations(net, N);
}

void bbb_net_backward(const bbb_net *net, const bbb_batch *batch,
                      const float *w, float *work, float *d_w) {
  const size_t N = batch->N;
  float *d_z = bbb_net_d_eta(net, N, work);
  float *d_input = d_z + N * widest(net);
  const float *z = d_z - N * net->width[net->L]; /* just past the layer below */
  w += bbb_net_parameters(net);
  d_w += bbb_net_parameters(net);
  for (size_t l = net->L; l-- > 0;) {
    const size_t D = net->width[l], H = net->width[l + 1];
    const float *input = l > 0 ? z - N * D : batch->x;
    w -= layer_parameters(net, l);
    d_w -= layer_parameters(net, l);
    bbb_kernel_backward_weights(N, D, H, input, d_z, d_w);
    if (l == 0) break;
    memset(d_input, 0, N * D * sizeof *d_input);
    bbb_kernel_backward_inputs(N, D, H, w, d_z, d_input);
    z -= 2 * N * D;
    bbb_activation_backward(net->activation, N * D, z, input, d_input);
    float *swapped = d_z;
    d_z = d_input;
    d_input = swapped;
  }
}
