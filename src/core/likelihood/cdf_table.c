/* cdf_table.c: the distribution function of a family whose eta does no more
 * than shift the outcome, as cubics between points at which the family's own
 * function is known. A mixture over draws asks for it at other points of the
 * same curve all the time, and a look costs a tenth of an incomplete gamma. */
#include "family.h"

#include <math.h>

int bbb_cdf_has_table(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->unit != NULL;
}

int bbb_cdf_is_normal(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->normal;
}

/* The outcome at eta 0: F as it stands */
static double standard_below(const bbb_likelihood *lik, const float *aux,
                             double z) {
  static const float zero[2] = {0, 0};
  const bbb_given given = {zero, 1, 0, aux};
  double of[BBB_MOST_CONSTANTS];
  const bbb_observation o = bbb_family_outcome(lik, 0, &given, of);
  const bbb_family_row *row = bbb_family_of(lik);
  return row->below(&o, z * row->unit(&o));
}

/* c[0] + c[1] t + c[2] t^2 + c[3] t^3 through f at t = 0, h, 2 h and 3 h */
static void cubic(const double f[4], double h, double c[4]) {
  const double d1 = f[1] - f[0], d2 = f[2] - 2 * f[1] + f[0],
               d3 = f[3] - 3 * f[2] + 3 * f[1] - f[0];
  c[0] = f[0];
  c[1] = (d1 - d2 / 2 + d3 / 3) / h;
  c[2] = (d2 - d3) / (2 * h * h);
  c[3] = d3 / (6 * h * h * h);
}

static void fill(const bbb_likelihood *lik, const float *aux, double *cell) {
  for (int side = 0; side < 2; side++) {
    const double sign = side ? 1 : -1;
    double f[4], last = standard_below(lik, aux, 0);
    for (size_t i = 0; i < BBB_CDF_CELLS; i++, cell += 4) {
      const int octave = (int)(i >> BBB_CDF_BITS);
      const size_t in = i & ((1 << BBB_CDF_BITS) - 1);
      const double width = ldexp(1, octave - BBB_CDF_BITS);
      const double from = ldexp(1, octave) + (double)in * width - 1;
      f[0] = last;
      for (int k = 1; k < 4; k++) {
        f[k] = standard_below(lik, aux, sign * (from + k * width / 3));
      }
      last = f[3];
      cubic(f, width / 3, cell);
    }
  }
}

bbb_cdf_table bbb_cdf_table_make(const bbb_likelihood *lik, const float *aux,
                                 double *room) {
  float *quick = (float *)(room + BBB_CDF_CUBICS);
  const bbb_cdf_table table = {lik, aux, room, quick};
  fill(lik, aux, room);
  for (size_t i = 0; i < BBB_CDF_CUBICS; i++) {
    const int upper = i >= BBB_CDF_CUBICS / 2 && i % 4 == 0;
    quick[i] = (float)(upper ? room[i] - 1 : room[i]);
  }
  return table;
}

double bbb_cdf_table_start(const bbb_cdf_table *table, double prob) {
  double low = -250, high = 250;
  for (int i = 0; i < 20; i++) {
    const double mid = 0.5 * (low + high);
    if (bbb_cdf_look(table, mid).below < prob)
      low = mid;
    else
      high = mid;
  }
  return 0.5 * (low + high);
}

void bbb_cdf_units(const bbb_likelihood *lik, const bbb_given *given, size_t S,
                   double *inverse) {
  const bbb_family_row *row = bbb_family_of(lik);
  double of[BBB_MOST_CONSTANTS];
  bbb_observation o = bbb_family_outcome(lik, 0, given, of);
  for (size_t s = 0; s < S; s++, o.eta++) {
    inverse[s] = s > 0 && row->outputs == 1 ? inverse[0] : 1 / row->unit(&o);
  }
}

bbb_cdf_at bbb_cdf_beyond(const bbb_cdf_table *table, double z) {
  const bbb_cdf_at at = {standard_below(table->lik, table->aux, z), 0, 0};
  return at;
}
