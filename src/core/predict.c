/* predict.c: the posterior predictive.
 *
 * The rows are taken in blocks and each block meets every draw of the weights,
 * which are made again for each block: sampling costs P a draw, the forward
 * pass P a row and draw. A draw of the weights is thus one function over all
 * rows, and the memory does not grow with N S. What is gathered over the draws,
 * and what is made of it at the end, is a table row for each kind of answer.
 */
#include "predict.h"

/* A block is as large as 32 MB allow, since each makes the weights again. */
enum { BLOCK_MOST = 4096, BLOCK_LEAST = 16, BLOCK_FLOATS = 1 << 23 };

static const bbb_predict_row *const table[] = {
  [BBB_PREDICT_LINK] = &bbb_predict_link,
  [BBB_PREDICT_MOMENTS] = &bbb_predict_moments,
  [BBB_PREDICT_DRAWS] = &bbb_predict_draws,
  [BBB_PREDICT_QUANTILE] = &bbb_predict_quantile,
  [BBB_PREDICT_LOG_DENSITY] = &bbb_predict_log_density,
  [BBB_PREDICT_SURVIVAL] = &bbb_predict_survival,
};

static size_t kept_a_row(const bbb_predictive *p) {
  return table[p->what]->kept_a_row(p);
}

static size_t floats_a_row(const bbb_predictive *p) {
  const bbb_net *net = &p->model.net;
  const size_t more = bbb_net_workspace(net, 2 * BBB_LANES);
  return (more - bbb_net_workspace(net, BBB_LANES)) / BBB_LANES + kept_a_row(p);
}

static size_t sums_a_row(const bbb_predictive *p) {
  return table[p->what]->sums_a_row(p);
}

size_t bbb_predict_block(const bbb_predictive *p, size_t N) {
  size_t block = BLOCK_FLOATS / floats_a_row(p);
  if (block > BLOCK_MOST) block = BLOCK_MOST;
  if (block < BLOCK_LEAST) block = BLOCK_LEAST;
  return block < N ? block : N;
}

size_t bbb_predict_workspace(const bbb_predictive *p, size_t N) {
  const size_t block = bbb_predict_block(p, N);
  return 2 * bbb_net_parameters(&p->model.net) +
         bbb_net_workspace(&p->model.net, block) + block * kept_a_row(p);
}

size_t bbb_predict_sums(const bbb_predictive *p, size_t N) {
  return bbb_predict_block(p, N) * sums_a_row(p) + p->S +
         2 * bbb_likelihood_values(&p->model.likelihood);
}

bbb_status bbb_predict_rows(const bbb_predictive *p, const bbb_batch *block,
                            size_t first, const bbb_predict_to *to) {
  const bbb_net *net = &p->model.net;
  const bbb_posterior q = bbb_model_posterior(&p->model, p->theta);
  float *eps = to->work, *w = eps + q.P, *layers = w + q.P;
  const size_t sums = block->N * sums_a_row(p);
  bbb_predict_job j = {p,
                       block,
                       to,
                       first,
                       bbb_model_aux(&p->model, p->theta),
                       layers + bbb_net_workspace(net, block->N),
                       to->sums,
                       to->sums + sums};
  for (size_t i = 0; i < sums; i++) j.sums[i] = 0;
  bbb_net_load(net, block, layers);
  for (size_t s = 0; s < p->S; s++) {
    bbb_source source = p->source;
    source.draw += (uint32_t)s;
    net->kernels->normals(&source, 0, q.P, eps);
    net->kernels->posterior_sample(&q, eps, w);
    table[p->what]->gather(&j, s, bbb_net_forward(net, block->N, w, layers));
    if (to->stop && to->stop(to->ctx)) return BBB_STOPPED;
  }
  table[p->what]->finish(&j);
  return BBB_OK;
}
