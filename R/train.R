# Training, from the state that a fit is in. What `bbb_fit()` and
# `bbb_continue()` share.

# Train until `epochs` are done in all.
train <- function(fit, data, epochs) {
  bar <- progress_bar(fit$control$verbose, nrow(fit$history), epochs)
  run <- allowInterrupts(native_fit(
    fit_model(fit), plan_for_core(fit$control, epochs), data, fit$state, bar$tick
  ))
  bar$close()
  if (run$status == "diverged") stop_diverged(fit)
  fit <- trained(fit, run, epochs)
  if (fit$stopped != "interrupt") return(with_fitted(fit, data))
  warn_bbb(
    "stopped", "Training was interrupted after ", nrow(fit$history), " of ",
    epochs, " epochs; this is the fit so far."
  )
  fit
}

# Run code that makes a fit so that an interrupt, whenever it comes, does not
# lose it: R is let to act on one only while the core trains, and the core stops
# at the end of its step and gives back what it has. One that comes after that
# is taken here, when the fit is whole.
keeping_fit <- function(expr) {
  suspendInterrupts({
    fit <- expr
    late <- tryCatch(
      allowInterrupts({
        Sys.sleep(1e-4)
        FALSE
      }),
      interrupt = function(condition) TRUE
    )
    if (late) {
      warn_bbb("stopped", "The interrupt came when training had ended.")
    }
    fit
  })
}

stop_diverged <- function(fit) {
  stop_bbb(
    "diverged", "The loss stopped being finite in epoch ",
    nrow(fit$history) + 1L, " or later; try a smaller `learn_rate` than ",
    format(fit$control$learn_rate), "."
  )
}

progress_bar <- function(verbose, from, to) {
  if (!verbose || to <= from) {
    return(list(tick = NULL, close = function() NULL))
  }
  bar <- NULL
  list(
    tick = function(epoch) {
      if (is.null(bar)) {
        bar <<- utils::txtProgressBar(from, to, from, style = 3L, file = stderr())
      }
      utils::setTxtProgressBar(bar, epoch)
    },
    close = function() if (!is.null(bar)) close(bar)
  )
}

# The fit after a run of the core.
trained <- function(fit, run, epochs) {
  theta <- run$state$best
  if (is.null(theta)) theta <- run$state$theta
  theta <- native_theta(theta)
  P <- n_weights(fit$widths)
  fit$mu <- theta[seq_len(P)]
  fit$rho <- theta[P + seq_len(P)]
  fit$aux <- theta[-seq_len(2L * P)]
  fit$noise <- if (length(fit$aux)) exp(fit$aux) * fit$outcome$scale else NA_real_
  fit$state <- run$state
  fit$history <- add_history(fit, run$history)
  fit$stopped <- switch(run$status,
    stopped = "interrupt", max_seconds = "max_seconds",
    done = if (nrow(fit$history) < epochs) "validation" else "epochs"
  )
  fit$converged <- has_converged(fit$history$elbo, fit$n, fit$control$tolerance)
  fit
}

empty_history <- function() {
  data.frame(
    epoch = integer(), elbo = numeric(), nll = numeric(), kl = numeric(),
    noise = numeric(), learn_rate = numeric(), validation = numeric(),
    seconds = numeric()
  )
}

# Epochs that this run trained, in nats of the outcome in its own units: the
# density of y is that of its standardised value over its scale.
add_history <- function(fit, run) {
  done <- which(!is.na(run$seconds))
  run <- lapply(run, `[`, done)
  before <- fit$history
  log_scale <- log(fit$outcome$scale)
  nll <- run$nll + (fit$n - length(fit$held_out)) * log_scale
  rbind(before, data.frame(
    epoch = done, elbo = -(nll + run$kl), nll = nll, kl = run$kl,
    noise = exp(run$aux) * fit$outcome$scale, learn_rate = run$learn_rate,
    validation = run$validation - log_scale,
    seconds = run$seconds + sum(utils::tail(before$seconds, 1L))
  ))
}

# Whether the ELBO had become flat: its mean over the last quarter of the epochs
# is within `tolerance` nats per row of the mean over the quarter before.
has_converged <- function(elbo, n, tolerance) {
  quarter <- length(elbo) %/% 4L
  if (quarter < 5L) return(FALSE)
  last <- mean(utils::tail(elbo, quarter))
  before <- mean(utils::head(utils::tail(elbo, 2L * quarter), quarter))
  abs(last - before) <= tolerance * n
}

# Fitted values cost a prediction of the training rows; where that is no longer
# small beside training they are left to predict().
with_fitted <- function(fit, data) {
  most <- 2e6
  if (fit$n * as.double(n_weights(fit$widths)) > most) return(fit)
  moments <- predict_moments(fit, data$x)
  fit$fitted <- response_of(fit, moments)
  observed <- if (is.null(fit$outcome$levels)) data$y[, 1L] else class_matrix(fit, data$y)
  fit$residuals <- observed - fit$fitted
  fit
}

#' Go on training a fit
#'
#' Trains for more epochs from exactly where the fit stands: optimiser, order of
#' the rows and noise go on as if training had never stopped.
#'
#' @param fit A fit made by [bbb_fit()].
#' @param x,y The data that the fit was trained on; for a fit by formula `x` is
#'   the data frame, and `y` is not wanted. A fit keeps no training data.
#' @param epochs How many epochs more. `NULL`: those that are left of the fit's
#'   own `epochs`, after an interrupt or `max_seconds`.
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
bbb_continue <- function(fit, x, y, epochs = NULL, ...) {
  check_fit(fit)
  check_dots_names(list(...), character())
  done <- nrow(fit$history)
  if (is.null(epochs)) {
    if (fit$stopped == "validation" || done >= fit$control$epochs) {
      stop_argument(
        "`epochs` must be given: the fit has done all of its ",
        fit$control$epochs, " epochs."
      )
    }
    epochs <- fit$control$epochs - done
  }
  epochs <- check_count(epochs, "epochs")
  if (!is.null(fit$formula) && missing(y)) {
    y <- frame_of_formula(fit$formula, x)$y
  }
  x <- encode_new(fit$predictors, x)
  stop_if_missing_columns(x, fit$predictors$names)
  if (nrow(x) != fit$n) {
    stop_data("`x` has ", nrow(x), " rows; the fit was trained on ", fit$n, ".")
  }
  y <- encode_new_outcome(y, fit$outcome, nrow(x))
  if (fit$stopped == "validation") fit$state$counters[["since_best"]] <- 0
  keeping_fit(train(fit, data_for_core(fit, x, y), done + epochs))
}
