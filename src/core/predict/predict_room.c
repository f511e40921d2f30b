/* predict_room.c: how many rows a prediction takes at a time, and what lies
 * where in its workspace. */
#include "predict_job.h"

/* A block is as large as 32 MB allow, since each makes the weights again. */
enum { BLOCK_MOST = 1 << 14, BLOCK_FLOATS = 1 << 23 };
enum { GROUP_MOST = 288, GROUP_LEAST = 96, GROUP_FLOATS = 1 << 17 };

static const bbb_predict_row *const table[BBB_PREDICT_KINDS] = {
  [BBB_PREDICT_LINK] = &bbb_predict_link,
  [BBB_PREDICT_MOMENTS] = &bbb_predict_moments,
  [BBB_PREDICT_DRAWS] = &bbb_predict_draws,
  [BBB_PREDICT_QUANTILE] = &bbb_predict_quantile,
  [BBB_PREDICT_LOG_DENSITY] = &bbb_predict_log_density,
  [BBB_PREDICT_SURVIVAL] = &bbb_predict_survival,
  [BBB_PREDICT_CDF] = &bbb_predict_cdf,
};

/* ---- kinds ---- */

const bbb_predict_row *bbb_predict_row_of(int kind) { return table[kind]; }

const char *bbb_predict_name(int kind) {
  return kind < BBB_PREDICT_KINDS ? table[kind]->name : NULL;
}

int bbb_predict_needs_y(bbb_predict_kind kind) { return table[kind]->needs_y; }

int bbb_predict_possible(bbb_predict_kind kind, const bbb_likelihood *lik) {
  if (kind == BBB_PREDICT_SURVIVAL) {
    return bbb_likelihood_scale(lik) != BBB_SCALE_CLASSES;
  }
  return !table[kind]->ordered || bbb_likelihood_ordered(lik);
}

bbb_predict_shape bbb_predict_shape_of(const bbb_predictive *p,
                                       bbb_predict_kind kind, size_t N) {
  return table[kind]->shape(p, N);
}

int bbb_predict_needs_moments(const bbb_predictive *p) {
  const int classes =
    bbb_likelihood_scale(&p->model.likelihood) == BBB_SCALE_CLASSES;
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    if (p->asked[k] && table[k]->moments) return 1;
  }
  return classes && p->asked[BBB_PREDICT_QUANTILE];
}

int bbb_predict_needs_table(const bbb_predictive *p) {
  int wants = 0;
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    wants |= p->asked[k] && table[k]->table;
  }
  return wants && bbb_cdf_has_table(&p->model.likelihood);
}

size_t bbb_predict_sums_before(const bbb_predictive *p, int kind) {
  size_t sum = 0;
  for (int k = 0; k < kind; k++) {
    if (p->asked[k]) sum += table[k]->sums_a_row(p);
  }
  return sum;
}

size_t bbb_predict_kept_before(const bbb_predictive *p, int kind) {
  size_t sum = 0;
  for (int k = 0; k < kind; k++) {
    if (p->asked[k]) sum += table[k]->kept_a_row(p);
  }
  return sum;
}

static size_t kept_a_row(const bbb_predictive *p) {
  return bbb_predict_kept_before(p, BBB_PREDICT_KINDS);
}

static size_t sums_a_row(const bbb_predictive *p) {
  return bbb_predict_sums_before(p, BBB_PREDICT_KINDS);
}

/* ---- rows ---- */

/* Rows that pass through the network together: few enough that what a layer
 * makes of them stays in the cache, and that a pass does not take long. Not a
 * power of two of them, lest the rows of a matrix compete for the same places
 * there. */
size_t bbb_predict_group(const bbb_predictive *p) {
  const bbb_net *net = &p->model.net;
  const size_t kept = kept_a_row(p);
  size_t widest = 0;
  for (size_t l = p->rowwise ? 1 : 0; l <= net->L; l++) {
    if (net->width[l] > widest) widest = net->width[l];
  }
  const int large = bbb_net_parameters(net) > ((size_t)1 << 25);
  if (kept * GROUP_LEAST > BLOCK_FLOATS || large) return BBB_LANES;
  return widest > GROUP_FLOATS / GROUP_MOST || kept * GROUP_MOST > BLOCK_FLOATS
           ? GROUP_LEAST
           : GROUP_MOST;
}

size_t bbb_predict_groups(const bbb_predictive *p, size_t block) {
  return (block + bbb_predict_group(p) - 1) / bbb_predict_group(p);
}

size_t bbb_predict_block(const bbb_predictive *p, size_t N) {
  const size_t rows = bbb_predict_group(p);
  const size_t floats = bbb_predict_group_floats(p) + rows * kept_a_row(p);
  size_t block = BLOCK_FLOATS / floats * rows;
  if (block > BLOCK_MOST) block = BLOCK_MOST / rows * rows;
  if (block < rows) block = rows;
  return block < N ? block : N;
}

/* ---- workspace ---- */

size_t bbb_predict_moments_floats(const bbb_predictive *p) {
  return 2 * p->model.net.width[1] * bbb_predict_group(p);
}

static size_t x_floats(const bbb_predictive *p) {
  return (p->model.net.width[0] + 1) * bbb_predict_group(p);
}

/* Of a group of rows x (D + 1, R), its last row ones; or their moments (2 H, R)
 * under each posterior. */
size_t bbb_predict_group_floats(const bbb_predictive *p) {
  return p->rowwise ? p->F * bbb_predict_moments_floats(p) : x_floats(p);
}

/* For a pass through the network, or for x on its way to moments. */
size_t bbb_predict_worker_floats(const bbb_predictive *p) {
  const size_t pass =
    bbb_net_predict_workspace(&p->model.net, bbb_predict_group(p));
  return p->rowwise && x_floats(p) > pass ? x_floats(p) : pass;
}

/* The moments of a draw, and room to find quantiles. */
size_t bbb_predict_worker_sums(const bbb_predictive *p) {
  const size_t V = bbb_likelihood_values(&p->model.likelihood);
  const size_t moments =
    bbb_predict_needs_moments(p) ? 2 * V * bbb_predict_group(p) : 0;
  return moments + (p->asked[BBB_PREDICT_QUANTILE] ? 2 * p->S : 0);
}

/* In doubles, which are at least as strictly aligned as the struct. */
static size_t table_sums(const bbb_predictive *p) {
  const size_t views =
    (sizeof(bbb_cdf_table) + sizeof(double) - 1) / sizeof(double);
  if (!bbb_predict_needs_table(p)) return 0;
  return p->F * bbb_predict_outcomes(p) * (BBB_CDF_NUMBERS + views);
}

size_t bbb_predict_workspace(const bbb_predictive *p, size_t N) {
  const size_t block = bbb_predict_block(p, N);
  return 2 * bbb_net_parameters(&p->model.net) +
         bbb_predict_groups(p, block) * bbb_predict_group_floats(p) +
         block * kept_a_row(p) +
         p->model.net.threads * bbb_predict_worker_floats(p);
}

size_t bbb_predict_sums(const bbb_predictive *p, size_t N) {
  return bbb_predict_block(p, N) * sums_a_row(p) + table_sums(p) +
         p->model.net.threads * bbb_predict_worker_sums(p);
}

size_t bbb_predict_words(const bbb_predictive *p, size_t N) {
  return p->rowwise ? bbb_padded(bbb_predict_block(p, N), BBB_LANES) : 0;
}

bbb_predict_shared bbb_predict_share(const bbb_predictive *p,
                                     const bbb_batch *block, size_t first,
                                     const bbb_predict_to *to) {
  const size_t P = bbb_net_parameters(&p->model.net);
  const size_t tables = p->F * bbb_predict_outcomes(p);
  bbb_predict_shared all = {.p = p, .block = block, .to = to, .first = first};
  all.source = p->source;
  all.eps = to->work;
  all.w = all.eps + P;
  all.groups = all.w + P;
  all.kept =
    all.groups + bbb_predict_groups(p, block->N) * bbb_predict_group_floats(p);
  all.workers = all.kept + block->N * kept_a_row(p);
  all.table = NULL;
  all.cells = to->sums;
  if (bbb_predict_needs_table(p)) {
    all.table = (bbb_cdf_table *)(to->sums + tables * BBB_CDF_NUMBERS);
  }
  all.sums = to->sums + table_sums(p);
  all.worker_sums = all.sums + block->N * sums_a_row(p);
  return all;
}
