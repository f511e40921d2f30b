/* quantile.c: quantiles of a posterior predictive. That of a gaussian outcome
 * is a mixture of normals, one a draw of the weights; its quantiles are those
 * of the mixture itself, not of simulated noise, and so need no more draws than
 * its mean does. */
#include "bbb.h"

#include <math.h>

typedef struct {
  double below, density;
} at_point;

static at_point mixture_at(size_t S, const double *mean, size_t F,
                           const double *sd, double q) {
  const size_t each = S / F;
  at_point at = {0, 0};
  for (size_t f = 0; f < F; f++) {
    for (size_t s = f * each; s < (f + 1) * each; s++) {
      const double u = (q - mean[s]) / sd[f];
      at.below += 0.5 * erfc(-u * bbb_sqrt_half);
      at.density += bbb_inv_sqrt_2pi * exp(-0.5 * u * u) / sd[f];
    }
  }
  at.below /= (double)S;
  at.density /= (double)S;
  return at;
}

/* Newton's method, kept within a bracket that each step narrows; where a step
 * would leave the bracket, or steps go to and fro between two points, it is
 * halved. Nine sds hold all but 1e-19. */
double bbb_quantile_mixture(size_t S, const double *mean, size_t F,
                            const double *sd, double prob) {
  double low = mean[0], high = mean[0], center = 0, spread = 0;
  double widest = 0, variance = 0;
  for (size_t s = 0; s < S; s++) {
    low = fmin(low, mean[s]);
    high = fmax(high, mean[s]);
    center += mean[s] / (double)S;
  }
  for (size_t s = 0; s < S; s++) {
    spread += (mean[s] - center) * (mean[s] - center) / (double)S;
  }
  for (size_t f = 0; f < F; f++) {
    widest = fmax(widest, sd[f]);
    variance += sd[f] * sd[f] / (double)F;
  }
  low -= 9 * widest;
  high += 9 * widest;
  const double enough = 1e-8 * (high - low);
  /* the logistic distribution's quantile, scaled to be close to the normal's */
  const double z = log(prob / (1 - prob)) / 1.702;
  double q = center + z * sqrt(spread + variance);
  for (int i = 0; i < 100; i++) {
    const int to_and_fro = i > 20 && i % 2;
    if (to_and_fro || !(q > low && q < high)) q = 0.5 * (low + high);
    const at_point at = mixture_at(S, mean, F, sd, q);
    if (at.below < prob)
      low = q;
    else
      high = q;
    const double step = (prob - at.below) / at.density;
    if (fabs(step) < enough || high - low < enough) return q;
    q += step;
  }
  return q;
}

/* ---- of any family ---- */

typedef struct {
  const bbb_outcomes *of;
  double prob;
} sought;

static double excess(const sought *f, double value) {
  return bbb_quantile_below(f->of, value) - f->prob;
}

static int stopped(const sought *f) {
  return f->of->stop && f->of->stop(f->of->ctx);
}

/* Ends between which the distribution function passes prob: from `center` on,
 * steps that double. */
typedef struct {
  double low, high;
} bracket;

static bracket bracket_of(const sought *f, double center, double step) {
  bracket ends = {center, center};
  if (excess(f, center) < 0) {
    while (step < 1e18 && excess(f, ends.high += step) < 0 && !stopped(f)) {
      ends.low = ends.high;
      step *= 2;
    }
  } else {
    while (step < 1e18 && excess(f, ends.low -= step) >= 0 && !stopped(f)) {
      ends.high = ends.low;
      step *= 2;
    }
  }
  return ends;
}

/* Ridders (1979), IEEE Trans. Circuits Syst. 26: false position on the function
 * times an exponential that makes it straight. */
static double root(const sought *f, bracket ends) {
  double below = excess(f, ends.low), above = excess(f, ends.high),
         last = 1e300;
  for (int i = 0; i < 100 && !stopped(f); i++) {
    const double half = 0.5 * (ends.high - ends.low), mid = ends.low + half;
    const double at_mid = excess(f, mid);
    const double s = sqrt(at_mid * at_mid - below * above);
    const double x = s > 0 ? mid - half * at_mid / s : mid;
    const double at_x = excess(f, x);
    if (half < 1e-8 || at_x == 0) return x;
    last = x;
    if (at_mid < 0 && mid > ends.low) ends.low = mid, below = at_mid;
    if (at_mid >= 0 && mid < ends.high) ends.high = mid, above = at_mid;
    if (at_x < 0 && x > ends.low) ends.low = x, below = at_x;
    if (at_x >= 0 && x < ends.high) ends.high = x, above = at_x;
  }
  return last;
}

static double by_family(const bbb_outcomes *of, double prob) {
  const sought f = {of, prob};
  double center = 0;
  for (size_t s = 0; s < of->S; s++) {
    center += (double)of->eta[s] / (double)of->S;
  }
  center += of->offset;
  return root(&f, bracket_of(&f, center, 1));
}

/* ---- all ---- */

/* A table's error is small beside probabilities that are not. */
static int in_table(double prob) { return prob > 0.0099 && prob < 0.9901; }

static double gaussian(const bbb_outcomes *of, double prob) {
  double *mean = of->room, *sd = of->room + of->S;
  for (size_t s = 0; s < of->S; s++) mean[s] = (double)of->eta[s];
  for (size_t f = 0; f < of->F; f++) {
    sd[f] = exp((double)of->theta[f].aux[of->outcome]);
  }
  return of->offset + bbb_quantile_mixture(of->S, mean, of->F, sd, prob);
}

void bbb_quantile_outcome(const bbb_outcomes *of, size_t Q, const double *probs,
                          double *value) {
  if (bbb_likelihood_scale(of->lik) == BBB_SCALE_COUNTS) {
    bbb_quantile_counts(of, Q, probs, value);
    return;
  }
  size_t n = 0;
  for (; of->table && n < Q && in_table(probs[n]);) n++;
  if (n > 0) bbb_quantile_table(of, n, probs, of->starts, value);
  for (size_t q = n; q < Q; q++) {
    if (of->table && in_table(probs[q])) {
      bbb_quantile_table(of, 1, probs + q, of->starts + q, value + q);
    } else {
      value[q] = of->lik->family == BBB_FAMILY_GAUSSIAN
                   ? gaussian(of, probs[q])
                   : by_family(of, probs[q]);
    }
  }
}
