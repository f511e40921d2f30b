/* predict_quantile.c: answers about one outcome's predictive distribution,
 * which is a mixture over the draws. Quantiles need all draws of a row at once.
 */
#include "predict.h"

#include <math.h>

static const bbb_likelihood *likelihood(const bbb_predictive *p) {
  return &p->model.likelihood;
}

static int of_classes(const bbb_likelihood *lik) {
  return bbb_likelihood_scale(lik) == BBB_SCALE_CLASSES;
}

static bbb_given outcome_given(const bbb_predict_job *j, const float *eta,
                               size_t i) {
  const bbb_given given = bbb_predict_given(j, eta, i);
  return bbb_likelihood_outcome(likelihood(j->p), &given, j->p->outcome);
}

static size_t none(const bbb_predictive *p) {
  (void)p;
  return 0;
}

static size_t survival_sums(const bbb_predictive *p) { return p->Q; }

static size_t kept_each(const bbb_predictive *p) {
  const bbb_likelihood *lik = likelihood(p);
  return of_classes(lik) ? 1 : bbb_likelihood_outputs(lik);
}

static size_t quantile_kept(const bbb_predictive *p) {
  return kept_each(p) * p->S;
}

/* Where draw s is kept: those of each posterior side by side. */
static size_t kept_at(const bbb_predictive *p, size_t s) {
  return s % p->F * (p->S / p->F) + s / p->F;
}

/* Where the family tells its distribution function, what that is given is kept
 * of each draw; else the mean of the first value. */
static void quantile_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const bbb_likelihood *lik = likelihood(j->p);
  const size_t each = kept_each(j->p), S = j->p->S;
  const int classes = of_classes(lik);
  double *mean = j->one, *variance = mean + bbb_likelihood_values(lik);
  for (size_t i = 0; i < j->block->N; i++) {
    float *kept = j->kept + i * each * S + kept_at(j->p, s);
    if (classes) {
      const bbb_given given = bbb_predict_given(j, eta, i);
      bbb_likelihood_moments(lik, &given, mean, variance);
      *kept = (float)mean[0];
      continue;
    }
    const bbb_given one = outcome_given(j, eta, i);
    for (size_t k = 0; k < each; k++) kept[k * S] = one.eta[k * one.R];
    kept[0] += (float)one.offset;
  }
}

static double quantile_at(const bbb_predict_job *j, const bbb_outcomes *of,
                          double prob) {
  const bbb_likelihood *lik = of->lik;
  const size_t S = of->S;
  if (lik->family == BBB_FAMILY_GAUSSIAN) {
    return bbb_quantile_mixture(S, j->one, of->F, j->one + S, prob);
  }
  if (of_classes(lik)) {
    return bbb_quantile_sorted(S, j->one, prob);
  }
  const double value = bbb_quantile_outcome(of, prob);
  return bbb_likelihood_scale(lik) == BBB_SCALE_LOG ? exp(value) : value;
}

static void quantile_finish(bbb_predict_job *j) {
  const bbb_predictive *p = j->p;
  const size_t S = p->S;
  bbb_outcomes of = {likelihood(p), p->outcome, S, p->F, NULL, p->theta};
  for (size_t f = 0; of.lik->family == BBB_FAMILY_GAUSSIAN && f < p->F; f++) {
    j->one[S + f] = exp((double)p->theta[f].aux[p->outcome]);
  }
  for (size_t i = 0; i < j->block->N; i++) {
    of.eta = j->kept + i * kept_each(p) * S;
    for (size_t s = 0; s < S; s++) j->one[s] = (double)of.eta[s];
    if (of_classes(of.lik)) {
      bbb_quantile_sort(S, j->one);
    }
    for (size_t q = 0; q < j->p->Q; q++) {
      j->to->out[j->first + i + j->to->N * q] =
        quantile_at(j, &of, j->p->at[q]);
    }
  }
}

const bbb_predict_row bbb_predict_quantile = {none, quantile_kept,
                                              quantile_gather, quantile_finish};

static void survival_gather(bbb_predict_job *j, size_t s, const float *eta) {
  const size_t Q = j->p->Q;
  (void)s;
  for (size_t i = 0; i < j->block->N; i++) {
    const bbb_given one = outcome_given(j, eta, i);
    for (size_t q = 0; q < Q; q++) {
      j->sums[i * Q + q] +=
        1 - bbb_likelihood_below(likelihood(j->p), &one, 1, j->p->at[q]);
    }
  }
}

static void survival_finish(bbb_predict_job *j) {
  const size_t Q = j->p->Q;
  for (size_t i = 0; i < j->block->N; i++) {
    for (size_t q = 0; q < Q; q++) {
      j->to->out[j->first + i + j->to->N * q] =
        j->sums[i * Q + q] / (double)j->p->S;
    }
  }
}

const bbb_predict_row bbb_predict_survival = {survival_sums, none,
                                              survival_gather, survival_finish};
