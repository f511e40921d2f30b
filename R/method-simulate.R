# simulate(): new outcomes of the posterior predictive.

# The network's output at one draw of the weights.
one_draw <- function(fit, x, how, seed) {
  how$draws <- 1L
  how$seed <- seed
  link_of(fit, x, how)
}

#' Simulate outcomes
#'
#' Outcomes drawn from the posterior predictive: each simulation is one draw of the
#' weights, a function over all rows, with the family's noise around it.
#'
#' @inheritParams predict.bbb_fit
#' @param nsim How many simulations.
#' @param seed As for [stats::simulate()]: `NULL`, or a number for [set.seed()].
#' @param newdata Predictors as in the fit, which keeps none of its own.
#' @param trials For successes of trials, how many there are in each row, or one number.
#' @param ... Not used.
#' @return A data frame with a column for each simulation, `sim_1` and so on, as of
#'   [stats::simulate()]; for several outcomes an array rows x outcomes x simulations.
#'   Classes are factors, times are not censored, and rows that cannot be predicted
#'   `NA`. Its attribute `"seed"` is `seed`, or where that is `NULL` the state of the
#'   generator before.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 100, seed = 1)
#' simulate(fit, nsim = 2, seed = 1, newdata = cars[1:3, ])
#' @export
simulate.bbb_fit <- function(object, nsim = 1, seed = NULL, newdata, offset = NULL,
                             trials = 1, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  if (answer_of(object) != "share") {
    check_no_effect(
      c(trials = !missing(trials)), "on an outcome that is not a number of successes in trials"
    )
  }
  nsim <- check_count(nsim, "nsim")
  if (missing(newdata)) {
    stop_argument("`newdata` is missing, and the fit keeps no training data.")
  }
  rows <- new_rows(object, newdata, offset, stats::na.pass, "error")
  trials <- check_trials(trials, nrow(rows$x))
  state <- begin_seed(seed)
  if (!is.null(seed)) on.exit(restore_seed(attr(state, "before")))
  how <- default_how(object, core_offset(object, rows$offset, nrow(rows$x)))
  fits <- usable_fits(object)
  out <- lapply(seq_len(nsim), function(k) {
    one <- fits[[sample.int(length(fits), 1L)]]
    eta <- one_draw(one, rows$x, how, sample.int(.Machine$integer.max, 2L))
    simulated(one, eta, trials)
  })
  names(out) <- paste0("sim_", seq_len(nsim))
  if (n_outcomes(object) > 1L) {
    out <- array(
      unlist(out), c(dim(out[[1L]]), nsim), list(NULL, value_names(object), names(out))
    )
  } else {
    out <- as.data.frame(out)
  }
  out <- named_answer(out, row_ids(newdata))
  attr(out, "seed") <- as.vector(state)
  out
}

check_trials <- function(trials, n) {
  if (is.numeric(trials)) trials <- as_whole(trials)
  ok <- is.numeric(trials) && length(trials) %in% c(1L, n) && all(is.finite(trials)) &&
    all(trials >= 0 & trials == trunc(trials))
  if (!ok) stop_argument("`trials` must be one whole number, or one for each row.")
  rep(trials, length.out = n)
}

# An outcome of each row as y was given; NA where there is no eta.
simulated <- function(fit, eta, trials) {
  if (answer_of(fit) == "share") {
    return(suppressWarnings(stats::rbinom(length(eta), trials, stats::plogis(eta))))
  }
  y <- suppressWarnings(outcome_draws[[fit$family]](eta, fit$parameters))
  y[is.na(eta[seq_along(y)])] <- NA
  levels <- fit$outcome$levels
  if (is.null(levels)) return(y)
  first <- if (fit$family == "binomial") 1L else 0L
  factor(levels[y + first], levels, ordered = fit$family == "ordinal")
}

# The generator's state, as simulate() reports it, after set.seed() if there is a seed.
begin_seed <- function(seed) {
  if (!exists(".Random.seed", envir = globalenv(), inherits = FALSE)) stats::runif(1)
  before <- get(".Random.seed", envir = globalenv())
  if (is.null(seed)) return(before)
  set.seed(check_seed(seed)[1L])
  structure(seed, before = before)
}

restore_seed <- function(before) {
  assign(".Random.seed", before, envir = globalenv())
}
