/* kernels_form.h: log densities of rows, and running logs of sums of
 * exponentials, in vectors of doubles. Included by kernels_body.h. */

/* The next DLANES numbers of n, of which there may be fewer. */
INLINE dvec dvec_load_part(const double *from, size_t n) {
  if (n >= DLANES) return dvec_load(from);
  double part[DLANES] = {0};
  memcpy(part, from, n * sizeof *part);
  return dvec_load(part);
}

INLINE dvec dvec_load_floats(const float *from, size_t n) {
  if (n >= DLANES) return dvec_from_floats(from);
  float part[DLANES] = {0};
  memcpy(part, from, n * sizeof *part);
  return dvec_from_floats(part);
}

INLINE void dvec_store_part(double *to, dvec v, size_t n) {
  if (n >= DLANES) {
    dvec_store(to, v);
  } else {
    double part[DLANES];
    dvec_store(part, v);
    memcpy(to, part, n * sizeof *part);
  }
}

/* f(u), with a, n and, for HETERO, the log sd */
INLINE dvec form_vector(bbb_form kind, dvec u, dvec a, dvec n, dvec log_sd) {
  const double most = (double)BBB_MOST_LOG_NOISE;
  switch (kind) {
  case BBB_FORM_NONE:
  case BBB_FORMS: return dvec_all(0);
  case BBB_FORM_SQUARE: return -0.5 * u * u;
  case BBB_FORM_HETERO: {
    const dvec l = dvec_clamp(log_sd, -most, most);
    const dvec z = u * dvec_exp(-l);
    return -l - 0.5 * z * z;
  }
  case BBB_FORM_LOG: return -n * dvec_log1p(u * u);
  case BBB_FORM_EXP: return a * u - n * dvec_exp(dvec_clamp(u, -1e300, 60));
  case BBB_FORM_SOFTPLUS:
    return dvec_if(u >= 0, a - n, a) * u -
           n * dvec_log1p(dvec_exp(-dvec_abs(u)));
  }
  return dvec_all(0);
}

/* `kind` is known where this is expanded. */
INLINE void form_rows(bbb_form kind, size_t N, const bbb_form_rows *rows,
                      const float *eta, size_t R, double *each) {
  for (size_t i = 0; i < N; i += DLANES) {
    const size_t n = N - i;
    const dvec u =
      (dvec_load_part(rows->center + i, n) - dvec_load_floats(eta + i, n)) *
      dvec_load_part(rows->slope + i, n);
    const dvec log_sd =
      kind == BBB_FORM_HETERO ? dvec_load_floats(eta + R + i, n) : dvec_all(0);
    const dvec f = form_vector(kind, u, dvec_load_part(rows->a + i, n),
                               dvec_load_part(rows->n + i, n), log_sd);
    const dvec so_far = dvec_load_part(each + i, n);
    dvec_store_part(each + i,
                    so_far + dvec_load_part(rows->constant + i, n) + f, n);
  }
}

TARGET static void form_log_densities(bbb_form kind, size_t N,
                                      const bbb_form_rows *rows,
                                      const float *eta, size_t R,
                                      double *each) {
  switch (kind) {
  case BBB_FORM_NONE:
  case BBB_FORMS: break;
  case BBB_FORM_SQUARE:
    form_rows(BBB_FORM_SQUARE, N, rows, eta, R, each);
    break;
  case BBB_FORM_HETERO:
    form_rows(BBB_FORM_HETERO, N, rows, eta, R, each);
    break;
  case BBB_FORM_LOG: form_rows(BBB_FORM_LOG, N, rows, eta, R, each); break;
  case BBB_FORM_EXP: form_rows(BBB_FORM_EXP, N, rows, eta, R, each); break;
  case BBB_FORM_SOFTPLUS:
    form_rows(BBB_FORM_SOFTPLUS, N, rows, eta, R, each);
    break;
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
    const dvec share = dvec_exp(-dvec_abs(at - top));
    dvec_store_part(sum + i, dvec_if(rises, so_far * share + 1, so_far + share),
                    n);
    dvec_store_part(most + i, dvec_if(rises, at, top), n);
  }
}

/* ---- counts, from 0 on ---- */

INLINE void count_vector(bbb_form kind, dvec eta, double n, dvec *p,
                         dvec *ratio) {
  if (kind == BBB_FORM_EXP) {
    *ratio = dvec_exp(eta);
    *p = dvec_exp(-*ratio);
    return;
  }
  const dvec odds = eta - log(n), small = dvec_exp(-dvec_abs(odds));
  const dvec more = dvec_log1p(small) + dvec_if(odds > 0, odds, (dvec){0});
  *ratio = dvec_if(odds >= 0, dvec_all(1), small) / (small + 1);
  *p = dvec_exp(-n * more);
}

TARGET static void counts_begin(const bbb_counts *of, double *p,
                                double *ratio) {
  for (size_t s = 0; s < of->S; s += DLANES) {
    const size_t left = of->S - s;
    const dvec offset = of->each ? dvec_load_floats(of->offset + s, left)
                                 : dvec_all((double)of->offset[0]);
    const dvec u = dvec_load_floats(of->eta + s, left) + offset;
    dvec none, grows;
    count_vector(of->form, dvec_clamp(u, -1e300, 60), of->n, &none, &grows);
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
