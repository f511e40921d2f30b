#' Plot a fit
#'
#' `which = "training"` draws the ELBO, the negative log-likelihood and the KL
#' divergence by epoch, in nats. `which = "weights"` draws histograms of the
#' posterior means, of the posterior standard deviations and of the
#' signal-to-noise ratios |mu| / sigma of all weights (the last two on a log10
#' scale); weights with a low ratio can be pruned with little loss (Blundell et
#' al. 2015, section 5.1). Of several `fits` the first has a line for each, and the
#' second the weights of all.
#'
#' @param x A fit made by [bbb_fit()].
#' @param which `"training"`, `"weights"`, or both, the default.
#' @param ... Further graphical parameters, such as `col` or `cex`.
#' @return The fit, invisibly.
#' @examples
#' fit <- bbb_fit(dist ~ speed, data = cars, epochs = 200, seed = 1)
#' plot(fit)
#' @export
plot.bbb_fit <- function(x, which = c("training", "weights"), ...) {
  fit <- check_records(check_fit(x, "x"))
  known <- c("training", "weights")
  if (!is.character(which) || !length(which) || !all(which %in% known)) {
    stop_argument("`which` must be \"training\", \"weights\" or both.")
  }
  own <- intersect(names(list(...)), c("main", "xlab", "ylab", "ylim", "type"))
  if (length(own)) {
    stop_argument("`plot()` of a fit does not take ", quoted(own), ", which it sets itself.")
  }
  check_dots(list(...), graphical_parameters)
  old <- graphics::par(
    mfrow = c(length(which), 3L), mar = c(4, 5, 2, 1), mgp = c(2.4, 0.7, 0), las = 1,
    cex.axis = 0.85
  )
  on.exit(graphics::par(old))
  for (part in which) {
    switch(part, training = plot_training(fit, ...), weights = plot_weights(fit, ...))
  }
  invisible(x)
}

# Those of graphics::par() that act on lines, bars, axes and titles.
graphical_parameters <- c(
  "adj", "ann", "axes", "bg", "bty", "cex", "cex.axis", "cex.lab", "cex.main", "cex.sub",
  "col", "col.axis", "col.lab", "col.main", "col.sub", "family", "fg", "font",
  "font.axis", "font.lab", "font.main", "font.sub", "lab", "las", "lend", "ljoin",
  "lmitre", "lty", "lwd", "mgp", "sub", "tck", "tcl", "xaxp", "xaxs", "xaxt", "xlim",
  "xpd", "yaxp", "yaxs", "yaxt"
)

plot_training <- function(fit, ...) {
  history <- joined_history(fit)
  if (is.null(history) || !NROW(history)) stop_argument("The fit has no finished epoch to plot.")
  plot_trace(history$epoch, history$elbo, "ELBO", "nats", ...)
  plot_trace(history$epoch, history$nll, "Negative log-likelihood", "nats", ...)
  plot_trace(history$epoch, history$kl, "KL from prior", "nats", ...)
}

# Early epochs can be far off; the axis is for what comes after the first twentieth.
plot_trace <- function(epoch, value, main, ylab, col = "#0072B2", ...) {
  late <- value[which(epoch > max(epoch, na.rm = TRUE) / 20)]
  graphics::plot(
    epoch, value, type = "l", main = main, xlab = "epoch", ylab = "",
    ylim = range(late), col = col, ...
  )
  graphics::title(ylab = ylab, line = 3.6)
}

# One after the other, with a row between members that breaks the line.
joined_history <- function(fit) {
  each <- lapply(usable_members(fit), `[[`, "history")
  each <- Filter(NROW, each)
  gap <- lapply(each[-1L], function(history) rbind(NA, history))
  do.call(rbind, c(each[1L], gap))
}

plot_weights <- function(fit, ...) {
  weights <- weights_of(fit)
  sigma <- weights$sigma
  ratio <- abs(weights$mu) / sigma
  plot_histogram(weights$mu, "Posterior means", expression(mu), ...)
  plot_histogram(
    log10(sigma), "Posterior sds", expression(log[10] ~ sigma), ...
  )
  plot_histogram(
    log10(ratio), "Signal to noise", expression(log[10] ~ abs(mu) / sigma), ...
  )
}

plot_histogram <- function(value, main, xlab, col = "#56B4E9", ...) {
  value <- value[is.finite(value)]
  if (!length(value)) {
    stop_argument("The weights have no \"", main, "\" to plot: all are 0 or infinite.")
  }
  graphics::hist(
    value, breaks = 40L, main = main, xlab = xlab, ylab = "weights", col = col,
    border = NA, ...
  )
}
