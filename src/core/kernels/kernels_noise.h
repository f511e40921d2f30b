/* kernels_noise.h: rng.c in vectors. Included by kernels_body.h. */

INLINE uvec high_product(uvec a, uint32_t m) {
  const u64vec wide = (u64vec)a;
  const u64vec even = (wide & 0xffffffffu) * m, odd = (wide >> 32) * m;
  return (uvec)((even >> 32) | (odd & 0xffffffff00000000u));
}

INLINE void philox(uvec c[4], bbb_key key) {
  const uint32_t m0 = bbb_rng_multipliers[0], m2 = bbb_rng_multipliers[1];
  uint32_t k0 = key.word[0], k1 = key.word[1];
  for (int round = 0; round < 10; round++) {
    const uvec high0 = high_product(c[0], m0);
    const uvec high2 = high_product(c[2], m2);
    const uvec low0 = c[0] * m0, low2 = c[2] * m2;
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

INLINE void box_muller(uvec bits0, uvec bits1, vec out[2]) {
  const vec radius = vec_sqrt(vec_log(uniform(bits0)) * -2.0f);
  vec cosine, sine;
  vec_cos_sin_turn(uniform(bits1), &cosine, &sine);
  out[0] = radius * cosine;
  out[1] = radius * sine;
}

INLINE uvec uvec_all(uint32_t word) {
  const uvec zeros = {0};
  return zeros + word;
}

/* The words of as many counters as there are lanes, a counter to a lane. */
INLINE void words_of(const bbb_source *from, uvec block, uvec step, uvec c[4]) {
  c[0] = block;
  c[1] = step;
  c[2] = uvec_all(from->draw);
  c[3] = uvec_all((uint32_t)from->stream);
  philox(c, from->key);
}

/* The same of counters that follow each other from `block` on. */
INLINE void words_from(const bbb_source *from, uint32_t block, uvec c[4]) {
  uvec lane;
  for (int i = 0; i < LANES; i++) lane[i] = (uint32_t)i;
  words_of(from, lane + block, uvec_all(from->step), c);
}

INLINE void normals_of(const uvec c[4], vec eps[4]) {
  box_muller(c[0], c[1], eps);
  box_muller(c[2], c[3], eps + 2);
}

TARGET static void bits(const bbb_source *from, uint32_t block,
                        uint32_t out[BBB_GROUP]) {
  for (uint32_t l = 0; l < BBB_LANES; l += LANES) {
    uvec c[4];
    words_from(from, block + l, c);
    for (size_t k = 0; k < 4; k++) {
      memcpy(out + k * BBB_LANES + l, &c[k], sizeof c[k]);
    }
  }
}

/* 64 normals from 16 counters. */
INLINE void normal_group(const bbb_source *from, uint32_t block, float *eps) {
  for (uint32_t l = 0; l < BBB_LANES; l += LANES) {
    uvec c[4];
    vec normal[4];
    words_from(from, block + l, c);
    normals_of(c, normal);
    for (size_t k = 0; k < 4; k++) {
      vec_store(eps + k * BBB_LANES + l, normal[k]);
    }
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

TARGET static void row_words(size_t N, size_t D, const float *x,
                             uint32_t *word) {
  const bbb_key none = {{0, 0}};
  for (size_t n = 0; n < N; n += LANES) {
    uvec c[4] = {uvec_all(0)};
    for (size_t d = 0; d < D; d += 3) {
      for (size_t k = 0; k < 3; k++) {
        /* -0 is 0 */
        const float *row = x + (d + k) * N + n;
        c[1 + k] = d + k < D ? (uvec)(vec_load(row) + 0.0f) : uvec_all(0);
      }
      philox(c, none);
    }
    memcpy(word + n, &c[0], sizeof c[0]);
  }
}

/* The noise of four units lies in z, near at hand, until what it belongs to
 * streams by: one piece of means and one of sds. */
TARGET static void rowwise(const bbb_source *from, const bbb_rowwise *rows,
                           float *z) {
  const size_t N = rows->N;
  for (size_t h = 0; h < rows->H; h += 4) {
    const size_t units = rows->H - h < 4 ? rows->H - h : 4;
    const uvec block = uvec_all((uint32_t)(h / 4));
    const float *mean = rows->mean + h * N, *sd = rows->sd + h * N;
    float *to = z + h * N;
    for (size_t n = 0; n < N; n += LANES) {
      uvec word, c[4];
      vec eps[4];
      memcpy(&word, rows->word + n, sizeof word);
      words_of(from, block, word, c);
      normals_of(c, eps);
      for (size_t k = 0; k < units; k++) {
        __builtin_prefetch(mean + k * N + n);
        __builtin_prefetch(sd + k * N + n);
        vec_store(to + k * N + n, eps[k]);
      }
    }
    for (size_t i = 0; i < units * N; i += LANES) {
      const vec eps = vec_load(to + i);
      vec_store(to + i, vec_load(mean + i) + vec_load(sd + i) * eps);
    }
  }
}
