# Formulas: what they say of predictors and outcome, and what a fit keeps.

test_that("a dot is all other columns", {
  expect_identical(
    fits$mixed$predictors$names,
    c("a", "b", "c", "fgreen", "fred", "son", "lTRUE", "i")
  )
  expect_identical(formula(fits$mixed), y ~ a + b + c + f + s + l + i, ignore_attr = TRUE)
})

test_that("functions and interactions are those of model.matrix()", {
  formulas <- list(
    y ~ log(i) + a, y ~ poly(i, 2) * f, y ~ a:f, y ~ I(a^2) + factor(i),
    y ~ (a + b + s)^2, y ~ scale(a) + l, y ~ . - f, y ~ a %in% b + cut(c, c(-2, -0.5, 0.5, 2))
  )
  for (formula in formulas) {
    fit <- quick(formula, mixed)

    matrix <- model.matrix(formula, mixed)
    expect_identical(fit$predictors$names, colnames(matrix)[-1])
    expect_equal(fit$predictors$center, unname(colMeans(matrix[, -1])))
  }
})

test_that("data-dependent bases are those of the training rows", {
  for (formula in list(y ~ poly(i, 2) + a, y ~ scale(i), y ~ poly(a, b, degree = 2))) {
    fit <- quick(formula, mixed)

    expect_identical(predict(fit, mixed[5:7, ]), predict(fit, mixed)[5:7])
  }
})

test_that("a formula without intercept is the same network", {
  expect_identical(quick(y ~ 0 + a + f, mixed)$mu, quick(y ~ a + f, mixed)$mu)
  expect_identical(quick(y ~ a - 1, mixed)$mu, quick(y ~ a, mixed)$mu)
})

test_that("a transformed outcome is fitted, and predicted, transformed", {
  fit <- quick(log(y) ~ a + b, mixed)
  by_hand <- quick(mixed[c("a", "b")], log(mixed$y))

  expect_identical(fit$mu, by_hand$mu)
  expect_identical(
    bbb_score(fit, mixed), bbb_score(by_hand, mixed[c("a", "b")], log(mixed$y))
  )
})

test_that("variables come from where the formula was written, too", {
  a <- mixed$a
  b <- mixed$b
  outcome <- mixed$y
  fit <- quick(outcome ~ a + b)
  half <- quick(y ~ a + b, mixed["y"])
  in_environment <- quick(outcome ~ a + b, data = environment())

  expect_identical(fit$mu, quick(y ~ a + b, mixed)$mu)
  expect_identical(half$mu, fit$mu)
  expect_identical(in_environment$mu, fit$mu)
  expect_identical(predict(fit, mixed[3:4, ]), predict(half, mixed)[3:4])
  expect_identical(predict(in_environment, mixed), predict(fit, mixed))
})

test_that("a variable found where the formula was written is wanted in new data", {
  a <- mixed$a
  fit <- quick(y ~ a, mixed["y"])

  expect_error(predict(fit, mixed["b"]), "lacks the column `a`", class = "bbb_error_data")
})

test_that("the outcome of a score must be in its data", {
  y <- mixed$y
  fit <- quick(y ~ a, mixed)

  expect_error(bbb_score(fit, mixed["a"]), "`x` lacks the column `y`", class = "bbb_error_data")
  expect_s3_class(bbb_score(fit, mixed["a"], y), "data.frame")
})

test_that("constants and functions of the formula's place are remembered", {
  fit <- local({
    power <- 3
    lift <- function(v) v^power + 1
    quick(y ~ lift(a) + I(b^power), mixed)
  })
  file <- tempfile(fileext = ".rds")
  saveRDS(fit, file)
  back <- readRDS(file)
  unlink(file)

  by_hand <- quick(data.frame(a = mixed$a^3 + 1, b = mixed$b^3), mixed$y)
  expect_identical(fit$mu, by_hand$mu)
  expect_identical(predict(fit, mixed), fitted(by_hand))
  expect_identical(predict(back, mixed), predict(fit, mixed))
  expect_identical(bbb_score(back, mixed), bbb_score(fit, mixed))
})

test_that("a fit keeps nothing else of the formula's place", {
  size <- function(n) {
    big <- rnorm(n)
    k <- 2
    fits <- list(
      quick(y ~ a + b, mixed), quick(y ~ I(a^k), mixed), quick(mixed[1:2], mixed$y)
    )
    length(serialize(lapply(fits, timeless), NULL))
  }

  expect_equal(size(1e5), size(1))
})

test_that("a formula without data keeps no data", {
  size <- function(n) {
    a <- waves$x[rep_len(1:24, n), "a"]
    y <- waves$y[rep_len(1:24, n)]
    fit <- quick(y ~ a, batch_size = 8)
    fit$fitted <- fit$residuals <- NULL
    length(serialize(timeless(fit), NULL))
  }

  expect_lt(abs(size(2400) - size(24)), 100)
})

test_that("extra columns of another type do not matter to a score", {
  more <- transform(mixed, when = Sys.time())
  more$list <- as.list(1:24)

  expect_identical(bbb_score(fits$mixed, more), bbb_score(fits$mixed, mixed))
})

test_that("a formula must have an outcome and a predictor", {
  expect_error(bbb_fit(~a, mixed), "must have an outcome", class = "bbb_error_argument")
  expect_error(bbb_fit(y ~ 1, mixed), "at least one predictor", class = "bbb_error_argument")
  expect_error(bbb_fit(y ~ 0, mixed), "at least one predictor", class = "bbb_error_argument")
  expect_error(bbb_fit(y ~ offset(b), mixed), "at least one", class = "bbb_error_argument")
})

test_that("an error of model.frame() is one sentence about the data", {
  error <- caught(bbb_fit(y ~ nowhere, mixed))

  expect_s3_class(error, "bbb_error_data")
  expect_identical(conditionMessage(error), "Object 'nowhere' not found.")
  expect_error(
    bbb_fit(y ~ a, list2env(list(a = 1:3, y = 1:2))), "differ", class = "bbb_error_data"
  )
})

# ---- what glm() takes --------------------------------------------------------

test_that("subset, na.action and weights are those of model.frame()", {
  gaps <- transform(mixed, a = replace(a, c(2, 9), NA), w = rep(1:3, 8))
  kept <- which(mixed$i > 2 & !is.na(gaps$a))
  want <- quick(y ~ a + b, gaps[kept, ], weights = w)
  fit <- quick(y ~ a + b, gaps, weights = w, subset = i > 2, na.action = na.omit)
  padded <- quick(y ~ a + b, gaps, subset = i > 2, na.action = "na.exclude", weights = w)

  expect_identical(fit$mu, want$mu)
  expect_identical(nobs(fit), length(kept))
  expect_identical(fitted(fit), fitted(want))
  expect_length(fitted(padded), 16L)
  expect_identical(unname(which(is.na(residuals(padded)))), 5L)
  expect_identical(quick(y ~ a, mixed, subset = 1:5)$mu, quick(y ~ a, mixed[1:5, ])$mu)
  expect_error(quick(y ~ a, gaps), "`a` \\(2\\)", class = "bbb_error_data")
  expect_error(quick(y ~ a, gaps, na.action = na.fail), "Missing values", class = "bbb_error_data")
  expect_error(quick(y ~ a, gaps, na.action = 3), "`na.action`", class = "bbb_error_argument")
})

test_that("weights and the rest are found in the data, then where the formula is", {
  w <- rep(1:3, 8)
  inside <- transform(mixed, w = rep(1:3, 8))
  fit <- quick(y ~ a, inside, weights = w)
  wrapper <- function(data, ...) bbb_fit(y ~ a, data, hidden = 4, epochs = 6, samples = 1, seed = 1, ...)

  expect_identical(quick(y ~ a, mixed, weights = w)$mu, fit$mu)
  expect_identical(wrapper(inside, weights = w)$mu, fit$mu)
  expect_identical(
    do.call(quick, list(y ~ a, inside, weights = rep(1:3, 8)))$mu, fit$mu
  )
})

test_that("a fit keeps no weights, offset or subset of rows", {
  size <- function(n) {
    i <- rep_len(1:24, n)
    d <- transform(mixed, k = 1)[i, ]
    w <- rep(1, n)
    o <- rep(0.5, n)
    rows <- seq_len(n - 2)
    fit <- quick(y ~ a, d, weights = w, offset = o, subset = rows, batch_size = 8)
    fit$fitted <- fit$residuals <- NULL
    length(serialize(timeless(fit), NULL))
  }

  expect_lt(abs(size(2400) - size(24)), 100)
})

test_that("splines and other bases of the training rows hold for new data", {
  formulas <- list(
    y ~ splines::ns(a, 3), y ~ splines::bs(a, df = 4) + f, y ~ poly(a, 2, raw = TRUE),
    log(y) ~ scale(a) * splines::ns(b, 2)
  )
  for (formula in formulas) {
    fit <- quick(formula, mixed)

    matrix <- model.matrix(formula, mixed)
    expect_identical(fit$predictors$names, colnames(matrix)[-1])
    expect_identical(predict(fit, mixed[9:4, ]), predict(fit, mixed)[9:4])
    expect_identical(predict(fit, mixed[4, ]), predict(fit, mixed)[4])
  }
})

test_that("contrasts are those asked for, at each prediction", {
  for (contrasts in list(list(f = "contr.sum"), list(f = contr.helmert(3)), list(f = contr.sum))) {
    fit <- quick(y ~ f + a, mixed, contrasts = contrasts)
    matrix <- model.matrix(y ~ f + a, mixed, contrasts.arg = contrasts)

    expect_identical(fit$predictors$names, colnames(matrix)[-1])
    expect_identical(predict(fit, mixed[mixed$f == "red", ]), predict(fit, mixed)[mixed$f == "red"])
  }
  expect_error(
    quick(y ~ f, mixed, contrasts = list(f = "contr.none")), class = "bbb_error_argument"
  )
})

test_that("outcomes of two columns are left out of the dot", {
  d <- transform(mixed[c("a", "b", "f")], yes = 1:24 %% 5, no = 3, time = 1:24, event = 1:24 %% 3 > 0)
  trials <- quick(cbind(yes, no) ~ . - time - event, d, family = "binomial")
  both <- quick(cbind(yes, no) ~ a, d, family = "gaussian")

  expect_identical(trials$predictors$names, c("a", "b", "fgreen", "fred"))
  expect_identical(dim(predict(both, d)), c(24L, 2L))
  skip_if_not_installed("survival")
  times <- quick(survival::Surv(time, event) ~ . - yes - no, d)
  expect_identical(times$predictors$names, c("a", "b", "fgreen", "fred"))
  expect_identical(times$family, "weibull")
  expect_identical(
    quick(survival::Surv(time, event) ~ a + b, d, subset = time > 5, weights = no)$mu,
    quick(d[6:24, c("a", "b")], cbind(d$time, d$event)[6:24, ], weights = rep(3, 19), family = "weibull")$mu
  )
})

test_that("the formula may be named, as for glm()", {
  fit <- bbb_fit(formula = y ~ a, data = mixed, hidden = 4, epochs = 6, samples = 1, seed = 1)

  expect_identical(fit$mu, quick(y ~ a, mixed)$mu)
})

test_that("an outcome that depends on the data is taken as in the fit", {
  fit <- quick(scale(y) ~ a + b, mixed)
  few <- mixed[3:9, ]

  expect_equal(residuals(fit, "response", few), residuals(fit)[3:9])
  expect_equal(
    bbb_score(fit, few)$rmse, sqrt(mean(residuals(fit)[3:9]^2))
  )
})

test_that("a formula may come by its name, after the data", {
  want <- quick(y ~ a + b, mixed)
  settings <- list(hidden = 4, epochs = 6, samples = 1, seed = 1)
  by_name <- function(...) do.call(bbb_fit, c(list(...), settings))

  expect_identical(bbb_fit(
    data = mixed, formula = y ~ a + b, hidden = 4, epochs = 6, samples = 1, seed = 1
  )$mu, want$mu)
  expect_identical(by_name(mixed, formula = y ~ a + b)$mu, want$mu)
  all <- lapply(list(mixed, mixed), bbb_fit, formula = y ~ a + b, hidden = 4, epochs = 6,
    samples = 1, seed = 1)
  expect_identical(all[[2L]]$mu, want$mu)
  made <- (function(d, form) bbb_fit(hidden = 4, formula = form, data = d, epochs = 6,
    samples = 1, seed = 1, subset = i > 2))(mixed, y ~ a + b)
  expect_identical(made$mu, quick(y ~ a + b, mixed, subset = i > 2)$mu)
  error <- caught(bbb_fit(data = mixed, formula = y ~ a, hidden = -1))
  expect_s3_class(error, "bbb_error_argument")
  expect_identical(deparse(conditionCall(error))[1L],
    "bbb_fit(data = mixed, formula = y ~ a, hidden = -1)")
})

test_that("rows of which a subset says NA are not in it", {
  d <- transform(mixed, z = replace(a, c(3, 10), NA), b = replace(b, 5, NA))
  known <- !is.na(d$z) & d$z > -0.5
  fit <- quick(y ~ a, d, subset = z > -0.5)

  expect_identical(fit$mu, quick(y ~ a, d[known, ])$mu)
  expect_identical(bbb_continue(fit, d, epochs = 2)$mu,
    bbb_continue(quick(y ~ a, d[known, ]), d[known, ], epochs = 2)$mu)
  gaps <- quick(y ~ a + b, d, subset = z > -0.5, na.action = na.omit)
  expect_identical(gaps$n, sum(known & !is.na(d$b)))
  expect_identical(nrow(bbb_continue(gaps, d, epochs = 2)$history), 8L)
})

test_that("training goes on with the rows left out already", {
  d <- transform(mixed, b = replace(b, 5:6, NA))
  fit <- quick(y ~ a + b, d, na.action = na.omit)
  want <- bbb_continue(fit, d, epochs = 2)

  expect_identical(bbb_continue(fit, na.omit(d), epochs = 2)$mu, want$mu)
})

test_that("an offset that is given need not be in the data", {
  off <- sin(1:24)
  fit <- quick(y ~ a + b, mixed, offset = off)

  expect_identical(predict(fit, mixed, offset = off), fitted(fit))
  expect_error(predict(fit, mixed), "lacks the column `off`", class = "bbb_error_data")
  logged <- quick(y ~ a + b, mixed, offset = log(i))
  expect_identical(predict(logged, mixed[c("a", "b")], offset = log(mixed$i)), fitted(logged))
})
