/* base.h: what all of the core uses. */
#ifndef BBB_BASE_BASE_H
#define BBB_BASE_BASE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "needs infinities, NaN and sums in their order: no -ffast-math"
#endif

static const double bbb_half_log_2pi = 0.91893853320467274178;
static const double bbb_inv_sqrt_2pi = 0.39894228040143267794;
static const double bbb_sqrt_half = 0.70710678118654752440;
static const double bbb_two_pi = 6.28318530717958647693;
static const double bbb_pi = 3.14159265358979323846;

/* Vectors of the compiler's own, with conversions between them. */
#if defined(__clang__) || defined(__GNUC__) && __GNUC__ >= 9
#define BBB_VECTORS 1
#endif

typedef enum {
  BBB_OK = 0,
  BBB_DIVERGED, /* the loss or a weight stopped being finite */
  BBB_STOPPED   /* the caller's tick asked us to stop */
} bbb_status;

/* Whether the caller wants out of work that takes long. ask(ctx) is the
 * caller's and says so by a number other than 0; only the thread that the
 * caller called from asks, so that it may call R. A yes is kept in `wanted`. */
typedef struct {
  int (*ask)(void *ctx); /* NULL: never */
  void *ctx;
  int wanted;
} bbb_stop;

/* The name of number `kind` of a list, as R and users write it, or NULL where
 * the list has ended. Kinds come over the border by their names: the order of
 * an enum decides nothing. */
typedef const char *bbb_name(int kind);

/* Vectors have up to 16 lanes, and rows that lie side by side are padded to
 * whole ones. */
enum { BBB_LANES = 16 };

/* The least multiple of `of` that is at least n. */
static inline size_t bbb_padded(size_t n, size_t of) {
  return (n + of - 1) / of * of;
}

#endif
