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
INLINE void update_vector(form f, const update_rates *u, const bbb_draw *draw,
                          size_t j, size_t n, const bbb_trained *to) {
  const vec rho = load_part(to->theta.rho + j, n);
  const vec narrow = narrow_part(draw->narrow, j, n);
  const size_t of[2] = {j, n};
  vec g[2];
  gather_vector(f, &u->prior, u->part, draw, of, g);
  const vec g_rho =
    chain_vector(rho, precise_vector(f, u->part, narrow), u->kl_weight, g[1]);
  adam_vector(&u->adam, &u->at, g[0], to->mu_moments + j, to->theta.mu + j, n);
  adam_vector(&u->adam, &u->at, g_rho, to->rho_moments + j, to->theta.rho + j,
              n);
}

/* A step's only draw, all at once: gather, chain and Adam. */
INLINE void update_all(form f, const update_rates *u, const bbb_draw *draw,
                       const bbb_trained *to) {
  size_t j = 0;
  for (; j + LANES <= draw->n; j += LANES) {
    update_vector(f, u, draw, j, LANES, to);
  }
  if (j < draw->n) update_vector(f, u, draw, j, draw->n - j, to);
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
    adam(optim, at, n, d, moments, theta);
  } else {
    bbb_optim_step(optim, at, n, d, moments, theta);
  }
}
