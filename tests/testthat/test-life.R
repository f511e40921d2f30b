# What R asks of a fit beside predictions.

test_that("update() makes the call again, with changes", {
  fit <- bbb_fit(y ~ ., mixed, hidden = 4, epochs = 6, samples = 1, seed = 1, subset = i > 1)

  expect_identical(update(fit)$mu, fit$mu)
  expect_identical(nrow(update(fit, epochs = 3)$history), 3L)
  smaller <- update(fit, . ~ . - f - s, epochs = 3)
  expect_identical(smaller$predictors$names, c("a", "b", "c", "lTRUE", "i"))
  expect_identical(smaller$n, 20L)
  expect_identical(update(fit, subset = NULL)$n, 24L)
  logged <- update(fit, log(.) ~ a)
  expect_identical(deparse1(formula(logged)), "log(y) ~ a")
})

test_that("update() works for a matrix, and through another function's dots", {
  x <- waves$x
  y <- waves$y
  fit <- bbb_fit(x, y, hidden = 4, epochs = 6, seed = 1)
  made <- (function(...) bbb_fit(..., epochs = 6, seed = 1))(x, y, hidden = 4)

  expect_identical(fit$call, quote(bbb_fit(x = x, y = y, hidden = 4, epochs = 6, seed = 1)))
  expect_identical(update(fit)$mu, fit$mu)
  expect_identical(update(made)$mu, fit$mu)
  expect_identical(update(fit, hidden = 2)$hidden, 2L)
})

test_that("a call that came with its data keeps the name of the data only", {
  x <- waves$x[rep(1:24, 100), ]
  fit <- do.call(bbb_fit, list(x, x[, 1], hidden = 2, epochs = 1, seed = 1))

  expect_identical(fit$call, quote(bbb_fit(x = x, y = y, hidden = 2, epochs = 1, seed = 1)))
})

test_that("terms, formula and model.frame are those of the data", {
  fit <- quick(log(y) ~ a * f + offset(b), mixed)
  frame <- model.frame(fit, mixed[3:1, ])

  expect_identical(attr(terms(fit), "term.labels"), c("a", "f", "a:f"))
  expect_equal(frame[[1]], log(mixed$y[3:1]))
  expect_identical(levels(frame$f), levels(mixed$f))
  expect_identical(attr(terms(quick(mixed[1:2], mixed$y)), "term.labels"), c("a", "b"))
  for (call in expression(terms(fits$gaussian), formula(fits$gaussian), model.frame(fit))) {
    expect_error(eval(call), class = "bbb_error_argument")
  }
  expect_error(model.frame(fit, mixed["a"]), class = "bbb_error_data")
})

test_that("model.matrix() has the predictors, of data given again", {
  fit <- quick(log(y) ~ a * f, mixed)
  matrix <- model.matrix(fit, mixed[3:1, ])

  expect_identical(colnames(matrix)[-1], fit$predictors$names)
  expect_equal(matrix[, "fred"], (mixed$f[3:1] == "red") + 0, ignore_attr = TRUE)
  expect_error(model.matrix(fit), "`data` is missing", class = "bbb_error_argument")
})

test_that("family() has R's families and the links of the others", {
  expect_identical(family(fits$gaussian)$family, "gaussian")
  expect_identical(family(fits$binomial)$linkinv(0), 0.5)
  fit <- quick(waves$x, waves$y, family = "weibull")
  expect_s3_class(family(fit), "family")
  expect_equal(family(fit)$linkinv(family(fit)$linkfun(3)), 3)
  expect_identical(family(fits$categorical)$link, "logit")
})

test_that("sigma() is the aleatoric sd of a numeric outcome, in its units", {
  expect_identical(sigma(fits$gaussian), fits$gaussian$noise)
  several <- quick(waves$x, waves$y, fits = 3)
  sd <- predict(several, waves$x, type = "uncertainty")$sd_aleatoric
  expect_equal(rep(sigma(several), 24), sd, tolerance = 1e-6)
  two <- quick(waves$x, cbind(a = waves$y, b = 100 * waves$y))
  expect_identical(names(sigma(two)), c("a", "b"))
  expect_gt(sigma(two)[["b"]], 10 * sigma(two)[["a"]])
  expect_error(sigma(fits$binomial), "family \"gaussian\"", class = "bbb_error_argument")
  expect_error(sigma(fits$gaussian, 1), class = "bbb_error_argument")
})

test_that("variances and intervals of single weights are refused with a reason", {
  expect_error(vcov(fits$gaussian), "trade places", class = "bbb_error_argument")
  expect_error(confint(fits$gaussian), "trade places", class = "bbb_error_argument")
})

test_that("what R's defaults would answer with NULL is refused, or known", {
  for (ask in list(AIC, BIC, df.residual)) {
    expect_error(ask(fits$gaussian), "number of parameters", class = "bbb_error_argument")
  }
  expect_error(deviance(fits$gaussian), "logLik", class = "bbb_error_argument")
  expect_null(weights(fits$gaussian))
  weighted <- quick(waves$x, waves$y, weights = 1:24)
  expect_error(weights(weighted), "total_weight", class = "bbb_error_argument")
})

test_that("quantile residuals are by the seed, and leave R's generator alone", {
  counts <- quick(waves$x, round(waves$y), family = "poisson")
  ask <- function(...) residuals(counts, "quantile", waves$x, round(waves$y), ...)
  set.seed(1)
  before <- .Random.seed

  expect_identical(ask(seed = 1), ask(seed = 1))
  expect_identical(ask(), ask())
  expect_false(identical(ask(seed = 1), ask(seed = 2)))
  expect_identical(.Random.seed, before)
})

test_that("a row without trials has no residual and no part in the error", {
  d <- data.frame(x = sin(1:20), k = rep(1:2, 10), m = 3)
  d[1, 2:3] <- 0
  fit <- quick(cbind(k, m - k) ~ x, d, family = "binomial")

  for (type in c("response", "pearson", "deviance")) {
    expect_identical(unname(which(is.na(residuals(fit, type, d)))), 1L)
  }
  expect_identical(unname(which(is.na(residuals(fit)))), 1L)
  expect_identical(bbb_score(fit, d)$rmse, bbb_score(fit, d[-1, ])$rmse)
  expect_identical(
    bbb_score(fit, d, weights = 1:20)$rmse, bbb_score(fit, d[-1, ], weights = 2:20)$rmse
  )
})

test_that("the log-likelihood is that of the score, times rows", {
  fit <- fits$gaussian
  weights <- rep(0:2, 8)
  got <- logLik(fit, waves$x, waves$y)

  expect_equal(as.double(got), 24 * bbb_score(fit, waves$x, waves$y)$log_score)
  expect_identical(attr(got, "nobs"), 24L)
  expect_identical(AIC(got), NA_real_)
  again <- rep(1:24, weights)
  expect_equal(
    as.double(logLik(fit, waves$x, waves$y, weights = weights)),
    as.double(logLik(fit, waves$x[again, ], waves$y[again])), tolerance = 1e-6
  )
  expect_equal(as.double(logLik(fits$mixed, mixed)), 24 * bbb_score(fits$mixed, mixed)$log_score)
})

test_that("print() says what the likelihood counts where it is not the rows", {
  expect_output(print(quick(waves$x, waves$y, weights = rep(2, 24))), "24 rows of total weight 48")
  expect_output(print(quick(waves$x, waves$y)), "24 rows, 6 epochs")
})

test_that("every family says how its outcomes are distributed", {
  expect_setequal(names(outcome_draws), names(families))
})

# ---- residuals ---------------------------------------------------------------

set.seed(1)
eta <- 0.5 + waves$x[, "a"] / 2
known <- list(
  gaussian = waves$y, gaussian_hetero = waves$y, student_t = waves$y, binomial = pairs$y,
  ordinal = factor(trios$y, c("low", "mid", "high"), ordered = TRUE),
  categorical = trios$y, poisson = rpois(24, exp(eta)), negbinomial = rpois(24, exp(eta)),
  gamma = rgamma(24, 3, 3 / exp(eta)), lognormal = exp(eta), weibull = exp(eta),
  loglogistic = exp(eta)
)
trials <- cbind(1:24 %% 5, 3)

test_that("residuals of data given again are those that the fit kept", {
  for (family in names(known)) {
    fit <- quick(waves$x, known[[family]], family = family)
    expect_equal(residuals(fit, "response", waves$x, known[[family]]), residuals(fit))
  }
  expect_identical(residuals(fits$mixed, "response", mixed), residuals(fits$mixed))
})

test_that("pearson residuals are over the sd of the predictive distribution", {
  for (family in setdiff(names(known), c("categorical", "ordinal"))) {
    fit <- quick(waves$x, known[[family]], family = family)
    sd <- predict(fit, waves$x, "uncertainty")$sd_total
    expect_equal(residuals(fit, "pearson", waves$x, known[[family]]), residuals(fit) / sd)
  }
  p <- fitted(fits$categorical)
  expect_equal(
    residuals(fits$categorical, "pearson", trios$x, trios$y), residuals(fits$categorical) / sqrt(p * (1 - p)),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  fit <- quick(waves$x, trials, family = "binomial")
  p <- fitted(fit)
  expect_lt(
    max(abs(residuals(fit, "pearson", waves$x, trials)) / abs(residuals(fit) / sqrt(p * (1 - p) / rowSums(trials)))), 1
  )
})

test_that("deviance residuals are those of glm() at the same mean", {
  count <- known$poisson
  for (family in c("gaussian", "binomial", "poisson", "gamma")) {
    fit <- quick(waves$x, known[[family]], family = family)
    y <- known[[family]] + 0
    squares <- family(fit)$dev.resids(y, fitted(fit), rep(1, 24))
    expect_equal(
      residuals(fit, "deviance", waves$x, known[[family]]), sign(y - fitted(fit)) * sqrt(squares)
    )
  }
  fit <- quick(waves$x, count, family = "negbinomial")
  skip_if_not_installed("MASS")
  squares <- MASS::negative.binomial(1 / fit$parameters)$dev.resids(count, fitted(fit), rep(1, 24))
  expect_equal(residuals(fit, "deviance", waves$x, count)^2, squares)
})

test_that("of classes they are the root of minus twice the log probability", {
  got <- residuals(fits$categorical, "deviance", trios$x, trios$y)
  p <- fitted(fits$categorical)[cbind(1:24, as.integer(trios$y))]

  expect_equal(got, sqrt(-2 * log(p)))
})

test_that("quantile residuals of simulated outcomes are standard normal", {
  new <- cbind(a = sin(1:4000), b = cos(1:4000), c = sin(1:4000 / 7))
  for (family in setdiff(names(known), "categorical")) {
    fit <- quick(waves$x, known[[family]], family = family)
    set.seed(2)
    y <- simulate(fit, 1, newdata = new)$sim_1

    got <- residuals(fit, "quantile", new, y, draws = 50)
    expect_lt(abs(mean(got)), 0.1)
    expect_lt(abs(sd(got) - 1), 0.1)
    expect_gt(ks.test(got, "pnorm")$p.value, 1e-5)
  }
})

test_that("that test of quantile residuals can fail", {
  fit <- quick(waves$x, known$poisson, family = "poisson")
  set.seed(2)
  y <- simulate(fit, 1, newdata = waves$x)$sim_1
  wrong <- residuals(fit, "quantile", waves$x, 3 * y + 2, draws = 20)

  expect_gt(mean(wrong), 0.5)
})

test_that("quantile residuals of trials and censored times lie where they may", {
  fit <- quick(waves$x, trials, family = "binomial")
  expect_true(all(is.finite(residuals(fit, "quantile", waves$x, trials, draws = 5))))
  early <- cbind(rep(1e-3, 24), 0)
  fit <- quick(waves$x, cbind(exp(eta), 1), family = "weibull")
  set.seed(1)
  got <- residuals(fit, "quantile", waves$x, early, draws = 5)
  expect_lt(abs(mean(got)), 1)
  expect_gt(sd(got), 0.5)
})

test_that("residuals without a meaning are refused", {
  expect_error(residuals(fits$gaussian, "pearson"), "`x` is missing", class = "bbb_error_argument")
  expect_error(residuals(fits$gaussian, "working"), "`type`", class = "bbb_error_argument")
  expect_error(
    residuals(fits$categorical, "quantile", trios$x, trios$y), "unordered",
    class = "bbb_error_argument"
  )
  fit <- quick(waves$x, waves$y, family = "student_t")
  expect_error(
    residuals(fit, "deviance", waves$x, waves$y), "not defined", class = "bbb_error_argument"
  )
})

# ---- simulation --------------------------------------------------------------

test_that("simulations have the mean and sd of the predictive distribution", {
  row <- waves$x[rep(2, 3000), ]
  for (family in setdiff(names(known), c("categorical", "ordinal", "loglogistic"))) {
    fit <- quick(waves$x, known[[family]], family = family)
    set.seed(3)
    y <- as.numeric(unlist(simulate(fit, 2, newdata = row)))
    if (family == "binomial") y <- y - 1

    want <- predict(fit, row[1, , drop = FALSE], "uncertainty")
    error <- want$sd_aleatoric / sqrt(6000) + want$sd_epistemic
    expect_lt(abs(mean(y) - want$mean), 5 * error)
    expect_lt(abs(sd(y) / want$sd_total - 1), 0.25)
  }
})

test_that("simulated classes have the predicted probabilities", {
  row <- waves$x[rep(2, 4000), ]
  for (family in c("categorical", "ordinal")) {
    fit <- quick(waves$x, known[[family]], family = family)
    y <- simulate(fit, 1, seed = 4, newdata = row)$sim_1

    want <- predict(fit, row[1, , drop = FALSE], "prob")
    expect_identical(levels(y), colnames(want))
    expect_identical(is.ordered(y), family == "ordinal")
    expect_lt(max(abs(as.vector(prop.table(table(y))) - want)), 0.1)
  }
})

test_that("a seed gives the same simulations and leaves the generator as it was", {
  set.seed(5)
  before <- .Random.seed
  one <- simulate(fits$gaussian, 3, seed = 1, newdata = waves$x)

  expect_identical(.Random.seed, before)
  expect_identical(simulate(fits$gaussian, 3, seed = 1, newdata = waves$x), one)
  expect_named(one, c("sim_1", "sim_2", "sim_3"))
  expect_false(identical(one$sim_1, one$sim_2))
})

test_that("simulations keep the place of rows that cannot be predicted", {
  gaps <- replace(waves$x, 2, NA)

  for (fit in fits[c("gaussian", "binomial", "categorical")]) {
    expect_identical(which(is.na(simulate(fit, newdata = gaps)$sim_1)), 2L)
  }
})

test_that("several outcomes and trials are simulated in their shapes", {
  both <- quick(waves$x, cbind(u = waves$y, v = 0.01 * waves$y))
  shares <- quick(waves$x, trials, family = "binomial")

  got <- simulate(both, 2, seed = 1, newdata = waves$x)
  expect_identical(dim(got), c(24L, 2L, 2L))
  expect_gt(mean(got[, "u", ]), 10 * mean(got[, "v", ]))
  expect_true(all(simulate(shares, newdata = waves$x, trials = 7)$sim_1 %in% 0:7))
  expect_error(simulate(shares, newdata = waves$x, trials = -1), "`trials`")
  expect_error(simulate(both), "`newdata` is missing", class = "bbb_error_argument")
})

test_that("several fits have residuals, simulations and a log-likelihood of their mixture", {
  y <- known$negbinomial
  fit <- quick(waves$x, y, family = "negbinomial", fits = 3, weights = rep(1:3, 8))
  one <- quick(waves$x, y, family = "negbinomial", weights = rep(1:3, 8))

  expect_identical(fit$members[[1]]$mu, one$mu)
  expect_identical(fit$members[[2]]$total_weight, 48)
  expect_equal(residuals(fit, "response", waves$x, y), residuals(fit))
  for (type in c("deviance", "quantile", "pearson")) {
    expect_true(all(is.finite(residuals(fit, type, waves$x, y))))
  }
  expect_equal(as.double(logLik(fit, waves$x, y)), 24 * bbb_score(fit, waves$x, y)$log_score)
  row <- waves$x[rep(2, 4000), ]
  means <- colMeans(simulate(fit, 40, seed = 1, newdata = row))
  want <- predict(fit, row[1, , drop = FALSE], "uncertainty")
  expect_lt(abs(mean(means) - want$mean), 5 * want$sd_epistemic / sqrt(40) + 0.02)
})

test_that("a call through do.call() has names where its data were", {
  small <- do.call(bbb_fit, list(dist ~ speed, data = cars, epochs = 2, seed = 1))
  expect_identical(names(small$call), c("", "formula", "data", "epochs", "seed"))
  expect_identical(update(small)$mu, small$mu)

  d <- data.frame(x = sin(1:2000), f = cos(1:2000), y = 1:2000)
  large <- do.call(bbb_fit, list(y ~ x, data = d, epochs = 2, seed = 1))
  expect_identical(large$call$data, quote(data))
  more <- do.call(bbb_update, list(large, d, epochs = 2, seed = 1))
  expect_identical(more$call, quote(bbb_update(fit = fit, x = x, epochs = 2, seed = 1)))
})

test_that("residuals of several outcomes keep their names", {
  y <- cbind(u = waves$y, v = waves$x[, 1])
  fit <- quick(waves$x, y)
  for (type in c("response", "pearson", "quantile")) {
    expect_identical(colnames(residuals(fit, type, waves$x, unname(y))), c("u", "v"))
  }
})
