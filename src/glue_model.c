/* glue_model.c: the model, and the order of its weights, from R to the core. */
#include "glue.h"

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
    Rf_error("inconsistent settings of the prior");
  }
  return prior;
}

/* An earlier posterior as the prior: list(mu, rho), or NULL. */
static bbb_place as_place(SEXP earlier, const bbb_model *model) {
  bbb_place place = {NULL, NULL};
  if (earlier == R_NilValue) return place;
  if (model->prior.kind != BBB_PRIOR_NORMAL || model->prior.weight_scale) {
    Rf_error("inconsistent settings of the prior");
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
