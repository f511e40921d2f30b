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
  case BBB_PRIOR_NORMAL:
  case BBB_PRIORS: break;
  }
  return prior->exact ? EXACT : NORMAL;
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

INLINE vec narrow_part(const bbb_place *place, size_t j, size_t n) {
  return place->narrow ? load_part(place->narrow + j, n) : vec_all(1);
}

/* n weights, or means, from number j on, less the centre of their prior. */
INLINE vec from_center(const bbb_place *place, size_t j, size_t n, vec w) {
  return place->center ? w - load_part(place->center + j, n) : w;
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

/* Where a draw of weights takes its numbers from. */
typedef struct {
  const bbb_prior_at *prior;
  const bbb_posterior *q;
  bbb_place place;
  const float *eps;
} draw_from;

/* Of n weights from j on: log P at w, but for constants. */
INLINE void prior_vector(form f, const draw_from *from, size_t j, size_t n,
                         const float *w, draw_sums *sums) {
  const bbb_prior_at *prior = from->prior;
  const ivec counts = lanes_below(n);
  const vec one = vec_all(1);
  const vec u = from_center(&from->place, j, n, load_part(w + j, n)) *
                narrow_part(&from->place, j, n);
  vec log_p = -u * u * prior->half_precision[0];
  if (f == MIXTURE) {
    const vec wide = log_part(prior, 0, u), slim = log_part(prior, 1, u);
    const vec e = vec_exp_fall(wide - slim);
    log_p = vec_max(wide, slim);
    log_sum_add(&sums->within, vec_if(counts, e + 1.0f, one));
  } else if (f == LAPLACE) {
    log_p = -vec_abs(u) * prior->half_precision[0];
  } else if (f == STUDENT) {
    log_sum_add(&sums->within, vec_if(counts, 1.0f - log_p, one));
    return;
  }
  sums->log_p += vec_if(counts, log_p, vec_all(0));
}

/* Of n weights from j on: w, log q, log 1 / scale and the mean of log P. */
INLINE void draw_vector(form f, const draw_from *from, size_t j, size_t n,
                        float *w, draw_sums *sums) {
  const bbb_posterior *q = from->q;
  const vec mu = load_part(q->mu + j, n), rho = load_part(q->rho + j, n);
  const vec eps = load_part(from->eps + j, n), none = vec_all(0);
  const vec narrow = narrow_part(&from->place, j, n), one = vec_all(1);
  const ivec counts = lanes_below(n);
  const ivec tiny = rho < -30.0f; /* log sigma is rho itself */
  const vec sigma = vec_softplus(rho);
  const vec half_square = f == EXACT ? vec_all(0.5f) : 0.5f * eps * eps;
  store_part(w + j, mu + sigma * eps, n);
  log_sum_add(&sums->sigma, vec_if(~tiny & counts, sigma, one));
  sums->log_q -= vec_if(counts, half_square + vec_if(tiny, rho, none), none);
  if (from->place.narrow)
    log_sum_add(&sums->narrow, vec_if(counts, narrow, one));
  if (f != EXACT) return;
  const vec away = from_center(&from->place, j, n, mu);
  const vec squares = (away * away + sigma * sigma) * (narrow * narrow);
  const vec log_p = squares * -from->prior->half_precision[0];
  sums->log_p += vec_if(counts, log_p, none);
}

/* So few weights that the products of logarithms hold. The prior comes after
 * all of them: two short chains of operations instead of a long one. */
INLINE void draw_some(form f, const draw_from *from, float *w,
                      bbb_log_densities *to) {
  const size_t n = from->q->P, whole = n / LANES * LANES;
  draw_sums sums = {
    log_sum_start(), log_sum_start(), log_sum_start(), {0}, {0}};
  for (size_t j = 0; j < whole; j += LANES) {
    draw_vector(f, from, j, LANES, w, &sums);
  }
  if (whole < n) draw_vector(f, from, whole, n - whole, w, &sums);
  for (size_t j = 0; f != EXACT && j < whole; j += LANES) {
    prior_vector(f, from, j, LANES, w, &sums);
  }
  if (f != EXACT && whole < n) {
    prior_vector(f, from, whole, n - whole, w, &sums);
  }
  to->posterior += vec_sum(sums.log_q) - log_sum_end(&sums.sigma);
  to->prior += vec_sum(sums.log_p);
  if (from->place.narrow) to->prior += log_sum_end(&sums.narrow);
  if (f == MIXTURE) to->prior += log_sum_end(&sums.within);
  if (f == STUDENT) {
    to->prior -= (double)from->prior->log_share[0] * log_sum_end(&sums.within);
  }
}

TARGET static bbb_log_densities draw(const bbb_prior_at *prior,
                                     const bbb_posterior *q,
                                     const bbb_place *place, const float *eps,
                                     float *w) {
  const double P = (double)q->P;
  const size_t most = LOG_SUM_MOST * LANES;
  bbb_log_densities sum = {-bbb_half_log_2pi * P, prior->each * P};
  for (size_t j = 0; j < q->P; j += most) {
    const size_t n = q->P - j < most ? q->P - j : most;
    const bbb_posterior some = {n, q->mu + j, q->rho + j};
    const draw_from from = {prior, &some, bbb_place_from(place, j), eps + j};
    FOR_FORM(prior->prior, draw_some, &from, w + j, &sum)
  }
  return sum;
}
