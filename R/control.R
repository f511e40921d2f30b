#' Settings of a fit
#'
#' How [bbb_fit()] trains. None of it has to be set: a default of `NULL` is
#' chosen from the data when the fit starts, and the fit keeps what was used in
#' `fit$control`. All of these can be given to [bbb_fit()] directly.
#'
#' @param epochs Passes over the training rows, a whole number. `NULL`: as many
#'   as make 24000 steps, but from 30 to 5000, and fewer for wide and short data: see
#'   Work. `bench/defaults.md` has scores by
#'   the number of steps: some data sets need as many, for others half is enough.
#' @param batch_size Rows of a step. `NULL`: a tenth of the training rows, but from 8
#'   to 32, for more than 10000 rows 128, and for wide and short data 32. Small batches
#'   make more and cheaper steps of an epoch; each is noisier.
#' @param optimizer `"adam"` (Kingma and Ba 2015) or `"sgd"`, stochastic gradient
#'   descent with `momentum`. Adam needs no tuning of its rate.
#' @param learn_rate Learning rate, a positive number. `NULL`: 0.005 for Adam,
#'   0.01 for SGD. A step follows the gradient of the loss of one row, so the
#'   rate does not depend on the size of the data.
#' @param momentum Share of the last step that SGD keeps, in \[0, 1). 0 is plain
#'   SGD.
#' @param clip Largest Euclidean norm of the gradient, a positive number. Larger
#'   gradients, in \eqn{\mu}, \eqn{\rho} and the family's parameters together, of the
#'   loss of one row, are scaled down to this norm, as by `clip_grad_norm_()` of torch.
#'   `Inf`: no clipping. Adam seldom needs it; SGD may diverge without.
#' @param schedule How the learning rate falls: `"cosine"` from `learn_rate` to a
#'   hundredth of it, which ends the noise of the gradients as training ends;
#'   `"step"`, to a tenth at half and a hundredth at three quarters of the
#'   epochs; `"constant"`.
#' @param samples Draws of the weights for each step. `NULL`: 400 over the training
#'   rows, but from 1 to 8, and fewer for wide and short data. More draws make a less
#'   noisy gradient and cost as much more, which small data can afford; scores hardly
#'   depend on it.
#' @param estimator How the noise of the weights enters a step: `"shared"`, one draw
#'   for all rows of a batch, as in the paper; `"flipout"`, the same draw with random
#'   signs for each row (Wen et al. 2018); `"local"`, noise of the units, not of the
#'   weights, for each row (Kingma et al. 2015). All have the same mean gradient; the
#'   last two have less noise, and take longer: in large networks up to twice as long,
#'   in small ones `"local"` two to four times and `"flipout"` five to eight. `NULL`: the
#'   cheapest, `"shared"`, since held-out scores hardly differ; but `"local"` where wide
#'   and short data get fewer draws than usual.
#' @param antithetic `TRUE`: the `samples` of a step have their noise in pairs,
#'   \eqn{\epsilon} and \eqn{-\epsilon}.
#' @param kl_weight Weight of the prior's part of the loss in batch \eqn{i} of
#'   \eqn{M}: `"uniform"`, \eqn{1 / M} (equation 8), or `"blundell"`,
#'   \eqn{2^{M - i} / (2^M - 1)} (equation 9), which lets the first batches of an
#'   epoch follow the prior and the later ones the data. Either way an epoch's
#'   weights sum to one.
#' @param kl How the KL divergence of the posterior from the prior is computed:
#'   `"exact"`, its closed form, for [prior_normal()] only; `"sampled"`, at the
#'   draws of the weights, as in the paper, for any prior; `"auto"`, exact where it
#'   can be. The entropy of the posterior is exact in either case: its gradients
#'   through the draw and through the parameters cancel.
#' @param kl_warmup Share of the epochs in which the weight of the KL rises from 0 to
#'   its full value, from 0 to 1. With the full weight from the start, units are
#'   switched off before the data could say what they are for, and hardly ever come
#'   back; with 0.7 held-out rows are predicted much better. Near 1 the fit never
#'   settles at the full weight. `NULL`: 0.7, or 0 for the constant
#'   schedule, which has no end to rise towards. The ELBO in `history` is always
#'   that of the full weight.
#' @param temperature Factor of the KL. 1 is Bayes' rule; other numbers give a
#'   tempered posterior, and print and summary say so.
#' @param noise Standard deviation of a gaussian outcome around the network's
#'   output, in the outcome's units. `NULL`: learned.
#' @param init_rho Starting value of every \eqn{\rho}; the posterior standard
#'   deviation is \eqn{\log(1 + e^\rho)}. -5, a standard deviation of 0.0067,
#'   lets the means be found before the noise of the weights hides the data.
#' @param validation Share of the rows, in \[0, 1), that is held out and scored
#'   after each epoch. The fit is then the epoch with the best score, and training
#'   stops when there was none for `patience` epochs. Both count from the end of
#'   `kl_warmup`: before it the weights follow the data without the prior, which may
#'   score well and is no posterior. 0: all rows are trained on.
#' @param patience Epochs without a better validation score before training
#'   stops.
#' @param max_seconds Training stops this long after the call, and the fit so far is
#'   returned. The time that the data take counts. A step or a validation score that is
#'   under way then is given up, so that too short a time gives the fit at its start.
#'   Several `fits` share it.
#' @param checkpoint Name of a file, in which the fit so far is kept while it trains, as by
#'   [saveRDS()]: see Checkpoints. `NULL`: none.
#' @param checkpoint_seconds How often the file is written: at most so much training is
#'   lost. 60, since what is written is about 32 bytes a weight, and the core takes in the
#'   data again each time.
#' @param tolerance How flat the ELBO must be for a fit to count as converged, beside
#'   standard deviations that have arrived: see [summary.bbb_fit()]. Nats per row for
#'   each unit of learning rate spent.
#' @param fits How many independent fits to make, whose equal mixture predicts: see
#'   Several fits. 1, since each costs as much as the first, and one is often enough.
#' @param standardise Which columns of the predictors are brought to mean 0 and
#'   standard deviation 1 before the network sees them: `TRUE` or `FALSE`, for all
#'   columns or for each, or the names of columns. Others are taken as they are,
#'   which suits predictors that share a scale already, such as pixels / 126. The
#'   outcome is standardised all the same.
#' @param seed One or two whole numbers that fix all random numbers of the fit.
#'   `NULL`: drawn from R's generator, so that [set.seed()] governs.
#' @param verbose `TRUE` shows a progress bar. By default only in interactive
#'   sessions.
#' @param ... Not used: a setting of another name is an error.
#'
#' @section Work:
#' Training rows are those that `validation` leaves. What training costs is, above all,
#' its work: the weights of the network times the draws of a step times the steps. Where
#' the settings above would make more than 8e8, or 8e8 for each 1000 training rows where
#' there are more of them, the defaults change: batches have 32 rows; where several draws
#' a step would be too much work, `estimator` is `"local"`, of which a draw costs twice,
#' and there are as many as the work allows, one at least; and where one is still too
#' many, there are fewer steps, 6000 at least. A draw for each row has less noise than
#' some that all rows share. 60 rows of 400 columns and 32 units then have one draw, and
#' of 1000 columns 12476 steps, for some seconds on one core. `bench/wide.md` compares
#' scores with those of all steps and draws. A fit of fewer steps may not have converged;
#' more `epochs` are then of use. Settings that are given stay as they are.
#'
#' A fit that will take more than about 10 seconds says so when it starts.
#'
#' @section Several fits:
#' A single fit follows one mode of the posterior, and in it treats the weights as
#' independent; between clusters of data, and far from all of them, it tends to be too
#' sure. Fits from other starting values and in another order of the rows agree where
#' there are data and differ elsewhere, so that their mixture is less sure there and
#' usually scores better. Five fits cost five times the time and memory, and give most
#' of what many would (Lakshminarayanan et al. 2017). [bbb_score()] on held-out rows
#' shows the gain.
#'
#' The equal mixture of the posteriors is an approximate posterior like each of them:
#' its ELBO is at least the mean of the members', and at most `log(fits)` nats above
#' it, since the entropy of a mixture is no less than the mean entropy of its parts.
#' [summary.bbb_fit()] reports means over the fits.
#'
#' Fit i has the seed `c(seed[1], seed[2] + i - 1)` (a `seed` of one number has 0 for
#' the second), and with it is the same fit as if made alone; with `validation` it holds
#' out rows of its own. They are trained side by side, and come out the same however
#' that is done: by the future package when a `future::plan()` other than `sequential`
#' is set; else, but on Windows, in `getOption("mc.cores")` processes, two if that is
#' not set; else in turn. The progress bar is that of all. When they are
#' interrupted, predictions are made with the fits that are done, and [bbb_continue()]
#' trains the others. A process that is lost, for example
#' for want of memory, loses its own fit only, which is begun again, twice at most.
#'
#' @section Checkpoints:
#' With `checkpoint = "fit.rds"` the work of a session that ends while it trains, as by a
#' power failure, is not lost. After each `checkpoint_seconds`, at the end of a step, the
#' fit is written beside the file, as `fit.rds.part`, and renamed, so that the file is
#' whole at any moment. At the end it holds the fit that is returned.
#'
#' To go on, run the same call again: with the same data and settings it takes up the fit
#' in the file, says so, and ends with the bits of a fit that never stopped. (A seed that
#' is not given is that of the file.) `bbb_continue(readRDS("fit.rds"), x, y)` does the
#' same. A file with a fit whose call had ended is overwritten; one with an unfinished
#' fit of other data or settings, or with something else, is an error. The fit in the file
#' can be used meanwhile: its `stopped` is `"checkpoint"`.
#'
#' @return A list of class `bbb_control`.
#' @references Blundell et al. (2015), section 3.4: see [bbb-package].
#'
#'   Lakshminarayanan, B., Pritzel, A. and Blundell, C. (2017). Simple and scalable
#'   predictive uncertainty estimation using deep ensembles. *Advances in Neural
#'   Information Processing Systems*.
#'
#'   Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization.
#'   *International Conference on Learning Representations*.
#'
#'   Kingma, D. P., Salimans, T. and Welling, M. (2015). Variational dropout and the
#'   local reparameterization trick. *Advances in Neural Information Processing
#'   Systems* 28.
#'
#'   Wen, Y., Vicol, P., Ba, J., Tran, D. and Grosse, R. (2018). Flipout: efficient
#'   pseudo-independent weight perturbations on mini-batches. *International
#'   Conference on Learning Representations*.
#' @examples
#' bbb_control(epochs = 100, learn_rate = 0.01)
#' @export
bbb_control <- function(epochs = NULL, batch_size = NULL,
                        optimizer = c("adam", "sgd"), learn_rate = NULL, momentum = 0.9,
                        clip = Inf, schedule = c("cosine", "constant", "step"),
                        samples = NULL, estimator = NULL,
                        antithetic = FALSE, kl_weight = c("uniform", "blundell"),
                        kl = c("auto", "exact", "sampled"), kl_warmup = NULL,
                        temperature = 1, noise = NULL, init_rho = -5, validation = 0,
                        patience = 50, max_seconds = Inf, checkpoint = NULL,
                        checkpoint_seconds = 60, tolerance = 0.05, fits = 1,
                        standardise = TRUE, seed = NULL, verbose = interactive(), ...) {
  check_dots(list(...), setting_names())
  structure(class = "bbb_control", list(
    epochs = or_null(epochs, check_count, "epochs", most = 1e8),
    batch_size = or_null(batch_size, check_count, "batch_size"),
    optimizer = check_choice(optimizer, core_names("optimizer"), "optimizer"),
    learn_rate = or_null(learn_rate, check_number, "learn_rate", above = 0),
    momentum = check_number(momentum, "momentum", least = 0, below = 1),
    clip = or_inf(clip, check_number, "clip", above = 0, most = 1e30),
    schedule = check_choice(schedule, c("cosine", "constant", "step"), "schedule"),
    samples = or_null(samples, check_count, "samples", most = 1e6),
    estimator = or_null(estimator, check_choice, core_names("estimator"), "estimator"),
    antithetic = check_flag(antithetic, "antithetic"),
    kl_weight = check_choice(kl_weight, core_names("kl_weight"), "kl_weight"),
    kl = check_choice(kl, kl_kinds, "kl"),
    kl_warmup = or_null(kl_warmup, check_number, "kl_warmup", least = 0, most = 1),
    temperature = check_number(temperature, "temperature", least = 0, most = 1e6),
    noise = or_null(noise, check_number, "noise", above = 0),
    init_rho = check_number(init_rho, "init_rho", least = -80, most = 80),
    validation = check_number(validation, "validation", least = 0, below = 1),
    patience = check_count(patience, "patience"),
    max_seconds = check_seconds(max_seconds),
    checkpoint = or_null(checkpoint, check_checkpoint),
    checkpoint_seconds = check_number(checkpoint_seconds, "checkpoint_seconds", 0, most = 1e9),
    tolerance = check_number(tolerance, "tolerance", above = 0),
    fits = check_count(fits, "fits", most = 1000),
    standardise = check_standardise(standardise),
    seed = or_null(seed, check_seed),
    verbose = check_flag(verbose, "verbose")
  ))
}

setting_names <- function() setdiff(names(formals(bbb_control)), "...")

kl_kinds <- c("auto", "exact", "sampled")

or_null <- function(x, check, ...) if (!is.null(x)) check(x, ...)

or_inf <- function(x, check, ...) if (identical(x, Inf)) Inf else check(x, ...)

check_seconds <- function(x) or_inf(x, check_number, "max_seconds", least = 0)

# A control object, with settings from `...` of the user's call on top.
as_control <- function(control, dots) {
  if (!inherits(control, "bbb_control")) {
    stop_argument("`control` must be made by `bbb_control()`.")
  }
  settings <- unclass(control)
  settings[names(dots)] <- dots
  check_dots(settings, setting_names())
  do.call(bbb_control, settings)
}

#' @export
print.bbb_control <- function(x, ...) {
  check_dots(list(...))
  x["checkpoint"] <- list(c(if (is.null(x[["checkpoint"]])) "(none)" else x[["checkpoint"]]))
  shown <- vapply(x, function(value) {
    if (is.null(value)) "(chosen from the data)" else paste(value, collapse = " ")
  }, "")
  cat(sprintf("%-18s %s\n", names(shown), shown), sep = "")
  invisible(x)
}

check_checkpoint <- function(x) {
  if (!is.character(x) || length(x) != 1L || is.na(x) || !nzchar(x)) {
    stop_argument("`checkpoint` must be the name of one file, or NULL.")
  }
  x
}
