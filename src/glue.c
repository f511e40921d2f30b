/* glue.c: checked conversion of R values to core structs. */
#include "glue.h"

#include <string.h>

/* NULL, not R's, where there is none. */
static SEXP element(SEXP list, const char *name) {
  if (TYPEOF(list) != VECSXP) return NULL;
  SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  for (R_xlen_t i = 0; TYPEOF(names) == STRSXP && i < Rf_xlength(list); i++) {
    if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0) {
      return VECTOR_ELT(list, i);
    }
  }
  return NULL;
}

SEXP glue_get(SEXP list, const char *name) {
  SEXP value = element(list, name);
  if (!value) Rf_error("a list with element `%s` is wanted", name);
  return value;
}

SEXP glue_maybe(SEXP list, const char *name) {
  SEXP value = element(list, name);
  return value ? value : R_NilValue;
}

double glue_number(SEXP value, const char *name) {
  const int numeric = TYPEOF(value) == REALSXP || TYPEOF(value) == INTSXP;
  if (numeric && Rf_xlength(value) == 1) {
    const double number = Rf_asReal(value);
    if (R_FINITE(number)) return number;
  }
  Rf_error("`%s` must be one finite number", name);
}

size_t glue_count(SEXP value, const char *name, double least, double most) {
  const double number = glue_number(value, name);
  if (!(number >= least && number <= most) ||
      number != (double)(long long)number) {
    Rf_error("`%s` must be a whole number from %.0f to %.0f", name, least,
             most);
  }
  return (size_t)number;
}

int glue_flag(SEXP value, const char *name) {
  if (TYPEOF(value) == LGLSXP && Rf_xlength(value) == 1) {
    const int flag = LOGICAL_RO(value)[0];
    if (flag != NA_LOGICAL) return flag;
  }
  Rf_error("`%s` must be TRUE or FALSE", name);
}

static void check_length(SEXP value, const char *name, size_t length) {
  if ((size_t)Rf_xlength(value) != length) {
    Rf_error("`%s` has length %.0f, not %.0f", name, (double)Rf_xlength(value),
             (double)length);
  }
}

const double *glue_doubles(SEXP value, const char *name, size_t length) {
  if (TYPEOF(value) != REALSXP) Rf_error("`%s` must be double", name);
  check_length(value, name, length);
  return REAL_RO(value);
}

const int *glue_integers(SEXP value, const char *name, size_t length) {
  if (TYPEOF(value) != INTSXP) Rf_error("`%s` must be integer", name);
  check_length(value, name, length);
  return INTEGER_RO(value);
}

static const size_t *as_widths(SEXP value, size_t *layers) {
  const double most = 16777216.0, most_weights = 1073741824.0;
  const size_t n = (size_t)Rf_xlength(value);
  const int *given = glue_integers(value, "widths", n);
  if (n < 2 || n > 1000) Rf_error("`widths` must have from 2 to 1000 numbers");
  size_t *width = (size_t *)R_alloc(n, sizeof *width);
  double weights = 0;
  for (size_t l = 0; l < n; l++) {
    if (given[l] < 1 || given[l] > most) Rf_error("`widths` out of range");
    width[l] = (size_t)given[l];
    if (l > 0) weights += ((double)width[l - 1] + 1) * (double)width[l];
  }
  if (weights > most_weights) Rf_error("the network has too many weights");
  *layers = n - 1;
  return width;
}

static const double *as_scales(SEXP prior, const char *name, size_t L) {
  SEXP value = glue_maybe(prior, name);
  if (value == R_NilValue) return NULL;
  const double *scale = glue_doubles(value, name, L);
  for (size_t l = 0; l < L; l++) {
    if (!(scale[l] >= 1e-15 && scale[l] <= 1e15)) {
      Rf_error("`%s` is out of range", name);
    }
  }
  return scale;
}

/* list(kind, pi, sd1, sd2, df, exact, learn, strength, weight_scale,
 * bias_scale, earlier) */
static bbb_prior as_prior(SEXP value, size_t L) {
  bbb_prior prior;
  prior.kind = (bbb_prior_kind)glue_kind(value, "kind", bbb_prior_name);
  prior.pi = glue_number(glue_get(value, "pi"), "pi");
  prior.sd1 = glue_number(glue_get(value, "sd1"), "sd1");
  prior.sd2 = glue_number(glue_get(value, "sd2"), "sd2");
  prior.df = glue_number(glue_get(value, "df"), "df");
  const int mixture = prior.kind == BBB_PRIOR_MIXTURE;
  const int student = prior.kind == BBB_PRIOR_STUDENT;
  if (!(prior.sd1 > 0) || (mixture && !(prior.sd2 > 0)) ||
      (mixture && !(prior.pi > 0 && prior.pi < 1)) ||
      (student && !(prior.df > 0 && prior.df < 1e6))) {
    Rf_error("`pi`, `sd1`, `sd2` or `df` of the prior is out of range");
  }
  prior.weight_scale = as_scales(value, "weight_scale", L);
  prior.bias_scale = as_scales(value, "bias_scale", L);
  prior.learn = glue_flag(glue_get(value, "learn"), "learn");
  prior.exact = glue_flag(glue_get(value, "exact"), "exact");
  prior.strength = glue_number(glue_get(value, "strength"), "strength");
  prior.each.narrow = prior.each.center = NULL;
  const int normal = prior.kind == BBB_PRIOR_NORMAL;
  if (!prior.weight_scale != !prior.bias_scale ||
      (prior.learn && !(prior.weight_scale && normal)) ||
      (prior.exact && !normal) || !(prior.strength >= 0)) {
    Rf_error("the prior's settings do not go together");
  }
  return prior;
}

/* An earlier posterior as the prior: list(mu, rho), or NULL. */
static bbb_place as_place(SEXP earlier, const bbb_model *model) {
  bbb_place place = {NULL, NULL};
  if (earlier == R_NilValue) return place;
  if (model->prior.kind != BBB_PRIOR_NORMAL || model->prior.weight_scale) {
    Rf_error("the prior's settings do not go together");
  }
  const size_t P = bbb_net_parameters(&model->net);
  float *room = glue_floats(P), *center = glue_floats(P),
        *narrow = glue_floats(P);
  glue_pack(glue_get(earlier, "mu"), "mu", model, room, center);
  glue_pack(glue_get(earlier, "rho"), "rho", model, room, narrow);
  for (size_t j = 0; j < P; j++) {
    narrow[j] = (float)(1 / bbb_softplus((double)narrow[j]));
  }
  place.center = center, place.narrow = narrow;
  return place;
}

const bbb_kernels *glue_kernels(SEXP isa) {
  if (isa == R_NilValue) return bbb_kernels_best();
  const int which = glue_kind_of(isa, "isa", bbb_isa_name);
  const bbb_kernels *kernels = bbb_kernels_for((bbb_isa)which);
  if (!kernels) Rf_error("`isa` is one that this machine does not have");
  return kernels;
}

static bbb_likelihood as_likelihood(SEXP value, size_t K) {
  SEXP levels = glue_maybe(value, "levels");
  bbb_likelihood lik;
  lik.family = (bbb_family)glue_kind(value, "family", bbb_family_name);
  lik.K = K;
  lik.learn_aux = glue_flag(glue_get(value, "learn_noise"), "learn_noise");
  lik.levels =
    levels == R_NilValue ? 0 : glue_count(levels, "levels", 0, BBB_MOST_LEVELS);
  if (!bbb_likelihood_valid(&lik)) {
    Rf_error("`levels` or the outputs do not suit the family");
  }
  return lik;
}

bbb_model glue_model(SEXP value) {
  bbb_model model;
  model.net.width = as_widths(glue_get(value, "widths"), &model.net.L);
  model.net.activation =
    (bbb_activation)glue_kind(value, "activation", bbb_activation_name);
  SEXP prior = glue_get(value, "prior");
  model.prior = as_prior(prior, model.net.L);
  model.prior.each = as_place(glue_maybe(prior, "earlier"), &model);
  model.likelihood = as_likelihood(value, model.net.width[model.net.L]);
  model.estimator =
    (bbb_estimator)glue_kind(value, "estimator", bbb_estimator_name);
  model.net.kernels = glue_kernels(glue_get(value, "isa"));
  model.net.threads = glue_threads(glue_get(value, "threads"));
  SEXP span = glue_maybe(value, "span");
  model.net.span = span == R_NilValue ? 0 : glue_number(span, "span");
  return model;
}

bbb_key glue_key(SEXP seed) {
  const int *word = glue_integers(seed, "seed", 2);
  const bbb_key key = {{(uint32_t)word[0], (uint32_t)word[1]}};
  return key;
}

void glue_pack(SEXP value, const char *name, const bbb_model *model,
               float *room, float *packed) {
  const size_t P = bbb_net_parameters(&model->net);
  const double *from = glue_doubles(value, name, P);
  for (size_t j = 0; j < P; j++) room[j] = (float)from[j];
  bbb_net_pack(&model->net, room, packed);
}

void glue_unpack(const bbb_model *model, const float *packed, double *to) {
  const size_t P = bbb_net_parameters(&model->net);
  float *natural = glue_floats(P);
  bbb_net_unpack(&model->net, packed, natural);
  for (size_t j = 0; j < P; j++) to[j] = (double)natural[j];
}

SEXP glue_from_floats(size_t n, const float *value) {
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)n));
  for (size_t j = 0; j < n; j++) REAL(out)[j] = (double)value[j];
  UNPROTECT(1);
  return out;
}

SEXP glue_list(const char *const *names, int n) {
  SEXP list = PROTECT(Rf_allocVector(VECSXP, n));
  SEXP labels = Rf_allocVector(STRSXP, n);
  Rf_setAttrib(list, R_NamesSymbol, labels);
  for (int i = 0; i < n; i++) SET_STRING_ELT(labels, i, Rf_mkChar(names[i]));
  UNPROTECT(1);
  return list;
}

/* One at least: R_alloc() of nothing is NULL, which memset() must not get. */
float *glue_floats(size_t n) {
  return (float *)R_alloc(n > 0 ? n : 1, sizeof(float));
}

double *glue_sums(size_t n) {
  return (double *)R_alloc(n > 0 ? n : 1, sizeof(double));
}

uint32_t *glue_words(size_t n) {
  return (uint32_t *)R_alloc(n > 0 ? n : 1, sizeof(uint32_t));
}
