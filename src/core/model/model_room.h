/* model_room.h: sizes that the passes and their workspace share. */
#ifndef BBB_MODEL_MODEL_ROOM_H
#define BBB_MODEL_MODEL_ROOM_H

#include "bbb.h"

/* Weights that the passes over a slice take at a time, to find them in the
 * nearest cache. A multiple of BBB_GROUP. */
enum { BBB_CHUNK = 1024 };

/* Weights of the largest slice, with padding; slices of all layers. */
size_t bbb_model_largest(const bbb_model *model);
size_t bbb_model_total_slices(const bbb_net *net);

/* A worker's own: turned (R, BBB_SLICE), d_w of a slice, the gradient of a
 * chunk and d_sigma of the slice. */
size_t bbb_model_worker_floats(const bbb_model *model, size_t N);

#endif
