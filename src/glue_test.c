/* glue_test.c: doors to single parts of the core, for the tests. */
#include "glue.h"

#include <string.h>

static float *as_floats(SEXP value, const char *name, size_t n) {
  const double *from = glue_doubles(value, name, n);
  float *to = glue_floats(n);
  for (size_t i = 0; i < n; i++) to[i] = (float)from[i];
  return to;
}

static float *zeros(size_t n) {
  float *to = glue_floats(n);
  memset(to, 0, n * sizeof *to);
  return to;
}

/* Words as doubles: an R integer cannot hold them. */
static void as_words(SEXP value, const char *name, size_t n, uint32_t *to) {
  const double *from = glue_doubles(value, name, n);
  for (size_t i = 0; i < n; i++) {
    if (!(from[i] >= 0 && from[i] <= 4294967295.0)) {
      Rf_error("`%s` must be 32-bit words", name);
    }
    to[i] = (uint32_t)from[i];
  }
}

SEXP ffi_test_philox(SEXP counter, SEXP key_) {
  uint32_t in[4], out[4];
  bbb_key key;
  as_words(counter, "counter", 4, in);
  as_words(key_, "key", 2, key.word);
  bbb_rng_philox(in, key, out);
  SEXP result = PROTECT(Rf_allocVector(REALSXP, 4));
  for (int i = 0; i < 4; i++) REAL(result)[i] = (double)out[i];
  UNPROTECT(1);
  return result;
}

/* list(softplus, inverse): the inverse of the softplus of rho */
SEXP ffi_test_softplus(SEXP rho_) {
  static const char *const names[] = {"softplus", "inverse"};
  const size_t n = (size_t)Rf_xlength(rho_);
  const double *rho = glue_doubles(rho_, "rho", n);
  SEXP out = PROTECT(glue_list(names, 2));
  for (int i = 0; i < 2; i++) {
    SET_VECTOR_ELT(out, i, Rf_allocVector(REALSXP, (R_xlen_t)n));
  }
  for (size_t i = 0; i < n; i++) {
    const double sigma = bbb_softplus(rho[i]);
    REAL(VECTOR_ELT(out, 0))[i] = sigma;
    REAL(VECTOR_ELT(out, 1))[i] = bbb_softplus_inverse(sigma);
  }
  UNPROTECT(1);
  return out;
}

/* list(f, slope) */
SEXP ffi_test_activation(SEXP isa, SEXP kind_, SEXP z_) {
  static const char *const names[] = {"f", "slope"};
  const bbb_kernels *kernels = glue_kernels(isa);
  const bbb_activation kind =
    (bbb_activation)glue_kind_of(kind_, "kind", bbb_activation_name);
  const size_t n = (size_t)Rf_xlength(z_);
  const float *z = as_floats(z_, "z", n);
  float *a = glue_floats(n), *slope = glue_floats(n);
  for (size_t i = 0; i < n; i++) slope[i] = 1;
  kernels->activation_forward(kind, n, z, a);
  kernels->activation_backward(kind, n, z, a, slope);
  SEXP out = PROTECT(glue_list(names, 2));
  SET_VECTOR_ELT(out, 0, glue_from_floats(n, a));
  SET_VECTOR_ELT(out, 1, glue_from_floats(n, slope));
  UNPROTECT(1);
  return out;
}

/* list(z, d_x, d_W) of one layer, its rows fastest but for the weights, whose
 * units are: x (D, N), W (D, H), d_z (H, N). dims = c(N, D, H). */
SEXP ffi_test_kernels(SEXP isa, SEXP dims, SEXP x_, SEXP W_, SEXP d_z_) {
  static const char *const names[] = {"z", "d_x", "d_W"};
  const int *dim = glue_integers(dims, "dims", 3);
  for (int i = 0; i < 3; i++) {
    if (dim[i] < 1 || dim[i] > 10000) Rf_error("`dims` are out of range");
  }
  const bbb_layer l = {bbb_padded((size_t)dim[0], BBB_LANES), (size_t)dim[1],
                       (size_t)dim[2]};
  const size_t width[2] = {l.D - 1, l.H}, all[2] = {0, l.D};
  const bbb_net net = {.L = 1, .width = width, .kernels = glue_kernels(isa)};
  const float *x = as_floats(x_, "x", l.D * l.N);
  const float *d_z = as_floats(d_z_, "d_z", l.H * l.N);
  float *W = glue_floats(l.D * l.H), *d_W = glue_floats(l.D * l.H);
  float *z = zeros(l.H * l.N), *d_x = zeros(l.D * l.N);
  float *turned = glue_floats(l.N * BBB_SLICE);
  bbb_net_pack(&net, as_floats(W_, "W", l.D * l.H), W);
  net.kernels->forward(&l, W, x, z);
  net.kernels->backward_inputs(&l, W, d_z, all, d_x);
  for (size_t i = 0; i < bbb_net_slices(&net, 0); i++) {
    const bbb_slice s = bbb_net_slice(&net, 0, i);
    const bbb_layer part = {l.N, l.D, s.H};
    net.kernels->backward_weights(&part, x, d_z + s.unit * l.N, turned,
                                  d_W + s.first);
  }
  bbb_net_unpack(&net, d_W, W);
  SEXP out = PROTECT(glue_list(names, 3));
  SET_VECTOR_ELT(out, 0, glue_from_floats(l.H * l.N, z));
  SET_VECTOR_ELT(out, 1, glue_from_floats(l.D * l.N, d_x));
  SET_VECTOR_ELT(out, 2, glue_from_floats(l.D * l.H, W));
  UNPROTECT(1);
  return out;
}

/* list(log_density, d_w) of the model's prior, a sum and a vector: a draw of a
 * posterior that is all at w, and its gradient */
SEXP ffi_test_prior(SEXP model_, SEXP w_) {
  static const char *const names[] = {"log_density", "d_w"};
  const bbb_model model = glue_model(model_);
  const bbb_kernels *kernels = model.net.kernels;
  const size_t P = (size_t)Rf_xlength(w_);
  float *rho = zeros(P), *w = glue_floats(P), *d_w = glue_floats(P);
  for (size_t j = 0; j < P; j++) rho[j] = -110;
  const bbb_posterior q = {P, as_floats(w_, "w", P), rho};
  const bbb_draw draw = {P, w, zeros(P), zeros(P), q.mu, {NULL, NULL}, NULL};
  const bbb_prior_at prior = bbb_prior_begin(&model.prior);
  const bbb_log_densities sum =
    kernels->draw(&prior, &q, &draw.place, draw.eps, w);
  kernels->gather(&prior, 1, &draw, 0, d_w, rho);
  SEXP out = PROTECT(glue_list(names, 2));
  SET_VECTOR_ELT(out, 0, Rf_ScalarReal(sum.prior));
  SET_VECTOR_ELT(out, 1, glue_from_floats(P, d_w));
  UNPROTECT(1);
  return out;
}

/* n steps along the gradient d, the same at each: theta after them */
SEXP ffi_test_optim(SEXP isa, SEXP plan_, SEXP steps_, SEXP d_, SEXP theta_) {
  const bbb_kernels *kernels = glue_kernels(isa);
  const bbb_plan plan = glue_plan(plan_);
  const size_t steps = glue_count(steps_, "steps", 0, 1000);
  const size_t n = (size_t)Rf_xlength(d_);
  const float *d = as_floats(d_, "d", n);
  float *theta = as_floats(theta_, "theta", n);
  float *moments = zeros(n * bbb_optim_moments(&plan.optim));
  for (size_t t = 1; t <= steps; t++) {
    const bbb_optim_at at =
      bbb_optim_begin(&plan.optim, plan.learn_rate, 1, (uint32_t)t, n);
    kernels->optim_step(&plan.optim, &at, n, d, moments, theta);
  }
  return glue_from_floats(n, theta);
}

SEXP ffi_test_schedule(SEXP kind_, SEXP done) {
  const bbb_schedule kind =
    (bbb_schedule)glue_kind_of(kind_, "kind", bbb_schedule_name);
  return Rf_ScalarReal(bbb_schedule_factor(kind, glue_number(done, "done")));
}

SEXP ffi_test_kl_weights(SEXP kind_, SEXP M_) {
  const bbb_kl_weight kind =
    (bbb_kl_weight)glue_kind_of(kind_, "kind", bbb_kl_weight_name);
  const size_t M = glue_count(M_, "M", 1, 1e6);
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)M));
  for (size_t i = 0; i < M; i++) REAL(out)[i] = bbb_kl_weight_at(kind, i, M);
  UNPROTECT(1);
  return out;
}

/* c(of the mixture of normals, of the values themselves) */
SEXP ffi_test_quantile(SEXP mean_, SEXP sd_, SEXP prob_) {
  const size_t S = (size_t)Rf_xlength(mean_);
  const double *mean = glue_doubles(mean_, "mean", S);
  const size_t F = (size_t)Rf_xlength(sd_);
  const double *sd = glue_doubles(sd_, "sd", F);
  const double prob = glue_number(prob_, "prob");
  int ok = S >= 1 && F >= 1 && S % F == 0 && prob > 0 && prob < 1;
  for (size_t f = 0; ok && f < F; f++) ok = sd[f] > 0 && R_FINITE(sd[f]);
  if (!ok) {
    Rf_error("`mean`, `sd` or `prob` is out of range");
  }
  double *values = glue_sums(S);
  memcpy(values, mean, S * sizeof *values);
  SEXP out = PROTECT(Rf_allocVector(REALSXP, 2));
  REAL(out)[0] = bbb_quantile_mixture(S, mean, F, sd, prob);
  REAL(out)[1] = bbb_quantile_values(S, values, prob);
  UNPROTECT(1);
  return out;
}

static double log_gamma(double a, double b, double x) {
  (void)a, (void)b;
  return bbb_log_gamma(x);
}
static double digamma(double a, double b, double x) {
  (void)a, (void)b;
  return bbb_digamma(x);
}
static double normal_below(double a, double b, double x) {
  (void)a, (void)b;
  return bbb_normal_below(x);
}
static double gamma_below(double a, double b, double x) {
  (void)b;
  return bbb_gamma_below(a, x);
}
static double gamma_above(double a, double b, double x) {
  (void)b;
  return bbb_gamma_above(a, x);
}
static double t_below(double a, double b, double x) {
  (void)b;
  return bbb_t_below(a, x);
}

static const struct {
  const char *name;
  double (*f)(double a, double b, double x);
  double least; /* x is above it */
} specials[] = {
  {"log_gamma", log_gamma, 0},
  {"digamma", digamma, 0},
  {"normal", normal_below, -1e300},
  {"gamma_below", gamma_below, -1e300},
  {"gamma_above", gamma_above, -1e300},
  {"beta", bbb_beta_below, -1e300},
  {"t", t_below, -1e300},
  {NULL, NULL, 0},
};

static const char *special_name(int kind) { return specials[kind].name; }

/* The special function `which` of each x; a and b are its parameters, where it
 * has them. */
SEXP ffi_test_special(SEXP which, SEXP a_, SEXP b_, SEXP x_) {
  const int kind = glue_kind_of(which, "which", special_name);
  const double a = glue_number(a_, "a"), b = glue_number(b_, "b");
  const size_t n = (size_t)Rf_xlength(x_);
  const double *x = glue_doubles(x_, "x", n);
  if (!(a > 1e-6 && b > 1e-6)) Rf_error("`a` or `b` is out of range");
  SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)n));
  for (size_t i = 0; i < n; i++) {
    if (x[i] <= specials[kind].least) Rf_error("`x` is out of range");
    REAL(out)[i] = specials[kind].f(a, b, x[i]);
  }
  UNPROTECT(1);
  return out;
}
