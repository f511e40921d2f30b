/* kernels_predict.h: mixtures of distributions over draws, in vectors. Included
 * by kernels_body.h. */

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
  for (size_t s = 0; s < of->S; s += BBB_DRAWS_AT_ONCE) {
    const size_t left = of->S - s;
    normal_some(of, s,
                s + (left < BBB_DRAWS_AT_ONCE ? left : BBB_DRAWS_AT_ONCE),
                value, sum);
  }
}

TARGET static void inverse_sds(size_t S, const float *log_sd, float *inverse) {
  const vec most = vec_all(BBB_MOST_LOG_NOISE);
  for (size_t s = 0; s < S; s += LANES) {
    const vec l = vec_max(vec_min(load_part(log_sd + s, S - s), most), -most);
    store_part(inverse + s, vec_exp(-l), S - s);
  }
}
