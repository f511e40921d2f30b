#' Settings of a fit
#'
#' How [bbb_fit()] trains. None of it has to be set: a default of `NULL` is
#' chosen from the data when the fit starts, and the fit keeps what was used in
#' `fit$control`. All of these can be given to [bbb_fit()] directly.
#'
#' @param epochs Passes over the training rows, a whole number. `NULL`: as many
#'   as make 15000 steps, but from 30 to 2000.
#' @param batch_size Rows of a step. `NULL`: 32, and for more than 10000 rows
#'   128. Small batches take more steps in an epoch; each is noisier.
#' @param optimizer `"adam"` (Kingma and Ba 2015) or `"sgd"`, stochastic gradient
#'   descent with `momentum`. Adam needs no tuning of its rate.
#' @param learn_rate Learning rate, a positive number. `NULL`: 0.005 for Adam,
#'   0.01 for SGD. A step follows the gradient of the loss of one row, so the
#'   rate does not depend on the size of the data.
#' @param momentum Share of the last step that SGD keeps, in \[0, 1). 0 is plain
#'   SGD.
#' @param schedule How the learning rate falls: `"cosine"` from `learn_rate` to a
#'   hundredth of it, which ends the noise of the gradients as training ends;
#'   `"step"`, to a tenth at half and a hundredth at three quarters of the
#'   epochs; `"constant"`.
#' @param samples Draws of the weights for each step. More draws make a less
#'   noisy gradient and cost as much more.
#' @param kl_weight Weight of the prior's part of the loss in batch \eqn{i} of
#'   \eqn{M}: `"uniform"`, \eqn{1 / M} (equation 8), or `"blundell"`,
#'   \eqn{2^{M - i} / (2^M - 1)} (equation 9), which lets the first batches of an
#'   epoch follow the prior and the later ones the data. Either way an epoch's
#'   weights sum to one.
#' @param noise Standard deviation of a gaussian outcome around the network's
#'   output, in the outcome's units. `NULL`: learned.
#' @param init_rho Starting value of every \eqn{\rho}; the posterior standard
#'   deviation is \eqn{\log(1 + e^\rho)}. -5, a standard deviation of 0.0067,
#'   lets the means be found first; fits that start wide rarely recover.
#' @param validation Share of the rows, in \[0, 1), that is held out and scored
#'   after each epoch. The fit is then the epoch with the best score, and training
#'   stops when there was none for `patience` epochs. 0: all rows are trained on.
#' @param patience Epochs without a better validation score before training
#'   stops.
#' @param max_seconds Training stops after this time; the fit so far is returned.
#' @param tolerance How flat the ELBO must be for a fit to count as converged: it
#'   rose by less than this many nats per row from the third to the last quarter
#'   of the epochs. See [summary.bbb_fit()].
#' @param seed One or two whole numbers that fix all random numbers of the fit.
#'   `NULL`: drawn from R's generator, so that [set.seed()] governs.
#' @param verbose `TRUE` shows a progress bar. By default only in interactive
#'   sessions.
#'
#' @return A list of class `bbb_control`.
#' @references Blundell et al. (2015), section 3.4: see [bbb-package].
#'
#'   Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization.
#'   *International Conference on Learning Representations*.
#' @examples
#' bbb_control(epochs = 100, learn_rate = 0.01)
#' @export
bbb_control <- function(epochs = NULL, batch_size = NULL,
                        optimizer = c("adam", "sgd"), learn_rate = NULL,
                        momentum = 0.9,
                        schedule = c("cosine", "constant", "step"),
                        samples = 1, kl_weight = c("uniform", "blundell"),
                        noise = NULL, init_rho = -5, validation = 0,
                        patience = 50, max_seconds = Inf, tolerance = 0.01,
                        seed = NULL, verbose = interactive()) {
  or_null <- function(x, check, ...) if (!is.null(x)) check(x, ...)
  control <- list(
    epochs = or_null(epochs, check_count, "epochs"),
    batch_size = or_null(batch_size, check_count, "batch_size"),
    optimizer = check_choice(optimizer, optimizers, "optimizer"),
    learn_rate = or_null(learn_rate, check_number, "learn_rate", above = 0),
    momentum = check_number(momentum, "momentum", least = 0, below = 1),
    schedule = check_choice(schedule, c("cosine", "constant", "step"), "schedule"),
    samples = check_count(samples, "samples"),
    kl_weight = check_choice(kl_weight, kl_weights, "kl_weight"),
    noise = or_null(noise, check_number, "noise", above = 0),
    init_rho = check_number(init_rho, "init_rho", least = -80, most = 80),
    validation = check_number(validation, "validation", least = 0, below = 1),
    patience = check_count(patience, "patience"),
    max_seconds = check_seconds(max_seconds),
    tolerance = check_number(tolerance, "tolerance", above = 0),
    seed = or_null(seed, check_seed),
    verbose = check_flag(verbose, "verbose")
  )
  structure(control, class = "bbb_control")
}

# In the order of the core's enums.
optimizers <- c("adam", "sgd")
schedules <- c("constant", "cosine", "step")
kl_weights <- c("uniform", "blundell")

check_seconds <- function(x) {
  if (identical(x, Inf)) return(Inf)
  check_number(x, "max_seconds", least = 0)
}

# A control object, with settings from `...` of the user's call on top.
as_control <- function(control, dots) {
  if (!inherits(control, "bbb_control")) {
    stop_argument("`control` must be made by `bbb_control()`.")
  }
  check_dots_names(dots, names(formals(bbb_control)))
  control[names(dots)] <- do.call(bbb_control, dots)[names(dots)]
  control
}

# What was left NULL, chosen from the number of training rows. Documented with
# the arguments above.
settle_control <- function(control, n) {
  if (is.null(control$batch_size)) {
    control$batch_size <- if (n > 10000) 128L else 32L
  }
  control$batch_size <- min(control$batch_size, n)
  if (is.null(control$epochs)) {
    steps <- ceiling(n / control$batch_size)
    control$epochs <- as.integer(min(2000, max(30, ceiling(15000 / steps))))
  }
  if (is.null(control$learn_rate)) {
    control$learn_rate <- switch(control$optimizer, adam = 0.005, sgd = 0.01)
  }
  if (is.null(control$seed)) {
    control$seed <- sample.int(.Machine$integer.max, 2L)
  }
  control
}

# As glue_plan() takes it: train to `epochs` in all.
plan_for_core <- function(control, epochs = control$epochs) {
  list(
    optimizer = match(control$optimizer, optimizers) - 1L,
    optim = c(0.9, 0.999, 1e-8, control$momentum),
    schedule = match(control$schedule, schedules) - 1L,
    kl_weight = match(control$kl_weight, kl_weights) - 1L,
    learn_rate = control$learn_rate,
    epochs = epochs,
    schedule_epochs = control$epochs,
    batch_size = control$batch_size,
    samples = control$samples,
    patience = control$patience,
    max_seconds = min(control$max_seconds, .Machine$double.xmax),
    seed = control$seed
  )
}
