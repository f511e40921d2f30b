/* kernels_table.c: mixtures of tabled distributions, four draws at a time: the
 * cells of a table are four floats, so that wider vectors have no use. */
#define LANES 4
#define TARGET
#include "bbb.h"

#if defined(BBB_VECTORS)
#include "vector.h"
#include "vector_quad.h"

#include <string.h>

/* As bbb_cdf_look(), of four draws, but of z >= 0 less 1. A cell is four floats
 * in a row, so that squares of four are transposed. */
INLINE int table_quad(const float *quick, quad z, quad at[3]) {
  const iquad bits = (iquad)z, sign = bits & INT32_MIN;
  const quad size = (quad)(bits & INT32_MAX) + 1.0f;
  const iquad of_size = (iquad)size, beyond = size >= 1 << BBB_CDF_OCTAVES;
  const int rest = 23 - BBB_CDF_BITS;
  if (beyond[0] | beyond[1] | beyond[2] | beyond[3]) return 1;
  const iquad cell =
    (of_size >> rest) - (127 << BBB_CDF_BITS) + (~(bits >> 31) & BBB_CDF_CELLS);
  const quad in[4] = {
    quad_load(quick + 4 * cell[0]), quad_load(quick + 4 * cell[1]),
    quad_load(quick + 4 * cell[2]), quad_load(quick + 4 * cell[3])};
  quad c[4];
  quad_transpose(in, c);
  const quad t = size - (quad)(of_size >> rest << rest), t_c3 = t * c[3];
  at[0] = c[0] + t * (c[1] + t * (c[2] + t_c3));
  at[1] = (quad)((iquad)(c[1] + t * (2.0f * c[2] + 3.0f * t_c3)) ^ sign);
  at[2] = 2.0f * c[2] + 6.0f * t_c3;
  return 0;
}

/* n draws, added to the sums; nonzero where one is beyond the table */
INLINE int table_some(const float *quick, const float *eta, size_t n,
                      double inverse, double value, double sum[3]) {
  const float high = (float)value, low = (float)(value - (double)high);
  quad sums[3] = {{0}, {0}, {0}};
  iquad upper = {0};
  for (size_t s = 0; s < n; s += 4) {
    const size_t left = n - s;
    float part[4] = {0};
    if (left < 4) memcpy(part, eta + s, left * sizeof *part);
    const quad from = quad_load(left < 4 ? part : eta + s);
    const quad z = ((high - from) + low) * (float)inverse;
    const iquad lane = {0, 1, 2, 3};
    const iquad counts = lane < (int)(left < 4 ? left : 4);
    quad at[3];
    if (table_quad(quick, z, at)) return 1;
    for (int k = 0; k < 3; k++) sums[k] += (quad)((iquad)at[k] & counts);
    upper -= counts & ~((iquad)z >> 31);
  }
  sum[0] += (double)(upper[0] + upper[1] + upper[2] + upper[3]);
  for (int k = 0; k < 3; k++) {
    sum[k] += ((double)sums[k][0] + (double)sums[k][1]) +
              ((double)sums[k][2] + (double)sums[k][3]);
  }
  return 0;
}

int bbb_kernels_table_mixture(const float *quick, size_t S, const float *eta,
                              double inverse, double value, double sum[3]) {
  sum[0] = sum[1] = sum[2] = 0;
  for (size_t s = 0; s < S; s += BBB_DRAWS_AT_ONCE) {
    const size_t n = S - s < BBB_DRAWS_AT_ONCE ? S - s : BBB_DRAWS_AT_ONCE;
    if (table_some(quick, eta + s, n, inverse, value, sum)) return 1;
  }
  sum[1] *= inverse;
  sum[2] *= inverse * inverse;
  return 0;
}
#endif
