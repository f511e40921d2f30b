/* kernels.c: the products of a layer, plain and scalar.
 *
 * W is (D + 1, H) with the unit index fastest, so the inner loops run over
 * consecutive weights, and the sum over inputs is taken in the same order for
 * each row, whatever other rows are in the batch. A layer with one unit has no
 * such loop; its products are dot products and are written as such.
 */
#include "bbb.h"

#include <string.h>

static void forward_unit(size_t N, size_t D, const float *restrict x,
                         const float *restrict W, float *restrict z) {
  for (size_t i = 0; i < N; i++) {
    float sum = W[D];
    for (size_t d = 0; d < D; d++) sum += x[i * D + d] * W[d];
    z[i] = sum;
  }
}

void bbb_kernel_forward(size_t N, size_t D, size_t H, const float *restrict x,
                        const float *restrict W, float *restrict z) {
  if (H == 1) {
    forward_unit(N, D, x, W, z);
    return;
  }
  for (size_t i = 0; i < N; i++) {
    float *restrict z_i = z + i * H;
    memcpy(z_i, W + D * H, H * sizeof *z);
    for (size_t d = 0; d < D; d++) {
      const float x_id = x[i * D + d];
      const float *restrict W_d = W + d * H;
      for (size_t h = 0; h < H; h++) z_i[h] += x_id * W_d[h];
    }
  }
}

void bbb_kernel_backward_inputs(size_t N, size_t D, size_t H,
                                const float *restrict W,
                                const float *restrict d_z,
                                float *restrict d_x) {
  for (size_t i = 0; i < N; i++) {
    for (size_t d = 0; d < D; d++) {
      float sum = 0;
      for (size_t h = 0; h < H; h++) sum += d_z[i * H + h] * W[d * H + h];
      d_x[i * D + d] += sum;
    }
  }
}

void bbb_kernel_backward_weights(size_t N, size_t D, size_t H,
                                 const float *restrict x,
                                 const float *restrict d_z,
                                 float *restrict d_W) {
  for (size_t i = 0; i < N; i++) {
    const float *restrict d_z_i = d_z + i * H;
    for (size_t d = 0; d < D; d++) {
      const float x_id = x[i * D + d];
      float *restrict d_W_d = d_W + d * H;
      for (size_t h = 0; h < H; h++) d_W_d[h] += x_id * d_z_i[h];
    }
    for (size_t h = 0; h < H; h++) d_W[D * H + h] += d_z_i[h];
  }
}
