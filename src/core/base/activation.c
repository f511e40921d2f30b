/* activation.c: one table row holds a function and its derivative, so that the
 * two cannot drift apart. The derivative is given z and a = f(z), because the
 * cheaper form is sometimes in the one and sometimes in the other. */
#include "bbb.h"

#include <assert.h>
#include <math.h>

static const float leak = 0.01f;
static float relu(float z) { return z > 0 ? z : 0; }
static float relu_slope(float z, float a) {
  (void)a;
  return z > 0 ? 1.0f : 0.0f;
}

/* exp of a negative number only: no overflow at either end */
static float sigmoid(float z) {
  const float e = expf(-fabsf(z));
  return (z >= 0 ? 1.0f : e) / (1.0f + e);
}
static float sigmoid_slope(float z, float a) {
  const float e = expf(-fabsf(z));
  (void)a; /* a (1 - a) would cancel where a is close to 1 */
  return e / ((1.0f + e) * (1.0f + e));
}

static float tanh_slope(float z, float a) {
  const float e = expf(-2.0f * fabsf(z));
  (void)a; /* 1 - a^2 would cancel where |a| is close to 1 */
  return 4.0f * e / ((1.0f + e) * (1.0f + e));
}

static float softplus(float z) {
  return (z > 0 ? z : 0) + log1pf(expf(-fabsf(z)));
}
static float softplus_slope(float z, float a) {
  (void)a;
  return sigmoid(z);
}

static float leaky_relu(float z) { return z > 0 ? z : leak * z; }
static float leaky_relu_slope(float z, float a) {
  (void)a;
  return z > 0 ? 1.0f : leak;
}

static float elu(float z) { return z > 0 ? z : expm1f(z); }
static float elu_slope(float z, float a) {
  (void)a;
  return z > 0 ? 1.0f : expf(z);
}

static float normal_cdf(float z) {
  return 0.5f * erfcf(-z * (float)bbb_sqrt_half);
}
static float gelu(float z) { return z * normal_cdf(z); }
static float gelu_slope(float z, float a) {
  (void)a;
  return normal_cdf(z) + z * (float)bbb_inv_sqrt_2pi * expf(-0.5f * z * z);
}

static float identity(float z) { return z; }
static float identity_slope(float z, float a) {
  (void)z, (void)a;
  return 1.0f;
}

typedef struct {
  const char *name;
  float (*f)(float z);
  float (*slope)(float z, float a);
} row;

static const row table[BBB_ACTIVATIONS] = {
  [BBB_ACTIVATION_RELU] = {"relu", relu, relu_slope},
  [BBB_ACTIVATION_SIGMOID] = {"sigmoid", sigmoid, sigmoid_slope},
  [BBB_ACTIVATION_TANH] = {"tanh", tanhf, tanh_slope},
  [BBB_ACTIVATION_SOFTPLUS] = {"softplus", softplus, softplus_slope},
  [BBB_ACTIVATION_LEAKY_RELU] = {"leaky_relu", leaky_relu, leaky_relu_slope},
  [BBB_ACTIVATION_ELU] = {"elu", elu, elu_slope},
  [BBB_ACTIVATION_GELU] = {"gelu", gelu, gelu_slope},
  [BBB_ACTIVATION_IDENTITY] = {"identity", identity, identity_slope},
};

const char *bbb_activation_name(int kind) {
  return kind < BBB_ACTIVATIONS ? table[kind].name : NULL;
}

void bbb_activation_forward(bbb_activation kind, size_t n, const float *z,
                            float *a) {
  assert(kind < BBB_ACTIVATIONS);
  for (size_t i = 0; i < n; i++) a[i] = table[kind].f(z[i]);
}

void bbb_activation_backward(bbb_activation kind, size_t n, const float *z,
                             const float *a, float *d) {
  assert(kind < BBB_ACTIVATIONS);
  for (size_t i = 0; i < n; i++) d[i] *= table[kind].slope(z[i], a[i]);
}
