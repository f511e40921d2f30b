#' Go on training a fit
#'
#' Trains for more epochs from exactly where the fit stands: optimiser, order of
#' the rows and noise go on as if training had never stopped.
#'
#' @param fit A fit made by [bbb_fit()], or read from its `checkpoint` (see
#'   [bbb_control()]).
#' @param x,y The data that the fit was trained on, row by row; others are an error; for a fit by formula `x` is
#'   the data frame, and `y` must be left out. A fit keeps no training data.
#' @param epochs How many epochs more. `NULL`: those that are left of the fit's
#'   own `epochs`, after an interrupt or `max_seconds`.
#' @param max_seconds Training stops after this time, as in [bbb_control()]; the
#'   fit's own limit does not count again.
#' @param weights,offset As in the fit, if it had any, for the same rows as `x`. `NULL`:
#'   for a fit by formula, as its call says it of the columns of `x`.
#' @param ... Not used.
#'
#' @details
#' The learning rate goes on along the fit's schedule. For a schedule that falls
#' it stays at its lowest after the fit's own `epochs`; five epochs and then five
#' more are ten, bit for bit, when `schedule = "constant"` or when the first five
#' were the start of ten.
#'
#' @return The fit, of class `bbb_fit`, with a longer `history`.
#' @examples
#' x <- matrix(rnorm(200), 100, 2)
#' y <- x[, 1] - x[, 2] + rnorm(100, sd = 0.1)
#' fit <- bbb_fit(x, y, hidden = 8, epochs = 5, schedule = "constant", seed = 1)
#' more <- bbb_continue(fit, x, y, epochs = 5)
#' ten <- bbb_fit(x, y, hidden = 8, epochs = 10, schedule = "constant", seed = 1)
#' identical(more$mu, ten$mu)
#' @export
bbb_continue <- function(fit, x, y, epochs = NULL, max_seconds = Inf, weights = NULL,
                         offset = NULL, ...) {
  started <- seconds_now()
  fit <- check_training(check_fit(fit))
  check_dots(list(...))
  goals <- goals_of(fit, epochs)
  fit$control$max_seconds <- check_seconds(max_seconds)
  if (!missing(x) && missing(y) && !is.null(fit$formula)) x <- subset_rows(fit, x)
  if (!missing(x)) x <- without_left_out(fit, x)
  if (!missing(y)) y <- without_left_out(fit, y)
  weights <- without_left_out(fit, weights)
  offset <- without_left_out(fit, offset)
  # of the training rows, which are given again
  unbound <- fit
  unbound$predictors$bound <- NULL
  data <- encode_pair(unbound, x, y, offset, weights)
  check_same_data(fit, data)
  left_under_way(fit)
  for_core <- with_ids(data_for_core(fit, data$x, data$y, data$cases), x)
  keeping_fit(train(fit, for_core, goals, seconds_left(max_seconds, started)))
}

# How many epochs each member, or the only one, is to have done in all. Members that
# the validation score did not stop all go on to the same epoch.
goals_of <- function(fit, epochs) {
  members <- if (is_ensemble(fit)) fit$members else list(fit)
  done <- vapply(members, function(one) nrow(one$history), 0)
  ended <- vapply(members, function(one) identical(one$stopped, "validation"), NA)
  if (is.null(epochs)) {
    left <- !ended & done < fit$control$epochs
    if (!any(left) && !is_under_way(fit)) {
      stop_argument(
        "`epochs` must be given: the fit has done all of its ",
        fit$control$epochs, " epochs."
      )
    }
    return(ifelse(left, fit$control$epochs, done))
  }
  epochs <- check_count(epochs, "epochs", most = 1e8 - max(done))
  ifelse(ended, done, max(done[!ended], 0)) + epochs
}
