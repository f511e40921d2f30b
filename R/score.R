#' Score predictions against outcomes
#'
#' How good the predictions for data that the fit has not seen are, and how honest
#' their uncertainty.
#'
#' @inheritParams predict.bbb_fit
#' @param fit A fit made by [bbb_fit()].
#' @param x,y Predictors and outcomes to score, as given to [bbb_fit()]; for a fit
#'   by formula `x` is a data frame and `y` may be left out.
#' @param level Probability of the interval whose coverage is counted.
#'
#' @return A data frame of one row: `n`; `log_score`, the mean over rows of the log
#'   density that the predictive distribution gave to the outcome (nats, in the
#'   outcome's own units; higher is better); for a numeric outcome `rmse`, root
#'   mean squared error of the predictive mean, and `coverage`, the share of
#'   outcomes inside the interval, which is honest when near `level`; for classes
#'   `error`, the share misclassified.
#' @examples
#' train <- 1:100
#' fit <- bbb_fit(mpg ~ wt + hp, data = mtcars[1:24, ], epochs = 200, seed = 1)
#' bbb_score(fit, mtcars[25:32, ])
#' @export
bbb_score <- function(fit, x, y, level = 0.9, draws = 200, seed = NULL) {
  check_fit(fit)
  level <- check_number(level, "level", above = 0, below = 1)
  how <- list(draws = check_draws(draws), seed = check_new_seed(seed, fit))
  data <- encode_pair(fit, x, y)
  x <- data$x
  y <- data$y
  scale <- fit$outcome$scale
  log_density <- core_predict(fit, x, "log_density", how, y = y)
  log_score <- mean(log_density) - log(scale)
  if (fit$family != "gaussian") {
    class <- most_probable(fit, predict_moments(fit, x, how))
    return(data.frame(
      n = nrow(x), log_score = log_score, error = mean(class != y + 1)
    ))
  }
  interval <- interval_of(fit, x, level, how)
  data.frame(
    n = nrow(x), log_score = log_score,
    rmse = root_mean_square((y - interval[, "fit"]) / scale) * scale,
    coverage = mean(y >= interval[, "lwr"] & y <= interval[, "upr"])
  )
}

root_mean_square <- function(x) sqrt(mean(x^2))
