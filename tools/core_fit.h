/* core_fit.h: a fit of the core without R, and all it predicts. A program says
 * before it includes this how many ROWS there are in all and in a BATCH, units
 * in the first layer (WIDTH), EPOCHS and DRAWS. */
#include "core_data.h"

enum { QUANTILES = 2, MOST_LAYERS = 3 };

/* ---- one fit ---- */

typedef struct {
  bbb_family family;
  bbb_optimizer optimizer;
  bbb_estimator estimator;
  size_t hidden, samples, held_out, threads;
  const bbb_kernels *kernels;
} setting;

typedef struct {
  bbb_fit fit;
  bbb_state state;
  size_t width[MOST_LAYERS + 1];
} training;

/* Every kind in turn; a normal one learns its scales. */
static bbb_prior make_prior(const setting *how) {
  static const double scale[MOST_LAYERS] = {0.5, 1, 2};
  bbb_prior prior = {
    .pi = 0.5, .sd1 = 1, .sd2 = exp(-6), .df = 4, .strength = 0.1};
  prior.kind =
    (bbb_prior_kind)((how->hidden + (size_t)how->family) % BBB_PRIORS);
  prior.learn = prior.exact = prior.kind == BBB_PRIOR_NORMAL;
  if (how->hidden % 2 || prior.learn) {
    prior.weight_scale = prior.bias_scale = scale;
  }
  return prior;
}

static bbb_model make_model(const setting *how, size_t *width) {
  const bbb_activation activation =
    (bbb_activation)(how->hidden % BBB_ACTIVATIONS);
  const bbb_model model = {
    .net = {how->hidden + 1, width, activation, how->kernels, how->threads, 0},
    .prior = make_prior(how),
    .likelihood = make_likelihood(how->family),
    .estimator = how->estimator};
  width[0] = INPUTS;
  for (size_t l = 1; l < model.net.L; l++) width[l] = WIDTH + 9 * l;
  width[model.net.L] = model.likelihood.K;
  return model;
}

static bbb_plan make_plan(const setting *how) {
  const int sgd = how->optimizer == BBB_OPTIMIZER_SGD;
  bbb_plan plan;
  memset(&plan, 0, sizeof plan);
  plan.optim = (bbb_optim){how->optimizer, 0.9, 0.999, 1e-8, 0.9, sgd ? 1 : 0};
  plan.schedule = BBB_SCHEDULE_COSINE;
  plan.kl_weight = BBB_KL_BLUNDELL;
  plan.kl_warmup = 0.5;
  plan.temperature = 1;
  plan.learn_rate = sgd ? 0.001 : 0.01;
  plan.epochs = plan.schedule_epochs = EPOCHS;
  plan.batch_size = BATCH;
  plan.samples = how->samples;
  plan.patience = EPOCHS;
  plan.key = (bbb_key){{3, 4}};
  return plan;
}

static void begin(training *t, const setting *how, const table *rows) {
  static const double mu_sd[MOST_LAYERS] = {0.5, 0.2, 0.2};
  static const double bias_sd[MOST_LAYERS] = {0, 0.1, 0.1};
  static const double aux[] = {0, 0};
  const bbb_start start = {mu_sd, bias_sd, -4, aux};
  const size_t n = ROWS - how->held_out;
  memset(t, 0, sizeof *t);
  t->fit.model = make_model(how, t->width);
  t->fit.plan = make_plan(how);
  const bbb_batch all = {ROWS,         rows->x, rows->y, ROWS,
                         rows->weight, rows->x, NULL,    NULL};
  t->fit.data.train = bbb_batch_part(&all, INPUTS, 0, n);
  t->fit.data.held_out = bbb_batch_part(&all, INPUTS, n, how->held_out);
  t->fit.data.mean_weight = 1;
  t->fit.history =
    (bbb_history){doubles(EPOCHS), doubles(EPOCHS), doubles(EPOCHS),
                  doubles(EPOCHS), doubles(EPOCHS)};
  t->fit.work = floats(bbb_fit_workspace(&t->fit));
  t->fit.sums = doubles(bbb_fit_sums(&t->fit));
  t->fit.order = room(n, sizeof *t->fit.order);

  const size_t T = bbb_model_size(&t->fit.model);
  const size_t moments = bbb_optim_moments(&t->fit.plan.optim) * T;
  const size_t P = bbb_net_parameters(&t->fit.model.net);
  float *theta = floats(T);
  t->state.theta = (bbb_theta){theta, theta + P, theta + 2 * P};
  t->fit.eps = floats(P), t->fit.w = floats(P);
  t->state.best = floats(T);
  t->state.moments = floats(moments);
  memset(t->state.moments, 0, moments * sizeof(float));
  if (t->fit.model.prior.weight_scale) {
    t->fit.narrow = floats(P);
    t->state.scale = floats(bbb_prior_groups(&t->fit.model.net));
    bbb_prior_scale_start(&t->fit.model, t->state.scale);
  }
  bbb_fit_start(&t->fit.model, t->fit.plan.key, &start, &t->state.theta);
}

static void end(training *t) {
  const bbb_history *h = &t->fit.history;
  double *const columns[] = {h->nll, h->kl, h->aux, h->learn_rate,
                             h->validation};
  for (size_t i = 0; i < 5; i++) free(columns[i]);
  free(t->fit.work), free(t->fit.sums), free(t->fit.order);
  free(t->fit.eps), free(t->fit.w);
  free(t->fit.narrow), free(t->state.scale);
  free(t->state.theta.mu), free(t->state.best), free(t->state.moments);
}

static int never(void *ctx, const bbb_state *now) {
  (void)ctx, (void)now;
  return 0;
}

static void expect_same(const training *a, const training *b) {
  const size_t T = bbb_model_size(&a->fit.model) * sizeof(float);
  const size_t epochs = EPOCHS * sizeof(double);
  assert(memcmp(a->state.theta.mu, b->state.theta.mu, T) == 0);
  assert(memcmp(a->fit.history.nll, b->fit.history.nll, epochs) == 0);
  assert(memcmp(a->fit.history.kl, b->fit.history.kl, epochs) == 0);
  assert(memcmp(a->fit.history.validation, b->fit.history.validation, epochs) ==
         0);
  assert(a->state.step == b->state.step && a->state.epoch == b->state.epoch);
}

/* ---- a prediction ---- */

/* All kinds that the likelihood has, or one of them. */
static void ask(bbb_predictive *p, int only) {
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    p->asked[k] =
      (only < 0 || only == k) &&
      bbb_predict_possible((bbb_predict_kind)k, &p->model.likelihood);
  }
}

static size_t length_of(const bbb_predictive *p, int kind, size_t N) {
  const bbb_predict_shape shape =
    bbb_predict_shape_of(p, (bbb_predict_kind)kind, N);
  size_t length = 1;
  for (int i = 0; i < shape.rank; i++) length *= shape.dim[i];
  return length;
}

/* The answer of a kind, asked alone or with all others; NULL: there is none. */
static double *predict(const training *t, int kind, int alone, int rowwise,
                       size_t block, size_t *length) {
  static const double prob[QUANTILES] = {0.05, 0.999};
  const bbb_batch *rows = &t->fit.data.train;
  const bbb_source source = {{{5, 6}}, BBB_STREAM_PREDICT, 0, 0};
  const bbb_theta members[2] = {t->state.theta, t->state.theta};
  bbb_predictive p = {.model = t->fit.model,
                      .theta = members,
                      .F = 2,
                      .source = source,
                      .S = DRAWS,
                      .rowwise = rowwise,
                      .Q = QUANTILES,
                      .T = QUANTILES,
                      .probs = prob,
                      .times = prob};
  bbb_predict_to to = {.N = rows->N};
  ask(&p, alone ? kind : -1);
  if (!p.asked[kind]) return NULL;
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    if (p.asked[k]) to.out[k] = doubles(length_of(&p, k, rows->N));
  }
  *length = length_of(&p, kind, rows->N);
  to.work = floats(bbb_predict_workspace(&p, rows->N));
  to.sums = doubles(bbb_predict_sums(&p, rows->N));
  to.words = room(bbb_predict_words(&p, rows->N), sizeof *to.words);
  assert(bbb_predict_block(&p, rows->N) == rows->N);
  for (size_t first = 0; first < rows->N; first += block) {
    const size_t left = rows->N - first;
    const bbb_batch part =
      bbb_batch_part(rows, INPUTS, first, left < block ? left : block);
    assert(bbb_predict_rows(&p, &part, first, &to) == BBB_OK);
  }
  free(to.work), free(to.sums), free(to.words);
  for (int k = 0; k < BBB_PREDICT_KINDS; k++) {
    if (k != kind) free(to.out[k]);
  }
  return to.out[kind];
}
