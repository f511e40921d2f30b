/* vector_quad.h: vectors of four floats, whatever LANES is, to transpose
 * squares of numbers. */
#ifndef BBB_KERNELS_VECTOR_QUAD_H
#define BBB_KERNELS_VECTOR_QUAD_H

#include "vector.h"

typedef float quad __attribute__((vector_size(16)));
typedef int32_t iquad __attribute__((vector_size(16)));
typedef float quad_at __attribute__((vector_size(16), aligned(4), may_alias));

INLINE quad quad_load(const float *from) { return *(const quad_at *)from; }

INLINE void quad_store(float *to, quad v) { *(quad_at *)to = v; }

/* Lanes of a (0 to 3) and b (4 to 7), chosen by number. */
#if defined(__clang__)
#define QUAD_PICK(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define QUAD_PICK(a, b, i, j, k, l) __builtin_shuffle(a, b, (iquad){i, j, k, l})
#endif

INLINE void quad_transpose(const quad in[4], quad out[4]) {
  const quad low0 = QUAD_PICK(in[0], in[1], 0, 4, 1, 5);
  const quad low1 = QUAD_PICK(in[2], in[3], 0, 4, 1, 5);
  const quad high0 = QUAD_PICK(in[0], in[1], 2, 6, 3, 7);
  const quad high1 = QUAD_PICK(in[2], in[3], 2, 6, 3, 7);
  out[0] = QUAD_PICK(low0, low1, 0, 1, 4, 5);
  out[1] = QUAD_PICK(low0, low1, 2, 3, 6, 7);
  out[2] = QUAD_PICK(high0, high1, 0, 1, 4, 5);
  out[3] = QUAD_PICK(high0, high1, 2, 3, 6, 7);
}

#endif
