/* cdf_table.h: distribution functions in a table. */
#ifndef BBB_LIKELIHOOD_CDF_TABLE_H
#define BBB_LIKELIHOOD_CDF_TABLE_H

#include "likelihood/likelihood.h"

/* Of most families one outcome's eta[0] only shifts y: P(y <= value) = F((value
 * - eta[0]) / unit), where the unit may hang on further outputs and F on the
 * auxiliaries. Then F is worked out once for all draws and rows: cubics in
 * cells of |z| that grow with it, to 3e-9. 0: the family has no such F. */
int bbb_cdf_has_table(const bbb_likelihood *lik);

/* Whether it is the normal one. */
int bbb_cdf_is_normal(const bbb_likelihood *lik);

enum {
  BBB_CDF_OCTAVES = 8, /* |z| + 1 < 2^8 */
  BBB_CDF_BITS = 6,    /* 2^6 cells an octave */
  BBB_CDF_CELLS = BBB_CDF_OCTAVES << BBB_CDF_BITS,
  BBB_CDF_CUBICS = 2 * 4 * BBB_CDF_CELLS,
  BBB_CDF_NUMBERS = BBB_CDF_CUBICS + BBB_CDF_CUBICS / 2
};

/* cell (2, BBB_CDF_CELLS, 4): the cubics of z < 0, then of the others; and the
 * same in floats, for the kernels, but less 1 above 0, where a float would have
 * no digits left for the tail. */
typedef struct {
  const bbb_likelihood *lik;
  const float *aux; /* of this outcome */
  const double *cell;
  const float *quick;
} bbb_cdf_table;

/* In room (BBB_CDF_NUMBERS), of the outcome whose auxiliaries begin at aux */
bbb_cdf_table bbb_cdf_table_make(const bbb_likelihood *lik, const float *aux,
                                 double *room);

/* The z at which F is prob, to 1e-3: where a search may start. */
double bbb_cdf_table_start(const bbb_cdf_table *table, double prob);

/* 1 / unit of S draws whose eta lie side by side: inverse (S) */
void bbb_cdf_units(const bbb_likelihood *lik, const bbb_given *given, size_t S,
                   double *inverse);

/* F and its first two derivatives; beyond the table, where the density is taken
 * to be 0, by the family itself. */
typedef struct {
  double below, density, slope;
} bbb_cdf_at;
bbb_cdf_at bbb_cdf_beyond(const bbb_cdf_table *table, double z);

/* By the bits of z, since half of all guesses at its sign would be wrong. */
static inline bbb_cdf_at bbb_cdf_look(const bbb_cdf_table *table, double z) {
  const int rest = 52 - BBB_CDF_BITS;
  const uint64_t sign_bit = (uint64_t)1 << 63;
  uint64_t of_z, of_size, of_one;
  double size, from, sign = 1;
  memcpy(&of_z, &z, sizeof of_z);
  memcpy(&of_one, &sign, sizeof of_one);
  of_size = of_z & ~sign_bit;
  of_one |= of_z & sign_bit;
  memcpy(&size, &of_size, sizeof size);
  memcpy(&sign, &of_one, sizeof sign);
  size += 1;
  if (!(size < (double)(1 << BBB_CDF_OCTAVES))) {
    return bbb_cdf_beyond(table, z);
  }
  memcpy(&of_size, &size, sizeof of_size);
  of_size >>= rest;
  const size_t i = (size_t)of_size - ((size_t)1023 << BBB_CDF_BITS);
  of_size <<= rest;
  memcpy(&from, &of_size, sizeof from);
  const double *c =
    table->cell + 4 * (i + BBB_CDF_CELLS * (size_t)(1 - (of_z >> 63)));
  const double t = size - from, t_c3 = t * c[3];
  const bbb_cdf_at at = {c[0] + t * (c[1] + t * (c[2] + t_c3)),
                         sign * (c[1] + t * (2 * c[2] + 3 * t_c3)),
                         2 * c[2] + 6 * t_c3};
  return at;
}

#endif
