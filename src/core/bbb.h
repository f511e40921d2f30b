/* bbb.h: the core of bbb, specified. Plain C99; it knows nothing of R.
 *
 * Bayes by Backprop: Blundell, Cornebise, Kavukcuoglu and Wierstra (2015),
 * "Weight Uncertainty in Neural Networks", ICML, is "the paper" below.
 *
 * Dimensions    N rows of a batch   D inputs of a layer   H units of a layer
 *               K outputs           L layers, the output layer included
 *               P weights, biases among them            A auxiliaries (noise)
 *               T = 2 P + A trained numbers             S draws of the weights
 * Shapes        (N, D) is row-major: the last index runs fastest.
 * Conventions   Values are set, gradients are added. d_x is the gradient of a
 *               loss (a negative log density) in x. Weights, noise and
 *               activations are float; what is reported is summed in double.
 *               Arguments: what it is, then inputs (const), then outputs.
 * Ownership     The core allocates nothing, prints nothing and remembers
 *               nothing. Structs are views: they borrow their pointers.
 * Errors        A user's mistake is found in R, a programmer's is an assert,
 *               what only the numbers can show is a bbb_status.
 */
#ifndef BBB_H
#define BBB_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "needs infinities, NaN and sums in their order: no -ffast-math"
#endif

/* Vectors of the compiler's own, with conversions between them. */
#if defined(__clang__) || defined(__GNUC__) && __GNUC__ >= 9
#define BBB_VECTORS 1
#endif

typedef enum {
  BBB_OK = 0,
  BBB_DIVERGED, /* the loss or a weight stopped being finite */
  BBB_STOPPED   /* the caller's tick asked us to stop */
} bbb_status;

/* Whether the caller wants out of work that takes long. ask(ctx) is the
 * caller's and says so by a number other than 0; only the thread that the
 * caller called from asks, so that it may call R. A yes is kept in `wanted`. */
typedef struct {
  int (*ask)(void *ctx); /* NULL: never */
  void *ctx;
  int wanted;
} bbb_stop;

/* The name of number `kind` of a list, as R and users write it, or NULL where
 * the list has ended. Kinds come over the border by their names: the order of
 * an enum decides nothing. */
typedef const char *bbb_name(int kind);

/* Vectors have up to 16 lanes, and rows that lie side by side are padded to
 * whole ones. */
enum { BBB_LANES = 16 };

/* The least multiple of `of` that is at least n. */
static inline size_t bbb_padded(size_t n, size_t of) {
  return (n + of - 1) / of * of;
}

/* ---- rng.c: noise is a pure function of (key, counter) ------------------ */

typedef struct {
  uint32_t word[2];
} bbb_key;

/* What the noise is for: no two purposes ever share a counter. Their numbers
 * are part of it, so that a new purpose is the last. */
typedef enum {
  BBB_STREAM_START,     /* starting means */
  BBB_STREAM_SHUFFLE,   /* order of the rows, step = epoch */
  BBB_STREAM_TRAIN,     /* eps of a training step */
  BBB_STREAM_VALIDATE,  /* eps of the validation score */
  BBB_STREAM_PREDICT,   /* eps of the posterior predictive */
  BBB_STREAM_HOLDOUT,   /* which rows are held out */
  BBB_STREAM_UNITS,     /* noise of units, or signs, of a training step */
  BBB_STREAM_ROWS,      /* noise of units of the posterior predictive */
  BBB_STREAM_RESIDUALS, /* where in its step a discrete outcome's residual is */
  BBB_STREAM_SPREAD,    /* eps of the check of the sds */
  BBB_STREAMS           /* how many there are */
} bbb_stream;

bbb_name bbb_stream_name;

typedef struct {
  bbb_key key;
  bbb_stream stream;
  uint32_t step, draw;
} bbb_source;

/* Of Philox; not where the vector code could see them: a compiler that knows
 * them makes 64-bit products of shifts and sums, which take longer. */
extern const uint32_t bbb_rng_multipliers[2];

/* Philox4x32-10                                 Salmon et al. (2011), SC'11 */
void bbb_rng_philox(const uint32_t counter[4], bbb_key key, uint32_t out[4]);

/* Normals are made in groups of 64. */
enum { BBB_GROUP = 64 };

/* eps[j] ~ N(0, 1), j < n: numbers first + j of their source; 64 divides first.
 * Box-Muller on counter (block of the number, step, draw, stream). |eps| < 6:
 * the uniforms have 24 bits. */
void bbb_rng_normals(const bbb_source *from, size_t first, size_t n,
                     float *eps);

/* 64 words from 16 counters, from `block` on: word k of counter l is out[16 k +
 * l].
 */
typedef void bbb_bits(const bbb_source *from, uint32_t block,
                      uint32_t out[BBB_GROUP]);
bbb_bits bbb_rng_bits;

/* word[n] = a word that row n has to itself, made of its D numbers alone, x (D,
 * N): Philox's first on (word so far, the next three numbers), under key 0, and
 * on again to the row's end. -0 is as 0. */
void bbb_rng_row_words(size_t N, size_t D, const float *x, uint32_t *word);

/* What is drawn apart for each of N rows: z (H, N) = mean + sd eps. A row's eps
 * is from its own counters (h / 4, word, draw, stream): the normals of unit h
 * and the three after it, for h a multiple of 4. */
typedef struct {
  size_t N, H;
  const uint32_t *word;   /* (N) */
  const float *mean, *sd; /* (H, N) */
} bbb_rowwise;
void bbb_rng_rowwise(const bbb_source *from, const bbb_rowwise *rows, float *z);

/* order = a uniform permutation of 0 .. n - 1 (Fisher and Yates); returns
 * nonzero, with none, where the caller wanted out. stop may be NULL. */
int bbb_rng_permutation(bbb_bits *bits, const bbb_source *from, uint32_t n,
                        bbb_stop *stop, uint32_t *order);

/* ---- activation.c: f and f' share a table row --------------------------- */

typedef enum {
  BBB_ACTIVATION_RELU,       /* max(z, 0) */
  BBB_ACTIVATION_SIGMOID,    /* 1 / (1 + exp(-z)) */
  BBB_ACTIVATION_TANH,       /* tanh(z) */
  BBB_ACTIVATION_SOFTPLUS,   /* log(1 + exp(z)) */
  BBB_ACTIVATION_LEAKY_RELU, /* z > 0 ? z : z / 100 */
  BBB_ACTIVATION_ELU,        /* z > 0 ? z : exp(z) - 1 */
  BBB_ACTIVATION_GELU,     /* z Phi(z), Phi the normal distribution function */
  BBB_ACTIVATION_IDENTITY, /* z */
  BBB_ACTIVATIONS          /* how many there are */
} bbb_activation;

bbb_name bbb_activation_name;

/* a[i] = f(z[i]), i < n */
void bbb_activation_forward(bbb_activation kind, size_t n, const float *z,
                            float *a);

/* d[i] = d[i] f'(z[i]): the gradient in a becomes the gradient in z. */
void bbb_activation_backward(bbb_activation kind, size_t n, const float *z,
                             const float *a, float *d);

/* ---- posterior.c: q(w) = N(mu, sigma^2), sigma = log(1 + exp(rho)) ------ */

typedef struct {
  size_t P;
  const float *mu, *rho; /* (P) */
} bbb_posterior;

/* sigma = log(1 + exp(rho)), no overflow, no cancellation */
double bbb_softplus(double rho);

/* rho = log(exp(sigma) - 1), sigma > 0 */
double bbb_softplus_inverse(double sigma);

/* w = mu + sigma eps                                  the paper, 3.2 step 2 */
void bbb_posterior_sample(const bbb_posterior *q, const float *eps, float *w);

/* log q(w) at w = mu + sigma eps: sum of -log(2 pi)/2 - log sigma - eps^2/2 */
double bbb_posterior_log_density(const bbb_posterior *q, const float *eps);

/* Where the prior of each of n weights is: that of (w - center) narrow. */
typedef struct {
  const float *narrow; /* (n) 1 / scale; NULL: 1 */
  const float *center; /* (n); NULL: 0 */
} bbb_place;

/* The rest of section 3.2, by parts, since a gradient may be summed over S
 * draws. A draw says, with d_w the gradient in w of -log P(D | w) - kl_weight
 * log P(w), g_mu = d_w, g_rho = d_w eps and the kernels' gather() sets or adds
 * these. */
typedef struct {
  size_t n;
  const float *w, *eps, *d_w; /* (n) */
  const float *mu;            /* (n) and where their prior is */
  bbb_place place;
  const float *d_sigma; /* (n) in place of d_w eps, or NULL */
} bbb_draw;

/* Then g_mu is the gradient in mu (equation 3), and g_rho becomes that in rho:
 *   (g_rho - kl_weight / sigma) / (1 + exp(-rho))               equation 4
 * with kl_weight summed over the draws. The terms of log q in mu and w cancel:
 * at w = mu + sigma eps it depends on sigma alone, through -log sigma. */
void bbb_posterior_chain(const bbb_posterior *q, double kl_weight,
                         float *g_rho);

/* ---- prior.c: P(w), independent over weights ---------------------------- */

typedef enum {
  BBB_PRIOR_NORMAL,  /* N(0, sd1^2) */
  BBB_PRIOR_MIXTURE, /* pi N(0, sd1^2) + (1 - pi) N(0, sd2^2)     equation 7 */
  BBB_PRIOR_LAPLACE, /* exp(-|w| / sd1) / (2 sd1) */
  BBB_PRIOR_STUDENT, /* sd1 times a t variable with df degrees of freedom */
  BBB_PRIORS         /* how many there are */
} bbb_prior_kind;

bbb_name bbb_prior_name;

/* The prior of (w - center) / scale, where scale is that of the weight's layer,
 * or 1; a prior that lists both for each weight is an earlier posterior. */
typedef struct {
  bbb_prior_kind kind;
  double pi, sd1, sd2, df;    /* those that the kind has */
  const double *weight_scale; /* (L) of the weights of a layer, or NULL: 1 */
  const double *bias_scale;   /* (L) and of its biases */
  bbb_place each;             /* (P) of all weights; NULLs: as above */
  int learn;       /* weight scales are where learning starts: prior_scale.c */
  double strength; /* weight of that start, in weights */
  int exact;       /* for a normal prior: E log P under q, not a draw of it */
} bbb_prior;

/* The prior as the kernels use it, worked out once for all weights. Of the
 * mixture's part i at u = w / scale, the logarithm is log_share[i] -
 * half_precision[i] u^2; a normal has part 0 only. Of a Laplace
 * half_precision[0] is 1 / sd1; of Student's t it is 1 / (df sd1^2), and
 * log_share[0] the power (df + 1) / 2. `each` is the constant of a weight's log
 * P. */
typedef struct {
  const bbb_prior *prior;
  float log_share[2], half_precision[2];
  double each;
} bbb_prior_at;
bbb_prior_at bbb_prior_begin(const bbb_prior *prior);

/* Where the prior of the weights from number j on is. */
bbb_place bbb_place_from(const bbb_place *place, size_t j);

/* log P(w), the sum over P weights. */
double bbb_prior_log_density(const bbb_prior *prior, size_t P,
                             const bbb_place *place, const float *w);

/* d_w += weight times the gradient of -log P(w) */
void bbb_prior_backward(const bbb_prior *prior, size_t P, double weight,
                        const bbb_place *place, const float *w, float *d_w);

/* Of a normal prior: E log P(w) under q, and the gradient of -weight E log P(w)
 * in mu, added to d_mu, and in sigma, added to d_sigma; those may be NULL. */
double bbb_prior_expected(const bbb_prior *prior, const bbb_posterior *q,
                          const bbb_place *place);
void bbb_prior_expected_backward(const bbb_prior *prior, const bbb_posterior *q,
                                 double weight, const bbb_place *place,
                                 float *d_mu, float *d_sigma);

/* ---- likelihood*.c: P(y | eta), independent over rows ------------------- */

/* D inputs of a network, of which V are numbers. The others are indicators of
 * the levels of C factors: in a row at most one of a factor's is on. */
typedef struct {
  size_t D, V, C;
  const uint32_t *number; /* (V) which inputs are numbers */
  const float *off, *on;  /* (D) what an indicator is, standardised */
} bbb_coded;

/* Outcomes and what the network makes of the predictors have their rows
 * fastest, R = bbb_padded(N, BBB_LANES) of them for the latter; what is in the
 * padding is finite and does not matter. y may have no padding. */
typedef struct {
  size_t N;
  const float *x; /* (N, D); coded (N, V) */
  const float *y; /* (Y, apart) Y = bbb_likelihood_columns(); NULL to predict */
  size_t apart;   /* numbers from a column of y to the next */
  const float *weight; /* (N) of the rows in the likelihood, or NULL: all 1 */
  const float *offset; /* (N) added to the first output, or NULL: 0 */
  const bbb_coded *coded; /* or NULL */
  const uint32_t *code;   /* coded (N, C) 1 + the input that is on, or 0 */
} bbb_batch;

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

/* ---- cdf_table.c: distribution functions in a table --------------------- */

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
  BBB_CDF_NUMBERS = 2 * 4 * BBB_CDF_CELLS
};

/* cell (2, BBB_CDF_CELLS, 4): the cubics of z < 0, then of the others. */
typedef struct {
  const bbb_likelihood *lik;
  const float *aux; /* of this outcome */
  const double *cell;
} bbb_cdf_table;

/* cell (BBB_CDF_NUMBERS) of the outcome whose auxiliaries begin at aux */
void bbb_cdf_table_make(const bbb_likelihood *lik, const float *aux,
                        double *cell);

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

/* ---- special.c: special functions -------------------------------------- */

/* 1 / (1 + exp(-x)), no overflow */
double bbb_sigmoid(double x);

/* exp(x), x above 60 held there: floats made of it stay finite. */
double bbb_exp_held(double x);

/* log Gamma(x) and its derivative, x > 0, to 1e-14 of 1 or of the value. */
double bbb_log_gamma(double x);
double bbb_digamma(double x);

/* Distribution functions, to 1e-10: of the normal; of the gamma of shape a and
 * rate 1, and one less that; of the beta, for a up to 1e4 and any b, or b up to
 * 1e4, and to 1e-5 for others up to 1e9; of Student's t. */
double bbb_normal_below(double x);
double bbb_gamma_below(double a, double x);
double bbb_gamma_above(double a, double x);
double bbb_beta_below(double a, double b, double x);
double bbb_t_below(double df, double x);

/* ---- optim.c: optimisers, learning-rate schedules, KL weights ----------- */

typedef enum {
  BBB_OPTIMIZER_ADAM, /* Kingma and Ba (2015): moments m and v */
  BBB_OPTIMIZER_SGD,  /* heavy-ball momentum: m = momentum m + g */
  BBB_OPTIMIZERS      /* how many there are */
} bbb_optimizer;

bbb_name bbb_optimizer_name;

typedef struct {
  bbb_optimizer kind;
  double beta1, beta2, epsilon; /* Adam */
  double momentum;              /* SGD */
  double clip; /* largest norm of a step's gradient, or 0: any */
} bbb_optim;

/* How many numbers an optimiser remembers for each one that it trains. */
size_t bbb_optim_moments(const bbb_optim *optim);

/* What all numbers share in step t = 1, 2, ... */
typedef struct {
  float rate;     /* the learning rate, over Adam's correction of m */
  float v_factor; /* Adam's correction of v */
  float scale;    /* of the gradient */
  size_t apart;   /* from a number's first moment to its second */
} bbb_optim_at;
bbb_optim_at bbb_optim_begin(const bbb_optim *optim, double learn_rate,
                             double scale, uint32_t t, size_t apart);

/* The scale, of at most at->scale, under which a gradient whose squares sum to
 * so much has a norm of at most clip. */
float bbb_optim_clip(const bbb_optim *optim, const bbb_optim_at *at,
                     double squares);

/* Sum of squares of d (n), in an order that n alone decides. */
double bbb_optim_squares(size_t n, const float *d);

/* The step for n numbers at theta with gradient scale * d; their moments,
 * `apart` from each other, are zero before step 1. */
void bbb_optim_step(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                    const float *d, float *moments, float *theta);

/* What is trained: T = 2 P + A numbers. */
typedef struct {
  float *mu, *rho; /* (P) */
  float *aux;      /* (A) */
} bbb_theta;

/* Some of them, and the first moments of each. */
typedef struct {
  bbb_theta theta;
  float *mu_moments, *rho_moments;
} bbb_trained;

/* What the last draw of a step does with the gradient, where it is to. */
typedef struct {
  const bbb_optim *optim;
  bbb_optim_at at;
  float *moments; /* of mu (P), rho (P) and aux (A), one after the other */
} bbb_update;

typedef enum {
  BBB_SCHEDULE_CONSTANT, /* 1 */
  BBB_SCHEDULE_COSINE,   /* (1 + cos(pi done)) / 2, never below 1/100 */
  BBB_SCHEDULE_STEP,     /* 1, then 1/10 and 1/100 from done = 1/2 and 3/4 */
  BBB_SCHEDULES          /* how many there are */
} bbb_schedule;

bbb_name bbb_schedule_name;

/* The factor of the learning rate when the share `done` of training is over. */
double bbb_schedule_factor(bbb_schedule schedule, double done);

typedef enum {
  BBB_KL_UNIFORM,  /* 1 / M                                       equation 8 */
  BBB_KL_BLUNDELL, /* 2^(M - i) / (2^M - 1)                       equation 9 */
  BBB_KL_WEIGHTS   /* how many there are */
} bbb_kl_weight;

bbb_name bbb_kl_weight_name;

/* Weight of the KL in batch i = 0 .. M - 1 of M; an epoch's sum to 1. */
double bbb_kl_weight_at(bbb_kl_weight kind, size_t i, size_t M);

/* ---- kernels*.c: the hot loops, once for each instruction set ----------- */

/* Weights lie in blocks, as the products read them: of 8 units, and then of 4,
 * 2 and 1 for those that are left. A block of b units and D inputs is (D, b).
 */
enum { BBB_BLOCK = 8 };

/* Units of the next block when so many are left. */
static inline size_t bbb_block(size_t left) {
  return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/* Inside a network a layer's values are (H, N), each unit's together. */
typedef struct {
  size_t N, D, H; /* rows, a multiple of BBB_LANES; inputs; units */
} bbb_layer;

/* What backward_weights() takes at most. */
enum { BBB_SLICE = 32 };

typedef struct {
  double posterior, prior;
} bbb_log_densities;

/* Normal distributions, one a draw. */
typedef struct {
  size_t S;
  const float *mean, *inverse; /* (S), (S) 1 / sd */
} bbb_normals;

/* The scalar kernels are the reference, the others agree with them to single
 * precision and, however many rows or weights they are given at a time, with
 * themselves to the bit, sums aside. */
typedef struct {
  /* z (H, N) = W' x (D, N) */
  void (*forward)(const bbb_layer *l, const float *W, const float *x, float *z);
  /* rows range[0] .. range[1] - 1 of d_x (D, N) = W d_z (H, N): set, not added
   */
  void (*backward_inputs)(const bbb_layer *l, const float *W, const float *d_z,
                          const size_t range[2], float *d_x);
  /* d_W, in blocks = x (D, N) d_z' (N, H), H <= BBB_SLICE: set, not added.
   * turned (N, BBB_SLICE) is room to work. */
  void (*backward_weights)(const bbb_layer *l, const float *x, const float *d_z,
                           float *turned, float *d_W);
  bbb_bits *bits;
  void (*normals)(const bbb_source *from, size_t first, size_t n, float *eps);
  /* N is a multiple of BBB_LANES in both of these. */
  void (*row_words)(size_t N, size_t D, const float *x, uint32_t *word);
  void (*rowwise)(const bbb_source *from, const bbb_rowwise *rows, float *z);
  void (*sample)(const bbb_posterior *q, const float *eps, float *w);
  void (*variance)(const bbb_posterior *q, float *out); /* sigma^2 */
  /* sample, whose q->mu may be NULL: 0; and log q(w) and log P(w) of what came,
   * or their means under q */
  bbb_log_densities (*draw)(const bbb_prior_at *prior, const bbb_posterior *q,
                            const bbb_place *place, const float *eps, float *w);
  /* Of draw->d_w, the gradient of -log P(D | w), and of -kl_weight log P(w):
   * g_mu and g_rho are set or, where `add`, added to. Of the mean of log P the
   * part in sigma is for chain to add. */
  void (*gather)(const bbb_prior_at *prior, double kl_weight,
                 const bbb_draw *draw, int add, float *g_mu, float *g_rho);
  void (*chain)(const bbb_prior_at *prior, const bbb_posterior *q,
                const bbb_place *place, double kl_weight, float *g_rho);
  void (*activation_forward)(bbb_activation kind, size_t n, const float *z,
                             float *a);
  void (*activation_backward)(bbb_activation kind, size_t n, const float *z,
                              const float *a, float *d);
  void (*optim_step)(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                     const float *d, float *moments, float *theta);
  /* gather, chain and a step of Adam for mu and rho in one pass, when a step
   * has one draw. NULL: use the three. */
  void (*update)(const bbb_prior_at *prior, double kl_weight,
                 const bbb_draw *draw, const bbb_optim *optim,
                 const bbb_optim_at *at, const bbb_trained *to);
  double (*likelihood_log_density)(const bbb_likelihood *lik,
                                   const bbb_batch *batch, const float *eta,
                                   const float *aux, float *d_eta,
                                   float *d_aux);
  /* At value, sums over the draws: of the distribution functions, densities and
   * their slopes. NULL: use a table. */
  void (*normal_mixture)(const bbb_normals *of, double value, double sum[3]);
} bbb_kernels;

typedef enum {
  BBB_ISA_SCALAR,   /* plain C, the reference */
  BBB_ISA_BASELINE, /* vectors of 4: SSE2, NEON */
  BBB_ISA_AVX2,     /* vectors of 8, with FMA */
  BBB_ISA_AVX512,   /* vectors of 16 */
  BBB_ISAS          /* how many there are */
} bbb_isa;

bbb_name bbb_isa_name;

/* One in particular, or NULL where the machine or the compiler does not have
 * it; and the best that there is. */
const bbb_kernels *bbb_kernels_for(bbb_isa isa);
const bbb_kernels *bbb_kernels_best(void);

/* ---- parallel.c --------------------------------------------------------- */

/* Tasks 0 .. tasks - 1, each once, on up to so many threads, numbered from 0;
 * they must not depend on each other. */
typedef void bbb_task(void *ctx, size_t i, size_t worker);
void bbb_parallel(size_t threads, size_t tasks, bbb_task *task, void *ctx);

/* Ask, outside of tasks; stop may be NULL. */
int bbb_stop_wanted(bbb_stop *stop);

/* The same tasks, with a look before each; returns nonzero, with tasks undone,
 * where the caller wants out. */
int bbb_parallel_until(size_t threads, size_t tasks, bbb_task *task, void *ctx,
                       bbb_stop *stop);

/* Threads that the machine, or the environment, allows. */
size_t bbb_parallel_most(void);

/* ---- net.c: a fully connected network ----------------------------------- */

typedef struct {
  size_t L;                  /* layers; 1 is a linear model */
  const size_t *width;       /* (L + 1) inputs, hidden units ..., outputs K */
  bbb_activation activation; /* of the hidden layers; the last is identity */
  const bbb_kernels *kernels;
  size_t threads; /* at most, for work that is worth them */
  double span;    /* multiplications between two looks at whether the caller
                     wants out, about; 0: as many as take a few hundredths of a
                     second */
} bbb_net;

/* P: layer after layer, each the blocks of its D + 1 inputs, of which the last
 * is the bias, and H units. */
size_t bbb_net_parameters(const bbb_net *net);

/* Weights (P) from the natural order, layer after layer and each (D + 1, H), to
 * that of the blocks, and back. */
void bbb_net_pack(const bbb_net *net, const float *natural, float *packed);
void bbb_net_unpack(const bbb_net *net, const float *packed, float *natural);

/* Up to BBB_SLICE units of a layer with all their weights, which lie together:
 * what is worked on at a time. */
typedef struct {
  size_t layer, unit; /* its first unit in the layer */
  size_t H;           /* units */
  size_t first, P;    /* weights first .. first + P - 1 */
  size_t noise;       /* the number of its first weight's eps in a source */
  size_t number;      /* of the slice in the net */
} bbb_slice;
size_t bbb_net_slices(const bbb_net *net, size_t layer);
bbb_slice bbb_net_slice(const bbb_net *net, size_t layer, size_t i);
size_t bbb_net_largest_slice(const bbb_net *net); /* weights */

/* Floats of workspace for batches of up to N rows, and for predicting them. */
size_t bbb_net_workspace(const bbb_net *net, size_t N);
size_t bbb_net_predict_workspace(const bbb_net *net, size_t N);

/* Take the batch's x into work, for any number of passes. */
void bbb_net_load(const bbb_net *net, const bbb_batch *batch, float *work);

/* x (D + 1, R) = that of the batch, its rows fastest, and a row of ones */
void bbb_net_load_inputs(const bbb_net *net, const bbb_batch *batch, float *x);

/* The forward pass of a slice at weights w (P), after those of the layers
 * below, for the N rows loaded; all that the backward pass needs stays in work,
 * and, after the last layer, eta (K, R). */
void bbb_net_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                     const float *w, float *work);
const float *bbb_net_eta(const bbb_net *net, size_t N, const float *work);

/* Where in work the caller puts d_eta (K, R) between forward and backward. */
float *bbb_net_d_eta(const bbb_net *net, size_t N, float *work);

/* The backward pass, from the last layer down. First the gradient in a slice's
 * weights: d_w (s->P); turned (R, BBB_SLICE) is room to work. Then in the units
 * of each slice of the layer below. */
void bbb_net_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                              float *work, float *turned, float *d_w);
void bbb_net_backward_inputs(const bbb_net *net, size_t N,
                             const bbb_slice *below, const float *w,
                             float *work);

/* mean (H, R) and after it sd (H, R) of the first layer's z under q, given x (D
 * + 1, R) as loaded, which is lost: Kingma, Salimans and Welling (2015), eq. 6.
 * variance holds the sigma^2 of that layer's weights. */
void bbb_net_first_moments(const bbb_net *net, size_t N, const float *mu,
                           const float *variance, float *x, float *moments);

/* eta (K, R) at weights w of x (D + 1, R), as loaded; or, where the first layer
 * is drawn apart for each row, of its moments, and then with noise `units` and
 * none of that layer's weights. */
typedef struct {
  const float *x;       /* or NULL: */
  const float *moments; /* (2 H, R) */
  const uint32_t *word; /* (R) */
  bbb_source units;
} bbb_inputs;
const float *bbb_net_predict(const bbb_net *net, size_t N, const float *w,
                             const bbb_inputs *in, float *work);

/* ---- estimator.c: noise that differs from row to row -------------------- */

typedef enum {
  BBB_ESTIMATOR_SHARED,  /* one draw of the weights for a batch: the paper */
  BBB_ESTIMATOR_FLIPOUT, /* with random signs for each row */
  BBB_ESTIMATOR_LOCAL,   /* noise of the units, not of the weights */
  BBB_ESTIMATORS         /* how many there are */
} bbb_estimator;

bbb_name bbb_estimator_name;

/* The noise's own path through the network, beside that of the means. */
typedef struct {
  bbb_estimator kind;
  bbb_source units;   /* of the signs, or of the units' noise */
  size_t rows, first; /* of the whole batch; and which is our first */
  float *b;           /* (P) sigma eps, or sigma^2 */
  const float *eps;   /* (P) for Flipout */
  float *work;        /* (bbb_side_workspace) */
} bbb_side;
size_t bbb_side_workspace(const bbb_net *net, size_t N);

/* As bbb_net_load(), and after it, for each draw. */
void bbb_side_load(const bbb_net *net, size_t N, const bbb_side *side,
                   const float *work);

/* In place of bbb_net_forward(): mu (P), and b of the slice is known. */
void bbb_side_forward(const bbb_net *net, size_t N, const bbb_slice *s,
                      const float *mu, const bbb_side *side, float *work);

/* The backward pass begins when d_eta is known. Beside
 * bbb_net_backward_weights(), which gives the gradient in mu: that in sigma,
 * d_sigma (s->P). In place of bbb_net_backward_inputs(): */
void bbb_side_begin_backward(const bbb_net *net, size_t N, const bbb_side *side,
                             float *work);
void bbb_side_backward_weights(const bbb_net *net, size_t N, const bbb_slice *s,
                               const bbb_side *side, float *turned,
                               float *d_sigma);
void bbb_side_backward_inputs(const bbb_net *net, size_t N, const bbb_slice *s,
                              const float *mu, const bbb_side *side,
                              float *work);

/* ---- model.c: network, prior and likelihood ----------------------------- */

typedef struct {
  bbb_net net;
  bbb_prior prior;
  bbb_likelihood likelihood;
  bbb_estimator estimator; /* of training */
} bbb_model;

/* T = 2 P + A */
size_t bbb_model_size(const bbb_model *model);

/* The terms of equation 2, in nats:
 *   f = log q(w | theta) - log P(w) - log P(D | w) */
typedef struct {
  double log_posterior, log_prior, log_likelihood;
} bbb_terms;

/* One draw, of S, of a step of the paper's section 3.2; steps 2 to 6. The rows
 * of a large batch pass part by part, under the same draw of the weights. */
typedef struct {
  bbb_theta theta;
  bbb_prior_at prior;
  bbb_place place;   /* (P) of the prior */
  bbb_source *noise; /* where eps comes from; NULL: it is given */
  size_t draw, S;
  size_t rows, first; /* of the batch; and the first of the part under way */
  float *eps, *w;     /* (P) */
  bbb_side side;      /* unless its kind is SHARED */
  int weigh;          /* else log q and log P are not taken, but 0 */
  int antithetic;     /* every second draw takes the eps before, negated */
  int whole; /* all of the gradient is taken before theta moves, so that the
                step can be given up until then */
  float *g_mu, *g_rho; /* (P), the gradient; where S is 1 and the batch has one
                          part they may be w and eps, which are then lost */
  const bbb_update *update; /* or NULL: only the gradient is wanted */
  bbb_stop *stop;           /* or NULL */
  float *d_aux;             /* (A) */
  float *net;               /* net, workers, sums: see bbb_model_room(); the */
  float *workers;           /* part's x is loaded in net */
  double *sums;
} bbb_step;

/* Rows of a part of a batch of N rows, at most: a multiple of BBB_GROUP, or all
 * of them. It does not depend on the threads, and bounds the memory. */
size_t bbb_model_part(const bbb_model *model, size_t N);

/* Whether a step that moves theta slice by slice would take too long to be
 * waited for. */
int bbb_model_long(const bbb_model *model, size_t N);

/* Draws for N rows between two looks at whether the caller wants out: one,
 * unless a look would cost something beside them. */
size_t bbb_model_unseen(const bbb_model *model, size_t N);

/* How many numbers step->net, workers, sums and side.work need for parts of N
 * rows; side.b needs P more. */
typedef struct {
  size_t net, workers, sums, side;
} bbb_room;
bbb_room bbb_model_room(const bbb_model *model, size_t N);

/* Threads that work on N rows of a step. */
size_t bbb_model_workers(const bbb_model *model, size_t N);

/* The forward pass of a part of the batch: draws w, with the first part, and
 * returns the terms, of which log q and log P come with the first part; adds
 * the gradient of -log P(D | w) to d_aux. */
bbb_terms bbb_model_forward(const bbb_model *model, const bbb_batch *part,
                            const bbb_step *step);

/* The backward pass that belongs to it: the gradient in mu and rho of
 *   kl_weight (log q(w | theta) - log P(w)) - log P(D | w), summed over parts
 * and draws, and with the last of them the update of mu and rho; but not that
 * of a step whose gradient is taken whole. */
void bbb_model_backward(const bbb_model *model, const bbb_batch *part,
                        double kl_weight, const bbb_step *step);

/* ---- step.c ------------------------------------------------------------ */

/* A step is begun; then for each draw, and each part of the batch that has been
 * loaded, passed; then it moves theta, or what the passes have not moved yet.
 */
void bbb_step_begin(const bbb_model *model, bbb_step *step);

/* Set step->draw and step->first before. terms += those of the part, divided by
 * S. BBB_OK; BBB_DIVERGED where they are not finite and theta is to move, or
 * BBB_STOPPED where the caller wanted out, with theta as it was. */
bbb_status bbb_step_pass(const bbb_model *model, const bbb_batch *part,
                         double kl_weight, bbb_step *step, bbb_terms *terms);
void bbb_step_move(const bbb_model *model, bbb_step *step);

/* ---- prior_scale.c: a prior sd for each input of a layer ---------------- */

/* The weights that leave one input of a layer make a group, G groups in all,
 * each layer's biases one of them. */
size_t bbb_prior_groups(const bbb_net *net);

/* scale (G) at the start. */
void bbb_prior_scale_start(const bbb_model *model, float *scale);

/* Empirical Bayes: the scale that maximises the ELBO in closed form (Wu et al.
 * 2019, "Deterministic variational inference for robust Bayesian neural
 * networks", eq. 15), drawn towards its start as if by `strength` weights more:
 *   scale^2 = (sum of mu^2 + sigma^2 + strength start^2) / (n + strength)
 * over the n weights of a group, in units of sd1. Biases keep theirs. room (P)
 * is to work in. */
void bbb_prior_scale_learn(const bbb_model *model, const bbb_theta *theta,
                           float *room, float *scale);

/* narrow (P) = 1 / scale of each weight */
void bbb_prior_scale_spread(const bbb_net *net, const float *scale,
                            float *narrow);

/* ---- data.c: rows, standardised in single precision --------------------- */

/* How the numbers of a matrix lie: column after column as doubles, as whole
 * numbers of which INT_MIN is a missing one, or as bytes; or as the doubles
 * that are not 0, column after column. Or coded: some columns as doubles, and
 * of factors which of the other columns is 1 in a row, where all others are 0.
 */
typedef enum {
  BBB_CELLS_DOUBLE,
  BBB_CELLS_INT,
  BBB_CELLS_BYTE,
  BBB_CELLS_SPARSE,
  BBB_CELLS_CODED
} bbb_cells;

typedef struct {
  size_t N, D;
  bbb_cells cells;
  const void *value;      /* (D, N): R's matrix of N rows; sparse (n);
                             coded (V, N) */
  const int *row;         /* sparse (n): ascending in each column */
  const int *start;       /* sparse (D + 1): first value of a column, n */
  const int *code;        /* coded (C, N): 1 + a column, 0 for none */
  const int *from;        /* coded (D): v + 1 of value, -(c + 1) of code */
  const uint32_t *number; /* coded (V): columns that are in value */
  size_t V, C;            /* coded */
  const double *center, *scale; /* (D) */
} bbb_rows;

/* What standardises a column: its mean and its standard deviation over N, with
 * weights (N) of the rows or NULL; a constant column gets its number and scale
 * 1. Both have a meaning where all N numbers are finite: `missing` are not. */
typedef struct {
  double center, scale;
  size_t missing;
} bbb_standard;
bbb_standard bbb_rows_standard(const bbb_rows *rows, size_t d,
                               const double *weight);

/* ok[i] = whether all numbers of row first + i are finite, ok (n) */
void bbb_rows_complete(const bbb_rows *rows, size_t first, size_t n, int *ok);

/* out[i] = the number of column d in row first + i, i < n, as it is. */
void bbb_rows_read(const bbb_rows *rows, size_t d, size_t first, size_t n,
                   double *out);

/* out (n, D) = (row - center) / scale for n rows: rows order[first ...], or
 * first ... where order is NULL. Held to +-1e9, so that a wild value cannot
 * overflow a float further on. Of coded rows the V numbers: out (n, V). */
void bbb_rows_pack(const bbb_rows *rows, const uint32_t *order, size_t first,
                   size_t n, float *out);

/* off (D) and on (D) of bbb_coded */
void bbb_rows_levels(const bbb_rows *rows, float *off, float *on);

/* The same rows as columns: out (D, R), R = bbb_padded(n, BBB_LANES), zeros in
 * the padding. */
void bbb_rows_pack_columns(const bbb_rows *rows, const uint32_t *order,
                           size_t first, size_t n, float *out);

/* ---- batch.c ------------------------------------------------------------ */

/* out[i] = from[order[i]], i < n; returns out, or NULL where from is NULL. */
const float *bbb_rows_gather(const float *from, const uint32_t *order, size_t n,
                             float *out);

/* The n rows of D predictors from `first` on, of a batch. */
bbb_batch bbb_batch_part(const bbb_batch *rows, size_t D, size_t first,
                         size_t n);

/* ---- coded.c: factors of many levels ------------------------------------ */

/* Of coded rows what a batch has beside their numbers: code (n, C) */
void bbb_rows_pack_codes(const bbb_rows *rows, const uint32_t *order,
                         size_t first, size_t n, uint32_t *code);

/* x (D, R) = all inputs of a coded batch, its rows fastest, zeros in the
 * padding. */
void bbb_coded_spread(const bbb_batch *batch, float *x);

/* ---- checksum.c --------------------------------------------------------- */

/* `sum`, 0 at first, with N, D and each column in turn taken in: the same for
 * the same numbers, however they are stored. Of a column every fourth number,
 * from the first, second, third and fourth on, is taken into a sum of its own,
 * which starts from 0, 1, 2 and 3, zeros where the last four are not all there;
 * the later ones are then taken into the first. */
uint64_t bbb_rows_checksum(const bbb_rows *rows, uint64_t sum);

/* ---- fit.c: the training loop ------------------------------------------- */

typedef struct {
  bbb_optim optim;
  bbb_schedule schedule;
  bbb_kl_weight kl_weight;
  double kl_warmup;   /* share of the schedule in which the KL's weight rises
                         from 0 to temperature */
  double temperature; /* 1 for the posterior */
  double learn_rate;
  size_t epochs;          /* train until so many are done in all */
  size_t schedule_epochs; /* length of the learning-rate schedule */
  size_t batch_size, samples;
  int antithetic;
  size_t patience; /* epochs without a better validation score, once the KL
                      has risen */
  bbb_key key;
} bbb_plan;

typedef struct {
  bbb_batch train, held_out; /* held_out.N = 0: no validation */
  double mean_weight;        /* of the training rows: 1 where they have none */
} bbb_data;

/* Where training stands. The numbers are borrowed, so that a stopped fit can
 * go on and end with the same bits as one that never stopped. */
typedef struct {
  bbb_theta theta;
  float *moments; /* (bbb_optim_moments, T) */
  float *best;    /* (T) mu, rho, aux of the best validation score, or NULL */
  float *scale;   /* (bbb_prior_groups) of a prior that learns, or NULL */
  size_t epoch;   /* epochs done */
  size_t batch;   /* batches done of the epoch under way */
  uint32_t step;  /* steps done in all */
  double nll, kl; /* sums over the epoch under way */
  double best_score;
  size_t since_best; /* epochs since the best score */
} bbb_state;

/* One row an epoch, (epochs) each, lent by the caller; in nats. */
typedef struct {
  double *nll, *kl;   /* sums over the epoch, mean over draws; the KL by that
                         of every fourth batch */
  double *aux;        /* first auxiliary after the epoch */
  double *learn_rate; /* of the epoch's last step */
  double *validation; /* mean log predictive density of a held-out row */
} bbb_history;

typedef struct {
  bbb_model model;
  bbb_plan plan;
  bbb_data data;
  bbb_history history;
  float *eps, *w;  /* (P): lent apart, since they are large */
  float *narrow;   /* (P) where the prior has scales, or NULL */
  float *work;     /* (bbb_fit_workspace) */
  double *sums;    /* (bbb_fit_sums) */
  uint32_t *order; /* (data.train.N) */
  uint32_t *code;  /* (bbb_fit_codes) */
  /* Where not NULL, asked within long steps and validation scores too; nonzero
   * gives them up and stops training as it was before them. */
  int (*stop)(void *ctx);
} bbb_fit;

/* Called after each step; nonzero stops training there. ctx is also stop()'s.
 */
typedef int (*bbb_tick)(void *ctx, const bbb_state *now);

/* Floats, doubles and words of workspace that bbb_fit_run() needs. */
size_t bbb_fit_workspace(const bbb_fit *fit);
size_t bbb_fit_sums(const bbb_fit *fit);
size_t bbb_fit_codes(const bbb_fit *fit);

/* Train from state on. BBB_OK: plan.epochs are done, or patience ran out. */
bbb_status bbb_fit_run(const bbb_fit *fit, bbb_state *state, bbb_tick tick,
                       void *ctx);

/* state->best = state->theta; for a state that has room for it. */
void bbb_fit_keep(const bbb_fit *fit, const bbb_state *state);

/* ---- spread.c: have the sds arrived? ------------------------------------ */

/* The derivative of the ELBO of temperature T, per weight, in the log of a
 * factor of all sigma, over T: 0 where the ELBO is greatest, near 1 where all
 * sds are far too small. By draws and batches of its own, in the workspace of
 * the fit, which must not be training. NAN where T is 0 or stop(ctx) wanted
 * out. */
double bbb_fit_spread(const bbb_fit *fit, const bbb_theta *theta, void *ctx);

/* ---- start.c ----------------------------------------------------------- */

/* theta at the start: mu ~ N(0, mu_sd[l]^2) for the weights and
 * N(0, bias_sd[l]^2) for the biases of layer l, rho and aux as given. */
typedef struct {
  const double *mu_sd, *bias_sd; /* (L) */
  double rho;
  const double *aux; /* (A) */
} bbb_start;
void bbb_fit_start(const bbb_model *model, bbb_key key, const bbb_start *start,
                   const bbb_theta *theta);

/* ---- predict.c: the posterior predictive, a block of rows at a time ----- */

/* Kinds of prediction: a row each of a table in predict.c, which has their
 * names. Any set of them is made in one pass over the draws. J outcomes, of
 * which classes are one. */
typedef enum {
  BBB_PREDICT_LINK,        /* (N, K)    mean of eta, with its offset */
  BBB_PREDICT_MOMENTS,     /* (N, V, 3) mean, epistemic, aleatoric variance */
  BBB_PREDICT_DRAWS,       /* (S, N, V) E[y | w] for each draw of w; (S, N)
                                        where V is 1 */
  BBB_PREDICT_QUANTILE,    /* (N, Q, J) at `probs`; for classes, of the first
                                        value's mean over the draws */
  BBB_PREDICT_LOG_DENSITY, /* (N)       log of the mean over draws of P(y | w)
                            */
  BBB_PREDICT_SURVIVAL,    /* (N, T, J) P(y > value) at `times`; no classes */
  BBB_PREDICT_CDF,         /* (N, 2, J) P(Y < y) and P(Y <= y): bbb_cdf */
  BBB_PREDICT_KINDS        /* how many there are */
} bbb_predict_kind;

/* The name, as R has it; whether it needs y; and whether the likelihood has it.
 */
bbb_name bbb_predict_name;
int bbb_predict_needs_y(bbb_predict_kind kind);
int bbb_predict_possible(bbb_predict_kind kind, const bbb_likelihood *lik);

/* Draw s is of posterior s % F, with noise number s and the auxiliaries of that
 * posterior: the answers are those of the equal mixture of the F. */
typedef struct {
  bbb_model model;
  const bbb_theta *theta; /* (F) */
  size_t F;
  bbb_source source; /* of draw 0; the weights of a draw depend on no row */
  size_t S;          /* a multiple of F */
  int rowwise; /* each row has its own draw of the first layer's units, in place
                  of weights that all rows share: the same distribution row by
                  row, and that layer's products once and not for every draw */
  int asked[BBB_PREDICT_KINDS]; /* which kinds are wanted */
  size_t Q, T;
  const double *probs;          /* (Q) in (0, 1) */
  const double *times;          /* (T) values as in y */
  const double *center, *scale; /* (V) draws are told as scale E[y | w] +
                                   center; NULL: as they are */
} bbb_predictive;

/* The shape of an answer for N rows, as above: dimensions that there are. */
typedef struct {
  int rank;
  size_t dim[3];
} bbb_predict_shape;
bbb_predict_shape bbb_predict_shape_of(const bbb_predictive *p,
                                       bbb_predict_kind kind, size_t N);

/* Where results go: shapes above are R's, the FIRST index runs fastest, so
 * (N, K) means out[i + N k]. stop(ctx), where not NULL, is asked often enough
 * for a person who waits, by the thread that called, and from inside of
 * parallel work; nonzero ends the work there. */
typedef struct {
  size_t N;                       /* rows in all */
  double *out[BBB_PREDICT_KINDS]; /* of what is asked */
  float *work;                    /* (bbb_predict_workspace) */
  double *sums;                   /* (bbb_predict_sums) */
  uint32_t *words;                /* (bbb_predict_words) */
  int (*stop)(void *ctx);
  void *ctx;
} bbb_predict_to;

/* How many rows to work on at a time: it bounds the memory and changes no bit
 * of the answer. Then the floats, doubles and words of workspace. */
size_t bbb_predict_block(const bbb_predictive *p, size_t N);
size_t bbb_predict_workspace(const bbb_predictive *p, size_t N);
size_t bbb_predict_sums(const bbb_predictive *p, size_t N);
size_t bbb_predict_words(const bbb_predictive *p, size_t N);

/* Predict the rows first .. first + block->N - 1 of to->N: BBB_OK, or
 * BBB_STOPPED with out of these rows unfinished. */
bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to);

/* ---- quantile*.c -------------------------------------------------------- */

/* q at which the equal mixture of S normals has the distribution function prob,
 * to 1e-7 of the mixture's range: N(mean[s], sd[f]^2) for the S / F of each of
 * F sds, one sd's after the other's. */
double bbb_quantile_mixture(size_t S, const double *mean, size_t F,
                            const double *sd, double prob);

/* S draws of what one outcome of a family is given, those of each of F
 * posteriors side by side: S / F of theta[0], then of theta[1] ... */
typedef struct {
  const bbb_likelihood *lik;
  size_t outcome, S, F;
  const float *eta;       /* (outputs, S) of this outcome */
  double offset;          /* of the first output of this outcome */
  const bbb_theta *theta; /* (F), of which the auxiliaries are used */
  /* F tables of the family's distribution function, or NULL; room to work (2
   * S).
   */
  const bbb_cdf_table *table;
  const bbb_kernels *kernels;
  double *room;
  /* NULL, or asked now and then; nonzero: any answer will do */
  int (*stop)(void *ctx);
  void *ctx;
} bbb_outcomes;

/* Quantiles (Q) of the mixture of those outcomes, to 1e-6 of a draw's noise; of
 * counts the least whole double whose distribution function is no less than the
 * probability. As in y: a log where y is one. */
void bbb_quantile_outcome(const bbb_outcomes *of, size_t Q, const double *probs,
                          double *value);

/* The same by the tables, for probabilities from 0.01 to 0.99, and of counts:
 * for bbb_quantile_outcome() */
void bbb_quantile_table(const bbb_outcomes *of, size_t Q, const double *probs,
                        double *value);
void bbb_quantile_counts(const bbb_outcomes *of, size_t Q, const double *probs,
                         double *value);

/* P(y <= value) of the mixture, by the family's own function */
double bbb_quantile_below(const bbb_outcomes *of, double value);

/* The quantile of S values, which are reordered, by linear interpolation (R's
 * type 7). */
double bbb_quantile_values(size_t S, double *value, double prob);

#endif
