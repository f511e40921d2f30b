/* likelihood_cdf.c: the distribution function of an outcome at its y. */
#include "family.h"

int bbb_likelihood_ordered(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->below || bbb_family_of(lik)->cdf;
}

/* A second column tells whether a time was seen, 1, or is beyond y, 0. */
static bbb_cdf cdf_of(const bbb_family_row *row, const bbb_observation *o) {
  if (row->cdf) return row->cdf(o);
  const double y = bbb_y_at(o, 0), upto = row->below(o, y);
  const int beyond = row->columns == 2 && bbb_y_at(o, 1) == 0;
  const bbb_cdf at = {row->counts ? row->below(o, y - 1) : upto,
                      beyond ? 1 : upto};
  return at;
}

void bbb_likelihood_cdf(const bbb_likelihood *lik, const bbb_batch *batch,
                        const float *eta, const float *aux, size_t j,
                        bbb_cdf *each) {
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_given given = {eta, bbb_padded(batch->N, BBB_LANES), 0, aux};
  const float *offset = j == 0 ? batch->offset : NULL;
  double of[BBB_MOST_CONSTANTS];
  bbb_observation o = bbb_family_outcome(lik, j, &given, of);
  o.y = batch->y + j * row->columns * batch->apart;
  o.apart = batch->apart;
  for (size_t i = 0; i < batch->N; i++, o.y++, o.eta++) {
    o.offset = offset ? (double)offset[i] : 0;
    const bbb_cdf at = cdf_of(row, &o);
    each[i].less += at.less;
    each[i].upto += at.upto;
  }
}
