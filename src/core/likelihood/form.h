/* form.h: log densities as functions of one number. */
#ifndef BBB_LIKELIHOOD_FORM_H
#define BBB_LIKELIHOOD_FORM_H

#include "likelihood/likelihood.h"

/* Most families have log P(y | eta) = constant + f(u) with u = (center - eta)
 * slope, of these forms of f. What does not depend on eta is worked out once
 * for all draws of the weights under one posterior. */
typedef enum {
  BBB_FORM_NONE,     /* another form */
  BBB_FORM_SQUARE,   /* -u^2 / 2 */
  BBB_FORM_HETERO,   /* -l - (u exp(-l))^2 / 2, l the second output, clamped
                        to +-BBB_MOST_LOG_NOISE */
  BBB_FORM_LOG,      /* -n log(1 + u^2) */
  BBB_FORM_EXP,      /* a u - n exp(u), exp as bbb_exp_held() */
  BBB_FORM_SOFTPLUS, /* a u - n log(1 + exp(u)) */
  BBB_FORMS          /* how many there are */
} bbb_form;

typedef struct {
  double constant, center, slope, a, n;
} bbb_form_terms;

/* The same of N rows: what a kernel reads. (N) each */
typedef struct {
  const double *constant, *center, *slope, *a, *n;
} bbb_form_rows;

bbb_form bbb_form_of(const bbb_likelihood *lik);

/* rows (5, N): the terms of outcome j of each row of the batch, given aux (A);
 * bbb_form_rows_at() tells where they are. */
enum { BBB_FORM_TERMS = 5 };
void bbb_form_fill(const bbb_likelihood *lik, const bbb_batch *batch, size_t j,
                   const float *aux, double *rows);
bbb_form_rows bbb_form_rows_at(const double *rows, size_t N);

/* each[i] += log P(y | eta) of outcome i of N, eta (outputs, R): the plain
 * kernel */
void bbb_form_log_densities(bbb_form form, size_t N, const bbb_form_rows *rows,
                            const float *eta, size_t R, double *each);

/* Running log of a sum of exponentials of N rows: with each[i] taken in, it is
 * most[i] + log(sum[i]). most is -INFINITY and sum 0 at first. */
void bbb_density_add(size_t N, const double *each, double *most, double *sum);

/* S counts, of EXP with mean m = exp(u), or of SOFTPLUS, where m has the size
 * n, u = eta + offset. */
typedef struct {
  bbb_form form;
  double n;
  size_t S;
  const float *eta;    /* (S) */
  const float *offset; /* (1), or (S) where `each` */
  int each;
} bbb_counts;

/* p (S) = P(Y = 0), and ratio (S) = m or m / (n + m). Then from k to k + 1, p
 * *= factor ratio, and the sum of p. The plain kernels */
void bbb_counts_begin(const bbb_counts *of, double *p, double *ratio);
double bbb_counts_next(size_t S, double factor, const double *ratio, double *p);

#endif
