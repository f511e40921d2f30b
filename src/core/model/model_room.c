/* model_room.c: how much of a step is done at a time, and what room it needs.
 */
#include "model_room.h"

/* Multiplications in a product of all weights with a batch from which on
 * threads gain more than they cost; measured by bench/scaling.R. A look at the
 * clock is cheaper, but there too such a product is no longer small. */
static const double worth_threads = 1e6;

/* Multiplications in a hundredth of a second or two. */
static const double usual_span = 1.2e8;

/* More rows would take too long in what is done of all a row's outputs. */
enum { PART_MOST = 1 << 20, PART_LEAST = 4 * BBB_GROUP };

/* What the passes over a weight cost beside its products, in rows. */
static const size_t rows_of_passes = 64;

size_t bbb_model_size(const bbb_model *model) {
  return 2 * bbb_net_parameters(&model->net) +
         bbb_likelihood_auxiliaries(&model->likelihood);
}

size_t bbb_model_largest(const bbb_model *model) {
  return bbb_padded(bbb_net_largest_slice(&model->net), BBB_LANES);
}

size_t bbb_model_total_slices(const bbb_net *net) {
  size_t sum = 0;
  for (size_t l = 0; l < net->L; l++) sum += bbb_net_slices(net, l);
  return sum;
}

size_t bbb_model_worker_floats(const bbb_model *model, size_t N) {
  return bbb_padded(N, BBB_LANES) * BBB_SLICE +
         bbb_estimator_of(model->estimator)->paths * bbb_model_largest(model) +
         2 * BBB_CHUNK;
}

static double span_of(const bbb_model *model) {
  return model->net.span > 0 ? model->net.span : usual_span;
}

static double product(const bbb_model *model, size_t N) {
  return (double)bbb_net_parameters(&model->net) * (double)N;
}

size_t bbb_model_workers(const bbb_model *model, size_t N) {
  return product(model, N) >= worth_threads ? model->net.threads : 1;
}

size_t bbb_model_unseen(const bbb_model *model, size_t N) {
  const double span = span_of(model);
  const double enough = span < worth_threads ? span : worth_threads;
  return (size_t)(enough / product(model, N)) + 1;
}

/* So many that a slice's product with them is no longer than a span. */
size_t bbb_model_part(const bbb_model *model, size_t N) {
  const bbb_net *net = &model->net;
  size_t widest = 0;
  for (size_t l = 0; l <= net->L; l++) {
    if (net->width[l] > widest) widest = net->width[l];
  }
  const double rows = span_of(model) / (BBB_SLICE * ((double)widest + 1));
  size_t part = rows < PART_MOST ? (size_t)rows : PART_MOST;
  part -= part % BBB_GROUP;
  if (part < PART_LEAST) part = PART_LEAST;
  return part < N ? part : N;
}

/* Its backward pass makes two products. */
int bbb_model_long(const bbb_model *model, size_t N) {
  return 2 * product(model, N + rows_of_passes) >= 8 * span_of(model);
}

bbb_room bbb_model_room(const bbb_model *model, size_t N) {
  const bbb_room room = {
    bbb_net_workspace(&model->net, N),
    bbb_model_workers(model, N) * bbb_model_worker_floats(model, N),
    2 * bbb_model_total_slices(&model->net),
    bbb_estimator_of(model->estimator)->workspace(&model->net, N)};
  return room;
}
