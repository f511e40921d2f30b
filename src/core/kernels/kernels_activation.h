/* kernels_activation.h: activation.c in vectors. Included by kernels_body.h. */

INLINE vec activation(bbb_activation kind, vec z) {
  switch (kind) {
  case BBB_ACTIVATION_RELU: return vec_max(z, vec_all(0));
  case BBB_ACTIVATION_SIGMOID: return vec_sigmoid(z);
  case BBB_ACTIVATION_TANH: return vec_tanh(z);
  case BBB_ACTIVATION_SOFTPLUS: return vec_softplus(z);
  case BBB_ACTIVATION_LEAKY_RELU: return vec_if(z > 0.0f, z, z * 0.01f);
  case BBB_ACTIVATION_ELU: return vec_if(z > 0.0f, z, vec_expm1(z));
  case BBB_ACTIVATION_GELU: return z * vec_normal_cdf(z);
  case BBB_ACTIVATION_IDENTITY:
  case BBB_ACTIVATIONS: break;
  }
  return z;
}

INLINE vec activation_slope(bbb_activation kind, vec z) {
  const vec one = vec_all(1);
  switch (kind) {
  case BBB_ACTIVATION_RELU: return vec_if(z > 0.0f, one, vec_all(0));
  case BBB_ACTIVATION_SIGMOID: return vec_sigmoid_slope(z);
  case BBB_ACTIVATION_TANH: return vec_sigmoid_slope(z * 2.0f) * 4.0f;
  case BBB_ACTIVATION_SOFTPLUS: return vec_sigmoid(z);
  case BBB_ACTIVATION_LEAKY_RELU: return vec_if(z > 0.0f, one, vec_all(0.01f));
  case BBB_ACTIVATION_ELU: return vec_if(z > 0.0f, one, vec_exp(z));
  case BBB_ACTIVATION_GELU:
    return vec_normal_cdf(z) +
           z * (float)bbb_inv_sqrt_2pi * vec_exp_half_square(z);
  case BBB_ACTIVATION_IDENTITY:
  case BBB_ACTIVATIONS: break;
  }
  return one;
}

/* Inlined with a constant kind: the switch is outside the loop. */
INLINE void forward_all(bbb_activation kind, size_t n, const float *z,
                        float *a) {
  for (size_t i = 0; i < n; i += LANES) {
    store_part(a + i, activation(kind, load_part(z + i, n - i)), n - i);
  }
}

INLINE void backward_all(bbb_activation kind, size_t n, const float *z,
                         float *d) {
  for (size_t i = 0; i < n; i += LANES) {
    const vec slope = activation_slope(kind, load_part(z + i, n - i));
    store_part(d + i, load_part(d + i, n - i) * slope, n - i);
  }
}

TARGET static void activation_forward(bbb_activation kind, size_t n,
                                      const float *z, float *a) {
  switch (kind) {
  case BBB_ACTIVATION_RELU: forward_all(BBB_ACTIVATION_RELU, n, z, a); break;
  case BBB_ACTIVATION_SIGMOID:
    forward_all(BBB_ACTIVATION_SIGMOID, n, z, a);
    break;
  case BBB_ACTIVATION_TANH: forward_all(BBB_ACTIVATION_TANH, n, z, a); break;
  case BBB_ACTIVATION_SOFTPLUS:
    forward_all(BBB_ACTIVATION_SOFTPLUS, n, z, a);
    break;
  case BBB_ACTIVATION_LEAKY_RELU:
    forward_all(BBB_ACTIVATION_LEAKY_RELU, n, z, a);
    break;
  case BBB_ACTIVATION_ELU: forward_all(BBB_ACTIVATION_ELU, n, z, a); break;
  case BBB_ACTIVATION_GELU: forward_all(BBB_ACTIVATION_GELU, n, z, a); break;
  case BBB_ACTIVATION_IDENTITY:
    forward_all(BBB_ACTIVATION_IDENTITY, n, z, a);
    break;
  case BBB_ACTIVATIONS: break;
  }
}

TARGET static void activation_backward(bbb_activation kind, size_t n,
                                       const float *z, const float *a,
                                       float *d) {
  (void)a;
  switch (kind) {
  case BBB_ACTIVATION_RELU: backward_all(BBB_ACTIVATION_RELU, n, z, d); break;
  case BBB_ACTIVATION_SIGMOID:
    backward_all(BBB_ACTIVATION_SIGMOID, n, z, d);
    break;
  case BBB_ACTIVATION_TANH: backward_all(BBB_ACTIVATION_TANH, n, z, d); break;
  case BBB_ACTIVATION_SOFTPLUS:
    backward_all(BBB_ACTIVATION_SOFTPLUS, n, z, d);
    break;
  case BBB_ACTIVATION_LEAKY_RELU:
    backward_all(BBB_ACTIVATION_LEAKY_RELU, n, z, d);
    break;
  case BBB_ACTIVATION_ELU: backward_all(BBB_ACTIVATION_ELU, n, z, d); break;
  case BBB_ACTIVATION_GELU: backward_all(BBB_ACTIVATION_GELU, n, z, d); break;
  case BBB_ACTIVATION_IDENTITY:
  case BBB_ACTIVATIONS: break;
  }
}
