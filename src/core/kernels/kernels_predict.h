/* kernels_predict.h: mixtures of distributions over draws, in vectors. Included
 * by kernels_body.h. */

enum { DRAWS_AT_ONCE = 256 };

/* One vector of the mixture: the tail that is on value's side of each draw's
 * mean, negative below it; the density; and its slope. Tails keep their
 * relative precision where 1 less a tail would not. */
INLINE void normal_vector(vec z, vec inverse, vec *tail, vec *density,
                          vec *slope) {
  const vec size = vec_abs(z), e = vec_exp_half_square(z);
  const vec t = 1.0f / (size * 0.3f + 1.0f);
  const vec at = e * vec_normal_tail(t);
  *tail = vec_if(z < 0.0f, at, -at);
  *density = e * inverse * (float)bbb_inv_sqrt_2pi;
  *slope = -z * *density * inverse;
}

/* Draws first ... end - 1; lanes beyond the end count nothing. */
INLINE void normal_some(const bbb_normals *of, size_t first, size_t end,
                        double value, double sum[3]) {
  const float high = (float)value, low = (float)(value - (double)high);
  vec tails = vec_all(0), densities = vec_all(0), slopes = vec_all(0);
  vec above = vec_all(0);
  for (size_t s = first; s < end; s += LANES) {
    const vec mean = load_part(of->mean + s, end - s);
    const vec inverse = load_part(of->inverse + s, end - s);
    const vec z = ((high - mean) + low) * inverse;
    const ivec counts = end - s >= LANES ? (ivec){0} - 1 : lanes_below(end - s);
    vec tail, density, slope;
    normal_vector(z, inverse, &tail, &density, &slope);
    tails += vec_if(counts, tail, vec_all(0));
    densities += density;
    slopes += slope;
    above += vec_if(counts & (z >= 0.0f), vec_all(1), vec_all(0));
  }
  sum[0] += vec_sum(above) + vec_sum(tails);
  sum[1] += vec_sum(densities);
  sum[2] += vec_sum(slopes);
}

TARGET static void normal_mixture(const bbb_normals *of, double value,
                                  double sum[3]) {
  sum[0] = sum[1] = sum[2] = 0;
  for (size_t s = 0; s < of->S; s += DRAWS_AT_ONCE) {
    const size_t left = of->S - s;
    normal_some(of, s, s + (left < DRAWS_AT_ONCE ? left : DRAWS_AT_ONCE), value,
                sum);
  }
}

/* ---- tabled distributions ---- */

/* As bbb_cdf_look(), of four draws, but of z >= 0 less 1. A cell is four floats
 * in a row, so that squares of four are transposed. */
INLINE int table_quad(const float *quick, quad z, quad at[3]) {
  const iquad bits = (iquad)z, sign = bits & INT32_MIN;
  const quad size = (quad)(bits & INT32_MAX) + 1.0f;
  const iquad of_size = (iquad)size, beyond = size >= 1 << BBB_CDF_OCTAVES;
  const int rest = 23 - BBB_CDF_BITS;
  if (beyond[0] | beyond[1] | beyond[2] | beyond[3]) return 1;
  const iquad cell =
    (of_size >> rest) - (127 << BBB_CDF_BITS) + (~(bits >> 31) & BBB_CDF_CELLS);
  const quad in[4] = {
    quad_load(quick + 4 * cell[0]), quad_load(quick + 4 * cell[1]),
    quad_load(quick + 4 * cell[2]), quad_load(quick + 4 * cell[3])};
  quad c[4];
  quad_transpose(in, c);
  const quad t = size - (quad)(of_size >> rest << rest), t_c3 = t * c[3];
  at[0] = c[0] + t * (c[1] + t * (c[2] + t_c3));
  at[1] = (quad)((iquad)(c[1] + t * (2.0f * c[2] + 3.0f * t_c3)) ^ sign);
  at[2] = 2.0f * c[2] + 6.0f * t_c3;
  return 0;
}

/* Draws first ... end - 1 */
INLINE int table_some(const float *quick, const float *eta, size_t n,
                      double inverse, double value, double sum[3]) {
  const float high = (float)value, low = (float)(value - (double)high);
  quad sums[3] = {{0}, {0}, {0}};
  iquad upper = {0};
  for (size_t s = 0; s < n; s += 4) {
    const size_t left = n - s;
    float part[4] = {0};
    if (left < 4) memcpy(part, eta + s, left * sizeof *part);
    const quad from = quad_load(left < 4 ? part : eta + s);
    const quad z = ((high - from) + low) * (float)inverse;
    const iquad lane = {0, 1, 2, 3};
    const iquad counts = lane < (int)(left < 4 ? left : 4);
    quad at[3];
    if (table_quad(quick, z, at)) return 1;
    for (int k = 0; k < 3; k++) sums[k] += (quad)((iquad)at[k] & counts);
    upper -= counts & ~((iquad)z >> 31);
  }
  sum[0] += (double)(upper[0] + upper[1] + upper[2] + upper[3]);
  for (int k = 0; k < 3; k++) {
    sum[k] += ((double)sums[k][0] + (double)sums[k][1]) +
              ((double)sums[k][2] + (double)sums[k][3]);
  }
  return 0;
}

TARGET static int table_mixture(const float *quick, size_t S, const float *eta,
                                double inverse, double value, double sum[3]) {
  sum[0] = sum[1] = sum[2] = 0;
  for (size_t s = 0; s < S; s += DRAWS_AT_ONCE) {
    const size_t n = S - s < DRAWS_AT_ONCE ? S - s : DRAWS_AT_ONCE;
    if (table_some(quick, eta + s, n, inverse, value, sum)) return 1;
  }
  sum[1] *= inverse;
  sum[2] *= inverse * inverse;
  return 0;
}

/* ---- what the draws are like ---- */

INLINE double sum_about(size_t S, const float *eta, float center, int squares) {
  vec sum = vec_all(0);
  for (size_t s = 0; s < S; s += LANES) {
    const ivec counts = S - s >= LANES ? (ivec){0} - 1 : lanes_below(S - s);
    const vec off =
      vec_if(counts, load_part(eta + s, S - s) - center, (vec){0});
    sum += squares ? off * off : off;
  }
  return vec_sum(sum);
}

TARGET static void spread(size_t S, const float *eta, double *mean,
                          double *sd) {
  *mean = (double)eta[0] + sum_about(S, eta, eta[0], 0) / (double)S;
  *sd = sqrt(sum_about(S, eta, (float)*mean, 1) / (double)S);
}

TARGET static void inverse_sds(size_t S, const float *log_sd, float *inverse,
                               double *most, double *mean) {
  vec largest = vec_all(0), sum = vec_all(0);
  for (size_t s = 0; s < S; s += LANES) {
    const vec clamped = vec_max(
      vec_min(load_part(log_sd + s, S - s), vec_all(BBB_MOST_LOG_NOISE)),
      vec_all(-BBB_MOST_LOG_NOISE));
    const ivec counts = S - s >= LANES ? (ivec){0} - 1 : lanes_below(S - s);
    const vec by = vec_if(counts, vec_exp(-clamped), (vec){0});
    store_part(inverse + s, by, S - s);
    largest = vec_max(largest, by);
    sum += by;
  }
  float lane[LANES], top = 0;
  vec_store(lane, largest);
  for (int i = 0; i < LANES; i++) top = fmaxf(top, lane[i]);
  *most = (double)top;
  *mean = vec_sum(sum) / (double)S;
}
