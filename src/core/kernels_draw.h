/* kernels_draw.h: a draw of the weights and what it weighs, in vectors.
 * Included by kernels_body.h; posterior.c and prior.c explain the formulas. */

/* A sum of logarithms that takes only a few: numbers are multiplied, their
 * exponents counted apart, and a product's logarithm is taken at times. */
typedef struct {
  vec product;
  ivec exponents;
} log_sum;

enum { LOG_SUM_MOST = 64 }; /* factors below 2, so that none overflows */

INLINE log_sum log_sum_start(void) {
  const log_sum none = {vec_all(1), {0}};
  return none;
}

/* Of x > 0, a normal float. */
INLINE void log_sum_add(log_sum *sum, vec x) {
  sum->exponents += ((ivec)x >> 23) - 127;
  sum->product *= (vec)(((ivec)x & 0x007fffff) | 0x3f800000);
}

INLINE double log_sum_end(const log_sum *sum) {
  const vec whole = __builtin_convertvector(sum->exponents, vec);
  return vec_sum(vec_log(sum->product)) + 0.69314718055994531 * vec_sum(whole);
}

TARGET static void sample(const bbb_posterior *q, const float *eps, float *w) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec sigma = vec_softplus(load_part(q->rho + j, n));
    const vec noise = load_part(eps + j, n);
    const vec mu = q->mu ? load_part(q->mu + j, n) : vec_all(0);
    store_part(w + j, mu + sigma * noise, n);
  }
}

TARGET static void variance(const bbb_posterior *q, float *out) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec sigma = vec_softplus(load_part(q->rho + j, n));
    store_part(out + j, sigma * sigma, n);
  }
}

/* What is done for each prior; inlined with a constant, so that a loop has no
 * choice in it. */
typedef enum { NORMAL, EXACT, MIXTURE, LAPLACE, STUDENT } form;

INLINE form form_of(const bbb_prior *prior) {
  switch (prior->kind) {
  case BBB_PRIOR_MIXTURE: return MIXTURE;
  case BBB_PRIOR_LAPLACE: return LAPLACE;
  case BBB_PRIOR_STUDENT: return STUDENT;
  default: return prior->exact ? EXACT : NORMAL;
  }
}

/* f(form, ...) with the prior's form as a constant. */
#define FOR_FORM(prior, f, ...)                                                \
  switch (form_of(prior)) {                                                    \
  case NORMAL: f(NORMAL, __VA_ARGS__); break;                                  \
  case EXACT: f(EXACT, __VA_ARGS__); break;                                    \
  case MIXTURE: f(MIXTURE, __VA_ARGS__); break;                                \
  case LAPLACE: f(LAPLACE, __VA_ARGS__); break;                                \
  case STUDENT: f(STUDENT, __VA_ARGS__); break;                                \
  }

INLINE vec log_part(const bbb_prior_at *prior, int part, vec u) {
  return prior->log_share[part] - u * u * prior->half_precision[part];
}

INLINE vec narrow_part(const float *narrow, size_t j, size_t n) {
  return narrow ? load_part(narrow + j, n) : vec_all(1);
}

/* Sums over weights: the logarithms of sigma, of 1 / scale and within log P;
 * the rest of log q and of log P. */
typedef struct {
  log_sum sigma, narrow, within;
  vec log_q, log_p;
} draw_sums;

/* All ones in the lanes below n: the lanes that a sum may count. */
INLINE ivec lanes_below(size_t n) {
  ivec lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  return lane < (int32_t)n;
}

/* log P at w = mu + sigma eps, or its mean, but for constants. */
INLINE void prior_vector(form f, const bbb_prior_at *prior, const vec at[4],
                         ivec counts, draw_sums *sums) {
  const vec mu = at[0], sigma = at[1], narrow = at[2], w = at[3];
  const vec one = vec_all(1), u = w * narrow;
  vec log_p = -u * u * prior->half_precision[0];
  if (f == EXACT) {
    log_p =
      -(mu * mu + sigma * sigma) * (narrow * narrow) * prior->half_precision[0];
  } else if (f == MIXTURE) {
    const vec wide = log_part(prior, 0, u), slim = log_part(prior, 1, u);
    const vec e = vec_exp_fall(wide - slim);
    log_p = vec_max(wide, slim);
    log_sum_add(&sums->within, vec_if(counts, e + 1.0f, one));
  } else if (f == LAPLACE) {
    log_p = -vec_abs(u) * prior->half_precision[0];
  } else if (f == STUDENT) {
    log_sum_add(&sums->within, vec_if(counts, 1.0f - log_p, one));
    log_p = vec_all(0);
  }
  log_sum_add(&sums->narrow, vec_if(counts, narrow, one));
  sums->log_p += vec_if(counts, log_p, vec_all(0));
}

/* One vector of weights from j on, of which n count. */
INLINE void draw_vector(form f, const bbb_prior_at *prior,
                        const bbb_posterior *q, const float *const side[2],
                        size_t j, draw_sums *sums, float *w) {
  const size_t left = q->P - j, n = left < LANES ? left : LANES;
  const vec mu = load_part(q->mu + j, n), rho = load_part(q->rho + j, n);
  const vec eps = load_part(side[1] + j, n), none = vec_all(0);
  const ivec counts = lanes_below(n);
  const ivec tiny = rho < -30.0f; /* log sigma is rho itself */
  const vec sigma = vec_softplus(rho);
  const vec at[4] = {mu, sigma, narrow_part(side[0], j, n), mu + sigma * eps};
  const vec half_square = f == EXACT ? vec_all(0.5f) : 0.5f * eps * eps;
  store_part(w + j, at[3], n);
  log_sum_add(&sums->sigma, vec_if(~tiny & counts, sigma, vec_all(1)));
  sums->log_q -= vec_if(counts, half_square + vec_if(tiny, rho, none), none);
  prior_vector(f, prior, at, counts, sums);
}

/* So few weights that the products of logarithms hold. */
INLINE void draw_some(form f, const bbb_prior_at *prior, const bbb_posterior *q,
                      const float *const side[2], float *w,
                      bbb_log_densities *to) {
  draw_sums sums = {
    log_sum_start(), log_sum_start(), log_sum_start(), {0}, {0}};
  for (size_t j = 0; j < q->P; j += LANES) {
    draw_vector(f, prior, q, side, j, &sums, w);
  }
  to->posterior += vec_sum(sums.log_q) - log_sum_end(&sums.sigma);
  to->prior += vec_sum(sums.log_p);
  if (side[0]) to->prior += log_sum_end(&sums.narrow);
  if (f == MIXTURE) to->prior += log_sum_end(&sums.within);
  if (f == STUDENT) {
    to->prior -= (double)prior->log_share[0] * log_sum_end(&sums.within);
  }
}

TARGET static bbb_log_densities draw(const bbb_prior_at *prior,
                                     const bbb_posterior *q,
                                     const float *narrow, const float *eps,
                                     float *w) {
  const double half_log_2pi = 0.91893853320467274178;
  const double P = (double)q->P;
  const size_t most = LOG_SUM_MOST * LANES;
  bbb_log_densities sum = {-half_log_2pi * P, prior->each * P};
  for (size_t j = 0; j < q->P; j += most) {
    const size_t n = q->P - j < most ? q->P - j : most;
    const bbb_posterior some = {n, q->mu + j, q->rho + j};
    const float *const side[2] = {narrow ? narrow + j : NULL, eps + j};
    FOR_FORM(prior->prior, draw_some, prior, &some, side, w + j, &sum)
  }
  return sum;
}
