# The boundary between R and C: every .Call of the package, one line a routine.
# Nothing is checked here; src/glue.h says what each routine takes and gives.

native_fit <- function(model, plan, data, from, progress = NULL) {
  .Call(ffi_fit, model, plan, data, from, progress)
}
native_step <- function(model, theta, data, eps, kl_weight) {
  .Call(ffi_step, model, theta, data, eps, kl_weight)
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
