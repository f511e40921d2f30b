/* kernels_gradient.h: from the gradient in the weights to that in mu and rho,
 * in vectors. Included by kernels_body.h; posterior.c and prior.c explain it.
 */

/* What the gradient of -log P in u has as its factor, times the KL's weight. */
typedef struct {
  float at[2];
} precisions;

INLINE precisions weighed(const bbb_prior_at *prior, double kl_weight) {
  const form f = form_of(prior->prior);
  const double power = f == STUDENT   ? 2 * (double)prior->log_share[0]
                       : f == LAPLACE ? 1
                                      : 2;
  const precisions p = {
    {(float)(kl_weight * power * (double)prior->half_precision[0]),
     (float)(kl_weight * power * (double)prior->half_precision[1])}};
  return p;
}

/* The gradient of -log P(w), or of its mean in mu, times the KL's weight; mu
 * and w are taken from the prior's centre. The mixture's parts have shares in
 * the density at w as 1 to e, or as e to 1. */
INLINE vec prior_gradient(form f, const bbb_prior_at *prior, precisions p,
                          const vec at[3]) {
  const vec mu = at[0], narrow = at[1], u = at[2] * narrow, one = vec_all(1);
  if (f == EXACT) return mu * narrow * narrow * p.at[0];
  if (f == LAPLACE) {
    const vec sign = vec_if(u < 0.0f, -one, vec_if(u > 0.0f, one, vec_all(0)));
    return sign * narrow * p.at[0];
  }
  if (f == STUDENT) {
    return u * narrow * p.at[0] / (u * u * prior->half_precision[0] + 1.0f);
  }
  if (f == NORMAL) return u * narrow * p.at[0];
  const vec apart = log_part(prior, 0, u) - log_part(prior, 1, u);
  const vec e = vec_exp_fall(apart);
  const ivec wider = apart >= 0.0f;
  const vec wide = vec_if(wider, one, e), slim = vec_if(wider, e, one);
  return u * narrow * ((wide * p.at[0] + slim * p.at[1]) / (e + 1.0f));
}

/* The of[1] weights of a vector from of[0] on: their gradient in w, and that
 * times eps; of the mean of log P only the part in mu. */
INLINE void gather_vector(form f, const bbb_prior_at *prior, precisions p,
                          const bbb_draw *draw, const size_t of[2], vec g[2]) {
  const size_t j = of[0], n = of[1];
  const bbb_place *place = &draw->place;
  const vec at[3] = {from_center(place, j, n, load_part(draw->mu + j, n)),
                     narrow_part(place, j, n),
                     from_center(place, j, n, load_part(draw->w + j, n))};
  const vec d_w = load_part(draw->d_w + j, n);
  const vec eps = load_part(draw->eps + j, n);
  const vec of_prior = prior_gradient(f, prior, p, at);
  g[0] = d_w + of_prior;
  g[1] = (f == EXACT ? d_w : g[0]) * eps;
  if (draw->d_sigma) {
    g[1] = load_part(draw->d_sigma + j, n);
    if (f != EXACT) g[1] += of_prior * eps;
  }
}

INLINE void gather_all(form f, int add, const bbb_prior_at *prior,
                       double kl_weight, const bbb_draw *draw,
                       float *const to[2]) {
  const precisions p = weighed(prior, kl_weight);
  for (size_t j = 0; j < draw->n; j += LANES) {
    const size_t n = draw->n - j, of[2] = {j, n};
    vec g[2];
    gather_vector(f, prior, p, draw, of, g);
    if (add) {
      g[0] += load_part(to[0] + j, n);
      g[1] += load_part(to[1] + j, n);
    }
    store_part(to[0] + j, g[0], n);
    store_part(to[1] + j, g[1], n);
  }
}

TARGET static void gather(const bbb_prior_at *prior, double kl_weight,
                          const bbb_draw *draw, int add, float *g_mu,
                          float *g_rho) {
  float *const to[2] = {g_mu, g_rho};
  FOR_FORM(prior->prior, gather_all, add, prior, kl_weight, draw, to)
}

/* With e = exp(-|rho|) the slope of sigma is 1 / (1 + e) or e / (1 + e). Held
 * above -85, e and sigma are normal floats and their quotient is 1 as it
 * should be. `precise` is what the mean of log P adds, over sigma. */
INLINE vec chain_vector(vec rho, vec precise, float kl_weight, vec g) {
  const vec held = vec_max(rho, vec_all(-85)), e = vec_exp_fall(held);
  const vec sigma = vec_max(held, vec_all(0)) + vec_log1p(e);
  const vec slope = vec_if(held >= 0.0f, vec_all(1), e);
  return slope / ((e + 1.0f) * sigma) *
         ((g + sigma * precise) * sigma - kl_weight);
}

INLINE vec precise_vector(form f, precisions p, vec narrow) {
  return f == EXACT ? narrow * narrow * p.at[0] : vec_all(0);
}

INLINE void chain_all(form f, const bbb_prior_at *prior, const bbb_posterior *q,
                      const bbb_place *place, double kl_weight, float *g_rho) {
  const precisions p = weighed(prior, kl_weight);
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec rho = load_part(q->rho + j, n), g = load_part(g_rho + j, n);
    const vec precise = precise_vector(f, p, narrow_part(place, j, n));
    store_part(g_rho + j, chain_vector(rho, precise, (float)kl_weight, g), n);
  }
}

TARGET static void chain(const bbb_prior_at *prior, const bbb_posterior *q,
                         const bbb_place *place, double kl_weight,
                         float *g_rho) {
  if (form_of(prior->prior) == EXACT) {
    chain_all(EXACT, prior, q, place, kl_weight, g_rho);
  } else {
    chain_all(NORMAL, prior, q, place, kl_weight, g_rho);
  }
}
