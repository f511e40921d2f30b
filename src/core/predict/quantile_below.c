/* quantile_below.c: the distribution function of a mixture of any family. */
#include "bbb.h"

/* Draws between two times of asking whether to stop */
enum { ASK_EVERY = 1 << 14 };

double bbb_quantile_below(const bbb_outcomes *of, double value) {
  const size_t each = of->S / of->F;
  double below = 0;
  for (size_t m = 0; m < of->F; m++) {
    const bbb_given all = {of->eta, of->S, 0, of->theta[m].aux};
    bbb_given part = bbb_likelihood_outcome(of->lik, &all, of->outcome);
    double sum = 0;
    part.offset = of->offset;
    for (size_t s = 0; s < each; s += ASK_EVERY) {
      const size_t n = each - s < ASK_EVERY ? each - s : ASK_EVERY;
      part.eta = of->eta + m * each + s;
      sum += bbb_likelihood_below(of->lik, &part, n, value) * (double)n;
      if (of->stop && of->stop(of->ctx)) return 1;
    }
    below += sum / (double)each;
  }
  return below / (double)of->F;
}
