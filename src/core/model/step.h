/* step.h: a step of training. */
#ifndef BBB_MODEL_STEP_H
#define BBB_MODEL_STEP_H

#include "model/model.h"

/* A step is begun; then for each draw, and each part of the batch that has been
 * loaded, passed; then it moves theta, or what the passes have not moved yet.
 */
void bbb_step_begin(const bbb_model *model, bbb_step *step);

/* Set step->draw and step->first before. terms += those of the part, divided by
 * S. BBB_OK; BBB_DIVERGED where they are not finite and theta is to move, or
 * BBB_STOPPED where the caller wanted out, with theta as it was. */
bbb_status bbb_step_pass(const bbb_model *model, const bbb_batch *part,
                         double kl_weight, bbb_step *step, bbb_terms *terms);
void bbb_step_move(const bbb_model *model, bbb_step *step);

#endif
