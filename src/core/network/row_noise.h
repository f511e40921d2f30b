/* row_noise.h: what estimators share whose noise differs from row to row. */
#ifndef BBB_NETWORK_ROW_NOISE_H
#define BBB_NETWORK_ROW_NOISE_H

#include "bbb.h"

extern const bbb_estimator_row bbb_estimator_flipout, bbb_estimator_local;

/* Where a layer's values are in noise->work; R apart each. */
typedef struct {
  float *input, *slope;    /* (D, R) */
  float *factor, *product; /* (H, R); the latter ends as its gradient */
  size_t from, unit;       /* number of its first input and unit in the net */
} bbb_noise_path;

bbb_noise_path bbb_noise_path_of(const bbb_pass *p, size_t layer);

/* What differs between the two; each of a range of inputs or units {first, n}
 * of a layer. */
typedef struct {
  /* input and slope given x (n, R) */
  void (*inputs)(const bbb_pass *p, const bbb_noise_path *it,
                 const size_t range[2], const float *x);
  /* the noise of units is added to z (n, R) */
  void (*units)(const bbb_pass *p, const bbb_noise_path *it,
                const size_t range[2], float *z);
} bbb_noise_kind;

/* The functions of bbb_estimator_row that do not differ, or by these alone. */
size_t bbb_noise_workspace(const bbb_net *net, size_t N);
void bbb_noise_load(const bbb_pass *p, const bbb_noise_kind *kind);
void bbb_noise_forward(const bbb_pass *p, const bbb_slice *s,
                       const bbb_noise_kind *kind);
void bbb_noise_begin_backward(const bbb_pass *p);
void bbb_noise_backward_inputs(const bbb_pass *p, const bbb_slice *s);

/* The gradient in noise->scale of a slice: d_scale (s->P) */
void bbb_noise_backward_scale(const bbb_pass *p, const bbb_slice *s,
                              float *turned, float *d_scale);

#endif
