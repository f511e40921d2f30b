/* rng.h: noise is a pure function of (key, counter). */
#ifndef BBB_BASE_RNG_H
#define BBB_BASE_RNG_H

#include "base/base.h"

typedef struct {
  uint32_t word[2];
} bbb_key;

/* What the noise is for: no two purposes ever share a counter. Their numbers
 * are part of it, so that a new purpose is the last. */
typedef enum {
  BBB_STREAM_START,     /* starting means */
  BBB_STREAM_SHUFFLE,   /* order of the rows, step = epoch */
  BBB_STREAM_TRAIN,     /* eps of a training step */
  BBB_STREAM_VALIDATE,  /* eps of the validation score */
  BBB_STREAM_PREDICT,   /* eps of the posterior predictive */
  BBB_STREAM_HOLDOUT,   /* which rows are held out */
  BBB_STREAM_UNITS,     /* noise of units, or signs, of a training step */
  BBB_STREAM_ROWS,      /* noise of units of the posterior predictive */
  BBB_STREAM_RESIDUALS, /* where in its step a discrete outcome's residual is */
  BBB_STREAM_SPREAD,    /* eps of the check of the sds */
  BBB_STREAMS           /* how many there are */
} bbb_stream;

bbb_name bbb_stream_name;

typedef struct {
  bbb_key key;
  bbb_stream stream;
  uint32_t step, draw;
} bbb_source;

/* Of Philox; not where the vector code could see them: a compiler that knows
 * them makes 64-bit products of shifts and sums, which take longer. */
extern const uint32_t bbb_rng_multipliers[2];

/* Philox4x32-10                                 Salmon et al. (2011), SC'11 */
void bbb_rng_philox(const uint32_t counter[4], bbb_key key, uint32_t out[4]);

/* Normals are made in groups of 64. */
enum { BBB_GROUP = 64 };

/* eps[j] ~ N(0, 1), j < n: numbers first + j of their source; 64 divides first.
 * Box-Muller on counter (block of the number, step, draw, stream). |eps| < 6:
 * the uniforms have 24 bits. */
void bbb_rng_normals(const bbb_source *from, size_t first, size_t n,
                     float *eps);

/* 64 words from 16 counters, from `block` on: word k of counter l is out[16 k +
 * l].
 */
typedef void bbb_bits(const bbb_source *from, uint32_t block,
                      uint32_t out[BBB_GROUP]);
bbb_bits bbb_rng_bits;

/* word[n] = a word that row n has to itself, made of its D numbers alone, x (D,
 * N): Philox's first on (word so far, the next three numbers), under key 0, and
 * on again to the row's end. -0 is as 0. */
void bbb_rng_row_words(size_t N, size_t D, const float *x, uint32_t *word);

/* What is drawn apart for each of N rows: z (H, N) = mean + sd eps. A row's eps
 * is from its own counters (h / 4, word, draw, stream): the normals of unit h
 * and the three after it, for h a multiple of 4. */
typedef struct {
  size_t N, H;
  const uint32_t *word;   /* (N) */
  const float *mean, *sd; /* (H, N) */
} bbb_rowwise;
void bbb_rng_rowwise(const bbb_source *from, const bbb_rowwise *rows, float *z);

/* order = a uniform permutation of 0 .. n - 1 (Fisher and Yates); returns
 * nonzero, with none, where the caller wanted out. stop may be NULL. */
int bbb_rng_permutation(bbb_bits *bits, const bbb_source *from, uint32_t n,
                        bbb_stop *stop, uint32_t *order);

#endif
