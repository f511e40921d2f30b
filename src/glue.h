/* glue.h: between R and the core. Glue turns R values into core structs and
 * back and computes nothing. R has already given a user the helpful message;
 * what is checked here is type, length and range, so that no call of a
 * registered routine, however wrong, can crash R. All memory is R's: R_alloc()
 * for workspace, vectors for results; so an error or a jump cannot leak.
 *
 * R headers are included here and nowhere else. */
#ifndef BBB_GLUE_H
#define BBB_GLUE_H

#define R_NO_REMAP
#ifndef STRICT_R_HEADERS
#define STRICT_R_HEADERS
#endif
#include <R.h>
#include <Rinternals.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#include "core/bbb.h"

/* ---- glue_value.c: single values, lists and memory ---- */

/* Element `name` of a named list; an error, or R's NULL, where there is none.
 */
SEXP glue_get(SEXP list, const char *name);
SEXP glue_maybe(SEXP list, const char *name);

/* One whole number in [least, most]; one finite number; TRUE or FALSE. */
size_t glue_count(SEXP value, const char *name, double least, double most);
double glue_number(SEXP value, const char *name);
int glue_flag(SEXP value, const char *name);

/* The numbers of a double or integer vector of the length given. */
const double *glue_doubles(SEXP value, const char *name, size_t length);
const int *glue_integers(SEXP value, const char *name, size_t length);

/* A double vector of n floats. */
SEXP glue_from_floats(size_t n, const float *value);

/* A list with these names, its elements NULL so far. */
SEXP glue_list(const char *const *names, int n);

/* Memory that R takes back when the routine returns, however it does. */
float *glue_floats(size_t n);
double *glue_sums(size_t n);
uint32_t *glue_words(size_t n);

/* ---- glue_names.c: kinds by their names ---- */

/* The kind that an element of a list, or a value, names. `what` is said in the
 * error where there is none of that name, which glue_named() tells by -1. */
int glue_kind(SEXP list, const char *what, bbb_name *name);
int glue_kind_of(SEXP value, const char *what, bbb_name *name);
int glue_named(const char *wanted, bbb_name *name);

/* ---- glue_threads.c ---- */

/* How many threads to use at most when R allows so many, or, for NULL, two. */
void glue_threads_init(void);
size_t glue_threads(SEXP threads);

/* ---- glue_model.c ---- */

/* list(widths, activation, prior, family, learn_noise, levels, isa, threads,
 * span); levels, span, and `earlier` of the prior, may be NULL, or not there */
bbb_model glue_model(SEXP model);

/* The kernels for an instruction set by its name, or the best for NULL. */
const bbb_kernels *glue_kernels(SEXP isa);

/* Two integers: the key of all noise. */
bbb_key glue_key(SEXP seed);

/* Weights (P) in R's order as floats in the core's, with room (P) to work, and
 * back. */
void glue_pack(SEXP value, const char *name, const bbb_model *model,
               float *room, float *packed);
void glue_unpack(const bbb_model *model, const float *packed, double *to);

/* ---- glue_fit.c ---- */

enum { GLUE_MOST_EPOCHS = 100000000 };

/* list(optimizer, optim, schedule, kl_weight, learn_rate, epochs, ...) */
bbb_plan glue_plan(SEXP plan);

/* ---- glue_rows.c ---- */

/* Rows of a matrix with D columns, to be standardised: of doubles, integers,
 * logicals or bytes, a Matrix::dgCMatrix, or coded: list(value, code, from),
 * see R/data-coded.R. */
bbb_rows glue_rows(SEXP x, SEXP center, SEXP scale, size_t D);

/* How many rows to read between two looks for an interrupt, before there is
 * anything to lose by one: whole tiles of the core's. */
size_t glue_rows_unseen(const bbb_rows *rows);
/* The same as they are: without center and scale. */
bbb_rows glue_cells(SEXP x);

/* A number for each of n rows, or NULL: what counts the rows, 0 or more; and
 * the offset of `data`. */
const double *glue_weights(SEXP weights, size_t n);
const double *glue_offset(SEXP data, size_t n);

/* ---- glue_data.c ---- */

/* Rows of data: list(x, x_center, x_scale, y, y_center, y_scale, weights,
 * offset); the last two may be NULL, or not there. */
typedef struct {
  bbb_rows x, y;
  const double *weight, *offset; /* (N) or NULL */
} glue_table;

glue_table glue_data(SEXP data, const bbb_model *model);

/* Parts of the same, for n rows of x. */
bbb_rows glue_predictors(SEXP data, const bbb_model *model);
bbb_rows glue_outcome(SEXP data, const bbb_model *model);

/* Memory for the predictors of n rows, and rows order[first ...] of x, or rows
 * first ... where order is NULL, in it: what a batch has of them. */
typedef struct {
  float *x;
  uint32_t *code;
  bbb_coded *coded;
} glue_inputs;
glue_inputs glue_inputs_for(const bbb_rows *x, size_t n);
void glue_load(const bbb_rows *x, const uint32_t *order, size_t first,
               const glue_inputs *room, bbb_batch *batch);

/* Rows order[first ...] of it, or rows first ... where order is NULL. */
bbb_batch glue_packed(const glue_table *table, const uint32_t *order,
                      size_t first, size_t n);

/* ---- glue_step.c ---- */

/* Where the prior of each weight is, given the model as R has it. */
bbb_place glue_prior_place(const bbb_model *model, SEXP value);

/* A step of one draw at theta for N rows, with room for all that it needs. */
bbb_step glue_step(const bbb_model *model, SEXP theta, size_t N);

/* The passes of its draw over a batch, all parts of it. */
bbb_status glue_pass(const bbb_model *model, const bbb_batch *batch,
                     double kl_weight, bbb_step *step, bbb_terms *terms);

/* list(seed, stream, step, draw) */
bbb_source glue_source(SEXP from);

/* ---- glue_state.c: a bbb_state as plain R data ---- */

/* c(mu, rho, aux), and any number F of them, one after the other. */
bbb_theta glue_theta(SEXP theta, const bbb_model *model);
bbb_theta *glue_thetas(SEXP theta, const bbb_model *model, size_t *F);

/* The elements of what ffi_fit() gives. */
enum {
  GLUE_STATUS,
  GLUE_MU,
  GLUE_RHO,
  GLUE_AUX,
  GLUE_STATE,
  GLUE_HISTORY,
  GLUE_SPREAD
};

/* Where to start or go on; `out` gets the vectors, and fit->w and fit->eps
 * memory of theirs. When training has ended they become what R is to see. */
bbb_state glue_state_begin(SEXP from, bbb_fit *fit, SEXP out);
void glue_state_end(const bbb_fit *fit, const bbb_state *state, SEXP out);

/* ---- glue_tick.c: interrupts, the clock and progress ---- */

typedef struct {
  double started, checked;
  double max_seconds; /* training stops, also within a step */
  double pause;       /* the same, but at a step's end */
  double *seconds;    /* (epochs) time at the end of each epoch, or NULL */
  size_t epoch;       /* epochs seen done */
  SEXP progress;      /* call to make at times, or R_NilValue */
  size_t looks;       /* for tests: as if interrupted at this look; 0: never */
  int interrupted, timed_out, paused;
  char error[256]; /* what R said that was no interrupt, or empty */
} glue_clock;

glue_clock glue_clock_start(double max_seconds, SEXP progress);

/* The core's tick; ctx is a glue_clock. */
int glue_tick(void *ctx, const bbb_state *now);

/* Nonzero when the user wants out; asks R every 20 ms at most. ctx likewise. */
int glue_interrupted(void *ctx);

/* The same, or when the time is up. */
int glue_out(void *ctx);

/* After a run: an error that R had meanwhile, as that of setTimeLimit() or of
 * the call for progress, goes on from here. */
void glue_pass_error(const glue_clock *clock);

/* ---- glue_fork.c: processes that were forked to train ---- */

/* Where this process was tied to its parent and that is gone. */
void glue_end_if_orphan(void);

/* ---- what .Call reaches; R/native.R is the other side ---- */

SEXP ffi_fit(SEXP model, SEXP plan, SEXP data, SEXP from, SEXP progress);
SEXP ffi_density(SEXP model, SEXP w, SEXP aux, SEXP data, SEXP prior_weight);
SEXP ffi_step(SEXP model, SEXP theta, SEXP data, SEXP eps, SEXP kl_weight);
SEXP ffi_normals(SEXP isa, SEXP from, SEXP n);
SEXP ffi_noise(SEXP model, SEXP from);
SEXP ffi_permutation(SEXP from, SEXP n);
SEXP ffi_predict(SEXP model, SEXP theta, SEXP data, SEXP how);
SEXP ffi_names(void);
SEXP ffi_isas(void);
SEXP ffi_standard(SEXP x, SEXP weights);
SEXP ffi_complete(SEXP x);
SEXP ffi_plain(SEXP list, SEXP names, SEXP types, SEXP lengths, SEXP most);
SEXP ffi_checksum(SEXP parts);
/* Ends this process when its parent ends; the parent's pid, NA on Windows. */
SEXP ffi_tie_to_parent(void);

SEXP ffi_test_philox(SEXP counter, SEXP key);
SEXP ffi_test_softplus(SEXP rho);
SEXP ffi_test_activation(SEXP isa, SEXP kind, SEXP z);
SEXP ffi_test_kernels(SEXP isa, SEXP dims, SEXP x, SEXP W, SEXP d_z);
SEXP ffi_test_prior(SEXP model, SEXP w);
SEXP ffi_test_optim(SEXP isa, SEXP plan, SEXP steps, SEXP d, SEXP theta);
SEXP ffi_test_gradient(SEXP model, SEXP theta, SEXP data, SEXP from, SEXP how);
SEXP ffi_test_schedule(SEXP kind, SEXP done);
SEXP ffi_test_kl_weights(SEXP kind, SEXP M);
SEXP ffi_test_quantile(SEXP mean, SEXP sd, SEXP prob);
SEXP ffi_test_special(SEXP which, SEXP a, SEXP b, SEXP x);

#endif
