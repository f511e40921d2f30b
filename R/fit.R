#' Fit a Bayesian neural network
#'
#' Fits a fully connected network in which every weight and bias has a Gaussian
#' posterior, by Bayes by Backprop (Blundell et al. 2015). Give it a matrix or a
#' data frame and an outcome, or a formula and data; nothing else has to be
#' chosen.
#'
#' @param x Predictors, one row an observation: a numeric matrix, a data frame
#'   (numeric, logical, factor and character columns), a numeric vector for a
#'   single predictor; or a formula such as `medv ~ .`.
#' @param data A data frame with the variables of the formula.
#' @param y Outcome, one value a row of `x`: numeric, logical, factor or
#'   character. Several numeric outcomes are the columns of a matrix; successes and
#'   failures, and times with an event indicator, are two columns: see Families.
#' @param hidden Units of each hidden layer, whole numbers: `32` is one layer,
#'   `c(50, 50)` two, `integer(0)` none, which is a linear model.
#' @param family Distribution of the outcome, by name: see Families; or a
#'   [stats::family] object with the link given there. `NULL`: found from `y`.
#'   Numeric is gaussian; logical, or a factor of two levels, is binomial; a factor
#'   of more levels is categorical, an ordered one ordinal; a `survival::Surv()` is
#'   weibull.
#' @param prior Prior on the weights, made by [prior_normal()], [prior_mixture()],
#'   [prior_laplace()] or [prior_student()]. The default learns how large the
#'   weights of each predictor and unit are.
#' @param activation Of the hidden units: `"relu"`, `"sigmoid"`, `"tanh"`,
#'   `"softplus"`, `"leaky_relu"` (slope 0.01 below 0), `"elu"`, `"gelu"` or
#'   `"identity"`.
#' @param control Settings of the training, made by [bbb_control()].
#' @param ... Settings of [bbb_control()], by name, such as `epochs = 300`; they
#'   come before those in `control`. For a formula also `hidden` to `control`.
#'
#' @details
#' Training minimises, over the mean \eqn{\mu} and the standard deviation
#' \eqn{\sigma = \log(1 + e^\rho)} of every weight,
#' \deqn{f(w, \theta) = \log q(w|\theta) - \log P(w) - \log P(D|w)}{
#'   f(w, theta) = log q(w | theta) - log P(w) - log P(D | w)}
#' at draws \eqn{w = \mu + \sigma\epsilon} (equation 2); its mean over draws is
#' the negative ELBO. `vignette("bayes-by-backprop")` has every equation with the
#' function that computes it.
#'
#' Predictors, and a numeric outcome of the whole line, are standardised to mean 0 and
#' standard deviation 1 inside, positive outcomes divided by their geometric mean, and
#' counts centred by an offset; predictions come back in the outcome's units. Factors are
#' coded by [stats::model.matrix()]. Missing or infinite values are an error.
#'
#' The standard deviation of a gaussian outcome's noise is learned with the
#' weights, unless `noise` is given; it is held between a thousandth and a thousand
#' times the outcome's, so that data without noise do not send it to zero.
#'
#' With fewer than some fifty rows the learned noise tends to be too large and the
#' intervals too wide: they then hold more outcomes than they claim. A smaller
#' network (`hidden = 8`) helps, and for smooth curves `activation = "tanh"`.
#'
#' Pressing Esc or Ctrl-C while it trains returns the fit so far, with a warning;
#' [bbb_continue()] goes on from there.
#'
#' @section Families:
#' \describe{
#' \item{`"gaussian"`}{numeric; the noise has one standard deviation, which is
#'   learned. The columns of a numeric matrix are several outcomes with a noise level
#'   each}
#' \item{`"gaussian_hetero"`}{numeric, with noise whose standard deviation depends on
#'   the predictors: the network's second output is its log}
#' \item{`"student_t"`}{numeric with outliers: Student's t around the network's
#'   output; scale and degrees of freedom are learned}
#' \item{`"binomial"`}{logical, two classes or 0/1; or a matrix `cbind(successes,
#'   failures)`. Link logit}
#' \item{`"categorical"`}{classes, as a factor, character or numbers}
#' \item{`"ordinal"`}{ordered classes, by cumulative logits: one output, and learned
#'   cutpoints}
#' \item{`"poisson"`}{counts, link log}
#' \item{`"negbinomial"`}{counts with variance mean + dispersion mean^2, link log; the
#'   dispersion is learned}
#' \item{`"gamma"`}{above 0, link log; the shape is learned}
#' \item{`"lognormal"`}{above 0: the log is gaussian around the network's output}
#' \item{`"weibull"`, `"loglogistic"`}{times above 0, some censored on the right: a
#'   `survival::Surv(time, event)`, a matrix of times and events (1, or 0 for
#'   censored), or a vector of times, all of them events. Accelerated failure: log
#'   time is the network's output plus a learned scale times noise}
#' }
#'
#' @return A list of class `bbb_fit`, made of plain vectors: `saveRDS()` keeps all
#'   of it. Its fields:
#'   \item{mu, rho}{of all weights, layer after layer; see [coef.bbb_fit()]}
#'   \item{noise}{standard deviation of a gaussian outcome's noise in its units, of
#'     several outcomes each; `NA` for other families}
#'   \item{parameters}{what the family learned beside the network, by name, in the
#'     outcome's units: noise sd, scale, df, shape, dispersion or cutpoints}
#'   \item{history}{data frame, one row an epoch: `epoch`; `elbo`, `nll` (negative
#'     log-likelihood) and `kl`, in nats for the whole training data and for the
#'     outcome in its own units, with `elbo` = -(`nll` + `kl`); `noise`;
#'     `learn_rate`; `validation`, the mean log predictive density of a held-out
#'     row; `seconds` since the start}
#'   \item{converged}{whether the ELBO had become flat: see [summary.bbb_fit()]}
#'   \item{stopped}{why training ended: `"epochs"`, `"validation"`,
#'     `"max_seconds"` or `"interrupt"`}
#'   \item{prior_sd}{of a prior that learns its standard deviations, or has several:
#'     those of the weights of each input of a layer and then of its biases, layer
#'     after layer; of a mixture as shares of `sd1`}
#'   \item{hidden, activation, prior, family, control, seed}{as used}
#'   \item{n}{rows trained on}
#'   \item{predictors, outcome}{how new data are turned into numbers}
#'   \item{fitted, residuals}{posterior predictive mean of the training rows, and
#'     what is left, for fits of modest size: see [fitted.bbb_fit()]}
#'   \item{state}{of the optimiser, for [bbb_continue()]}
#'   \item{members}{only with several `fits` (see [bbb_control()]): a list with an
#'     element for each, which has its `seed`, `mu`, `rho`, `noise`, `parameters`,
#'     `history`, `converged`, `stopped` and `state`; the fit itself then has no
#'     such fields but `seed`}
#'
#' @section Errors:
#' Of class `bbb_error_argument`, `bbb_error_data`, `bbb_error_diverged` when the loss
#' stops being finite, or `bbb_error_worker` when a process that trained one of several
#' fits was lost; all are a `bbb_error`. A fit never holds weights that are not finite.
#'
#' @references Blundell et al. (2015): see [bbb-package]. Starting means: He et
#'   al. (2015), *Delving deep into rectifiers*, ICCV; Glorot and Bengio (2010),
#'   *Understanding the difficulty of training deep feedforward neural networks*,
#'   AISTATS.
#'
#' @seealso [predict.bbb_fit()], [bbb_control()], [bbb_gradients()]
#' @examples
#' set.seed(1)
#' x <- matrix(rnorm(300), 100, 3)
#' y <- sin(2 * x[, 1]) + x[, 2]^2 + rnorm(100, sd = 0.2)
#' fit <- bbb_fit(x, y, hidden = 32, epochs = 200)
#' fit
#' predict(fit, x[1:3, ], type = "interval")
#'
#' fit <- bbb_fit(Species ~ ., data = iris, hidden = 16, epochs = 100)
#' table(predict(fit, iris, type = "class"), iris$Species)
#' @export
bbb_fit <- function(x, ...) UseMethod("bbb_fit")

#' @rdname bbb_fit
#' @export
bbb_fit.formula <- function(x, data = NULL, ...) {
  if (missing(x)) stop_argument("The formula must come first, without a name.")
  if ("y" %in% names(substitute(list(...)))) {
    stop_argument("`y` is not wanted beside a formula.")
  }
  force(data)
  keeping_fit({
    parts <- frame_of_formula(x, data)
    bbb_fit.default(parts$frame, parts$y, ...)
  })
}

#' @rdname bbb_fit
#' @export
bbb_fit.default <- function(x, y, hidden = 32, family = NULL,
                            prior = prior_normal(), activation = "relu",
                            control = bbb_control(), ...) {
  if (missing(x)) stop_argument("`x` is missing: a matrix, data frame or formula.")
  if (missing(y)) stop_argument("`y` is missing: the outcome of each row of `x`.")
  force(y)
  # by their names first: `subset = age > 30` has no value here
  check_dots(as.list(substitute(list(...)))[-1L], names(formals(bbb_control)))
  keeping_fit({
    control <- as_control(control, list(...))
    hidden <- check_hidden(hidden)
    prior <- check_prior(prior, length(hidden) + 1L)
    if (control$kl == "exact" && prior$kind != "normal") {
      stop_argument("`kl` can be \"exact\" for `prior_normal()` only.")
    }
    activation <- check_choice(activation, activations, "activation")
    encoded <- encode_predictors(x)
    n <- nrow(encoded$x)
    outcome <- encode_outcome(y, check_family(family, y), n)
    if (!is.null(control$noise) && outcome$family != "gaussian") {
      stop_argument("`noise` is for family \"gaussian\" only.")
    }
    control <- settle_control(control, n)
    fit <- new_fit(encoded$recipe, outcome, hidden, prior, activation, control)
    data <- data_for_core(fit, encoded$x, outcome$y)
    if (control$fits > 1L) fit <- as_ensemble(fit, outcome$y)
    train(fit, data, control$epochs)
  })
}

# A fit that has learned nothing yet.
new_fit <- function(recipe, outcome, hidden, prior, activation, control) {
  y <- outcome$y
  n <- nrow(y)
  outcome$y <- NULL
  if (!is.null(recipe$formula) && identical(outcome$outputs, "y")) {
    outcome$outputs <- deparse1(recipe$formula[[2L]])
  }
  widths <- layer_widths(length(recipe$names), hidden, length(outcome$outputs))
  if (!is.null(control$noise)) outcome$aux <- log(control$noise / outcome$scale)
  fit <- structure(
    list(
      hidden = hidden, activation = activation, prior = prior,
      family = outcome$family, control = control, seed = control$seed,
      n = n, widths = widths, predictors = recipe, outcome = outcome,
      formula = recipe$formula, history = empty_history()
    ),
    class = "bbb_fit"
  )
  fit$held_out <- hold_out(fit)
  fit$outcome$log_units <- log_units_of(fit, y)
  fit
}

# Rows for validation, by the fit's own key.
hold_out <- function(fit) {
  if (fit$control$validation == 0) return(integer())
  n_out <- min(max(1, floor(fit$control$validation * fit$n)), fit$n - 1L)
  from <- list(seed = fit$seed, stream = 5L, step = 0L, draw = 0L)
  sort(utils::head(native_permutation(from, fit$n), n_out))
}

# The density of y is that of its standardised value over its scale: the log of
# what that comes to in each row, which a censored time does not have.
log_units <- function(outcome, y) {
  each <- rep(sum(log(outcome$scale)), nrow(y))
  if (outcome$family %in% c("weibull", "loglogistic")) each * y[, 2L] else each
}

# Its sum over the rows trained on and its mean over those held out.
log_units_of <- function(fit, y) {
  each <- log_units(fit$outcome, y)
  out <- fit$held_out
  list(
    train = if (length(out)) sum(each[-out]) else sum(each),
    held_out = if (length(out)) mean(each[out]) else 0
  )
}

data_for_core <- function(fit, x, y) {
  shift <- fit$outcome$shift
  list(
    x = x, x_center = fit$predictors$center, x_scale = fit$predictors$scale,
    y = y, y_center = fit$outcome$y_center, y_scale = fit$outcome$y_scale,
    offset = if (shift != 0) rep(shift, nrow(x)), held_out = fit$held_out
  )
}
