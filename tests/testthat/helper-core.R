# Short ways to the doors of the core.

# The numbers are part of what a seed means, and so of every fit that was saved.
rng_stream <- c(
  start = 0L, shuffle = 1L, train = 2L, validate = 3L, predict = 4L,
  holdout = 5L, units = 6L, rows = 7L, residuals = 8L, spread = 9L
)

core_source <- function(stream = "train", step = 0, draw = 0, seed = 1:2) {
  list(seed = seed, stream = stream, step = step, draw = draw)
}

core_normals <- function(n, ...) native_normals(core_source(...), n)

# A model by names, as the oracle takes it.
new_model <- function(widths, activation = "tanh", family = "gaussian",
                      prior = prior_mixture(), learn_noise = TRUE,
                      levels = 0L, kl = "sampled",
                      estimator = "shared") {
  list(
    widths = as.integer(widths), activation = activation, family = family,
    prior = prior, learn_noise = learn_noise, levels = levels, kl = kl,
    estimator = estimator
  )
}

core_model <- function(model) {
  model_for_core(
    model$widths, model$activation, model$prior, model$family,
    model$learn_noise, model$levels, model$kl, model$estimator
  )
}

# Rows that are what the network sees, or that x_center ... standardise.
core_data <- function(x, y = NULL, held_out = integer(), ...) {
  data <- list(
    x = x, x_center = rep(0, ncol(x)), x_scale = rep(1, ncol(x)),
    y = y, y_center = rep(0, max(1L, ncol(y))),
    y_scale = rep(1, max(1L, ncol(y))), held_out = held_out
  )
  utils::modifyList(data, list(...))
}

core_step <- function(model, theta, x, y, eps, kl_weight, ...) {
  step <- native_step(core_model(model), theta, core_data(x, y, ...), eps, kl_weight)
  P <- n_weights(model$widths)
  step$f <- step$log_posterior - step$log_prior - step$log_likelihood
  step$d_mu <- step$d_theta[seq_len(P)]
  step$d_rho <- step$d_theta[P + seq_len(P)]
  step$d_aux <- step$d_theta[-seq_len(2L * P)]
  step
}

# Settings for n rows, none of them left to the package's defaults for users.
core_control <- function(n, epochs, batch_size = n, samples = 1,
                         learn_rate = 0.01, seed = 1:2, kl_warmup = 0, ...) {
  control <- bbb_control(
    epochs = epochs, batch_size = batch_size, samples = samples,
    learn_rate = learn_rate, seed = seed, kl_warmup = kl_warmup, verbose = FALSE, ...
  )
  settle_control(control, n)
}

# Where training starts: a run of no epochs, on data that do not matter. A run is
# also where another goes on.
core_start <- function(model, control,
                       aux = if (model$family == "gaussian") log(0.5)) {
  if (length(aux)) aux <- rep(aux, utils::tail(model$widths, 1L))
  start <- start_for_core(model$widths, model$activation, control, aux)
  core_begin(model, control, start)
}

core_begin <- function(model, control, start) {
  y <- matrix(0, 1, if (model$family == "gaussian") utils::tail(model$widths, 1) else 1)
  data <- core_data(matrix(0, 1, model$widths[1]), y)
  native_fit(core_model(model), plan_for_core(control, 0L), data, start)
}

core_fit <- function(model, control, data, from, epochs = control$epochs, ...) {
  native_fit(core_model(model), c(plan_for_core(control, epochs), ...), data, from)
}

# Until the calling test ends all training is interrupted: when the core first asks, 20 ms
# after it began, or before the core is called.
local_interrupted_training <- function(before = FALSE, frame = parent.frame()) {
  real <- native_fit
  place <- environment(bbb_fit)
  put <- function(value) {
    unlockBinding("native_fit", place)
    assign("native_fit", value, place)
    lockBinding("native_fit", place)
  }
  interrupt <- function(...) tools::pskill(Sys.getpid(), tools::SIGINT)
  put(function(model, plan, data, from, progress = NULL) {
    if (before) {
      interrupt()
      Sys.sleep(1)
    }
    real(model, plan, data, from, interrupt)
  })
  # the last one is undone first
  undo <- list(bquote(.(put)(.(real))), add = TRUE, after = FALSE)
  do.call(on.exit, undo, envir = frame)
}

# What a run has learned, as the oracle has it.
core_theta <- function(run) c(run$mu, run$rho, run$aux)

# All that must be the same when two runs are.
core_numbers <- function(run) run[c("mu", "rho", "aux", "state")]

# The eps of a draw of a model's weights
core_noise <- function(model, ...) native_noise(core_model(model), core_source(...))

# Train from the start.
core_train <- function(model, control, data) {
  core_fit(model, control, data, core_start(model, control))
}

# One kind of prediction as a vector, of one outcome where the kind tells them apart
core_predict <- function(model, theta, data, what, draws = 1,
                         probs = numeric(), seed = 1:2, outcome = 1L,
                         joint = TRUE) {
  how <- core_how(what, draws, probs, seed, joint)
  out <- native_predict(core_model(model), theta, data, how)[[what]]
  if (what %in% c("quantile", "survival", "cdf")) {
    out <- array(out, dim(out))[, , outcome]
  }
  as.vector(out)
}

core_how <- function(kinds, draws, at, seed = 1:2, joint = TRUE) {
  how <- list(kinds = kinds, draws = draws, seed = seed, joint = joint)
  if ("quantile" %in% kinds) how$probs <- at
  if ("survival" %in% kinds) how$times <- at
  how
}

core_kinds <- c(
  "link", "moments", "draws", "quantile", "log_density", "survival", "cdf"
)

# A posterior whose sigma is 0 in single precision: a draw is the mean.
sure <- function(mu, aux = numeric()) c(mu, rep(-110, length(mu)), aux)

# The network that is the identity: eta is x.
identity_model <- function(family, K, learn_noise = TRUE, levels = NULL) {
  new_model(
    c(K, K), "identity", family, prior_normal(), learn_noise,
    if (is.null(levels)) 0L else levels
  )
}

identity_theta <- function(K, aux = numeric()) sure(c(t(rbind(diag(K), 0))), aux)

# ---- small problems ----------------------------------------------------------

# What is trained: a family, with the noise of a gaussian learned or known.
core_tasks <- list(
  learned = list(family = "gaussian", K = 1L, learn_noise = TRUE),
  known = list(family = "gaussian", K = 2L, learn_noise = FALSE),
  binomial = list(family = "binomial", K = 1L, learn_noise = TRUE),
  categorical = list(family = "categorical", K = 3L, learn_noise = TRUE)
)

core_priors <- list(
  normal = prior_normal(0.8), mixture = prior_mixture(0.4, 1, exp(-6)),
  laplace = prior_laplace(0.7), student = prior_student(5, 0.7),
  # smooth on the scale of a finite difference or a step
  gentle = prior_mixture(0.4, 1, 0.1)
)

core_hidden <- list(integer(), 4L, c(4L, 3L), c(4L, 3L, 5L))

new_outcome <- function(family, n, K) {
  y <- switch(family,
    gaussian = stats::rnorm(n * K),
    binomial = stats::rbinom(n * K, 1L, 0.5),
    categorical = sample(seq_len(K) - 1L, n, replace = TRUE)
  )
  as_single(matrix(as.double(y), n))
}

# One step to take: model, theta, x, y and eps, all of them single precision.
new_problem <- function(activation = "tanh", task = "learned",
                        prior = "normal", hidden = 4L, rho = NULL, D = 3L,
                        n = 7L) {
  task <- core_tasks[[task]]
  model <- new_model(
    c(D, hidden, task$K), activation, task$family, core_priors[[prior]],
    task$learn_noise
  )
  P <- n_weights(model$widths)
  if (is.null(rho)) rho <- stats::runif(P, -6, 0)
  aux <- if (task$family == "gaussian") log(0.7 + seq_len(task$K) / 10)
  list(
    model = model,
    theta = as_single(c(stats::rnorm(P, sd = 0.5), rep_len(rho, P), aux)),
    x = as_single(matrix(stats::rnorm(n * D), n)),
    y = new_outcome(task$family, n, task$K),
    # draws of the wildest posterior that do not saturate every unit
    eps = as_single(stats::rnorm(P) * if (max(rho) > 3) 0.3 else 1)
  )
}

with_problem <- function(step, problem, kl_weight, ...) {
  step(
    problem$model, problem$theta, problem$x, problem$y, problem$eps, kl_weight,
    ...
  )
}

# The core's step and the oracle's: error of each number and of each layer's
# gradients. Sums of terms that cancel are measured by their terms.
step_errors <- function(core, oracle, problem) {
  widths <- problem$model$widths
  sizes <- (utils::head(widths, -1L) + 1L) * utils::tail(widths, -1L)
  layer <- rep(seq_along(sizes), sizes)
  error_of <- function(off, size) {
    if (!all(is.finite(off))) Inf else if (max(off) == 0) 0 else max(off) / max(size)
  }
  by_block <- function(name) {
    size <- pmax(abs(oracle[[name]]), oracle$size[[name]])
    off <- abs(core[[name]] - oracle[[name]])
    mapply(error_of, split(off, layer), split(size, layer))
  }
  term <- c("log_posterior", "log_prior", "log_likelihood")
  most <- max(abs(unlist(oracle[term])))
  n <- length(problem$y)
  c(
    f = relative_error(core$f - oracle$f + most, most),
    mapply(relative_error, core[term], oracle[term]),
    d_mu = by_block("d_mu"), d_rho = by_block("d_rho"),
    d_aux = if (length(core$d_aux)) {
      relative_error(core$d_aux - n, oracle$d_aux - n)
    }
  )
}

expect_step_agrees <- function(core, oracle, problem, tolerance = 1e-5) {
  error <- step_errors(core, oracle, problem)
  worst <- which.max(error)
  testthat::expect(
    error[worst] <= tolerance,
    sprintf("%s: relative error %.3g", names(worst), error[worst])
  )
}

# ---- short runs --------------------------------------------------------------

fit_problem <- function(task = "learned", n = 20L, ...) {
  set.seed(1)
  new_problem("tanh", task, "gentle", c(5L, 4L), n = n, ...)
}

problem_data <- function(problem, ...) core_data(problem$x, problem$y, ...)

# Three epochs of batches of 8, 8 and 4
short_control <- function(...) {
  core_control(20, epochs = 3, batch_size = 8, learn_rate = 0.02, ...)
}

# Encoded predictors as a matrix, indicators of coded factors among them.
dense_matrix <- function(x, names) {
  if (!is.matrix(x)) {
    x <- unclass(x)
    columns <- lapply(seq_along(x$from), function(d) {
      at <- x$from[d]
      if (at > 0) x$value[, at] else as.numeric(x$code[, -at] == d)
    })
    x <- matrix(as.numeric(unlist(columns)), ncol = length(columns))
  }
  colnames(x) <- names
  x
}
