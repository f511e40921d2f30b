/* rng.c: noise as a pure function of (key, counter).
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers:
 * as easy as 1, 2, 3") turns a 128-bit counter and a 64-bit key into 128 random
 * bits. The counter is (block, step, draw, stream), so a noise value depends on
 * what it is for and on nothing else: not on threads, batches or what was drawn
 * before. Nothing needs to be saved to go on with a fit, and noise can be made
 * again instead of stored. Where each row has noise of its own, a word made of
 * the row's numbers stands for the step: its noise depends neither on the rows
 * beside it nor on its place among them.
 *
 * Normals come from Box-Muller and not from a ziggurat, because it takes
 * exactly two uniforms and gives two normals: a value's counter is then known
 * without making the values before it.
 *
 * Sixteen counters make a group of 64 normals, and word k of counter l is
 * number 16 k + l of the group: vectors of any width up to 16 lanes, a counter
 * to a lane, can then store their results without shuffling them.
 */
#include "bbb.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { LANES = BBB_LANES, WORDS = 4, GROUP = BBB_GROUP };

const char *bbb_stream_name(int kind) {
  static const char *const names[BBB_STREAMS] = {
    [BBB_STREAM_START] = "start",         [BBB_STREAM_SHUFFLE] = "shuffle",
    [BBB_STREAM_TRAIN] = "train",         [BBB_STREAM_VALIDATE] = "validate",
    [BBB_STREAM_PREDICT] = "predict",     [BBB_STREAM_HOLDOUT] = "holdout",
    [BBB_STREAM_UNITS] = "units",         [BBB_STREAM_ROWS] = "rows",
    [BBB_STREAM_RESIDUALS] = "residuals", [BBB_STREAM_SPREAD] = "spread",
  };
  return kind < BBB_STREAMS ? names[kind] : NULL;
}

const uint32_t bbb_rng_multipliers[2] = {0xD2511F53u, 0xCD9E8D57u};

void bbb_rng_philox(const uint32_t counter[4], bbb_key key, uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key.word[0], k1 = key.word[1];
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)bbb_rng_multipliers[0] * c0;
    const uint64_t p1 = (uint64_t)bbb_rng_multipliers[1] * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u; /* the golden ratio */
    k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

static void block_at(const bbb_source *from, uint32_t block, uint32_t out[4]) {
  const uint32_t counter[4] = {block, from->step, from->draw,
                               (uint32_t)from->stream};
  bbb_rng_philox(counter, from->key, out);
}

/* The upper 24 bits and a half: in (0, 1]; 1 gives a radius of 0. */
static float uniform(uint32_t bits) {
  return ((float)(bits >> 8) + 0.5f) * (1.0f / 16777216.0f);
}

static void box_muller(uint32_t bits0, uint32_t bits1, float out[2]) {
  const float radius = sqrtf(-2.0f * logf(uniform(bits0)));
  const float angle = (float)bbb_two_pi * uniform(bits1);
  out[0] = radius * cosf(angle);
  out[1] = radius * sinf(angle);
}

/* The four normals of a counter. */
static void normals_at(const bbb_source *from, uint32_t block,
                       float out[WORDS]) {
  uint32_t bits[WORDS];
  block_at(from, block, bits);
  box_muller(bits[0], bits[1], out);
  box_muller(bits[2], bits[3], out + 2);
}

void bbb_rng_normals(const bbb_source *from, size_t first, size_t n,
                     float *eps) {
  assert(first % GROUP == 0);
  for (size_t at = 0; at < n; at += GROUP) {
    const size_t left = n - at;
    for (size_t l = 0; l < LANES && l < left; l++) {
      float normal[WORDS];
      normals_at(from, (uint32_t)((first + at) / WORDS + l), normal);
      for (size_t k = 0; k < WORDS && k * LANES + l < left; k++) {
        eps[at + k * LANES + l] = normal[k];
      }
    }
  }
}

static uint32_t bits_of(float x) {
  const float value = x + 0.0f; /* -0 is 0 */
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

void bbb_rng_row_words(size_t N, size_t D, const float *x, uint32_t *word) {
  const bbb_key none = {{0, 0}};
  for (size_t n = 0; n < N; n++) {
    uint32_t out[WORDS] = {0, 0, 0, 0};
    for (size_t d = 0; d < D; d += 3) {
      uint32_t counter[WORDS] = {out[0], 0, 0, 0};
      for (size_t k = 0; k < 3 && d + k < D; k++) {
        counter[1 + k] = bits_of(x[(d + k) * N + n]);
      }
      bbb_rng_philox(counter, none, out);
    }
    word[n] = out[0];
  }
}

void bbb_rng_rowwise(const bbb_source *from, const bbb_rowwise *rows,
                     float *z) {
  for (size_t n = 0; n < rows->N; n++) {
    const bbb_source own = {from->key, from->stream, rows->word[n], from->draw};
    for (size_t h = 0; h < rows->H; h += WORDS) {
      float normal[WORDS];
      normals_at(&own, (uint32_t)(h / WORDS), normal);
      for (size_t k = 0; k < WORDS && h + k < rows->H; k++) {
        const size_t at = (h + k) * rows->N + n;
        z[at] = rows->mean[at] + rows->sd[at] * normal[k];
      }
    }
  }
}

void bbb_rng_bits(const bbb_source *from, uint32_t block,
                  uint32_t out[BBB_GROUP]) {
  for (uint32_t l = 0; l < LANES; l++) {
    uint32_t word[WORDS];
    block_at(from, block + l, word);
    for (size_t k = 0; k < WORDS; k++) out[k * LANES + l] = word[k];
  }
}

int bbb_rng_permutation(bbb_bits *bits, const bbb_source *from, uint32_t n,
                        bbb_stop *stop, uint32_t *order) {
  enum { HALF = BBB_GROUP / 2, UNSEEN = 1 << 18 };
  uint32_t word[BBB_GROUP];
  for (uint32_t i = 0; i < n; i++) order[i] = i;
  for (uint32_t i = n, t = 0; i > 1; i--, t++) {
    if (t % HALF == 0) bits(from, t / HALF * LANES, word);
    if (t % UNSEEN == UNSEEN - 1 && bbb_stop_wanted(stop)) return 1;
    /* 64 random bits times i: the bias of the choice is below i / 2^64 */
    const uint64_t low = ((uint64_t)word[HALF + t % HALF] * i) >> 32;
    const uint32_t j = (uint32_t)(((uint64_t)word[t % HALF] * i + low) >> 32);
    const uint32_t swapped = order[j];
    order[j] = order[i - 1];
    order[i - 1] = swapped;
  }
  return 0;
}
