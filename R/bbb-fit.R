#' Fit a Bayesian neural network
#'
#' Fits a fully connected network in which every weight and bias has a Gaussian
#' posterior, by Bayes by Backprop (Blundell et al. 2015). Give it a matrix or a
#' data frame and an outcome, or a formula and data; nothing else has to be
#' chosen.
#'
#' @param x Predictors, one row an observation: a matrix, a data frame, a numeric
#'   vector for a single predictor, or a formula such as `medv ~ .`; see What `x` and
#'   `y` may be.
#' @param formula A formula as for [stats::glm()]: with `.`, interactions, functions,
#'   [splines::ns()] and other bases, [stats::offset()]; to the left any outcome, also
#'   `cbind(successes, failures)` and `survival::Surv(time, event)`. `- 1`
#'   has no effect: every unit has a bias of its own. See Terms.
#' @param data A data frame with the variables of the formula, of `subset`, `weights` and
#'   `offset`. Other variables are taken from the formula's environment: settings such as
#'   knots, and functions. Vectors with a value for each row must be columns of `data`,
#'   since new data must have them too. Functions that the formula calls are stored with
#'   the fit; those that were written inside another function with their environment.
#' @param y Outcome, one value a row of `x`: numeric, logical, factor or
#'   character. Several numeric outcomes are the columns of a matrix; successes and
#'   failures, and times with an event indicator, are two columns: see Families.
#' @param subset Rows of `data` to fit, an expression as for [stats::glm()].
#' @param weights Case weights, a number for each row, 0 or more: they multiply the
#'   rows' log-likelihoods. Whole weights are the same as repeated rows. Where `y` is shares
#'   of trials, the numbers of trials: see Families.
#' @param offset A number for each row, added to the network's output on the scale of
#'   `predict(type = "link")`: `log(exposure)` for counts, for example. New data must
#'   have it too; see [predict.bbb_fit()].
#' @param class_weights For classes: `"balanced"`, or a number for each class, by name.
#'   They multiply the weights of the rows of that class. `"balanced"` gives all classes
#'   the same total. Predicted probabilities are then those of a population with the
#'   classes so weighted, no longer those of the data.
#' @param na.action What to do with rows that have missing values, in the predictors, the
#'   outcome, the weights or the offset: a function such as `na.omit` or `na.exclude`, as
#'   for [stats::glm()]. Unlike there, the default is an error that counts them. After
#'   `na.exclude` [fitted()][fitted.bbb_fit] values and residuals have `NA` for these rows.
#' @param contrasts A list of contrasts of factors, as for [stats::model.matrix()].
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
#'   override `control`. For a formula also the arguments `hidden` to `control`.
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
#' counts centred by an offset; predictions come back in the outcome's units.
#' `standardise` of [bbb_control()] leaves predictors as they are. Missing values are an
#' error unless `na.action` leaves their rows out, and infinite ones always.
#'
#' With weights the likelihood counts `sum(weights)` observations instead of one a row:
#' weights that sum to twice the rows make the posterior narrower, as twice the data
#' would. Give weights of mean 1 where they are relative. Means and standard deviations
#' of the standardisation are weighted too, `converged` and the validation score are per
#' unit of weight, and `epochs`, `batch_size` and the number of draws go by rows
#' (see Work in [bbb_control()]).
#'
#' The standard deviation of a gaussian outcome's noise is learned with the
#' weights, unless `noise` is given; it is held between a thousandth and a thousand
#' times the outcome's, so that data without noise do not send it to zero.
#'
#' With few rows the learned noise is too large and the intervals are too wide, where
#' there are data: for a curve of one predictor (`bench/few_rows.md`) those of 90 % held
#' 98 % of new outcomes with 50 rows, 94 % with 200 and 91 % with 1000. A smaller network
#' helps, and for smooth curves `activation = "tanh"`: with `hidden = 8` both together
#' held 94, 92 and 90 %.
#'
#' Pressing Esc or Ctrl-C while it trains returns the fit as it was after its last whole
#' step, with a warning (a message where `options(warn = 2)` would make it an error);
#' [bbb_continue()] goes on from there. While the data are prepared there is no fit yet,
#' and it is an interrupt as any other. With a `checkpoint` (see [bbb_control()]) a fit
#' outlives its session.
#'
#' @section What `x` and `y` may be:
#' | `x` | how it is taken |
#' |---|---|
#' | matrix of doubles, integers, logicals or bytes (`raw`) | a column is a predictor; read as it is, without a copy |
#' | sparse matrix of the package Matrix | the same numbers as the dense one, to the bit, made dense only in the fit's own single-precision copy |
#' | vector of numbers or logicals | the only predictor |
#' | data frame, tibble, data.table | columns by their type, below |
#' | formula and `data` | the variables of the formula by their type |
#' | `recipes::recipe()` and `data` | what the prepared recipe bakes; new data are baked too |
#'
#' | column | becomes |
#' |---|---|
#' | numeric (double, integer) | itself |
#' | logical | 1 for `TRUE` |
#' | factor, character | a column for each level but the first (treatment contrasts, or those of `contrasts` and `options(contrasts = )`); levels without rows are forgotten; a level that is new at prediction is an error, or `NA` |
#' | ordered factor | polynomial contrasts, [stats::contr.poly()] |
#' | `Date` | days |
#' | `POSIXct`, `POSIXlt` | seconds, whatever the time zone |
#' | `difftime` | seconds, whatever the units |
#' | matrix | each of its columns |
#' | list, complex, sparse, and every class that is not named here or that only carries attributes (`ts`, `table`, `AsIs`, `poly()`, `ns()` and the like) | refused by name: what its numbers mean is not known |
#'
#' A factor of eight levels or more takes one number a row, however many levels it
#' has: its columns are made for a few rows at a time. Those of its interactions are
#' made for all rows.
#'
#' | `y` | family, unless it is given |
#' |---|---|
#' | numeric vector, or matrix of one column | gaussian |
#' | numeric matrix of several columns | gaussian, several outcomes |
#' | three or more columns of 0 and 1 or logicals, of which each row has one | categorical, a class for each column, with a message |
#' | logical, factor or character of two classes | binomial, for the second class |
#' | factor or character of more classes | categorical |
#' | ordered factor of more than two levels | ordinal |
#' | `survival::Surv(time, event)` | weibull |
#' | two columns of whole numbers, with `family = "binomial"` | successes and failures |
#' | shares, with `family = "binomial"` and numbers of trials as `weights` | the same |
#' | times and a 0/1 event in two columns, with a family of times | censored times |
#'
#' The units of a `difftime` and the time zone of a `POSIXct` in new data may be others
#' than in the fit, also inside functions of a formula. A column of a class that is refused
#' may be converted in the formula: `y ~ as.numeric(period, "hours")`.
#'
#' Counts, 0/1 and other whole numbers are whole if they are within 1e-7, relative to
#' those above 1, and are rounded.
#'
#' @section Terms:
#' What a formula says of a row must follow from that row. Terms that need the other rows,
#' as `rank(x)`, `x / max(x)` or `cut(x, 3)`, are an error, which a few of the training
#' rows show; `scale(x)`, `poly(x, 2)`, `splines::ns()` and `splines::bs()` remember the
#' training rows and are taken. What picks values of the training rows, as `x[train]`,
#' `d$x` or `weights = w[1:16]`, is taken, and is an error where new rows need it; for an
#' outcome, weights or an offset these can be given then.
#'
#' Terms with the outcome in them, as `y` and `y:x` to the right of `y ~`, are left out
#' with a warning of class `bbb_warning_outcome`. As for [stats::lm()], terms that are made
#' of the outcome's variable otherwise are kept, as `y` beside `log(y) ~`; they get the
#' same warning.
#'
#' Terms of other packages' formulas are refused, such as `(1 | id)`, `s(x)`, `strata(g)`
#' and `y | weights(w)`; so are offsets that are multiplied with other terms.
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
#'   failures)`; or, as for [stats::glm()], shares of successes with the numbers of trials
#'   as `weights`, which new data to be scored must then have too. Link logit}
#' \item{`"categorical"`}{classes, as a factor, character or numbers, or a column of 0 and
#'   1 for each class. Where the family is given, levels of a factor that have no rows
#'   stay classes, with a probability near 0, so that fits of parts of the data can be
#'   put together; where it is found, they are forgotten}
#' \item{`"ordinal"`}{ordered classes, by cumulative logits: one output, and learned
#'   cutpoints; levels without rows as for `"categorical"`}
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
#'     outcome in its own units, with `elbo` = -(`nll` + `kl`), where `kl` is that of
#'     every fourth batch of the epoch, since training does not need it; `noise`;
#'     `learn_rate`; `validation`, the mean log predictive density of a held-out
#'     row; `seconds` since the start}
#'   \item{converged}{whether the ELBO had become flat and the standard deviations of
#'     the posterior had arrived: see [summary.bbb_fit()]}
#'   \item{sd_gap}{how far they are from that: 0 is arrived, near 1 far too small}
#'   \item{stopped}{why training ended: `"epochs"`, `"validation"`,
#'     `"max_seconds"` or `"interrupt"`; `"checkpoint"` in the file of a fit that is
#'     under way}
#'   \item{prior_sd}{of a prior that learns its standard deviations, or has several:
#'     those of the weights of each input of a layer and then of its biases, layer
#'     after layer; of a mixture as shares of `sd1`. With `validation` they are those
#'     of the last epoch trained, which may not be the epoch kept}
#'   \item{hidden, activation, prior, family, control, seed}{as used}
#'   \item{n}{rows that `na.action` kept, those held out for validation among them}
#'   \item{total_weight}{observations that the likelihood counts: the sum of the
#'     weights of the rows trained on}
#'   \item{call, na_action}{for [stats::update()] and [stats::naresid()]}
#'   \item{checksum}{of the data as numbers, by which [bbb_continue()] knows them}
#'   \item{predictors, outcome}{how new data are turned into numbers}
#'   \item{fitted, residuals}{posterior predictive mean of the training rows, and
#'     what is left, for fits of modest size: see [fitted.bbb_fit()]}
#'   \item{state}{of the optimiser, for [bbb_continue()]}
#'   \item{members}{only with several `fits` (see [bbb_control()]): a list with an
#'     element for each, which has its `seed`, `mu`, `rho`, `noise`, `parameters`,
#'     `history`, `converged`, `sd_gap`, `stopped` and `state`; the fit itself then has no
#'     such fields but `seed`}
#'
#' @section Errors:
#' Of class `bbb_error_argument`, `bbb_error_data`, `bbb_error_diverged` when the loss
#' stops being finite, or `bbb_error_worker` when the process that trained one of
#' several fits was lost again and again, or a `future::plan()` took no fit; all are a
#' `bbb_error`. A fit never holds weights that are not finite.
#'
#' @section A fit that was changed:
#' Numbers of a fit may be replaced: `fit$mu <- fit$mu - 0.01 * step` is a step of your
#' own ([bbb_gradients()], [bbb_flat()]). Before anything is asked of a fit it is looked
#' at: what cannot be, as a weight that is missing or not finite, a scale that is not
#' above 0, or fields that do not agree, is a `bbb_error_argument` that names the field.
#' Where you change `aux`, the logs of noise and the like, set `noise` and `parameters`
#' to `NULL`: they are then told from it. To make a fit smaller you may set to `NULL`
#' also `state`, without which training cannot go on, `history`, which `print()`,
#' `summary()` and `plot()` show, `fitted`, `residuals`, `prior_sd` and `call`;
#' predictions need none of them.
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
#' @order 1
#' @export
bbb_fit <- function(x, ...) UseMethod("bbb_fit")

#' @order 2
#' @rdname bbb_fit
#' @export
bbb_fit.formula <- function(formula, data = NULL, ..., subset, weights, offset,
                            na.action = stats::na.pass, contrasts = NULL) {
  started <- seconds_now()
  if (missing(formula)) stop_argument("The formula must come first.")
  if ("y" %in% names(substitute(list(...)))) {
    stop_argument("`y` must not be given with a formula.")
  }
  force(data)
  beside <- given(
    subset = substitute(subset), weights = substitute(weights),
    offset = substitute(offset)
  )
  call <- made_call(
    formula = substitute(formula), data = if (!is.null(data)) substitute(data),
    as.list(substitute(list(...)))[-1L], beside,
    na.action = if (!missing(na.action)) substitute(na.action),
    contrasts = substitute(contrasts)
  )
  keeping_fit({
    parts <- preparing(
      frame_of_formula(formula, data, beside, na.action, contrasts)
    )
    frame <- made_of(parts$frame, call = call, na_action = parts$na_action)
    bbb_fit.default(
      since(started, frame), parts$y, ..., weights = parts$weights,
      offset = parts$offset
    )
  })
}

#' @order 3
#' @rdname bbb_fit
#' @export
bbb_fit.default <- function(x, y, hidden = 32, family = NULL,
                            prior = prior_normal(), activation = "relu",
                            weights = NULL, offset = NULL, class_weights = NULL,
                            control = bbb_control(), na.action = stats::na.pass, ...) {
  named <- match("formula", names(substitute(list(...)))[-1L])
  if (!is.na(named)) return(fit_by_name(...elt(named), match.call(), parent.frame()))
  if (missing(x)) stop_argument("`x` is missing: a matrix, data frame or formula.")
  started <- start_of(x)
  if (missing(y)) stop_argument("`y` is missing: the outcome of each row of `x`.")
  force(y)
  # by their names first: `subset = age > 30` has no value here
  check_dots(as.list(substitute(list(...)))[-1L], setting_names())
  origin <- origin_of(x, made_call(arguments_given(names(formals(bbb_fit.default)))))
  preparing({
    control <- as_control(control, list(...))
    with_seed <- !is.null(control$seed)
    hidden <- check_hidden(hidden)
    prior <- check_prior(prior, length(hidden) + 1L)
    check_kl(control$kl, prior)
    activation <- check_choice(activation, core_names("activation"), "activation")
    rows <- kept_cases(x, y, weights, offset, na.action)
    check_complete(rows)
    encoded <- encode_predictors(rows$x)
    outcome <- read_outcome(rows, family, class_weights, nrow(encoded$x))
    widths <- layer_widths(length(encoded$recipe$names), hidden, length(outcome$outputs))
    control <- settle_control(control, nrow(encoded$x), n_weights(widths))
    recipe <- with_standard(
      encoded$recipe, encoded$x, outcome$cases$weights, control$standardise
    )
    fit <- new_fit(recipe, outcome, hidden, prior, activation, control)
    fit$na_action <- with_names_of_rows(rows$na_action, x)
    fit[names(origin)] <- origin
    if (control$fits > 1L) fit <- as_ensemble(fit, outcome$y, outcome$cases$weights)
    fit$checksum <- checksum_of(encoded$x, outcome$y, outcome$cases)
    fit <- resumed(fit, with_seed)
    data <- data_for_core(fit, encoded$x, outcome$y, outcome$cases)
  })
  seconds <- seconds_left(control$max_seconds, started)
  keeping_fit(train(fit, with_ids(data, rows$x), goals_at_start(fit), seconds))
}

# The outcome of n rows and their cases, checked and encoded.
read_outcome <- function(rows, family, class_weights, n) {
  cases <- check_cases(rows$weights, rows$offset, n)
  known <- check_family(family, rows$y)
  taken <- take_outcome(rows$y, known, cases, !is.null(family))
  encode_outcome(taken, known, class_weights, n)
}

# Data that were made of what the user gave: the fit gets these fields, and has them
# while it trains.
made_of <- function(x, ...) {
  fields <- list(...)
  attr(x, "bbb_origin") <- fields[!vapply(fields, is.null, NA)]
  x
}

origin_of <- function(x, call) {
  made <- attr(x, "bbb_origin")
  if (is.null(made)) list(call = call) else made
}

# A formula that came by its name and not first, as in `data |> bbb_fit(formula = y ~ x)`:
# what came first is the data.
fit_by_name <- function(formula, call, frame) {
  args <- as.list(call)[-1L]
  args$formula <- NULL
  names(args)[names(args) == "x"] <- "data"
  eval(as.call(c(bbb_fit, formula, args)), frame)
}

check_kl <- function(kl, prior) {
  if (kl == "exact" && prior$kind != "normal") {
    stop_argument("`kl` can be \"exact\" for `prior_normal()` only.")
  }
}
