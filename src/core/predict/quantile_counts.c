/* quantile_counts.c: quantiles of mixtures of counts: the least count whose
 * distribution function is no less than a probability. Small counts are gone
 * through from 0 on, all draws at a time; large ones are searched for. */
#include "likelihood/family.h"

#include <math.h>

enum { MOST_STEPS = 1024, ASK_EVERY = 1 << 14 };
static const double most_mean = 100;

/* ---- one count after the other ---- */

static int all_small(const bbb_outcomes *of) {
  const float most = (float)log(most_mean);
  for (size_t s = 0; s < of->S; s++) {
    if (!(of->eta[s] + (float)of->offset <= most)) return 0;
  }
  return 1;
}

/* The outcome's auxiliaries under posterior f */
static const float *aux_of(const bbb_outcomes *of, size_t f) {
  const bbb_given all = {of->eta, of->S, 0, of->theta[f].aux};
  return bbb_likelihood_outcome(of->lik, &all, of->outcome).aux;
}

/* P(Y = 0) of each draw, and what P(Y = k + 1) / P(Y = k) is proportional to */
static void begin(const bbb_outcomes *of, double *p, double *ratio) {
  const bbb_family_row *row = bbb_family_of(of->lik);
  const size_t each = of->S / of->F;
  const float offset = (float)of->offset; /* which is one */
  for (size_t f = 0; f < of->F; f++) {
    const bbb_counts counts = {row->form, row->size(aux_of(of, f)),
                               each,      of->eta + f * each,
                               &offset,   0};
    of->kernels->counts_begin(&counts, p + f * each, ratio + f * each);
  }
}

/* From k to k + 1 of all draws; the sum. */
static double step(const bbb_outcomes *of, double k, const double *ratio,
                   double *p) {
  const bbb_family_row *row = bbb_family_of(of->lik);
  const size_t each = of->S / of->F;
  double sum = 0;
  for (size_t f = 0; f < of->F; f++) {
    sum +=
      of->kernels->counts_next(each, row->factor(row->size(aux_of(of, f)), k),
                               ratio + f * each, p + f * each);
  }
  return sum;
}

/* Sets the quantiles that it comes to and returns how many are left. */
static size_t walk(const bbb_outcomes *of, size_t Q, const double *probs,
                   double *value) {
  double *p = of->room, *ratio = of->room + of->S, below = 0;
  size_t left = Q, work = 0;
  begin(of, p, ratio);
  for (size_t s = 0; s < of->S; s++) below += p[s];
  for (size_t k = 0; k < MOST_STEPS && left > 0; k++) {
    for (size_t q = 0; q < Q; q++) {
      if (value[q] >= 0 || below / (double)of->S < probs[q]) continue;
      value[q] = (double)k;
      left--;
    }
    below += step(of, (double)k, ratio, p);
    work += of->S;
    if (work < ASK_EVERY) continue;
    work = 0;
    if (of->stop && of->stop(of->ctx)) return 0;
  }
  return left;
}

/* ---- a search ---- */

typedef struct {
  double low, high;   /* below `low` too little, at `high` enough */
  double under, over; /* by how much */
} ends;

static double half_way(const ends *at) {
  return floor(at->low + 0.5 * (at->high - at->low));
}

/* Where the straight line between the ends says */
static double on_line(const ends *at) {
  const double share = at->under / (at->under + at->over);
  return floor(at->low + share * (at->high - at->low));
}

/* Steps that double, until they have passed it */
static ends passed(const bbb_outcomes *of, double prob, double start,
                   double by) {
  const double first = bbb_quantile_below(of, start) - prob;
  ends at = {start, start, -first, first};
  const int up = first < 0;
  while (by < 1e300 && !(of->stop && of->stop(of->ctx))) {
    const double to = up ? at.high + by : fmax(at.low - by, -1);
    const double excess = to < 0 ? -prob : bbb_quantile_below(of, to) - prob;
    if (up) {
      at.high = to, at.over = excess;
      if (excess >= 0) break;
      at.low = to, at.under = -excess;
    } else {
      at.low = to, at.under = -excess;
      if (excess < 0) break;
      at.high = to, at.over = excess;
    }
    by *= 2;
  }
  return at;
}

/* Between whole doubles that are neighbours there is none, also where they are
 * more than 1 apart. */
static double search(const bbb_outcomes *of, double prob, double start,
                     double by) {
  ends at = passed(of, prob, start, by);
  for (int i = 0; at.high - at.low > 1; i++) {
    const double half = half_way(&at);
    double k = i % 3 < 2 ? on_line(&at) : half;
    if (!(half > at.low && half < at.high)) break;
    if (!(k > at.low)) k = fmin(at.low + 1, half);
    if (!(k > at.low && k < at.high)) k = half;
    const double excess = bbb_quantile_below(of, k) - prob;
    if (excess < 0)
      at.low = k, at.under = -excess;
    else
      at.high = k, at.over = excess;
    if (of->stop && of->stop(of->ctx)) break;
  }
  return at.high;
}

/* Where the normal distribution that has the mixture's moments has it: of the
 * log, whose variance within a draw is about that of the count over the square
 * of its mean. */
static double guess(const bbb_outcomes *of, double prob, double *sd) {
  double center = 0, squares = 0, within = 0;
  const size_t each = of->S / of->F;
  for (size_t s = 0; s < of->S; s++) center += (double)of->eta[s];
  center /= (double)of->S;
  for (size_t f = 0; f < of->F; f++) {
    const bbb_given all = {of->eta + f * each, of->S, 0, of->theta[f].aux};
    const bbb_given given = bbb_likelihood_outcome(of->lik, &all, of->outcome);
    double constants[BBB_MOST_CONSTANTS], mean, variance;
    bbb_observation o = bbb_family_outcome(of->lik, 0, &given, constants);
    o.offset = of->offset;
    const float at = (float)center;
    o.eta = &at;
    bbb_family_of(of->lik)->moments(&o, &mean, &variance);
    within += log1p(variance / (mean * mean)) / (double)of->F;
  }
  for (size_t s = 0; s < of->S; s++) {
    const double off = (double)of->eta[s] - center;
    squares += off * off / (double)of->S;
  }
  const double z = log(prob / (1 - prob)) / 1.702;
  const double log_sd = sqrt(squares + within);
  const double count =
    bbb_exp_held(of->offset + center - 0.5 * within + z * fmin(log_sd, 10));
  *sd = count * fmin(log_sd, 1);
  return floor(count);
}

void bbb_quantile_counts(const bbb_outcomes *of, size_t Q, const double *probs,
                         double *value) {
  size_t left = Q;
  for (size_t q = 0; q < Q; q++) value[q] = -1;
  if (all_small(of)) left = walk(of, Q, probs, value);
  for (size_t q = 0; q < Q && left > 0; q++) {
    double sd;
    if (value[q] >= 0) continue;
    const double start = guess(of, probs[q], &sd);
    value[q] = search(of, probs[q], start, floor(1 + 0.1 * sd));
  }
}
