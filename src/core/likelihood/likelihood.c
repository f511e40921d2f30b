/* likelihood.c: from one outcome of one row to batches. A family is added by a
 * row here, a bbb_family_row in a likelihood_*.c and a row in R/family-table.R.
 */
#include "family.h"

#include <assert.h>
#include <string.h>

static const bbb_family_row *const table[BBB_FAMILIES] = {
  [BBB_FAMILY_GAUSSIAN] = &bbb_family_gaussian,
  [BBB_FAMILY_BINOMIAL] = &bbb_family_binomial,
  [BBB_FAMILY_CATEGORICAL] = &bbb_family_categorical,
  [BBB_FAMILY_GAUSSIAN_HETERO] = &bbb_family_gaussian_hetero,
  [BBB_FAMILY_STUDENT_T] = &bbb_family_student_t,
  [BBB_FAMILY_TRIALS] = &bbb_family_trials,
  [BBB_FAMILY_ORDINAL] = &bbb_family_ordinal,
  [BBB_FAMILY_POISSON] = &bbb_family_poisson,
  [BBB_FAMILY_NEGBINOMIAL] = &bbb_family_negbinomial,
  [BBB_FAMILY_GAMMA] = &bbb_family_gamma,
  [BBB_FAMILY_LOGNORMAL] = &bbb_family_lognormal,
  [BBB_FAMILY_WEIBULL] = &bbb_family_weibull,
  [BBB_FAMILY_LOGLOGISTIC] = &bbb_family_loglogistic,
};

const char *bbb_family_name(int kind) {
  return kind < BBB_FAMILIES ? table[kind]->name : NULL;
}

bbb_rows_kernel bbb_likelihood_rows(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->rows;
}

/* ---- shapes ---- */

const bbb_family_row *bbb_family_of(const bbb_likelihood *lik) {
  assert(lik->family < BBB_FAMILIES);
  return table[lik->family];
}

static size_t outputs_each(const bbb_likelihood *lik) {
  const size_t outputs = bbb_family_of(lik)->outputs;
  return outputs > 0 ? outputs : lik->K;
}

static size_t auxiliaries_each(const bbb_likelihood *lik) {
  return bbb_family_of(lik)->by_levels ? lik->levels - 1
                                       : bbb_family_of(lik)->auxiliaries;
}

static size_t values_each(const bbb_likelihood *lik) {
  if (bbb_family_of(lik)->by_levels) return lik->levels;
  return bbb_family_of(lik)->outputs > 0 ? 1 : lik->K;
}

static size_t outcomes(const bbb_likelihood *lik) {
  return lik->K / outputs_each(lik);
}

size_t bbb_likelihood_auxiliaries(const bbb_likelihood *lik) {
  return outcomes(lik) * auxiliaries_each(lik);
}

size_t bbb_likelihood_columns(const bbb_likelihood *lik) {
  return outcomes(lik) * bbb_family_of(lik)->columns;
}

size_t bbb_likelihood_values(const bbb_likelihood *lik) {
  return outcomes(lik) * values_each(lik);
}

int bbb_likelihood_valid(const bbb_likelihood *lik) {
  const int has_levels = bbb_family_of(lik)->by_levels;
  return lik->K % outputs_each(lik) == 0 &&
         (!has_levels || (lik->levels >= 2 && lik->levels <= BBB_MOST_LEVELS));
}

bbb_column bbb_likelihood_column(const bbb_likelihood *lik, size_t k) {
  return bbb_family_of(lik)->column[k % bbb_family_of(lik)->columns];
}

size_t bbb_likelihood_classes(const bbb_likelihood *lik) {
  if (lik->family == BBB_FAMILY_BINOMIAL) return 2;
  return values_each(lik);
}

bbb_scale bbb_likelihood_scale(const bbb_likelihood *lik) {
  const bbb_family_row *row = bbb_family_of(lik);
  if (!row->below) return BBB_SCALE_CLASSES;
  if (row->counts) return BBB_SCALE_COUNTS;
  return row->logged ? BBB_SCALE_LOG : BBB_SCALE_LINE;
}

size_t bbb_likelihood_outputs(const bbb_likelihood *lik) {
  return outputs_each(lik);
}

/* ---- rows and outcomes ---- */

bbb_observation bbb_family_outcome(const bbb_likelihood *lik, size_t j,
                                   const bbb_given *given, double *of) {
  bbb_observation o = {.eta = given->eta + j * outputs_each(lik) * given->R,
                       .R = given->R,
                       .offset = j == 0 ? given->offset : 0,
                       .K = values_each(lik),
                       .of = of,
                       .weight = 1};
  if (bbb_family_of(lik)->prepare) {
    bbb_family_of(lik)->prepare(lik, given->aux + j * auxiliaries_each(lik),
                                of);
  }
  return o;
}

/* The same outcome of row i. */
static bbb_observation row_at(const bbb_observation *first,
                              const bbb_batch *batch, size_t j, size_t i) {
  bbb_observation o = *first;
  if (o.y) o.y += i;
  o.eta += i;
  o.offset = j == 0 && batch->offset ? (double)batch->offset[i] : 0;
  if (o.d_eta) o.d_eta += i;
  return o;
}

double bbb_likelihood_log_density(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, float *d_eta,
                                  float *d_aux) {
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_given given = {eta, bbb_padded(batch->N, BBB_LANES), 0, aux};
  const size_t A = auxiliaries_each(lik);
  double of[BBB_MOST_CONSTANTS], sum = 0;
  if (d_eta) memset(d_eta, 0, lik->K * given.R * sizeof *d_eta);
  for (size_t j = 0; j < outcomes(lik); j++) {
    double d_aux_j[BBB_MOST_AUXILIARIES] = {0};
    bbb_observation first = bbb_family_outcome(lik, j, &given, of);
    first.y = batch->y + j * row->columns * batch->apart;
    first.apart = batch->apart;
    first.d_eta = d_eta ? d_eta + j * outputs_each(lik) * given.R : NULL;
    first.d_aux = d_aux_j;
    for (size_t i = 0; i < batch->N; i++) {
      bbb_observation o = row_at(&first, batch, j, i);
      if (batch->weight) o.weight = (double)batch->weight[i];
      sum += o.weight * row->log_density(&o);
    }
    for (size_t a = 0; d_eta && lik->learn_aux && a < A; a++) {
      d_aux[j * A + a] += (float)d_aux_j[a];
    }
  }
  return sum;
}

void bbb_likelihood_log_densities(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, double *each) {
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_given given = {eta, bbb_padded(batch->N, BBB_LANES), 0, aux};
  double of[BBB_MOST_CONSTANTS];
  for (size_t i = 0; i < batch->N; i++) each[i] = 0;
  for (size_t j = 0; j < outcomes(lik); j++) {
    bbb_observation first = bbb_family_outcome(lik, j, &given, of);
    first.y = batch->y + j * row->columns * batch->apart;
    first.apart = batch->apart;
    for (size_t i = 0; i < batch->N; i++) {
      bbb_observation o = row_at(&first, batch, j, i);
      each[i] += row->log_density(&o);
    }
  }
}

/* So written, not a number stays one and is found out. */
static float held(float value, float least, float most) {
  return value > most ? most : value < least ? least : value;
}

void bbb_likelihood_hold(const bbb_likelihood *lik, float *aux) {
  const bbb_family_row *row = bbb_family_of(lik);
  const size_t A = auxiliaries_each(lik);
  if (!lik->learn_aux) return;
  for (size_t a = 0; a < bbb_likelihood_auxiliaries(lik); a++) {
    const int which = a % A > 0;
    aux[a] = held(aux[a], row->least[which], row->most[which]);
  }
}

void bbb_likelihood_moments(const bbb_likelihood *lik, const bbb_batch *batch,
                            const float *eta, const float *aux, double *mean,
                            double *variance) {
  const bbb_family_row *row = bbb_family_of(lik);
  const bbb_given given = {eta, bbb_padded(batch->N, BBB_LANES), 0, aux};
  const size_t V = values_each(lik), N = batch->N;
  double of[BBB_MOST_CONSTANTS];
  for (size_t j = 0; j < outcomes(lik); j++) {
    bbb_observation first = bbb_family_outcome(lik, j, &given, of);
    first.N = N;
    for (size_t i = 0; i < N; i++) {
      const bbb_observation o = row_at(&first, batch, j, i);
      row->moments(&o, mean + j * V * N + i, variance + j * V * N + i);
    }
  }
}

double bbb_likelihood_below(const bbb_likelihood *lik, const bbb_given *given,
                            size_t S, double value) {
  const bbb_family_row *row = bbb_family_of(lik);
  double of[BBB_MOST_CONSTANTS], sum = 0;
  bbb_observation o = bbb_family_outcome(lik, 0, given, of);
  for (size_t s = 0; s < S; s++, o.eta++) sum += row->below(&o, value);
  return sum / (double)S;
}

bbb_given bbb_likelihood_outcome(const bbb_likelihood *lik,
                                 const bbb_given *given, size_t j) {
  bbb_given outcome = *given;
  outcome.eta += j * outputs_each(lik) * given->R;
  outcome.aux += j * auxiliaries_each(lik);
  if (j > 0) outcome.offset = 0;
  return outcome;
}
