/* family.h: what a family is. Each is one bbb_family_row, made in one of
 * the likelihood_*.c; likelihood.c holds the table of them and goes over rows
 * and outcomes. */
#ifndef BBB_LIKELIHOOD_FAMILY_H
#define BBB_LIKELIHOOD_FAMILY_H

#include "bbb.h"

/* Numbers that prepare() makes of an outcome's auxiliaries, once for all rows;
 * and auxiliaries of one outcome. */
enum { BBB_MOST_CONSTANTS = 256, BBB_MOST_AUXILIARIES = 128 };

/* One outcome of one row: its y (columns), eta (outputs) and aux. Of the
 * gradients d_eta is set, where it is not NULL, and d_aux added to. */
typedef struct {
  const float *y, *eta;
  size_t apart, R;  /* from a column of y, and an output, to the next */
  size_t N;         /* from a value's moments to the next value's */
  double offset;    /* of the first output */
  size_t K;         /* outputs, or an ordinal outcome's levels */
  const double *of; /* what prepare() made */
  double weight;    /* of the gradients */
  float *d_eta;
  double *d_aux;
} bbb_observation;

static inline double bbb_y_at(const bbb_observation *o, size_t k) {
  return (double)o->y[k * o->apart];
}

static inline double bbb_eta_at(const bbb_observation *o, size_t k) {
  return (double)o->eta[k * o->R] + (k == 0 ? o->offset : 0);
}

static inline void bbb_set_d_eta(bbb_observation *o, size_t k, double d) {
  o->d_eta[k * o->R] = (float)(o->weight * d);
}

static inline void bbb_add_d_aux(bbb_observation *o, size_t j, double d) {
  o->d_aux[j] += o->weight * d;
}

typedef struct {
  const char *name;
  bbb_rows_kernel rows;
  size_t outputs; /* of the network for an outcome; 0: all of them */
  size_t auxiliaries;
  int by_levels; /* an auxiliary and a value for each level, less one and all */
  int counts;    /* the outcome is a whole number from 0 on */
  int logged;    /* y is the outcome's log */
  int normal;    /* y is normal of sd unit() */
  size_t columns;
  bbb_column column[2];    /* what each column of y is */
  float least[2], most[2]; /* of the first auxiliary, and of the others */
  void (*prepare)(const bbb_likelihood *lik, const float *aux, double *of);
  double (*log_density)(bbb_observation *o);
  /* The same as a form, whose terms are set without the offset */
  bbb_form form;
  void (*terms)(const bbb_observation *o, bbb_form_terms *t);
  void (*moments)(const bbb_observation *o, double *mean, double *variance);
  /* P(y <= value), the value as in the column of y; NULL for classes */
  double (*below)(const bbb_observation *o, double value);
  /* Where eta[0] does no more than shift y: what z is told in; see
     bbb_cdf_has_table() */
  double (*unit)(const bbb_observation *o);
  /* Of counts, the form of bbb_counts_begin(): their size, and the factor in
     P(Y = k + 1) / P(Y = k) */
  double (*size)(const float *aux);
  double (*factor)(double size, double k);
  /* Of the y observed; NULL: as below() says, or, without that, nothing */
  bbb_cdf (*cdf)(const bbb_observation *o);
} bbb_family_row;

/* The row of a likelihood's family, and outcome j of row 0 without gradients so
 * far; of (BBB_MOST_CONSTANTS). */
const bbb_family_row *bbb_family_of(const bbb_likelihood *lik);
bbb_observation bbb_family_outcome(const bbb_likelihood *lik, size_t j,
                                   const bbb_given *given, double *of);

extern const bbb_family_row bbb_family_gaussian, bbb_family_binomial,
  bbb_family_categorical, bbb_family_gaussian_hetero, bbb_family_student_t,
  bbb_family_trials, bbb_family_ordinal, bbb_family_poisson,
  bbb_family_negbinomial, bbb_family_gamma, bbb_family_lognormal,
  bbb_family_weibull, bbb_family_loglogistic;

#endif
