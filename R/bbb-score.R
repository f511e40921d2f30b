#' Score predictions against outcomes
#'
#' How good the predictions are for data that the fit has not seen, and how well
#' calibrated their uncertainty is.
#'
#' @inheritParams predict.bbb_fit
#' @param fit A fit made by [bbb_fit()].
#' @param x,y Predictors and outcomes to score, as given to [bbb_fit()]; for a fit
#'   by formula `x` is a data frame and `y` may be left out.
#' @param level Probability of the interval whose coverage is counted.
#' @param weights A number for each row of `x`, 0 or more: its weight in the means. `NULL`: for a fit by formula with weights, as its call says it of the columns
#'   of `x`; else each row counts once. Class weights do not count. For a fit of shares
#'   of trials, the numbers of trials.
#'
#' @return A data frame of one row: `n`; `log_score`, the mean over rows of the log
#'   density that the predictive distribution gave to the outcome (nats, in the
#'   outcome's own units; higher is better; a censored time counts with the probability
#'   of a longer one); for a numeric outcome `rmse`, root
#'   mean squared error of the predictive mean, and `coverage`, the share of
#'   outcomes inside the interval, which is well calibrated when near `level`; for classes
#'   `error`, the share misclassified; for trials `rmse` of the share of successes,
#'   over rows that had any;
#'   for times only `log_score`. Several outcomes have a row each, with their name in a first
#'   column `outcome` and the log score of all together.
#' @examples
#' train <- 1:100
#' fit <- bbb_fit(mpg ~ wt + hp, data = mtcars[1:24, ], epochs = 200, seed = 1)
#' bbb_score(fit, mtcars[25:32, ])
#' @export
bbb_score <- function(fit, x, y, level = 0.9, draws = 200, seed = NULL,
                      offset = NULL, weights = NULL) {
  fit <- check_fit(fit)
  level <- check_number(level, "level", above = 0, below = 1)
  how <- check_how(fit, draws, seed)
  data <- encode_pair(fit, x, y, offset, weights, training = FALSE)
  weights <- row_weights(fit, x, weights, nrow(data$x))
  x <- data$x
  how$offset <- core_offset(fit, data$cases$offset, nrow(x))
  y <- data$y
  times <- ncol(y) == 2L && families[[fit$family]]$above
  numbers <- answer_of(fit) == "number" && !times
  if (numbers) how$probs <- interval_probs(level)
  kinds <- c("log_density", if (!times) "moments", if (numbers) "quantile")
  said <- core_predict(fit, x, kinds, how, y)
  score <- data.frame(
    n = nrow(x), log_score = weighted_mean(said$log_density, weights) -
      weighted_mean(log_units(fit$outcome, y), weights)
  )
  if (times) return(score)
  if (answer_of(fit) == "class") {
    class <- most_probable(fit, said$moments)
    return(cbind(score, error = weighted_mean(class != y + 1, weights)))
  }
  if (answer_of(fit) == "share") {
    left <- observed_of(fit, y) - response_of(fit, said$moments)
    tried <- !is.na(left)
    return(cbind(score, rmse = root_mean_square(left[tried], weights[tried])))
  }
  score_numbers(fit, score, observed_of(fit, y), interval_of(fit, said), weights)
}

# Of each outcome; errors are squared in units of its scale, which cannot overflow.
score_numbers <- function(fit, score, y, interval, weights) {
  J <- n_outcomes(fit)
  y <- matrix(y, ncol = J)
  interval <- array(interval, c(nrow(y), 3L, J))
  rows <- lapply(seq_len(J), function(j) {
    at <- matrix(interval[, , j], ncol = 3L)
    scale <- fit$outcome$scale[j]
    cbind(
      score, rmse = root_mean_square((y[, j] - at[, 1L]) / scale, weights) * scale,
      coverage = weighted_mean(y[, j] >= at[, 2L] & y[, j] <= at[, 3L], weights)
    )
  })
  out <- do.call(rbind, rows)
  if (J == 1L) out else cbind(outcome = value_names(fit), out)
}
