# Odd R objects, a hundred of them, and valid arguments for every routine.

odd_objects <- function() {
  methods::setClass("OddThing", representation(a = "numeric"), where = globalenv())
  methods::setClass("OddList", contains = "list", where = globalenv())
  deep <- list(1)
  for (i in 1:1000) deep <- list(a = deep)
  bytes <- rawToChar(as.raw(c(0xe9, 0xff, 0x61)))
  latin <- bytes
  Encoding(latin) <- "latin1"
  list(
    # nothing and single values
    NULL, TRUE, FALSE, NA, NA_integer_, NA_real_, NaN, Inf, -Inf, -1L, -1, 0L, 0, -0.0, 1L, 1,
    2, 3L, 0.5, 1.5, 2^31, 2^32, 2^53, 1e308, -1e308, 5e-324, 1e-308, .Machine$integer.max,
    -.Machine$integer.max, 1i, NA_complex_, as.raw(255), "", "a", NA_character_, bytes, latin,
    strrep("long", 1e5),
    # vectors without or with few elements
    logical(), integer(), numeric(), complex(), character(), raw(), list(), 1:2, 1:4, c(1L, NA),
    c(NA, 1), c(0L, 0L), c(-1, -2, -3), c(1, 1, 1, 1), c(Inf, -Inf), c(NaN, 1, 2, 3), letters,
    # long ones, some of them not yet made
    1:1e6, seq(0, 1, length.out = 1e5), as.character(1:1e5), vector("list", 1e5), rep(NaN, 3e4),
    # with attributes
    factor(c("a", "b")), factor(character()), Sys.Date(), Sys.time(), as.POSIXlt(Sys.time()),
    c(a = 1, b = 2), structure(1L, class = "odd"), structure(1, names = NA_character_),
    matrix(numeric(), 0, 0), matrix(numeric(), 0, 3), matrix(1, 3, 3), matrix(1:4, 2),
    matrix(list(), 0, 0), array(1, c(1, 1, 1)), array(1:3, 3), table(c(1, 1, 2)), stats::ts(1:3),
    data.frame(), data.frame(a = 1:3), datasets::cars, numeric_version("1.2.3"),
    # lists
    list(1), list(NULL), list(a = 1), list(a = NULL, a = 2), structure(list(1), names = ""),
    structure(list(1, 2), names = c("widths", "widths")), list(widths = "a", prior = list()),
    structure(list(), class = "bbb_fit"), pairlist(a = 1), deep, as.list(1:100),
    # language
    quote(a), quote(a + b), y ~ x, expression(a, b), as.name("x"), quote(`[`(a, 1)),
    # functions and places
    function(x) x, sum, `if`, `+`, globalenv(), baseenv(), emptyenv(), new.env(),
    asNamespace("stats"), compiler::cmpfun(function(x) x), function() stop("odd"),
    # what R keeps for itself
    methods::new("externalptr"), methods::new("OddThing", a = 1),
    methods::new("OddList", list(1)), stdin(), getDLLRegisteredRoutines("bbb")$.Call[[1]],
    getLoadedDLLs()[[1]], packageVersion("base")
  )
}

# Arguments of a good call of each routine. A native_*() function is called with the
# routine's arguments as they are, so it shows what they are for.
valid_calls <- function() {
  ns <- asNamespace("bbb")
  x <- matrix(sin(1:18), 6)
  fit <- bbb_fit(x, x[, 1] - x[, 2], hidden = 2, epochs = 1, seed = 1, validation = 0.2)
  model <- ns$fit_model(fit)
  plan <- ns$plan_for_core(fit$control, 3L)
  plan$max_seconds <- 2
  plan$samples <- 1L
  start <- ns$start_for_core(fit$widths, "relu", fit$control, 0)
  data <- ns$data_for_core(fit, x, matrix(x[, 3]))
  theta <- c(fit$mu, fit$rho, fit$aux)
  from <- list(seed = 1:2, stream = "train", step = 1, draw = 0)
  classes <- list(model = model, data = data, theta = theta[-length(theta)])
  classes$model$family <- "binomial"
  classes$data[c("y", "y_center", "y_scale")] <- list(matrix(c(0, 1, 0, 1, 1, 0)), 0, 1)
  levels <- bbb_fit(
    x, factor(1:6 %% 3, ordered = TRUE), hidden = 2, epochs = 1, seed = 1, validation = 0.2
  )
  times <- bbb_fit(
    x, cbind(1:6, 1), family = "weibull", hidden = 2, epochs = 1, seed = 1, validation = 0.2
  )
  kind <- function(fit, y) {
    list(model = ns$fit_model(fit), theta = c(fit$mu, fit$rho, fit$aux),
         data = ns$data_for_core(fit, x, y), from = fit[c("mu", "rho", "aux", "state")])
  }
  ordinal <- kind(levels, matrix(c(0, 1, 2, 2, 1, 0)))
  weibull <- kind(times, cbind(sin(1:6), c(1, 0, 1, 1, 0, 1)))
  trials <- classes
  trials$model$family <- "trials"
  trials$data[c("y", "y_center", "y_scale")] <- list(cbind(0:5, 5) + 0, c(0, 0), c(1, 1))
  weighted <- data
  weighted$weights <- seq(0, 2, length.out = 6)
  weighted$offset <- cos(1:6)
  how <- function(..., joint = TRUE) {
    list(
      kinds = c(...), draws = 5L, seed = 1:2, joint = joint, probs = c(0.1, 0.5),
      times = c(-0.5, 0.5), center = NULL, scale = NULL, complete = rep(c(TRUE, FALSE), 3)
    )
  }
  list(
    ffi_fit = list(model, plan, data, start, NULL),
    ffi_fit = list(model, plan, data, fit[c("mu", "rho", "aux", "state")], NULL),
    ffi_fit = list(model, plan, data, start, function(epoch) epoch),
    ffi_noise = list(model, from),
    ffi_standard = list(x, seq(0, 2, length.out = 6)), ffi_standard = list(x > 0, NULL),
    ffi_plain = list(list(a = 1, b = "c"), c("a", "b"), "ds", c(1, 1), 1e30),
    ffi_complete = list(x), ffi_complete = list(matrix(as.raw(1:6), 3)),
    ffi_checksum = list(list(x, NULL, x > 0)),
    ffi_test_gradient = list(
      model, theta, data, from,
      list(steps = 2L, samples = 2L, kl_weight = 0.5, antithetic = TRUE)
    ),
    ffi_density = list(model, fit$mu, fit$aux, data, 1),
    ffi_density = list(ordinal$model, fit$mu, ordinal$theta[-seq_len(2 * length(fit$mu))], ordinal$data, 0.5),
    ffi_step = list(model, theta, data, sin(seq_along(fit$mu)), 1),
    ffi_step = list(model, theta, weighted, sin(seq_along(fit$mu)), 1),
    ffi_fit = list(model, plan, weighted, start, NULL),
    ffi_predict = list(model, theta, weighted, how("link")),
    ffi_step = list(ordinal$model, ordinal$theta, ordinal$data, cos(seq_along(fit$mu)), 0.5),
    ffi_step = list(weibull$model, weibull$theta, weibull$data, cos(seq_along(fit$mu)), 0.5),
    ffi_step = list(trials$model, trials$theta, trials$data, cos(seq_along(fit$mu)), 0.5),
    ffi_fit = list(ordinal$model, plan, ordinal$data, ordinal$from, NULL),
    ffi_predict = list(ordinal$model, ordinal$theta, ordinal$data, how("moments")),
    ffi_predict = list(weibull$model, weibull$theta, weibull$data, how("quantile")),
    ffi_predict = list(weibull$model, weibull$theta, weibull$data, how("survival")),
    ffi_step = list(classes$model, classes$theta, classes$data, cos(seq_along(fit$mu)), 0.5),
    ffi_normals = list(NULL, from, 10L), ffi_permutation = list(from, 10L),
    ffi_predict = list(model, theta, data, how("link")),
    ffi_predict = list(model, theta, data, how("moments")),
    ffi_predict = list(model, theta, data, how("draws")),
    ffi_predict = list(model, theta, data, how("quantile")),
    ffi_predict = list(model, theta, data, how("log_density")),
    ffi_predict = list(model, theta, data, how("link", joint = FALSE)),
    ffi_predict = list(
      weibull$model, rep(weibull$theta, 5), weibull$data, how("quantile")
    ),
    ffi_predict = list(classes$model, classes$theta, classes$data, how("log_density")),
    ffi_predict = list(
      ordinal$model, ordinal$theta, ordinal$data, how("link", "moments", "quantile", "cdf")
    ),
    ffi_predict = list(
      weibull$model, weibull$theta, weibull$data,
      how("link", "moments", "draws", "quantile", "log_density", "survival", "cdf")
    ),
    ffi_test_philox = list(c(1, 2, 3, 4), c(5, 6)), ffi_test_softplus = list(c(-1, 1)),
    ffi_test_activation = list("scalar", "tanh", c(-1, 1)),
    ffi_isas = list(), ffi_names = list(), ffi_tie_to_parent = list(),
    ffi_test_kernels = list(
      NULL, c(2L, 3L, 4L), sin(1:48), sin(1:12), sin(1:64)
    ),
    ffi_test_prior = list(model, c(-1, 1)),
    ffi_test_optim = list("scalar", plan, 3L, c(1, 2), c(3, 4)),
    ffi_test_schedule = list("cosine", 0.5), ffi_test_kl_weights = list("blundell", 4L),
    ffi_test_quantile = list(c(1, 2), 0.5, 0.3),
    ffi_test_special = list("gamma_below", 2, 1, c(0.5, 3))
  )
}
