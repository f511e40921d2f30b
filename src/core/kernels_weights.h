/* kernels_weights.h: the passes over weights, in vectors. Included by
 * kernels_body.h; each is the vector form of a function in rng.c, posterior.c,
 * prior.c or optim.c, where the formulas are explained. */

/* All ones in the lanes below n: the lanes that a sum may count. */
INLINE ivec lanes_below(size_t n) {
  ivec lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  return lane < (int32_t)(n < LANES ? n : LANES);
}

/* ---- rng.c ---- */

INLINE uvec high_product(uvec a, uint32_t m) {
  const u64vec wide = (u64vec)a;
  const u64vec even = (wide & 0xffffffffu) * m, odd = (wide >> 32) * m;
  return (uvec)((even >> 32) | (odd & 0xffffffff00000000u));
}

INLINE void philox(uvec c[4], bbb_key key) {
  uint32_t k0 = key.word[0], k1 = key.word[1];
  for (int round = 0; round < 10; round++) {
    const uvec high0 = high_product(c[0], 0xD2511F53u);
    const uvec high2 = high_product(c[2], 0xCD9E8D57u);
    const uvec low0 = c[0] * 0xD2511F53u, low2 = c[2] * 0xCD9E8D57u;
    c[0] = high2 ^ c[1] ^ k0;
    c[2] = high0 ^ c[3] ^ k1;
    c[1] = low2;
    c[3] = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

INLINE vec uniform(uvec bits) {
  const vec whole = __builtin_convertvector((ivec)(bits >> 8), vec);
  return (whole + 0.5f) * (1.0f / 16777216.0f);
}

INLINE void box_muller(uvec bits0, uvec bits1, float *out0, float *out1) {
  const vec radius = vec_sqrt(vec_log(uniform(bits0)) * -2.0f);
  vec cosine, sine;
  vec_cos_sin_turn(uniform(bits1), &cosine, &sine);
  vec_store(out0, radius * cosine);
  vec_store(out1, radius * sine);
}

/* 64 normals from 16 counters, a counter to a lane. */
INLINE void normal_group(const bbb_source *from, uint32_t block, float *eps) {
  uvec lane;
  for (int i = 0; i < LANES; i++) lane[i] = (uint32_t)i;
  for (uint32_t l = 0; l < BBB_LANES; l += LANES) {
    uvec c[4] = {lane + (block + l), lane * 0 + from->step,
                 lane * 0 + from->draw, lane * 0 + (uint32_t)from->stream};
    philox(c, from->key);
    box_muller(c[0], c[1], eps + l, eps + BBB_LANES + l);
    box_muller(c[2], c[3], eps + 2 * BBB_LANES + l, eps + 3 * BBB_LANES + l);
  }
}

TARGET static void normals(const bbb_source *from, size_t first, size_t n,
                           float *eps) {
  size_t j = 0;
  for (; j + BBB_GROUP <= n; j += BBB_GROUP) {
    normal_group(from, (uint32_t)((first + j) / 4), eps + j);
  }
  if (j < n) {
    float group[BBB_GROUP];
    normal_group(from, (uint32_t)((first + j) / 4), group);
    memcpy(eps + j, group, (n - j) * sizeof *eps);
  }
}

/* ---- posterior.c ---- */

TARGET static void sample(const bbb_posterior *q, const float *eps, float *w) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec sigma = vec_softplus(load_part(q->rho + j, n));
    const vec noise = load_part(eps + j, n);
    store_part(w + j, load_part(q->mu + j, n) + sigma * noise, n);
  }
}

INLINE vec log_softplus(vec rho) {
  return vec_if(rho < -30.0f, rho, vec_log(vec_softplus(rho)));
}

TARGET static double posterior_log_density(const bbb_posterior *q,
                                           const float *eps) {
  const double half_log_2pi = 0.91893853320467274178;
  vec sum = vec_all(0);
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec noise = load_part(eps + j, n);
    const vec term =
      log_softplus(load_part(q->rho + j, n)) + 0.5f * noise * noise;
    sum -= vec_if(lanes_below(n), term, vec_all(0));
  }
  return vec_sum(sum) - half_log_2pi * (double)q->P;
}

TARGET static void posterior_backward(const bbb_posterior *q, const float *eps,
                                      const float *d_w, double kl_weight,
                                      float *d_mu, float *d_rho) {
  for (size_t j = 0; j < q->P; j += LANES) {
    const size_t n = q->P - j;
    const vec rho = load_part(q->rho + j, n), d = load_part(d_w + j, n);
    const vec slope = vec_sigmoid(rho);
    const vec relative =
      vec_if(rho < -30.0f, vec_all(1), slope / vec_softplus(rho));
    store_part(d_mu + j, load_part(d_mu + j, n) + d, n);
    store_part(d_rho + j,
               load_part(d_rho + j, n) + d * load_part(eps + j, n) * slope -
                 (float)kl_weight * relative,
               n);
  }
}

/* ---- prior.c ---- */

/* Of the mixture's two parts at w: log_share - w^2 half_precision. */
typedef struct {
  float log_share[2], half_precision[2];
} mixture;

INLINE mixture mixture_of(const bbb_prior *prior) {
  const mixture m = {{(float)log(prior->pi / prior->sd1),
                      (float)log((1 - prior->pi) / prior->sd2)},
                     {(float)(0.5 / (prior->sd1 * prior->sd1)),
                      (float)(0.5 / (prior->sd2 * prior->sd2))}};
  return m;
}

INLINE vec log_part(const mixture *m, int part, vec w) {
  return m->log_share[part] - w * w * m->half_precision[part];
}

TARGET static double prior_log_density(const bbb_prior *prior, size_t P,
                                       const float *w) {
  const double half_log_2pi = 0.91893853320467274178;
  const int mixed = prior->kind == BBB_PRIOR_MIXTURE;
  const mixture m = mixture_of(prior);
  vec sum = vec_all(0);
  for (size_t j = 0; j < P; j += LANES) {
    const vec at = load_part(w + j, P - j);
    vec term = -at * at * m.half_precision[0];
    if (mixed) {
      const vec wide = log_part(&m, 0, at), narrow = log_part(&m, 1, at);
      term =
        vec_max(wide, narrow) + vec_log1p(vec_exp(-vec_abs(wide - narrow)));
    }
    sum += vec_if(lanes_below(P - j), term, vec_all(0));
  }
  const double each = half_log_2pi + (mixed ? 0 : log(prior->sd1));
  return vec_sum(sum) - each * (double)P;
}

/* The gradient is w times the mean precision; the parts' shares in the density
 * at w are the sigmoid of the difference of their logs, and one less that. */
TARGET static void prior_backward(const bbb_prior *prior, size_t P,
                                  double weight, const float *w, float *d_w) {
  const int mixed = prior->kind == BBB_PRIOR_MIXTURE;
  const mixture m = mixture_of(prior);
  const float wide = (float)weight * m.half_precision[0] * 2.0f;
  const float narrow = (float)weight * m.half_precision[1] * 2.0f;
  for (size_t j = 0; j < P; j += LANES) {
    const size_t n = P - j;
    const vec at = load_part(w + j, n);
    vec precision = vec_all(wide);
    if (mixed) {
      const vec apart = log_part(&m, 0, at) - log_part(&m, 1, at);
      precision = vec_sigmoid(apart) * wide + vec_sigmoid(-apart) * narrow;
    }
    store_part(d_w + j, load_part(d_w + j, n) + at * precision, n);
  }
}

/* ---- optim.c ---- */

INLINE void adam(const bbb_optim *optim, const bbb_optim_at *at, size_t n,
                 const float *d, float *moments, float *theta) {
  const float keep1 = (float)(1 - optim->beta1);
  const float keep2 = (float)(1 - optim->beta2);
  const float scale = (float)at->scale, epsilon = (float)optim->epsilon;
  const double t = (double)at->t;
  const float m_factor = (float)(at->learn_rate / (1 - pow(optim->beta1, t)));
  const float v_factor = (float)(1 / (1 - pow(optim->beta2, t)));
  float *ms = moments, *vs = moments + n;
  for (size_t j = 0; j < n; j += LANES) {
    const size_t k = n - j;
    const vec g = load_part(d + j, k) * scale;
    vec m = load_part(ms + j, k), v = load_part(vs + j, k);
    m += (g - m) * keep1;
    v += (g * g - v) * keep2;
    const vec down = m * m_factor / (vec_sqrt(v * v_factor) + epsilon);
    store_part(ms + j, m, k);
    store_part(vs + j, v, k);
    store_part(theta + j, load_part(theta + j, k) - down, k);
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
