/* kernels_weights.h: the passes over weights, in vectors. Included by
 * kernels_body.h; each is the vector form of a function in rng.c, posterior.c,
 * prior.c or optim.c, where the formulas are explained. */

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

/* ---- a draw ---- */

TARGET static void sample(const bbb_posterior *q, const float *eps, float *w) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec sigma = vec_softplus(load_part(q->rho + j, n));
    const vec noise = load_part(eps + j, n);
    store_part(w + j, load_part(q->mu + j, n) + sigma * noise, n);
  }
}

INLINE vec log_part(const bbb_prior_at *prior, int part, vec w) {
  return prior->log_share[part] - w * w * prior->half_precision[part];
}

/* Sums over weights: the logarithms of sigma, and the rest of log q; log P. */
typedef struct {
  log_sum sigma, one_more;
  vec log_q, log_p;
} draw_sums;

/* All ones in the lanes below n: the lanes that a sum may count. */
INLINE ivec lanes_below(size_t n) {
  ivec lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  return lane < (int32_t)n;
}

/* One vector of weights, of which n count. */
INLINE void draw_vector(int mixed, const bbb_prior_at *m, const vec q[2],
                        vec eps, size_t n, draw_sums *sums, vec *w) {
  const ivec counts = lanes_below(n);
  const vec none = vec_all(0), sigma = vec_softplus(q[1]);
  const ivec tiny = q[1] < -30.0f; /* log sigma is rho itself */
  const vec at = q[0] + sigma * eps;
  vec log_q = 0.5f * eps * eps + vec_if(tiny, q[1], none);
  vec log_p = -at * at * m->half_precision[0];
  *w = at;
  log_sum_add(&sums->sigma, vec_if(~tiny & counts, sigma, vec_all(1)));
  if (mixed) {
    const vec wide = log_part(m, 0, at), narrow = log_part(m, 1, at);
    const vec e = vec_exp_fall(wide - narrow);
    log_p = vec_max(wide, narrow);
    log_sum_add(&sums->one_more, vec_if(counts, e + 1.0f, vec_all(1)));
  }
  sums->log_q -= vec_if(counts, log_q, none);
  sums->log_p += vec_if(counts, log_p, none);
}

/* Weights first .. end, so few that the products of logarithms hold. */
INLINE void draw_some(int mixed, const bbb_prior_at *m, const bbb_posterior *q,
                      const float *eps, float *w, bbb_log_densities *to) {
  draw_sums sums = {log_sum_start(), log_sum_start(), {0}, {0}};
  size_t j = 0;
  vec out;
  for (; j + LANES <= q->P; j += LANES) {
    const vec at[2] = {vec_load(q->mu + j), vec_load(q->rho + j)};
    draw_vector(mixed, m, at, vec_load(eps + j), LANES, &sums, &out);
    vec_store(w + j, out);
  }
  if (j < q->P) {
    const size_t n = q->P - j;
    const vec at[2] = {load_part(q->mu + j, n), load_part(q->rho + j, n)};
    draw_vector(mixed, m, at, load_part(eps + j, n), n, &sums, &out);
    store_part(w + j, out, n);
  }
  to->posterior += vec_sum(sums.log_q) - log_sum_end(&sums.sigma);
  to->prior += vec_sum(sums.log_p);
  if (mixed) to->prior += log_sum_end(&sums.one_more);
}

TARGET static bbb_log_densities draw(const bbb_prior_at *prior,
                                     const bbb_posterior *q, const float *eps,
                                     float *w) {
  const double half_log_2pi = 0.91893853320467274178;
  const double P = (double)q->P;
  const size_t most = LOG_SUM_MOST * LANES;
  bbb_log_densities sum = {-half_log_2pi * P, prior->each * P};
  for (size_t j = 0; j < q->P; j += most) {
    const size_t n = q->P - j < most ? q->P - j : most;
    const bbb_posterior some = {n, q->mu + j, q->rho + j};
    if (prior->mixed) {
      draw_some(1, prior, &some, eps + j, w + j, &sum);
    } else {
      draw_some(0, prior, &some, eps + j, w + j, &sum);
    }
  }
  return sum;
}

/* ---- its gradient ---- */

/* The gradient of -log P(w), times weight: w times the mean precision. The
 * parts' shares in the density at w are as 1 to e, or as e to 1. */
INLINE vec prior_gradient(int mixed, const bbb_prior_at *m,
                          const float precision[2], vec w) {
  if (!mixed) return w * precision[0];
  const vec apart = log_part(m, 0, w) - log_part(m, 1, w);
  const vec e = vec_exp_fall(apart), one = vec_all(1);
  const ivec wider = apart >= 0.0f;
  const vec wide = vec_if(wider, one, e), narrow = vec_if(wider, e, one);
  return w * ((wide * precision[0] + narrow * precision[1]) / (e + 1.0f));
}

typedef struct {
  float at[2];
} precisions;

/* Of the two parts, times the weight of the KL. */
INLINE precisions weighed(const bbb_prior_at *prior, double kl_weight) {
  const float weight = (float)kl_weight * 2.0f;
  const precisions p = {
    {weight * prior->half_precision[0], weight * prior->half_precision[1]}};
  return p;
}

/* One vector of a draw: its gradient in w, and that times eps. */
INLINE void gather_vector(int mixed, const bbb_prior_at *prior, precisions p,
                          const bbb_draw *at, size_t j, vec g[2]) {
  const size_t n = at->n - j;
  const vec w = load_part(at->w + j, n), eps = load_part(at->eps + j, n);
  g[0] = load_part(at->d_w + j, n) + prior_gradient(mixed, prior, p.at, w);
  g[1] = g[0] * eps;
}

INLINE void gather_all(int mixed, int add, const bbb_prior_at *prior,
                       double kl_weight, const bbb_draw *at, float *g_mu,
                       float *g_rho) {
  const precisions p = weighed(prior, kl_weight);
  for (size_t j = 0; j < at->n; j += LANES) {
    const size_t n = at->n - j;
    vec g[2];
    gather_vector(mixed, prior, p, at, j, g);
    if (add) {
      g[0] += load_part(g_mu + j, n);
      g[1] += load_part(g_rho + j, n);
    }
    store_part(g_mu + j, g[0], n);
    store_part(g_rho + j, g[1], n);
  }
}

TARGET static void gather(const bbb_prior_at *prior, double kl_weight,
                          const bbb_draw *at, int add, float *g_mu,
                          float *g_rho) {
  if (prior->mixed) {
    gather_all(1, add, prior, kl_weight, at, g_mu, g_rho);
  } else {
    gather_all(0, add, prior, kl_weight, at, g_mu, g_rho);
  }
}

/* With e = exp(-|rho|) the slope of sigma is 1 / (1 + e) or e / (1 + e). Held
 * above -85, e and sigma are normal floats and their quotient is 1 as it
 * should be. */
INLINE vec chain_vector(vec rho, float kl_weight, vec g) {
  const vec held = vec_max(rho, vec_all(-85)), e = vec_exp_fall(held);
  const vec sigma = vec_max(held, vec_all(0)) + vec_log1p(e);
  const vec slope = vec_if(held >= 0.0f, vec_all(1), e);
  return slope / ((e + 1.0f) * sigma) * (g * sigma - kl_weight);
}

TARGET static void chain(const bbb_posterior *q, double kl_weight,
                         float *g_rho) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec rho = load_part(q->rho + j, n), g = load_part(g_rho + j, n);
    store_part(g_rho + j, chain_vector(rho, (float)kl_weight, g), n);
  }
}

/* ---- optim.c ---- */

/* What Adam's numbers share. */
typedef struct {
  float keep1, keep2, epsilon;
} adam_rates;

INLINE adam_rates adam_of(const bbb_optim *optim) {
  const adam_rates a = {(float)(1 - optim->beta1), (float)(1 - optim->beta2),
                        (float)optim->epsilon};
  return a;
}

/* theta (n) and its moments, moved along the gradient g by one vector. */
INLINE void adam_vector(const adam_rates *a, const bbb_optim_at *at, vec d,
                        float *moments, float *theta, size_t n) {
  float *ms = moments, *vs = moments + at->apart;
  const vec g = d * at->scale;
  vec m = load_part(ms, n), v = load_part(vs, n);
  m += (g - m) * a->keep1;
  v += (g * g - v) * a->keep2;
  const vec down = m * at->rate / (vec_sqrt(v * at->v_factor) + a->epsilon);
  store_part(ms, m, n);
  store_part(vs, v, n);
  store_part(theta, load_part(theta, n) - down, n);
}

INLINE void adam(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                 const float *d, float *moments, float *theta) {
  const adam_rates a = adam_of(optim);
  for (size_t j = 0; j < n; j += LANES) {
    adam_vector(&a, at, load_part(d + j, n - j), moments + j, theta + j, n - j);
  }
}

/* What all weights of an update share. */
typedef struct {
  bbb_prior_at prior;
  precisions part;
  float kl_weight;
  adam_rates adam;
  bbb_optim_at at;
} update_rates;

/* The n weights of a vector from j on. */
INLINE void update_vector(int mixed, const update_rates *u,
                          const bbb_draw *draw, size_t j, size_t n,
                          const bbb_trained *to) {
  const vec w = load_part(draw->w + j, n), eps = load_part(draw->eps + j, n);
  const vec d_w = load_part(draw->d_w + j, n);
  const vec rho = load_part(to->theta.rho + j, n);
  const vec g = d_w + prior_gradient(mixed, &u->prior, u->part.at, w);
  const vec g_rho = chain_vector(rho, u->kl_weight, g * eps);
  adam_vector(&u->adam, &u->at, g, to->mu_moments + j, to->theta.mu + j, n);
  adam_vector(&u->adam, &u->at, g_rho, to->rho_moments + j, to->theta.rho + j,
              n);
}

/* A step's only draw, all at once: gather, chain and Adam. */
INLINE void update_all(int mixed, const update_rates *u, const bbb_draw *draw,
                       const bbb_trained *to) {
  size_t j = 0;
  for (; j + LANES <= draw->n; j += LANES) {
    update_vector(mixed, u, draw, j, LANES, to);
  }
  if (j < draw->n) update_vector(mixed, u, draw, j, draw->n - j, to);
}

TARGET static void update(const bbb_prior_at *prior, double kl_weight,
                          const bbb_draw *draw, const bbb_optim *optim,
                          const bbb_optim_at *at, const bbb_trained *to) {
  const update_rates u = {*prior, weighed(prior, kl_weight), (float)kl_weight,
                          adam_of(optim), *at};
  if (prior->mixed) {
    update_all(1, &u, draw, to);
  } else {
    update_all(0, &u, draw, to);
  }
}

TARGET static void optim_step(const bbb_optim *optim, const bbb_optim_at *at,
                              size_t n, const float *d, float *moments,
                              float *theta) {
  if (optim->kind == BBB_OPTIMIZER_ADAM) {
    adam(optim, at, n, d, moments, theta);
  } else {
    bbb_optim_step(optim, at, n, d, moments, theta);
  }
}
