/* likelihood.h: P(y | eta), independent over rows. */
#ifndef BBB_LIKELIHOOD_LIKELIHOOD_H
#define BBB_LIKELIHOOD_LIKELIHOOD_H

#include "data/batch.h"

/* Each of J outcomes has its own outputs, columns of y and auxiliaries, side by
 * side: J = K over its outputs, but 1 for the categorical. eta and aux are
 * numbered from 0 for each; y is a column each where nothing else is said. */
typedef enum {
  BBB_FAMILY_GAUSSIAN,        /* y ~ N(eta, exp(aux)^2) */
  BBB_FAMILY_BINOMIAL,        /* P(y = 1) = 1 / (1 + exp(-eta)), y is 0 or 1 */
  BBB_FAMILY_CATEGORICAL,     /* P(y = k) = softmax(eta)[k], y in 0 .. K - 1 */
  BBB_FAMILY_GAUSSIAN_HETERO, /* y ~ N(eta[0], exp(eta[1])^2), two outputs;
                                 eta[1] held like the aux of a gaussian */
  BBB_FAMILY_STUDENT_T, /* (y - eta) / exp(aux[0]) ~ t of 2 + exp(aux[1]) df */
  BBB_FAMILY_TRIALS,    /* y[0] successes of y[1] trials, of p as binomial */
  BBB_FAMILY_ORDINAL,   /* P(y <= k) = 1 / (1 + exp(eta - c[k])), y in 0 ..
                           levels - 1, c[0] = aux[0], c[j] - c[j - 1] =
                           exp(aux[j]), levels - 1 of them */
  BBB_FAMILY_POISSON,   /* mean m = exp(eta) */
  BBB_FAMILY_NEGBINOMIAL, /* the same, variance m + exp(aux) m^2 */
  /* y[0] is the log of the outcome t from here on */
  BBB_FAMILY_GAMMA,       /* t has mean exp(eta) and shape exp(aux) */
  BBB_FAMILY_LOGNORMAL,   /* log t ~ N(eta, exp(aux)^2) */
  BBB_FAMILY_WEIBULL,     /* P(T > t) = exp(-exp(z)), z = (log t - eta) /
                             exp(aux); y[1]: 1 if T = t, 0 if only T > t */
  BBB_FAMILY_LOGLOGISTIC, /* P(T > t) = 1 / (1 + exp(z)), the same */
  BBB_FAMILIES            /* how many there are */
} bbb_family;

bbb_name bbb_family_name;

/* Which of the kernels_likelihood.h a family has, NONE for the scalar ones. */
typedef enum {
  BBB_ROWS_NONE,
  BBB_ROWS_GAUSSIAN,
  BBB_ROWS_BINOMIAL,
  BBB_ROWS_CATEGORICAL,
  BBB_ROWS_HETERO
} bbb_rows_kernel;

/* log(1000): the bound of a noise level and of its inverse, in units of a
 * standardised outcome */
#define BBB_MOST_LOG_NOISE 6.90775528f

/* Levels of an ordinal outcome at most */
enum { BBB_MOST_LEVELS = 100 };

typedef struct {
  bbb_family family;
  size_t K;
  int learn_aux; /* 0: the auxiliaries are known and stay as they are */
  size_t levels; /* of an ordinal outcome; others have 0 */
} bbb_likelihood;

/* Whether K and levels suit the family; all below relies on it. */
bbb_rows_kernel bbb_likelihood_rows(const bbb_likelihood *lik);
int bbb_likelihood_valid(const bbb_likelihood *lik);

/* A: auxiliaries of all outcomes */
size_t bbb_likelihood_auxiliaries(const bbb_likelihood *lik);

/* Y: columns of y */
size_t bbb_likelihood_columns(const bbb_likelihood *lik);

/* What may be in column k of y, and how many classes there are. */
typedef enum {
  BBB_COLUMN_NUMBER,
  BBB_COLUMN_CLASS,  /* 0, 1 ... less than bbb_likelihood_classes() */
  BBB_COLUMN_COUNT,  /* 0, 1 ... */
  BBB_COLUMN_TRIALS, /* a count, no less than the column before */
  BBB_COLUMN_FLAG    /* 0 or 1 */
} bbb_column;
bbb_column bbb_likelihood_column(const bbb_likelihood *lik, size_t k);
size_t bbb_likelihood_classes(const bbb_likelihood *lik);

/* Outputs of one outcome */
size_t bbb_likelihood_outputs(const bbb_likelihood *lik);

/* log P(y | eta), summed over the batch with its weights, given eta (K, R) and
 * aux (A), the batch's offset added to eta. Where d_eta (K, R) is not NULL, set
 * it to the gradient of -log P(y | eta), zero in the padding, and add to d_aux
 * (A). */
double bbb_likelihood_log_density(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, float *d_eta, float *d_aux);

/* log P(y | eta) of each row, without its weight: each (N) */
void bbb_likelihood_log_densities(const bbb_likelihood *lik,
                                  const bbb_batch *batch, const float *eta,
                                  const float *aux, double *each);

/* Hold learned auxiliaries (A) where they make sense: a noise sd or scale of a
 * standardised outcome from 1/1000 to 1000, since the likelihood of data
 * without noise grows without bound as the noise shrinks; df from 2.01 to 1002,
 * a dispersion from 1e-4 to 1000, a shape from 0.01 to 1e4, the scale of a log
 * time from 0.01 to 100, cutpoints within 50 of 0 and from 1/1000 to 100 apart.
 */
void bbb_likelihood_hold(const bbb_likelihood *lik, float *aux);

/* What the outcomes of one row are given: eta (K), its numbers R apart and the
 * offset yet to be added to the first, and aux (A). */
typedef struct {
  const float *eta;
  size_t R;
  double offset;
  const float *aux;
} bbb_given;

/* The same of outcome j, as if it were the only one. */
bbb_given bbb_likelihood_outcome(const bbb_likelihood *lik,
                                 const bbb_given *given, size_t j);

/* V: the values whose moments are told: an outcome each, but of classes the 0/1
 * indicator of each class, of two or a trial only that of the second. */
size_t bbb_likelihood_values(const bbb_likelihood *lik);

/* mean (V, N) and variance (V, N) of what each row of the batch may turn out to
 * be, given eta (K, R) and aux (A), the batch's offset added to eta. */
void bbb_likelihood_moments(const bbb_likelihood *lik, const bbb_batch *batch,
                            const float *eta, const float *aux, double *mean,
                            double *variance);

/* What values the outcome has; a logged one's are told as they are in y. */
typedef enum {
  BBB_SCALE_LINE,
  BBB_SCALE_LOG,
  BBB_SCALE_COUNTS,
  BBB_SCALE_CLASSES
} bbb_scale;
bbb_scale bbb_likelihood_scale(const bbb_likelihood *lik);

/* Mean over S draws or rows, whose eta lie side by side, of P(y <= value) of
 * the first outcome; not for classes. */
double bbb_likelihood_below(const bbb_likelihood *lik, const bbb_given *given,
                            size_t S, double value);

/* Whether P(y <= value) has a meaning: not for unordered classes. */
int bbb_likelihood_ordered(const bbb_likelihood *lik);

/* The probabilities between which an outcome y lies: those of less than y and
 * of no more than y, which are one where y is continuous. A censored time lies
 * between that of its y and 1. */
typedef struct {
  double less, upto;
} bbb_cdf;

/* Added to each (N, apart J): those of outcome j of each row given its eta. */
void bbb_likelihood_cdf(const bbb_likelihood *lik, const bbb_batch *batch,
                        const float *eta, const float *aux, size_t j,
                        bbb_cdf *each);

#endif
