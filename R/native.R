# The boundary between R and C: every .Call of the package, one line a routine.
# Nothing is checked there; src/glue.h says what each routine takes and gives. At the end
# of the file are the names that the core has, and how R chooses its instruction set and
# threads.

native_fit <- function(model, plan, data, from, progress = NULL) {
  .Call(ffi_fit, model, plan, data, from, progress)
}

native_step <- function(model, theta, data, eps, kl_weight) {
  .Call(ffi_step, model, theta, data, eps, kl_weight)
}

native_density <- function(model, w, aux, data, prior_weight = 1) {
  .Call(ffi_density, model, w, aux, data, prior_weight)
}

native_normals <- function(from, n) {
  .Call(ffi_normals, isa_for_core(), from, n)
}

native_noise <- function(model, from) .Call(ffi_noise, model, from)

native_permutation <- function(from, n) .Call(ffi_permutation, from, n)

native_predict <- function(model, theta, data, how) {
  .Call(ffi_predict, model, theta, data, how)
}

native_names <- function() .Call(ffi_names)

native_isas <- function() .Call(ffi_isas)

native_standard <- function(x, weights = NULL) .Call(ffi_standard, x, weights)

native_complete <- function(x) .Call(ffi_complete, x)

native_plain <- function(list, names, types, lengths, most) {
  .Call(ffi_plain, list, names, types, lengths, most)
}

native_checksum <- function(parts) .Call(ffi_checksum, parts)

native_tie_to_parent <- function() .Call(ffi_tie_to_parent)

# below: testing
native_test_philox <- function(counter, key) {
  .Call(ffi_test_philox, counter, key)
}

native_test_softplus <- function(rho) .Call(ffi_test_softplus, rho)

native_test_activation <- function(kind, z) {
  .Call(ffi_test_activation, isa_for_core(), kind, z)
}

native_test_kernels <- function(dims, x, W, d_z) {
  .Call(ffi_test_kernels, isa_for_core(), as.integer(dims), x, W, d_z)
}

native_test_prior <- function(model, w) .Call(ffi_test_prior, model, w)

native_test_optim <- function(plan, steps, d, theta) {
  .Call(ffi_test_optim, isa_for_core(), plan, steps, d, theta)
}

native_test_gradient <- function(model, theta, data, from, how) {
  .Call(ffi_test_gradient, model, theta, data, from, how)
}

native_test_schedule <- function(kind, done) {
  .Call(ffi_test_schedule, kind, done)
}

native_test_kl_weights <- function(kind, M) {
  .Call(ffi_test_kl_weights, kind, M)
}

native_test_quantile <- function(mean, sd, prob) {
  .Call(ffi_test_quantile, mean, sd, prob)
}

native_test_special <- function(which, a, b, x) {
  .Call(ffi_test_special, which, a, b, x)
}

# ---- instruction set and threads ---------------------------------------------

# The machine's best, unless options(bbb.isa = ) names another: for tests, and to compare
# speeds.
isa_for_core <- function() {
  isa <- getOption("bbb.isa")
  if (is.null(isa)) return(NULL)
  here <- native_isas()
  isa <- check_choice(isa, names(here), "options(bbb.isa = )")
  if (!here[[isa]]) {
    stop_argument("This machine does not have the instruction set \"", isa, "\".")
  }
  isa
}

# Two threads share a large step, where the machine has them, unless
# options(bbb.threads = ) says how many.
threads_for_core <- function() {
  threads <- getOption("bbb.threads")
  if (!is.null(threads)) {
    threads <- check_count(threads, "options(bbb.threads = )", most = 1024)
  }
  if (is_fork()) 1L else threads
}

# A process that parallel forked off has none of the threads that an OpenMP started
# before, whoever's it was, and would wait for them for ever. The core knows that of
# forks of a process that had loaded it, however made, and this of others.
is_fork <- function() {
  if (!isNamespaceLoaded("parallel")) return(FALSE)
  is_child <- asNamespace("parallel")[["isChild"]]
  is.function(is_child) && isTRUE(is_child())
}

# ---- names -------------------------------------------------------------------

# The names of what the core can do, in its order; C looks a kind up by its name. `what`
# is "activation", "prior", "family", "optimizer", "schedule", "kl_weight", "estimator",
# "stream", "predict" or "isa".
core_names <- function(what) native_names()[[what]]
