/* core_vector_double.c: how exact are the functions of vector_double.h? Sweeps
 * each over its range, numbers of all sizes, and holds its error in units in
 * the last place against the bound that the header states. In vectors of two;
 * run by tools/check-core.
 */
#define LANES 4
#define TARGET
#include "bbb.h"
#include "kernels/vector_double.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static dvec f_exp(dvec x) { return dvec_exp(x); }
static dvec f_log1p(dvec x) { return dvec_log1p(x); }

typedef struct {
  const char *name;
  dvec (*f)(dvec);
  long double (*exact)(long double);
  double low, high;
  double most_ulp;
} claim;

static const claim claims[] = {
  {"exp", f_exp, expl, -707.9, 708.9, 2},
  {"log1p", f_log1p, log1pl, 0, 1e300, 2},
};

/* The error in units of the last place; below the normal doubles, in theirs. */
static double ulps(double got, long double want) {
  int exponent;
  frexpl(want, &exponent);
  const int last = exponent < -1021 ? -1074 : exponent - 53;
  return (double)(fabsl((long double)got - want) / ldexpl(1, last));
}

static double worst(const claim *c) {
  const uint64_t step = 0x0000100000c0ffeeu;
  double most = 0;
  for (uint64_t bits = 0x3c00000000000000u; bits < 0x7e37000000000000u;
       bits += step) {
    for (uint64_t sign = 0; sign < 2; sign++) {
      const uint64_t signed_bits = bits | sign << 63;
      double x, out[2];
      memcpy(&x, &signed_bits, sizeof x);
      if (!(x >= c->low && x <= c->high)) continue;
      dvec_store(out, c->f(dvec_all(x)));
      most = fmax(most, ulps(out[0], c->exact((long double)x)));
    }
  }
  return most;
}

static double first(dvec v) {
  double out[2];
  dvec_store(out, v);
  return out[0];
}

int main(void) {
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
    const double most = worst(&claims[i]);
    printf("%-6s %.2f ulp, bound %.0f\n", claims[i].name, most,
           claims[i].most_ulp);
    assert(most <= claims[i].most_ulp);
  }
  assert(first(dvec_exp(dvec_all(-INFINITY))) == 0);
  assert(first(dvec_exp(dvec_all(-800))) == 0);
  assert(isnan(first(dvec_exp(dvec_all(NAN)))));
  assert(first(dvec_exp(dvec_all(0))) == 1);
  assert(first(dvec_log1p(dvec_all(0))) == 0);
  return 0;
}
