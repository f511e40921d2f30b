/* kernels_form.h: log densities of rows, and running logs of sums of
 * exponentials, in vectors of doubles. Included by kernels_body.h. */

/* The end of an array is copied to whole vectors and back, out of line: as a
 * part of each load and store it would make most of the code. */
__attribute__((noinline)) static const double *
double_tail(const double *from, size_t n, double part[DLANES]) {
  for (size_t i = 0; i < DLANES; i++) part[i] = i < n ? from[i] : 0;
  return part;
}

__attribute__((noinline)) static const float *
float_tail(const float *from, size_t n, float part[DLANES]) {
  for (size_t i = 0; i < DLANES; i++) part[i] = i < n ? from[i] : 0;
  return part;
}

/* The next DLANES numbers of n, of which there may be fewer. */
INLINE dvec dvec_load_part(const double *from, size_t n) {
  double part[DLANES];
  return dvec_load(n >= DLANES ? from : double_tail(from, n, part));
}

INLINE dvec dvec_load_floats(const float *from, size_t n) {
  float part[DLANES];
  return dvec_from_floats(n >= DLANES ? from : float_tail(from, n, part));
}

INLINE void dvec_store_part(double *to, dvec v, size_t n) {
  double part[DLANES];
  if (n >= DLANES) {
    dvec_store(to, v);
    return;
  }
  dvec_store(part, v);
  for (size_t i = 0; i < n; i++) to[i] = part[i];
}

/* One copy of each function, since they are called in many places and inlined
 * would make the library large. By reference: not every compiler agrees how
 * vectors are passed. */
__attribute__((noinline)) TARGET static void take_exp(dvec *x) {
  *x = dvec_exp(*x);
}

__attribute__((noinline)) TARGET static void take_log1p(dvec *x) {
  *x = dvec_log1p(*x);
}

INLINE dvec exp_of(dvec x) {
  take_exp(&x);
  return x;
}

INLINE dvec log1p_of(dvec x) {
  take_log1p(&x);
  return x;
}

/* f(u), with a, n and, for HETERO, the log sd */
INLINE dvec form_vector(bbb_form kind, dvec u, dvec a, dvec n, dvec log_sd) {
  const double most = (double)BBB_MOST_LOG_NOISE;
  switch (kind) {
  case BBB_FORM_NONE:
  case BBB_FORMS: return dvec_all(0);
  case BBB_FORM_SQUARE: return -0.5 * u * u;
  case BBB_FORM_HETERO: {
    const dvec l = dvec_at_least(dvec_at_most(log_sd, most), -most);
    const dvec z = u * exp_of(-l);
    return -l - 0.5 * z * z;
  }
  case BBB_FORM_LOG: return -n * log1p_of(u * u);
  case BBB_FORM_EXP: return a * u - n * exp_of(dvec_at_most(u, BBB_EXP_MOST));
  case BBB_FORM_SOFTPLUS:
    return dvec_if(u >= 0, a - n, a) * u - n * log1p_of(exp_of(-dvec_abs(u)));
  }
  return dvec_all(0);
}

TARGET static void form_log_densities(bbb_form kind, size_t N,
                                      const bbb_form_rows *rows,
                                      const float *eta, size_t R,
                                      double *each) {
  const float *log_sd = kind == BBB_FORM_HETERO ? eta + R : eta;
  for (size_t i = 0; i < N; i += DLANES) {
    const size_t n = N - i;
    const dvec u =
      (dvec_load_part(rows->center + i, n) - dvec_load_floats(eta + i, n)) *
      dvec_load_part(rows->slope + i, n);
    const dvec f = form_vector(kind, u, dvec_load_part(rows->a + i, n),
                               dvec_load_part(rows->n + i, n),
                               dvec_load_floats(log_sd + i, n));
    const dvec so_far =
      dvec_load_part(each + i, n) + dvec_load_part(rows->constant + i, n);
    dvec_store_part(each + i, so_far + f, n);
  }
}

/* The smaller of the two is taken as a share of the larger, by one
 * exponential. */
TARGET static void density_add(size_t N, const double *each, double *most,
                               double *sum) {
  for (size_t i = 0; i < N; i += DLANES) {
    const size_t n = N - i;
    const dvec at = dvec_load_part(each + i, n);
    const dvec top = dvec_load_part(most + i, n);
    const dvec so_far = dvec_load_part(sum + i, n);
    const d_ivec rises = at > top;
    const dvec share = exp_of(-dvec_abs(at - top));
    dvec_store_part(sum + i, dvec_if(rises, so_far * share + 1, so_far + share),
                    n);
    dvec_store_part(most + i, dvec_if(rises, at, top), n);
  }
}

/* ---- counts, from 0 on ---- */

INLINE void count_vector(bbb_form kind, dvec eta, double n, dvec *p,
                         dvec *ratio) {
  if (kind == BBB_FORM_EXP) {
    *ratio = exp_of(eta);
    *p = exp_of(-*ratio);
    return;
  }
  const dvec odds = eta - log(n), small = exp_of(-dvec_abs(odds));
  const dvec more = log1p_of(small) + dvec_if(odds > 0, odds, (dvec){0});
  *ratio = dvec_if(odds >= 0, dvec_all(1), small) / (small + 1);
  *p = exp_of(-n * more);
}

TARGET static void counts_begin(const bbb_counts *of, double *p,
                                double *ratio) {
  for (size_t s = 0; s < of->S; s += DLANES) {
    const size_t left = of->S - s;
    const dvec offset = of->each ? dvec_load_floats(of->offset + s, left)
                                 : dvec_all((double)of->offset[0]);
    const dvec u = dvec_load_floats(of->eta + s, left) + offset;
    dvec none, grows;
    count_vector(of->form, dvec_at_most(u, BBB_EXP_MOST), of->n, &none, &grows);
    dvec_store_part(p + s, none, left);
    dvec_store_part(ratio + s, grows, left);
  }
}

TARGET static double counts_next(size_t S, double factor, const double *ratio,
                                 double *p) {
  dvec sum = {0};
  for (size_t s = 0; s < S; s += DLANES) {
    const dvec grows = dvec_load_part(ratio + s, S - s) * factor;
    const dvec now = dvec_load_part(p + s, S - s) * grows;
    dvec_store_part(p + s, now, S - s);
    sum += now;
  }
  double lane[DLANES], all = 0;
  dvec_store(lane, sum);
  for (size_t i = 0; i < DLANES; i++) all += lane[i];
  return all;
}
