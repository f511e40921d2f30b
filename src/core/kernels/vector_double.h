/* vector_double.h: vectors of LANES / 2 doubles, and functions of them. Errors
 * are bounds in units in the last place over the range stated;
 * tools/core_vector.c holds the functions to them. */
#ifndef BBB_KERNELS_VECTOR_DOUBLE_H
#define BBB_KERNELS_VECTOR_DOUBLE_H

#include "vector.h"

enum { DLANES = LANES / 2 };

typedef double dvec __attribute__((vector_size(4 * LANES)));
typedef int64_t d_ivec __attribute__((vector_size(4 * LANES)));
typedef double dvec_at
  __attribute__((vector_size(4 * LANES), aligned(8), may_alias));
typedef float half_vec __attribute__((vector_size(2 * LANES)));
typedef float half_vec_at
  __attribute__((vector_size(2 * LANES), aligned(4), may_alias));

INLINE dvec dvec_load(const double *from) { return *(const dvec_at *)from; }

INLINE void dvec_store(double *to, dvec v) { *(dvec_at *)to = v; }

INLINE dvec dvec_from_floats(const float *from) {
  return __builtin_convertvector(*(const half_vec_at *)from, dvec);
}

INLINE dvec dvec_all(double value) { return (dvec){0} + value; }

INLINE dvec dvec_if(d_ivec mask, dvec yes, dvec no) {
  return (dvec)((mask & (d_ivec)yes) | (~mask & (d_ivec)no));
}

/* Of these two not a number stays one. */
INLINE dvec dvec_at_most(dvec x, double most) {
  return dvec_if(x > most, dvec_all(most), x);
}

INLINE dvec dvec_at_least(dvec x, double least) {
  return dvec_if(x < least, dvec_all(least), x);
}

INLINE dvec dvec_abs(dvec x) { return (dvec)((d_ivec)x & INT64_MAX); }

/* ln 2 in two parts, the first so short that a multiple of it is exact. */
#define DVEC_LN2_HIGH 0x1.62e42feep-1
#define DVEC_LN2_LOW 0x1.a39ef35793c76p-33

/* Added to a number below 2^51 it leaves it rounded in the last bits. */
#define DVEC_ROUND 0x1.8p52

/* exp(x), x < 709: 2 ulp; 0 below -708. exp(r) 2^k with |r| <= ln(2) / 2, by
 * Taylor's series to r^13 / 13!, whose next term is below the last bit. */
INLINE dvec dvec_exp(dvec x) {
  const dvec at = dvec_at_least(x, -708);
  const dvec shifted = at * 0x1.71547652b82fep0 + DVEC_ROUND;
  const dvec k = shifted - DVEC_ROUND;
  const dvec r = (at - k * DVEC_LN2_HIGH) - k * DVEC_LN2_LOW;
  dvec p = r * (1.0 / 6227020800) + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = ((p * r + 0.5) * r + 1) * r + 1;
  const dvec scaled = (dvec)((d_ivec)p + ((d_ivec)shifted << 52));
  return dvec_if(x < -708, dvec_all(0), scaled);
}

/* log(1 + x), 0 <= x: 2 ulp. With v = 1 + x = 2^k m, sqrt(1/2) <= m < sqrt(2),
 * log m is 2 artanh(s) at s = (m - 1) / (m + 1), by its series to s^23; what
 * the sum 1 + x has lost is added as (x - (v - 1)) / v. */
INLINE dvec dvec_log1p(dvec x) {
  const d_ivec root_half = (d_ivec){0} + 0x3fe6a09e667f3bcd;
  const d_ivec round = (d_ivec){0} + 0x4338000000000000;
  const dvec v = x + 1;
  /* 0 or more, so that the shift need not know of signs */
  typedef uint64_t words __attribute__((vector_size(4 * LANES)));
  const d_ivec power = (d_ivec)((words)((d_ivec)v - root_half) >> 52);
  const dvec k = (dvec)(power + round) - DVEC_ROUND;
  const dvec m = (dvec)((d_ivec)v - (power << 52));
  const dvec f = m - 1, s = f / (f + 2), z = s * s;
  dvec series = dvec_all(1.0 / 23);
#pragma GCC unroll 16
  for (int n = 21; n > 1; n -= 2) series = series * z + 1.0 / n;
  const dvec lost = (x - (v - 1)) / v;
  const dvec small = k * DVEC_LN2_LOW + lost + 2 * s * z * series;
  return k * DVEC_LN2_HIGH + (2 * s + small);
}

#endif
