#' Update a fit with new data
#'
#' Sequential Bayesian updating: the posterior of a fit becomes the prior of the next,
#' which is trained on the new rows alone. The old data are not needed.
#'
#' @inheritParams bbb_continue
#' @param x,y The new data, in the form of the data of the fit; for a fit by formula `x`
#'   is a data frame, and `y` must be left out.
#' @param weights,offset Of the new rows, if the fit had any; see [bbb_continue()].
#' @param ... Settings of [bbb_control()], by name, but `fits`, `init_rho`, `noise` and
#'   `standardise`, which are those of the fit. `epochs`, `batch_size` and `samples`
#'   are chosen from the number of new rows and of weights, `seed` is drawn anew,
#'   `max_seconds` does not count again, there is no `checkpoint` but that of this call,
#'   and `kl_warmup` is 0, since there is a posterior to start from; the
#'   others are as in the fit.
#'
#' @details
#' By Bayes' rule \eqn{P(w | D_1, D_2) \propto P(D_2 | w) P(w | D_1)}, with the
#' Gaussian \eqn{q(w)} of the fit in the place of \eqn{P(w | D_1)}: variational
#' continual learning (Nguyen et al. 2018). The KL divergence from it is exact unless
#' `kl = "sampled"`. \eqn{q} ignores correlations between weights, so that each
#' update loses information: fit all data at once if you can. After many updates the
#' loss adds up.
#'
#' Standardisation, classes and levels stay those of the fit: a new level is an error.
#' So do the noise level and whatever else the family learned beside the network:
#' these have no posterior, and a few new rows alone could take them anywhere.
#'
#' Each of several `fits` is updated from its own posterior.
#'
#' @return A fit of class `bbb_fit` whose `prior` is the old posterior, kept in
#'   `earlier`, and whose `history`, `n`, fitted values and residuals are those of the
#'   new rows.
#' @references Nguyen, C. V., Li, Y., Bui, T. D. and Turner, R. E. (2018). Variational
#'   continual learning. *International Conference on Learning Representations*.
#' @seealso [bbb_continue()], for more training on the same data
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars[1:25, ], epochs = 500, seed = 1)
#' predict(fit, data.frame(speed = 22), type = "interval")
#' fit <- bbb_update(fit, cars[26:50, ], epochs = 500, seed = 1)
#' predict(fit, data.frame(speed = 22), type = "interval")
#' @export
bbb_update <- function(fit, x, y, weights = NULL, offset = NULL, ...) {
  started <- seconds_now()
  fit <- check_fit(fit)
  fit$control <- check_settings(fit)
  kept <- c("fits", "init_rho", "noise", "standardise")
  check_dots(
    as.list(substitute(list(...)))[-1L], setdiff(setting_names(), kept)
  )
  call <- made_call(as.list(match.call())[-1L], of = quote(bbb_update))
  with_seed <- !is.null(list(...)$seed)
  data <- encode_pair(fit, x, y, offset, weights)
  fit$control <- settle_control(
    as_control(anew(fit$control), list(...)), nrow(data$x), n_weights(fit$widths)
  )
  fit$seed <- fit$control$seed
  fit$call <- call
  fit$n <- nrow(data$x)
  fit$prior <- prior_of_update
  fit$predictors$beside$subset <- fit$na_action <- NULL
  fit <- with_posterior_as_prior(fit, data$y, data$cases$weights)
  fit$checksum <- checksum_of(data$x, data$y, data$cases)
  fit <- resumed(fit, with_seed)
  for_core <- with_ids(data_for_core(fit, data$x, data$y, data$cases), x)
  seconds <- seconds_left(fit$control$max_seconds, started)
  keeping_fit(train(fit, for_core, goals_at_start(fit), seconds))
}

# Settings of a fit, without those that are for its data.
anew <- function(control) {
  control[c("epochs", "batch_size", "samples", "seed", "checkpoint")] <- list(NULL)
  control$kl_warmup <- 0
  control$max_seconds <- Inf
  control
}

# A fit that has learned nothing yet from the new rows.
with_posterior_as_prior <- function(fit, y, weights) {
  if (is_ensemble(fit)) {
    fit$members <- lapply(seq_along(fit$members), function(i) {
      one <- member_fit(fit, i)
      one$seed <- member_seed(fit$seed, i)
      as_member(with_posterior_as_prior(one, y, weights))
    })
    fit[c("fitted", "residuals")] <- NULL
    return(fit)
  }
  if (is.null(fit$mu)) {
    stop_argument(
      "Some members of `fit` are not trained yet: continue with `bbb_continue()`."
    )
  }
  fit$earlier <- fit[c("mu", "rho")]
  fit[c("state", "stopped", "prior_sd", "fitted", "residuals")] <- NULL
  fit$history <- empty_history()
  with_rows(fit, y, weights)
}

# The call of an updated fit names the fit before: where that name is now another fit's,
# as after `fit <- bbb_update(fit, ...)`, the new rows would count twice.
#' @export
update.bbb_fit <- function(object, ...) {
  check_fit(object, "object")
  if (!is.call(object$call)) {
    stop_field("call", "must be the call that made the fit: it is made again.")
  }
  if (is_update(object$prior)) {
    before <- check_fit(eval(object$call$fit, parent.frame()))
    posterior <- lapply(member_fits(before), `[`, c("mu", "rho"))
    if (!identical(posterior, lapply(member_fits(object), `[[`, "earlier"))) {
      stop_argument(
        "`", deparse1(object$call$fit), "` is no longer the fit that was updated: ",
        "call `bbb_update()` with that one."
      )
    }
  }
  NextMethod()
}
