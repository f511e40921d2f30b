/* vector.h: vectors of LANES floats, and functions of them. Included by a file
 * that has defined
 *   LANES    4, 8 or 16
 *   TARGET   the function attribute that allows its instructions
 * The vectors are the compiler's (GCC and clang); there are no intrinsics, so
 * the same source serves every machine.
 *
 * Errors are bounds over the range stated, in units in the last place (ulp) of
 * a float; tools/core_vector.c holds the functions to them.
 */
#ifndef BBB_VECTOR_H
#define BBB_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline)) TARGET

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef int32_t ivec __attribute__((vector_size(4 * LANES)));
typedef uint32_t uvec __attribute__((vector_size(4 * LANES)));
typedef uint64_t u64vec __attribute__((vector_size(4 * LANES)));
typedef float vec_at
  __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

INLINE vec vec_load(const float *from) { return *(const vec_at *)from; }

INLINE void vec_store(float *to, vec v) { *(vec_at *)to = v; }

INLINE vec vec_all(float value) { return (vec){0} + value; }

/* yes where the mask is all ones, no where it is zero */
INLINE vec vec_if(ivec mask, vec yes, vec no) {
  return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

INLINE vec vec_max(vec a, vec b) { return vec_if(a > b, a, b); }

INLINE vec vec_min(vec a, vec b) { return vec_if(a < b, a, b); }

INLINE vec vec_abs(vec a) { return (vec)((ivec)a & 0x7fffffff); }

/* The sum of the lanes, in pairs. */
INLINE float vec_sum_float(vec v) {
  float lane[LANES];
  vec_store(lane, v);
#pragma GCC unroll 4
  for (int half = LANES / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  }
  return lane[0];
}

/* The sum of the lanes, in double: always in the same order. */
INLINE double vec_sum(vec v) {
  double sum = 0;
  for (int i = 0; i < LANES; i++) sum += (double)v[i];
  return sum;
}

/* The polynomial of degree 8 with coefficients c from the constant on, in
 * pairs: a shorter way from x to the result than one term after the other. */
INLINE vec polynomial(const float c[9], vec x) {
  const vec x2 = x * x, x4 = x2 * x2;
  const vec low = (x * c[1] + c[0]) + (x * c[3] + c[2]) * x2;
  const vec high = (x * c[5] + c[4]) + (x * c[7] + c[6]) * x2;
  return low + (high + x4 * c[8]) * x4;
}

/* exp(x), 1 ulp, for -87 <= x <= 88. Cody and Waite: x = n log 2 + r, with a
 * polynomial for |r| <= log(2) / 2, to whose exponent n is added. Adding
 * 1.5 * 2^23 rounds to the nearest whole number, and leaves n in the low bits.
 */
INLINE vec vec_exp_held(vec x) {
  const float round = 12582912.0f;
  const vec shifted = x * 1.44269504088896341f + round;
  const vec n = shifted - round;
  const vec r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const vec r2 = r * r;
  vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r2 + (r * 8.3334519073e-3f + 4.1665795894e-2f);
  p = p * r2 + (r * 1.6666665459e-1f + 5.0000001201e-1f);
  p = p * r2 + r + 1.0f;
  return (vec)((uvec)p + ((uvec)shifted << 23));
}

/* exp(x), 1 ulp; 0 below -87, held at exp(88) above 88. */
INLINE vec vec_exp(vec x) {
  const vec held = vec_min(vec_max(x, vec_all(-87.0f)), vec_all(88.0f));
  return vec_if(x < -87.0f, vec_all(0), vec_exp_held(held));
}

/* exp(-|x|), 1 ulp down to exp(-87), where it stays: small beside 1 and never
 * zero, so that the quotient of two is a number. */
INLINE vec vec_exp_fall(vec x) {
  return vec_exp_held(-vec_min(vec_abs(x), vec_all(87.0f)));
}

/* log(x), 1 ulp, for normal x > 0: x = 2^e m with m from sqrt(1/2) to sqrt(2),
 * and a polynomial in m - 1. */
INLINE vec vec_log(vec x) {
  const ivec bits = (ivec)x - 0x3f3504f3; /* sqrt(1/2) */
  const ivec e = bits >> 23;
  const vec m = (vec)((uvec)x - ((uvec)e << 23)) - 1.0f;
  const vec n = __builtin_convertvector(e, vec);
  const vec m2 = m * m;
  const float c[9] = {3.3333331174e-1f,  -2.4999993993e-1f, 2.0000714765e-1f,
                      -1.6668057665e-1f, 1.4249322787e-1f,  -1.2420140846e-1f,
                      1.1676998740e-1f,  -1.1514610310e-1f, 7.0376836292e-2f};
  vec p = polynomial(c, m);
  p = p * m * m2 - n * 2.12194440e-4f - 0.5f * m2;
  return n * 0.693359375f + (m + p);
}

/* log(1 + e), 2 ulp, for 0 <= e <= 1: a polynomial of least relative error,
 * since the usual quotient would cost a division. */
INLINE vec vec_log1p(vec e) {
  const float c[9] = {-4.999990242e-1f, 3.332996234e-1f,  -2.495413268e-1f,
                      1.967593358e-1f,  -1.530557487e-1f, 1.060362321e-1f,
                      -5.695920825e-2f, 1.985128282e-2f,  -3.243984193e-3f};
  return e * e * polynomial(c, e) + e;
}

/* cos and sin of 2 pi u for 0 <= u <= 1, 2 ulp: the nearest
 * quarter turn is taken off, exactly, and chooses sign and function. */
INLINE void vec_cos_sin_turn(vec u, vec *cosine, vec *sine) {
  const float round = 12582912.0f;
  const vec shifted = u * 4.0f + round;
  const ivec quarter = (ivec)shifted;
  const vec r = (u * 4.0f - (shifted - round)) * 1.57079632679489662f;
  const vec r2 = r * r;
  vec s = r2 * -1.9515295891e-4f + 8.3321608736e-3f;
  s = s * r2 - 1.6666654611e-1f;
  s = s * r2 * r + r;
  vec c = r2 * 2.443315711809948e-5f - 1.388731625493765e-3f;
  c = c * r2 + 4.166664568298827e-2f;
  c = c * (r2 * r2) - 0.5f * r2 + 1.0f;
  const ivec odd = -(quarter & 1);
  const uvec minus_sine = (uvec)(quarter & 2) << 30;
  const uvec minus_cosine = (uvec)((quarter + 1) & 2) << 30;
  *sine = (vec)((uvec)vec_if(odd, c, s) ^ minus_sine);
  *cosine = (vec)((uvec)vec_if(odd, s, c) ^ minus_cosine);
}

/* sqrt(x), 1 ulp for normal x >= 0 (compilers have no square root of a vector):
 * 1 / sqrt(x) from its exponent's half by Newton's method, then one step on the
 * root itself. */
INLINE vec vec_sqrt(vec x) {
  vec y = (vec)(0x5f3759dfu - ((uvec)x >> 1));
  const vec half = 0.5f * x;
  y = y * (1.5f - half * y * y);
  y = y * (1.5f - half * y * y);
  const vec root = x * y;
  return root + 0.5f * y * (x - root * root);
}

/* log(1 + exp(x)) and its derivative 1 / (1 + exp(-x)), 3 ulp */
INLINE vec vec_softplus(vec x) {
  return vec_max(x, vec_all(0)) + vec_log1p(vec_exp(-vec_abs(x)));
}

INLINE vec vec_sigmoid(vec x) {
  const vec e = vec_exp(-vec_abs(x));
  return vec_if(x >= 0.0f, vec_all(1), e) / (e + 1.0f);
}

/* The derivative of 1 / (1 + exp(-x)), without cancellation, 5 ulp. */
INLINE vec vec_sigmoid_slope(vec x) {
  const vec e = vec_exp(-vec_abs(x));
  return e / ((e + 1.0f) * (e + 1.0f));
}

/* exp(x) - 1 for x <= 0, 2 ulp: a polynomial where the 1 would cancel. */
INLINE vec vec_expm1(vec x) {
  vec p = x * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  return vec_if(x > -0.34f, p * (x * x) + x, vec_exp(x) - 1.0f);
}

/* tanh(x), 2 ulp: by exp, and by a polynomial where that would cancel. */
INLINE vec vec_tanh(vec x) {
  const vec x2 = x * x;
  const vec e = vec_exp(vec_abs(x) * -2.0f);
  const vec size = (1.0f - e) / (e + 1.0f);
  vec p = x2 * -5.70498872745e-3f + 2.06390887954e-2f;
  p = p * x2 - 5.37397155531e-2f;
  p = p * x2 + 1.33314422036e-1f;
  p = p * x2 - 3.33332819422e-1f;
  const vec large = vec_if(x < 0.0f, -size, size);
  return vec_if(vec_abs(x) < 0.625f, p * x2 * x + x, large);
}

/* exp(-x^2 / 2), 2 ulp to |x| = 13, then 0: the square of x cut to 12 bits is
 * exact, and the rest of x^2 small. */
INLINE vec vec_exp_half_square(vec x) {
  const vec cut = (vec)((ivec)x & (int32_t)0xfffff000);
  const vec rest = (x - cut) * (x + cut) * -0.5f;
  vec p = rest * 4.1666668e-2f + 1.6666667e-1f;
  p = p * rest + 0.5f;
  p = p * (rest * rest) + rest + 1.0f;
  return vec_if(vec_abs(x) < 13.2f, vec_exp(cut * cut * -0.5f) * p, vec_all(0));
}

/* The normal distribution's tail beyond |x| over exp(-x^2 / 2), by t = 1 / (1 +
 * 0.3 |x|): a polynomial fitted for this package. */
INLINE vec vec_normal_tail(vec t) {
  vec p = t * -0.02058467721f + 0.11221724480f;
  p = p * t - 0.22767985652f;
  p = p * t + 0.19104247027f;
  p = p * t - 0.07877808834f;
  p = p * t + 0.09579345048f;
  p = p * t + 0.07852180328f;
  p = p * t + 0.11020555551f;
  p = p * t + 0.11957561300f;
  p = p * t + 0.11968648302f;
  return p * t;
}

/* The normal distribution function, 6 ulp to x = -13. */
INLINE vec vec_normal_cdf(vec x) {
  const vec t = 1.0f / (vec_abs(x) * 0.3f + 1.0f);
  const vec tail = vec_exp_half_square(x) * vec_normal_tail(t);
  return vec_if(x < 0.0f, tail, 1.0f - tail);
}

#endif
