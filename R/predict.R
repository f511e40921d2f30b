#' Predictions of a Bayesian neural network
#'
#' The posterior predictive: predictions averaged over draws of the weights, with
#' the uncertainty that the draws show.
#'
#' @param object A fit made by [bbb_fit()].
#' @param newdata Predictors as in the fit: a matrix with the same columns, or a
#'   data frame with the same variables; further columns are ignored. A vector is
#'   the only predictor, or one row. Missing: the training rows, for
#'   `type = "response"` only.
#' @param type What to return; see Value.
#' @param level Probability of the interval, between 0 and 1.
#' @param probs Probabilities of the quantiles, between 0 and 1.
#' @param times Times, or values of a positive outcome, for `type = "survival"`.
#' @param draws Draws of the weights, a whole number. The mean then has a Monte
#'   Carlo error of `1 / sqrt(draws)` of the epistemic standard deviation: 7 % with
#'   the default 200. Cost is proportional. Of several `fits` each has as many, so
#'   that their number is rounded up to a multiple of the fits.
#' @param seed One or two whole numbers: the draws' own seed. `NULL`: the fit's, so
#'   that predictions are the same each time and one draw is one function over
#'   all rows and calls.
#' @param joint Whether the rows share the draws of the weights, so that a draw is one
#'   function over all rows. `FALSE`: each row has its own draws of the first layer's
#'   units, in place of that layer's weights (Kingma et al. 2015, equation 6). The
#'   distribution of each row is the same, but the draws of different rows are
#'   independent: do not average or subtract rows draw by draw. It
#'   is faster where there are more than some 100 predictors, twice as fast for 784 of
#'   them and two hidden layers of 400, and slower where there are fewer.
#' @param offset For a fit with an offset: that of each row of `newdata`, on the scale of
#'   `type = "link"`. `NULL`: as the fit's formula, or its `offset` argument, says it of
#'   the columns of `newdata`.
#' @param na.action What to do with rows that have missing or infinite predictors:
#'   `na.pass` gives `NA` for them, `na.omit` leaves them out, `na.fail` is an error.
#' @param new_levels What to do with a level of a factor that the fit never saw: an
#'   `"error"` that names it, or `"na"`, `NA` for its rows.
#' @param ... Not used. Here as in all methods an argument that is not known, or has no
#'   effect on the type asked for, is an error.
#'
#' @return One row or element for each row of `newdata`, in its order; `NA` where a
#'   predictor is missing or infinite. An answer does not depend on the other
#'   rows. As of [stats::lm()] rows are named, but for classes, by the row names of a
#'   data frame, and by those of a matrix that has some. By `type`:
#'   \item{`"response"`}{mean of the outcome: a vector; for two classes the
#'     probability of the second, for trials that of a success; for more classes, or
#'     ordered ones, a matrix as of `"prob"`; for several outcomes a matrix. `Inf`
#'     where a loglogistic time has no mean}
#'   \item{`"link"`}{mean of the network's output. Numeric: the mean itself, in the
#'     outcome's units, of `"gaussian_hetero"` a matrix of mean and log sd; counts and
#'     gamma: log of the mean; lognormal: mean of the log; weibull: log of its scale;
#'     loglogistic: log of the median; two classes and trials: log odds; more classes:
#'     a matrix of scores; ordered ones: the latent score, which is compared with the cutpoints}
#'   \item{`"class"`}{most probable class, a factor (classes only)}
#'   \item{`"prob"`}{matrix of class probabilities, named (classes only)}
#'   \item{`"interval"`}{matrix `fit`, `lwr`, `upr`: the mean with an interval that
#'     holds `level` of the predictive distribution, noise included; for two
#'     classes and for trials, a credible interval of the probability of the second or
#'     of a success. For several outcomes an array rows x 3 x outcomes}
#'   \item{`"quantile"`}{matrix, a column for each of `probs`, of the same
#'     distribution as the interval; whole numbers for counts. For several outcomes an
#'     array}
#'   \item{`"draws"`}{matrix draws x rows: the mean of the outcome at each draw of
#'     the weights, without noise, draw i of several `fits` that of the next one in
#'     turn; for more than two classes, or several outcomes, an
#'     array draws x rows x classes}
#'   \item{`"uncertainty"`}{data frame `mean`, `sd_epistemic` (of the mean over
#'     draws of the weights: it falls as data come), `sd_aleatoric` (of the
#'     outcome at given weights: it does not), `sd_total`, whose squares add up.
#'     For classes these are of the 0/1 indicator of a class: the second of two,
#'     else the most probable one, in a first column `class`; for trials of one
#'     trial. For several outcomes a first column `outcome`, and all rows of one
#'     come before those of the next}
#'   \item{`"survival"`}{matrix, a column for each of `times`: the probability of an
#'     outcome above it (times and other positive outcomes only)}
#'
#' @details
#' Intervals and quantiles are those of the mixture of distributions itself, one a draw
#' of the weights, not of simulated noise.
#'
#' Of several `fits` (see [bbb_control()]) the draws are those of all, each with what its
#' own fit learned of the noise: their equal mixture. The epistemic variance then has the
#' variance between the fits in it.
#'
#' @references Kingma et al. (2015): see [bbb_control()].
#' @seealso [bbb_score()] for predictions scored against outcomes.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 200, seed = 1)
#' predict(fit, data.frame(speed = c(10, 20, 30)), type = "interval", level = 0.8)
#' predict(fit, data.frame(speed = c(10, 20, 30)), type = "uncertainty")
#' @export
predict.bbb_fit <- function(object, newdata,
                            type = c("response", "link", "class", "prob",
                                     "interval", "quantile", "draws",
                                     "uncertainty", "survival"),
                            level = 0.9, probs = c(0.05, 0.5, 0.95),
                            times = NULL, draws = 200, seed = NULL, joint = TRUE,
                            offset = NULL,
                            na.action = stats::na.pass,
                            new_levels = c("error", "na"), ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  type <- check_type(type, eval(formals(predict.bbb_fit)$type))
  check_of_type(type, !missing(level), !missing(probs), !missing(times))
  level <- check_number(level, "level", above = 0, below = 1)
  probs <- check_probs(probs)
  how <- check_how(object, draws, seed, check_flag(joint, "joint"))
  check_type_fits(type, object)
  if (type == "survival") times <- check_times(times)
  if (missing(newdata) || is.null(newdata)) {
    return(answer_without(object, type, c(
      draws = !missing(draws), seed = !missing(seed), joint = !missing(joint),
      offset = !missing(offset), na.action = !missing(na.action),
      new_levels = !missing(new_levels)
    )))
  }
  new_levels <- check_choice(new_levels, c("error", "na"), "new_levels")
  rows <- new_rows(object, newdata, offset, na.action, new_levels)
  x <- rows$x
  how$offset <- core_offset(object, rows$offset, nrow(x))
  ids <- row_ids(newdata)
  if (!is.null(rows$row)) ids <- ids[rows$row]
  named_answer(answer_to(object, x, type, level, probs, times, how), ids, type)
}

# Arguments of one type, and whether they were given.
check_of_type <- function(type, level, probs, times) {
  if (!(level || probs || times)) return(invisible())
  check_no_effect(
    c(level = level && type != "interval", probs = probs && type != "quantile",
      times = times && type != "survival"),
    paste0("on `type = \"", type, "\"`")
  )
}

# Without new data: the fitted values, which nothing given can change.
answer_without <- function(object, type, given) {
  if (type != "response") {
    stop_argument(
      "`newdata` is missing, and the fit keeps no training data to predict ",
      "`type = \"", type, "\"` for."
    )
  }
  check_no_effect(given, "on the fitted values; give `newdata`")
  stats::fitted(object)
}

answer_to <- function(object, x, type, level, probs, times, how) {
  switch(type,
    response = response_of(object, predict_moments(object, x, how)),
    link = link_of(object, x, how),
    class = class_of(object, predict_moments(object, x, how)),
    prob = class_probabilities(object, predict_moments(object, x, how)),
    interval = interval_of(object, predict_interval(object, x, level, how)),
    quantile = quantiles_of(object, x, probs, how),
    draws = draws_of(object, x, how),
    uncertainty = uncertainty_of(object, predict_moments(object, x, how)),
    survival = survival_of(object, x, times, how)
  )
}

# What the core is told of the draws; the offset is added once it is known.
check_how <- function(fit, draws, seed, joint = TRUE) {
  list(
    draws = check_draws(draws, fit),
    seed = if (is.null(seed)) fit$seed else check_seed(seed), joint = joint
  )
}

check_type_fits <- function(type, fit) {
  if (type %in% c("class", "prob") && answer_of(fit) != "class") {
    stop_argument(
      "`type = \"", type, "\"` is for classes; this outcome is ",
      if (answer_of(fit) == "share") "a share of trials." else "numeric."
    )
  }
  if (type %in% c("interval", "quantile") && many_classes(fit)) {
    stop_argument(
      "`type = \"", type, "\"` has no meaning for ",
      if (fit$family == "ordinal") "ordered classes" else "more than two classes",
      "; `\"draws\"` has the distribution of their probabilities."
    )
  }
  if (type == "survival" && !families[[fit$family]]$above) {
    stop_argument(
      "`type = \"survival\"` is for times and other outcomes above 0, of families ",
      quoted(names(families)[vapply(families, `[[`, NA, "above")], "\""), "."
    )
  }
}

# As predict() does without being told; the offset is the core's.
default_how <- function(fit, offset = NULL) {
  how <- check_how(fit, formals(predict.bbb_fit)$draws, NULL)
  c(how, list(offset = offset))
}
