/* kernels_likelihood.h: the common likelihoods in vectors of rows. Included by
 * kernels_body.h; each is the vector form of a bbb_family_row in
 * likelihood_*.c, where the formulas are explained. Terms are summed in vectors
 * over ROWS_AT_ONCE rows at a time, and those sums in double. */

enum { ROWS_AT_ONCE = 256 };

/* One outcome of all rows. */
typedef struct {
  const bbb_batch *batch;
  size_t R, K;
  const float *y, *eta; /* (1, N), (K, R) */
  const float *offset;  /* (N) or NULL */
  float *d_eta;         /* (K, R) or NULL */
} column;

INLINE vec weight_at(const column *c, size_t i) {
  if (!c->batch->weight) return vec_all(1);
  return load_part(c->batch->weight + i, c->batch->N - i);
}

INLINE vec y_at(const column *c, size_t i) {
  return load_part(c->y + i, c->batch->N - i);
}

INLINE vec eta_at(const column *c, size_t k, size_t i) {
  const vec eta = vec_load(c->eta + k * c->R + i);
  if (k > 0 || !c->offset) return eta;
  return eta + load_part(c->offset + i, c->batch->N - i);
}

INLINE vec in_rows(const column *c, size_t i, vec v) {
  if (c->batch->N - i >= LANES) return v;
  return vec_if(lanes_below(c->batch->N - i), v, vec_all(0));
}

/* The rest of d_eta: what lies beyond the last vector of rows. */
INLINE void clear_padding(const column *c) {
  const size_t from = bbb_padded(c->batch->N, LANES);
  if (!c->d_eta || from == c->R) return;
  for (size_t k = 0; k < c->K; k++) {
    memset(c->d_eta + k * c->R + from, 0, (c->R - from) * sizeof(float));
  }
}

/* ---- the families: sum of rows first ... end - 1 ---- */

INLINE vec gaussian_rows(const column *c, size_t first, size_t end,
                         float precision) {
  vec sum = vec_all(0);
  for (size_t i = first; i < end; i += LANES) {
    const vec residual = in_rows(c, i, y_at(c, i) - eta_at(c, 0, i));
    const vec down = residual * precision * weight_at(c, i);
    sum += down * residual;
    if (c->d_eta) vec_store(c->d_eta + i, -down);
  }
  return sum;
}

/* Without the sum's -log(2 pi) / 2 for each row. */
INLINE vec hetero_rows(const column *c, size_t first, size_t end) {
  const float most = BBB_MOST_LOG_NOISE;
  vec sum = vec_all(0);
  for (size_t i = first; i < end; i += LANES) {
    const vec eta = eta_at(c, 1, i);
    const vec log_noise = vec_min(vec_max(eta, vec_all(-most)), vec_all(most));
    const vec weight = in_rows(c, i, weight_at(c, i));
    const vec precision = vec_exp(log_noise * -2.0f);
    const vec residual = y_at(c, i) - eta_at(c, 0, i);
    const vec square = residual * residual * precision;
    sum -= (log_noise + 0.5f * square) * weight;
    if (c->d_eta) {
      const vec d = 1.0f - square;
      const ivec away = (eta - log_noise) * d < 0.0f;
      vec_store(c->d_eta + i, -residual * precision * weight);
      vec_store(c->d_eta + c->R + i, vec_if(away, vec_all(0), d) * weight);
    }
  }
  return sum;
}

INLINE vec binomial_rows(const column *c, size_t first, size_t end) {
  vec sum = vec_all(0);
  for (size_t i = first; i < end; i += LANES) {
    const vec sign = vec_if(y_at(c, i) > 0.0f, vec_all(-1), vec_all(1));
    const vec against = eta_at(c, 0, i) * sign;
    const vec weight = in_rows(c, i, weight_at(c, i));
    sum -= vec_softplus(against) * weight;
    if (c->d_eta) {
      vec_store(c->d_eta + i, vec_sigmoid(against) * sign * weight);
    }
  }
  return sum;
}

/* The largest eta of each row, and the first output that has it. */
INLINE vec largest(const column *c, size_t i, ivec *where) {
  vec most = eta_at(c, 0, i);
  *where = (ivec){0};
  for (size_t k = 1; k < c->K; k++) {
    const vec eta = eta_at(c, k, i);
    const ivec more = eta > most;
    *where = (*where & ~more) | (more & (int32_t)k);
    most = vec_if(more, eta, most);
  }
  return most;
}

/* log(1 + x) for x >= 0 */
INLINE vec log_one_more(vec x) {
  const vec small = vec_log1p(vec_min(x, vec_all(1)));
  return vec_if(x <= 1.0f, small, vec_log(x + 1.0f));
}

/* The largest is left out of the sum, whose smallness then is not lost. */
INLINE vec categorical_vector(const column *c, size_t i) {
  ivec where;
  const vec most = largest(c, i, &where);
  const ivec y = __builtin_convertvector(y_at(c, i), ivec);
  const vec weight = in_rows(c, i, weight_at(c, i));
  vec others = vec_all(0), true_eta = vec_all(0);
  for (size_t k = 0; k < c->K; k++) {
    const vec eta = eta_at(c, k, i);
    const vec e = vec_exp(eta - most);
    others += vec_if(where == (int32_t)k, vec_all(0), e);
    true_eta = vec_if(y == (int32_t)k, eta, true_eta);
    if (c->d_eta) vec_store(c->d_eta + k * c->R + i, e);
  }
  const vec share = 1.0f / (others + 1.0f);
  for (size_t k = 0; c->d_eta && k < c->K; k++) {
    float *d = c->d_eta + k * c->R + i;
    const vec is = vec_if(y == (int32_t)k, vec_all(1), vec_all(0));
    vec_store(d, (vec_load(d) * share - is) * weight);
  }
  return (true_eta - most - log_one_more(others)) * weight;
}

INLINE vec categorical_rows(const column *c, size_t first, size_t end) {
  vec sum = vec_all(0);
  for (size_t i = first; i < end; i += LANES) sum += categorical_vector(c, i);
  return sum;
}

/* ---- over all rows ---- */

INLINE vec rows_of(bbb_rows_kernel rows, const column *c, size_t first,
                   size_t end, float precision) {
  switch (rows) {
  case BBB_ROWS_GAUSSIAN: return gaussian_rows(c, first, end, precision);
  case BBB_ROWS_BINOMIAL: return binomial_rows(c, first, end);
  case BBB_ROWS_HETERO: return hetero_rows(c, first, end);
  case BBB_ROWS_CATEGORICAL: return categorical_rows(c, first, end);
  case BBB_ROWS_NONE: break;
  }
  return vec_all(0);
}

/* Inlined with a constant kind: the switch is outside the loop. */
INLINE double sum_of(bbb_rows_kernel rows, const column *c, float precision) {
  double sum = 0;
  for (size_t i = 0; i < c->batch->N; i += ROWS_AT_ONCE) {
    const size_t left = c->batch->N - i;
    const size_t end = i + (left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);
    sum += vec_sum(rows_of(rows, c, i, end, precision));
  }
  clear_padding(c);
  return sum;
}

INLINE double sum_of_weights(const bbb_batch *batch) {
  if (!batch->weight) return (double)batch->N;
  double sum = 0;
  for (size_t i = 0; i < batch->N; i++) sum += (double)batch->weight[i];
  return sum;
}

INLINE double gaussian_all(const column *c, float log_noise, double *d_aux) {
  const double rows = sum_of_weights(c->batch);
  const double squares = sum_of(BBB_ROWS_GAUSSIAN, c, expf(-2.0f * log_noise));
  *d_aux = rows - squares;
  return -rows * (bbb_half_log_2pi + (double)log_noise) - 0.5 * squares;
}

/* One outcome of the families that have vectors; d_aux is the gaussian's. */
INLINE double outcome_of(bbb_rows_kernel rows, const column *c,
                         const float *aux, double *d_aux) {
  switch (rows) {
  case BBB_ROWS_GAUSSIAN: return gaussian_all(c, *aux, d_aux);
  case BBB_ROWS_HETERO:
    return sum_of(BBB_ROWS_HETERO, c, 0) -
           bbb_half_log_2pi * sum_of_weights(c->batch);
  case BBB_ROWS_BINOMIAL: return sum_of(BBB_ROWS_BINOMIAL, c, 0);
  case BBB_ROWS_CATEGORICAL: return sum_of(BBB_ROWS_CATEGORICAL, c, 0);
  case BBB_ROWS_NONE: break;
  }
  return 0;
}

TARGET static double likelihood_log_density(const bbb_likelihood *lik,
                                            const bbb_batch *batch,
                                            const float *eta, const float *aux,
                                            float *d_eta, float *d_aux) {
  const size_t R = bbb_padded(batch->N, BBB_LANES);
  const size_t K = bbb_likelihood_outputs(lik);
  const size_t A = bbb_likelihood_auxiliaries(lik);
  const bbb_rows_kernel rows = bbb_likelihood_rows(lik);
  if (rows == BBB_ROWS_NONE) {
    return bbb_likelihood_log_density(lik, batch, eta, aux, d_eta, d_aux);
  }
  double sum = 0, d_aux_j = 0;
  for (size_t j = 0; j * K < lik->K; j++) {
    const column c = {batch,
                      R,
                      K,
                      batch->y + j * batch->apart,
                      eta + j * K * R,
                      j == 0 ? batch->offset : NULL,
                      d_eta ? d_eta + j * K * R : NULL};
    sum += outcome_of(rows, &c, aux + (A > 0 ? j : 0), &d_aux_j);
    if (A > 0 && d_eta && lik->learn_aux) d_aux[j] += (float)d_aux_j;
  }
  return sum;
}
