/* activation.h: f and f' share a table row. */
#ifndef BBB_BASE_ACTIVATION_H
#define BBB_BASE_ACTIVATION_H

#include "base/base.h"

typedef enum {
  BBB_ACTIVATION_RELU,       /* max(z, 0) */
  BBB_ACTIVATION_SIGMOID,    /* 1 / (1 + exp(-z)) */
  BBB_ACTIVATION_TANH,       /* tanh(z) */
  BBB_ACTIVATION_SOFTPLUS,   /* log(1 + exp(z)) */
  BBB_ACTIVATION_LEAKY_RELU, /* z > 0 ? z : z / 100 */
  BBB_ACTIVATION_ELU,        /* z > 0 ? z : exp(z) - 1 */
  BBB_ACTIVATION_GELU,     /* z Phi(z), Phi the normal distribution function */
  BBB_ACTIVATION_IDENTITY, /* z */
  BBB_ACTIVATIONS          /* how many there are */
} bbb_activation;

bbb_name bbb_activation_name;

/* a[i] = f(z[i]), i < n */
void bbb_activation_forward(bbb_activation kind, size_t n, const float *z,
                            float *a);

/* d[i] = d[i] f'(z[i]): the gradient in a becomes the gradient in z. */
void bbb_activation_backward(bbb_activation kind, size_t n, const float *z,
                             const float *a, float *d);

#endif
