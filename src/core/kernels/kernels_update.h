/* kernels_update.h: optim.c in vectors, and the whole of an update in one pass.
 * Included by kernels_body.h. */

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

INLINE void adam_all(const adam_rates *a, const bbb_optim_at *at, size_t n,
                     const float *d, float *const moments, float *theta) {
  size_t j = 0;
  for (; j + LANES <= n; j += LANES) {
    adam_vector(a, at, vec_load(d + j), moments + j, theta + j, LANES);
  }
  if (j < n) {
    adam_vector(a, at, load_part(d + j, n - j), moments + j, theta + j, n - j);
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

/* The gradient of some weights, and then Adam for their mu and rho: apart,
 * since one long chain from weight to weight would keep the processor waiting.
 */
enum { SOME = 256 };

/* Of a large network eight streams come from memory, more than a processor
 * follows when they are read in turns: it is told what comes two turns on. */
INLINE void fetch_ahead(const float *stream) {
  __builtin_prefetch(
    (const void *)((uintptr_t)stream + 2 * SOME * sizeof(float)));
}

INLINE void fetch_all(const bbb_draw *draw, size_t j, const bbb_trained *to,
                      size_t apart) {
  fetch_ahead(draw->w + j);
  fetch_ahead(draw->eps + j);
  fetch_ahead(to->theta.mu + j);
  fetch_ahead(to->theta.rho + j);
  fetch_ahead(to->mu_moments + j);
  fetch_ahead(to->mu_moments + apart + j);
  fetch_ahead(to->rho_moments + j);
  fetch_ahead(to->rho_moments + apart + j);
}

INLINE void update_vector(form f, const update_rates *u, const bbb_draw *draw,
                          const size_t of[2], const bbb_trained *at,
                          float *const to[2]) {
  const size_t j = of[0], n = of[1];
  const float *rho = at->theta.rho;
  const vec narrow = narrow_part(&draw->place, j, n);
  vec g[2];
  fetch_all(draw, j, at, u->at.apart);
  gather_vector(f, &u->prior, u->part, draw, of, g);
  store_part(to[0], g[0], n);
  store_part(to[1],
             chain_vector(load_part(rho + j, n),
                          precise_vector(f, u->part, narrow), u->kl_weight,
                          g[1]),
             n);
}

INLINE void update_some(form f, const update_rates *u, const bbb_draw *draw,
                        size_t first, size_t n, const bbb_trained *to) {
  float g_mu[SOME], g_rho[SOME];
  size_t j = 0;
  for (; j + LANES <= n; j += LANES) {
    float *const g[2] = {g_mu + j, g_rho + j};
    const size_t of[2] = {first + j, LANES};
    update_vector(f, u, draw, of, to, g);
  }
  if (j < n) {
    float *const g[2] = {g_mu + j, g_rho + j};
    const size_t of[2] = {first + j, n - j};
    update_vector(f, u, draw, of, to, g);
  }
  adam_all(&u->adam, &u->at, n, g_mu, to->mu_moments + first,
           to->theta.mu + first);
  adam_all(&u->adam, &u->at, n, g_rho, to->rho_moments + first,
           to->theta.rho + first);
}

/* A step's only draw, all at once: gather, chain and Adam. */
INLINE void update_all(form f, const update_rates *u, const bbb_draw *draw,
                       const bbb_trained *to) {
  for (size_t j = 0; j < draw->n; j += SOME) {
    const size_t n = draw->n - j < SOME ? draw->n - j : SOME;
    update_some(f, u, draw, j, n, to);
  }
}

TARGET static void update(const bbb_prior_at *prior, double kl_weight,
                          const bbb_draw *draw, const bbb_optim *optim,
                          const bbb_optim_at *at, const bbb_trained *to) {
  const update_rates u = {*prior, weighed(prior, kl_weight), (float)kl_weight,
                          adam_of(optim), *at};
  FOR_FORM(prior->prior, update_all, &u, draw, to)
}

TARGET static void optim_step(const bbb_optim *optim, const bbb_optim_at *at,
                              size_t n, const float *d, float *moments,
                              float *theta) {
  if (optim->kind == BBB_OPTIMIZER_ADAM) {
    const adam_rates a = adam_of(optim);
    adam_all(&a, at, n, d, moments, theta);
  } else {
    bbb_optim_step(optim, at, n, d, moments, theta);
  }
}
