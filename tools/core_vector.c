/* core_vector.c: how exact are the functions of vector.h? Sweeps each over its
 * range, some 400,000 numbers of all sizes, and holds its error in units in the
 * last place against the bound that vector.h states. In vectors of four, which
 * every machine has; run by tools/check-core.
 */
#define LANES 4
#define TARGET
#include "bbb.h"
#include "kernels/vector.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double two_pi = 6.28318530717958647693;

static vec cos_turn(vec u) {
  vec cosine, sine;
  vec_cos_sin_turn(u, &cosine, &sine);
  return cosine;
}
static vec sin_turn(vec u) {
  vec cosine, sine;
  vec_cos_sin_turn(u, &cosine, &sine);
  return sine;
}

/* The same in double. */
static double cos_turn_double(double u) { return cos(two_pi * u); }
static double sin_turn_double(double u) { return sin(two_pi * u); }
static double sigmoid_double(double x) {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
static double slope_double(double x) {
  return sigmoid_double(x) * sigmoid_double(-x);
}

static double half_square_double(double x) { return exp(-0.5 * x * x); }
static double normal_cdf_double(double x) {
  return 0.5 * erfc(-x * 0.70710678118654752440);
}

typedef struct {
  const char *name;
  vec (*f)(vec);
  double (*exact)(double);
  float low, high;
  double most_ulp;
} claim;

static vec f_exp(vec x) { return vec_exp(x); }
static vec f_log(vec x) { return vec_log(x); }
static vec f_log1p(vec x) { return vec_log1p(x); }
static vec f_sqrt(vec x) { return vec_sqrt(x); }
static vec f_softplus(vec x) { return vec_softplus(x); }
static vec f_sigmoid(vec x) { return vec_sigmoid(x); }
static vec f_slope(vec x) { return vec_sigmoid_slope(x); }
static vec f_expm1(vec x) { return vec_expm1(x); }
static vec f_tanh(vec x) { return vec_tanh(x); }
static vec f_half_square(vec x) { return vec_exp_half_square(x); }
static vec f_normal_cdf(vec x) { return vec_normal_cdf(x); }

static const claim claims[] = {
  {"exp", f_exp, exp, -86.9f, 88, 1},
  {"log", f_log, log, 1.2e-38f, 3e38f, 1},
  {"log1p", f_log1p, log1p, 0, 1, 2},
  {"sqrt", f_sqrt, sqrt, 1.2e-38f, 1e38f, 1},
  {"softplus", f_softplus, bbb_softplus, -86, 1e30f, 3},
  {"sigmoid", f_sigmoid, sigmoid_double, -86, 100, 3},
  {"sigmoid slope", f_slope, slope_double, -86, 86, 5},
  {"expm1", f_expm1, expm1, -80, 0, 2},
  {"tanh", f_tanh, tanh, -20, 20, 2},
  {"exp(-x^2 / 2)", f_half_square, half_square_double, -13, 13, 2},
  {"normal cdf", f_normal_cdf, normal_cdf_double, -13, 13, 6},
  {"cos of a turn", cos_turn, cos_turn_double, 0, 1, 2},
  {"sin of a turn", sin_turn, sin_turn_double, 0, 1, 2},
};

/* The error in units of the last place; below the normal floats, in theirs. */
static double ulps(double got, double want) {
  int exponent;
  frexp(want, &exponent);
  return fabs(got - want) / ldexp(1, exponent < -125 ? -149 : exponent - 24);
}

static double worst(const claim *c) {
  double most = 0;
  for (uint32_t bits = 0x00800000u; bits < 0x7f000000u; bits += 10007) {
    for (uint32_t sign = 0; sign < 2; sign++) {
      const uint32_t signed_bits = bits | sign << 31;
      float x, out[LANES];
      memcpy(&x, &signed_bits, sizeof x);
      if (!(x >= c->low && x <= c->high)) continue;
      vec_store(out, c->f(vec_all(x)));
      most = fmax(most, ulps((double)out[0], c->exact((double)x)));
    }
  }
  return most;
}

int main(void) {
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
    const double most = worst(&claims[i]);
    printf("%-14s %.2f ulp, bound %.0f\n", claims[i].name, most,
           claims[i].most_ulp);
    assert(most <= claims[i].most_ulp);
  }
  return 0;
}
