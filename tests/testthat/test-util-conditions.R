# Errors: classes, the call that the user made, and one sentence each.

# What a user may get wrong, by the class of the error. x, y, d, and the fits are
# made below.
wrong <- list(
  argument = alist(
    bbb_fit(), bbb_fit(x), bbb_fit(y = y), bbb_fit(x = y ~ a, data = d),
    bbb_fit(~a, data = d), bbb_fit(y ~ 1, data = d), bbb_fit(y ~ offset(b), d),
    bbb_fit(y ~ a, data = d, y = y), bbb_fit(y ~ a, data = as.list(d)),
    bbb_fit(y ~ a, data = x), bbb_fit(y ~ a, data = d, wt = a),
    bbb_fit(x, y, epoch = 3), bbb_fit(x, y, epochs = 3, epochs = 4),
    bbb_fit(x, y, hidden = 0), bbb_fit(x, y, hidden = -1), bbb_fit(x, y, hidden = 1.5),
    bbb_fit(x, y, hidden = "32"), bbb_fit(x, y, hidden = NA), bbb_fit(x, y, hidden = 1e9),
    bbb_fit(x, y, hidden = c(1e5, 1e5)), bbb_fit(x, y, hidden = rep(2, 2000)),
    bbb_fit(x, y, family = "tweedie"), bbb_fit(x, y, family = stats::quasi()),
    predict(number, x, "survival", times = 1), bbb_fit(x, y, family = stats::Gamma()),
    bbb_fit(x, y, family = mean), bbb_fit(x, d$l, family = stats::binomial("probit")),
    bbb_fit(x, y, prior = "normal"), bbb_fit(x, y, prior = NULL),
    bbb_fit(x, y, activation = "swish"), bbb_fit(x, y, activation = NULL),
    bbb_fit(x, y, control = list(epochs = 3)), bbb_fit(x, d$l, noise = 1),
    bbb_fit(x, y, noise = 0), bbb_fit(x, y, epochs = 0), bbb_fit(x, y, epochs = 1e9),
    bbb_fit(x, y, batch_size = 0), bbb_fit(x, y, samples = 1e7),
    bbb_fit(x, y, optimizer = "rmsprop"), bbb_fit(x, y, learn_rate = 0),
    bbb_fit(x, y, momentum = 1), bbb_fit(x, y, momentum = NULL), bbb_fit(x, y, clip = 0),
    bbb_fit(x, y, schedule = "linear"), bbb_fit(x, y, kl_weight = 1),
    bbb_fit(x, y, init_rho = 100), bbb_fit(x, y, validation = 1),
    bbb_fit(x, y, patience = 0), bbb_fit(x, y, max_seconds = -1),
    bbb_fit(x, y, tolerance = 0), bbb_fit(x, y, seed = 1:3), bbb_fit(x, y, verbose = NA),
    bbb_control(epochs = 2.5), bbb_control(learn_rate = Inf), bbb_control(seed = "a"),
    prior_mixture(pi = 2), prior_mixture(sd1 = 0), prior_normal(-1),
    predict(number, type = "interval"), predict(number, x, type = "nope"),
    predict(number, x, type = "class"), predict(number, x, type = "prob"),
    predict(three, x, type = "interval"), predict(three, x, type = "quantile"),
    predict(number, x, "interval", level = 95), predict(number, x, "quantile", probs = 1.1),
    predict(number, x, draws = 0), predict(number, x, draws = 1e8),
    predict(number, x, seed = "a"), predict(number, x, se.fit = TRUE),
    bbb_score(), bbb_score(number), bbb_score(number, x), bbb_score(number, x, y, level = 1),
    bbb_score("fit", x, y), bbb_score(number, x, y, draws = 0.5),
    bbb_gradients(number), bbb_gradients(number, x), bbb_gradients(number, x, y, eps = 1),
    bbb_gradients(number, x, y, eps = list(1)), bbb_gradients(NULL, x, y),
    bbb_continue(number), bbb_continue(number, x, y), bbb_continue(number, epochs = 1),
    bbb_continue(number, x, epochs = 1), bbb_continue(number, x, y, epochs = 0),
    bbb_continue(number, x, y, epochs = 1, foo = 2), bbb_continue("fit", x, y),
    plot(number, which = "foo"), plot(number, which = 1), plot(number, main = "a"),
    formula(number), fitted(large), residuals(large),
    bbb_fit(x, d$f, offset = y), bbb_fit(x, y, class_weights = "balanced"),
    bbb_fit(x, d$f, class_weights = c(red = 1)), bbb_fit(x, y, standardise = NA),
    bbb_fit(x, y, standardise = "z"), bbb_fit(x, y, standardise = c(TRUE, FALSE)),
    bbb_fit(y ~ a, d, na.action = 1), bbb_fit(x, y, na.action = 1),
    bbb_fit(x, replace(y, 1, NA), na.action = length), predict(number, x, na.action = length), bbb_fit(y ~ f, d, contrasts = 3),
    predict(number, x, offset = y), predict(lifted, x), predict(number, x, new_levels = "drop"),
    bbb_gradients(lifted, x, y, offset = y), bbb_gradients(number, x, y, weights = y),
    residuals(number, "pearson"), residuals(three, "quantile", x, trios$y),
    residuals(times, "deviance", x, y), logLik(number), simulate(number),
    simulate(number, newdata = x, trials = 0.5), vcov(number), confint(number),
    terms(number), model.frame(frame)
  ),
  data = alist(
    bbb_fit(NULL, y), bbb_fit("x", y), bbb_fit(list(1), y), bbb_fit(mean, y),
    bbb_fit(Sys.Date() + 1:24, y), bbb_fit(complex(24), y), bbb_fit(d$f, y),
    bbb_fit(array(1, c(24, 2, 2)), y), bbb_fit(matrix("a", 24, 2), y),
    bbb_fit(structure(x, class = "integer64"), y),
    bbb_fit(x[0, ], y[0]), bbb_fit(x[, 0], y), bbb_fit(d[0, ], y[0]), bbb_fit(d[0], y),
    bbb_fit(numeric(), numeric()), bbb_fit(replace(x, 5, NA), y),
    bbb_fit(replace(x, 5, Inf), y), bbb_fit(x, replace(y, 3, NaN)),
    bbb_fit(cbind(d, t = complex(24)), y), bbb_fit(y ~ a, data = d, weights = a),
    bbb_fit(x, y, weights = 1:3), bbb_fit(x, y, weights = y * 0), bbb_fit(x, y, offset = 1),
    bbb_fit(x, y, offset = rep(Inf, 24)), bbb_fit(x, y, offset = "a"),
    bbb_fit(stats::setNames(d, c("a", "a", names(d)[-(1:2)])), y),
    bbb_fit(x, y[-1]), bbb_fit(x, NULL), bbb_fit(x, as.list(y)), bbb_fit(x, d),
    bbb_fit(x, mean), bbb_fit(x, complex(24)), bbb_fit(x, rep("a", 24)),
    bbb_fit(x, rep(1, 24), family = "binomial"), bbb_fit(x, y, family = "binomial"),
    bbb_fit(x, d$f, family = "binomial"), bbb_fit(x, d$f, family = "gaussian"),
    bbb_fit(y ~ nowhere, data = d), bbb_fit(y ~ a, data = d[0, ]),
    bbb_fit(x, x[-1, ]), bbb_fit(x, -y, family = "poisson"), bbb_fit(x, -y, family = "gamma"),
    bbb_fit(x, -y, family = "weibull"), bbb_fit(x, x, family = "binomial"),
    bbb_fit(x, d$s, family = "ordinal"), bbb_fit(y ~ poly(a, 2), replace(d, 1, NA)),
    predict(number, x[, 1:2]), predict(number, cbind(a = 1:2)), predict(number, 1:4),
    predict(number, "a"), predict(number, list(1, 2, 3)), predict(number, mean),
    predict(number, complex(3)), predict(number, data.frame(a = 1, b = 2, c = "x")),
    predict(frame, x), predict(frame, as.list(d)), predict(frame, 5),
    predict(frame, transform(d, f = "pink")), predict(frame, transform(d, a = "1")),
    predict(frame, transform(d, l = 1)), predict(frame, replace(d, "a", list(as.list(y)))),
    bbb_fit(y ~ a, cbind(d, a = 1)), bbb_fit(x, d$s, weights = (d$s == "on") + 0, class_weights = "balanced"),
    bbb_fit(x, round(y), offset = 1e300 * y, family = "poisson"),
    bbb_fit(x, y, weights = c(1, y[-1] * 0), validation = 0.5),
    predict(frame, replace(d, "a", NA_real_), na.action = na.fail),
    bbb_score(lifted, x, y, offset = y / 0),
    bbb_score(number, x, y[-1]), bbb_score(number, x, d$f), bbb_score(number, x[, 1:2], y),
    bbb_score(number, x, y, weights = -y), bbb_score(weighed, d[-1]), logLik(weighed, d[-1]),
    bbb_fit(x, replace(y, 1, NA), na.action = na.fail), bbb_fit(x, y * NA, na.action = na.omit),
    bbb_score(number, x[0, ], y[0]), bbb_score(number, replace(x, 3, NA), y),
    bbb_score(number, x, replace(y, 3, NA)), bbb_score(three, x, rep("z", 24)),
    bbb_score(frame, d[-8]), bbb_score(frame, replace(d, "a", NA_real_)),
    bbb_gradients(number, x[0, ], y[0]), bbb_gradients(number, x, y[-1]),
    bbb_continue(number, x[-1, ], y[-1], epochs = 1),
    bbb_continue(number, x, y[-1], epochs = 1), bbb_continue(frame, d[1:3], epochs = 1)
  ),
  diverged = alist(
    bbb_fit(x, y, learn_rate = 1e308, epochs = 20),
    bbb_fit(x, y, learn_rate = 1e6, optimizer = "sgd", epochs = 20),
    bbb_fit(x, d$l, learn_rate = 1e6, optimizer = "sgd", epochs = 20),
    bbb_fit(x, y, noise = 1e-300, epochs = 2)
  )
)

# The errors of one class; their calls are made where these names are known.
raised <- function(class) {
  place <- list2env(list(
    x = waves$x, y = waves$y, d = mixed, number = fits$gaussian,
    three = fits$categorical, frame = fits$mixed,
    large = local({
      fit <- fits$gaussian
      fit$fitted <- fit$residuals <- NULL
      fit
    }),
    lifted = quick(waves$x, waves$y, offset = waves$y, weights = waves$y),
    times = quick(waves$x, waves$y, family = "weibull"),
    weighed = quick(y ~ b, mixed, weights = exp(a))
  ), parent = environment())
  lapply(wrong[[class]], function(call) caught(eval(call, place)))
}

for (class in names(wrong)) {
  test_that(paste("every wrong call of its kind is an error of class", class), {
    errors <- raised(class)

    for (i in seq_along(errors)) {
      expect_s3_class(errors[[i]], c(paste0("bbb_error_", class), "bbb_error", "error"))
    }
  })

  test_that(paste("errors come from the user's call and are one sentence:", class), {
    errors <- raised(class)

    for (i in seq_along(errors)) {
      call <- wrong[[class]][[i]]
      expect_match(conditionMessage(errors[[i]]), "^[`A-Z][^\n]*[^.]\\.$")
      expect_match(
        deparse(conditionCall(errors[[i]]))[1L], paste0("^", call[[1L]], "(\\.bbb_fit)?\\(")
      )
    }
  })
}

test_that("the messages are these", {
  skip_on_cran()
  local_reproducible_output(width = 80)

  expect_snapshot({
    for (class in names(wrong)) {
      writeLines(unique(vapply(raised(class), conditionMessage, "")))
    }
  })
})

test_that("a learning rate far too large never gives weights that are not finite", {
  for (rate in c(1, 1e3, 1e6, 1e30)) for (optimizer in c("adam", "sgd")) {
    fit <- tryCatch(
      quick(waves$x, waves$y, learn_rate = rate, optimizer = optimizer),
      bbb_error_diverged = function(e) NULL
    )

    expect_true(all(is.finite(c(fit$mu, fit$rho, fit$noise))))
  }
})

test_that("a diverged fit says what to change", {
  expect_error(
    quick(waves$x, waves$y, learn_rate = 1e308), "smaller `learn_rate` than 1e\\+308\\.$"
  )
  expect_error(quick(waves$x, waves$y, noise = 1e-300), "or a larger `noise`")
})

test_that("the call is the user's also from inside another function", {
  outer <- function() lapply(1, function(i) bbb_fit(waves$x, waves$y, hidden = i - 1))
  environment(outer) <- list2env(list(waves = waves), parent = globalenv())

  error <- caught(outer())

  expect_identical(conditionCall(error), quote(bbb_fit(waves$x, waves$y, hidden = i - 1)))
})

test_that("warnings and messages have the package's classes", {
  expect_warning(warn_bbb("stopped", "a"), "^a$", class = "bbb_warning_stopped")
  expect_warning(warn_bbb("stopped", "a"), class = "bbb_warning")
  expect_message(inform_bbb("a", "b"), "^ab\n$", class = "bbb_message")
})

test_that("a warning beside a fit does not lose it where warnings are errors", {
  old <- options(warn = 2)
  on.exit(options(old))
  expect_message(value <- {
    warn_of_fit("stopped", "a", "b")
    1
  }, "^Warning: ab\n$", class = "bbb_message")
  expect_identical(value, 1)
  # handlers see what it is
  expect_warning(warn_of_fit("stopped", "a"), "^a$", class = "bbb_warning_stopped")
  expect_error(warn_bbb("stopped", "a"), "converted from warning")
})

test_that("an interrupted fit is returned where warnings are errors", {
  skip_on_os("windows")
  old <- options(warn = 2)
  on.exit(options(old))
  for (fits in 1:2) with_cores(1, {
    local_interrupted_training()
    expect_message(
      fit <- quick(waves$x, waves$y, epochs = 3e5, fits = fits),
      "Warning: Training was interrupted", class = "bbb_message"
    )
  })
  expect_s3_class(fit, "bbb_fit")
})
