/* kernels_noise.h: rng.c in vectors. Included by kernels_body.h. */

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

/* The words of as many counters as there are lanes, a counter to a lane. */
INLINE void words_of(const bbb_source *from, uint32_t block, uvec c[4]) {
  uvec lane;
  for (int i = 0; i < LANES; i++) lane[i] = (uint32_t)i;
  c[0] = lane + block;
  c[1] = lane * 0 + from->step;
  c[2] = lane * 0 + from->draw;
  c[3] = lane * 0 + (uint32_t)from->stream;
  philox(c, from->key);
}

TARGET static void bits(const bbb_source *from, uint32_t block,
                        uint32_t out[BBB_GROUP]) {
  for (uint32_t l = 0; l < BBB_LANES; l += LANES) {
    uvec c[4];
    words_of(from, block + l, c);
    for (size_t k = 0; k < 4; k++) {
      memcpy(out + k * BBB_LANES + l, &c[k], sizeof c[k]);
    }
  }
}

/* 64 normals from 16 counters. */
INLINE void normal_group(const bbb_source *from, uint32_t block, float *eps) {
  for (uint32_t l = 0; l < BBB_LANES; l += LANES) {
    uvec c[4];
    words_of(from, block + l, c);
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
