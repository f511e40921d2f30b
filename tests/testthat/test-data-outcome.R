# Outcomes of another kind than their family, and the forms in which they are taken.

said <- function(expr) {
  text <- ""
  withCallingHandlers(expr, bbb_message = function(m) {
    text <<- paste0(text, conditionMessage(m))
    tryInvokeRestart("muffleMessage")
  })
  text
}
silent <- function(expr) expect_identical(said(expr), "")
says <- function(expr, text) expect_match(said(expr), text, fixed = TRUE)
hot <- outer(as.character(trios$y), levels(trios$y), `==`) + 0
colnames(hot) <- levels(trios$y)

# ---- whole numbers -----------------------------------------------------------

test_that("counts, 0/1, trials and events that are nearly whole give the same fit", {
  near <- function(y) y * (1 + 3e-16) + c(1e-17, -1e-17)
  count <- rep(0:5, 4)
  same <- function(y, family, with = near(y)) {
    fit <- quick(waves$x, y, family = family)
    expect_identical(quick(waves$x, with, family = family)$mu, fit$mu)
    expect_identical(bbb_score(fit, waves$x, with), bbb_score(fit, waves$x, y))
  }
  same(count, "poisson")
  same(count, "negbinomial")
  same(pairs$y + 0, "binomial")
  same(cbind(count, 7 - count), "binomial")
  same(count, "categorical")
  same(cbind(waves$y, pairs$y), "weibull", cbind(waves$y, near(pairs$y + 0)))
  fit <- quick(waves$x, cbind(count, 7), family = "binomial")
  expect_length(simulate(fit, newdata = waves$x[1:2, ], trials = 0.7 * 10, seed = 1), 1L)
  expect_error(quick(waves$x, count + 1e-3, family = "poisson"), "whole numbers from 0")
})

# ---- messages ----------------------------------------------------------------

test_that("counts, codes and shares are told of other families, and measurements not", {
  x <- waves$x
  says(quick(x, rep(0:2, 8)), "`family = \"negbinomial\"`")
  says(quick(x, rep(1:3, 8)), "make it a factor")
  says(quick(x, c(0, 2:24)), "poisson")
  says(quick(x, seq(0, 0.9, length.out = 24)), "numbers of trials as `weights`")
  silent(quick(x, 1:24 + 30))
  silent(quick(x, c(-1, 0:22)))
  silent(quick(x, waves$y))
  silent(quick(x, rep(1:3, 8), family = "gaussian"))
  silent(quick(dist ~ speed, cars))
  silent(quick(Temp ~ Wind, airquality))
})

test_that("an outcome that is the same in all rows is told", {
  says(quick(waves$x, rep(5, 24)), "the same value in all rows")
  says(quick(waves$x, cbind(waves$y, 1)), "A column of `y` has the same value")
  says(quick(high + low + mid ~ a, data.frame(waves$x, hot)), "the same value in all rows")
  silent(quick(waves$x, cbind(waves$y, 1), family = "weibull"))
  silent(quick(waves$x[1, , drop = FALSE], 5))
})

# ---- one-hot -----------------------------------------------------------------

test_that("one-hot columns are classes, with a message, or without where they are asked for", {
  want <- quick(waves$x, trios$y)
  fit <- NULL
  says(fit <- quick(waves$x, hot), "family is categorical, a class for each column")
  expect_identical(fit$mu, want$mu)
  expect_identical(fit$outcome$levels, colnames(hot))
  for (y in list(hot, hot > 0)) {
    silent(fit <- quick(waves$x, y, family = "categorical"))
    expect_identical(predict(fit, waves$x), predict(want, waves$x))
  }
  expect_identical(bbb_score(fit, waves$x, hot), bbb_score(want, waves$x, trios$y))
  expect_identical(bbb_score(fit, waves$x, hot[, 3:1]), bbb_score(want, waves$x, trios$y))
  expect_identical(bbb_score(fit, waves$x, trios$y), bbb_score(want, waves$x, trios$y))
  expect_identical(quick(waves$x, unname(hot), family = "categorical")$outcome$levels, c("1", "2", "3"))
  silent(expect_identical(quick(waves$x, hot, family = "gaussian")$outcome$outputs, colnames(hot)))
  weighted <- quick(waves$x, hot, family = "categorical", class_weights = "balanced")
  expect_identical(weighted$mu, quick(waves$x, trios$y, class_weights = "balanced")$mu)
  expect_identical(
    quick(waves$x, hot[, 3:1], family = "ordinal")$mu,
    quick(waves$x, factor(trios$y, colnames(hot)[3:1], ordered = TRUE))$mu
  )
  two <- cbind(no = 1 - pairs$y, yes = pairs$y)
  expect_identical(quick(waves$x, two, family = "categorical")$outcome$levels, c("no", "yes"))
})

test_that("one-hot columns by formula go on training, and lack no rows", {
  d <- data.frame(waves$x, hot)
  fit <- NULL
  says(fit <- quick(cbind(high, low, mid) ~ a + b + c, d, schedule = "constant"), "categorical")
  expect_identical(fit$mu, quick(waves$x, trios$y, schedule = "constant")$mu)
  expect_identical(
    bbb_continue(fit, d, epochs = 2)$mu,
    suppressMessages(quick(waves$x, hot, epochs = 8, schedule = "constant"))$mu
  )
  expect_error(bbb_score(fit, waves$x[1:24, ], cbind(hot, 0)), "a column of 0 and 1 for each of")
  expect_error(quick(waves$x, replace(hot, 2, NA)), "Missing or infinite values in 1 of 24 rows")
})

test_that("0/1 columns of which a row may have several are told to be fitted alone", {
  y <- cbind(waves$x > 0, TRUE)
  says(fit <- quick(waves$x, y), "with 4 outcomes; for probabilities")
  says(quick(waves$x, cbind(1:24, 2:25)), "two outcomes")
})

# ---- shares of trials --------------------------------------------------------

admitted <- data.frame(waves$x, n = rep(c(5, 8, 12, 3), 6), s = rep(c(1, 8, 5), 8))
admitted$s <- pmin(admitted$s, admitted$n)
admitted$p <- admitted$s / admitted$n

test_that("shares with numbers of trials as weights are successes and failures", {
  d <- admitted
  want <- quick(cbind(s, n - s) ~ a + b, d, family = binomial, schedule = "constant")
  fit <- quick(p ~ a + b, d, weights = n, family = binomial, schedule = "constant")
  expect_identical(fit$mu, want$mu)
  expect_identical(fitted(fit), fitted(want))
  expect_identical(predict(fit, d[1:3, ], type = "interval"), predict(want, d[1:3, ], type = "interval"))
  expect_identical(bbb_score(fit, d[1:9, ]), bbb_score(want, d[1:9, ]))
  expect_identical(c(logLik(fit, d)), c(logLik(want, d)))
  for (type in c("response", "pearson", "deviance", "quantile")) {
    expect_identical(residuals(fit, type, d), residuals(want, type, d))
  }
  expect_identical(bbb_continue(fit, d, epochs = 2)$mu, bbb_continue(want, d, epochs = 2)$mu)
  expect_identical(bbb_update(fit, d, epochs = 1, seed = 1)$mu, bbb_update(want, d, epochs = 1, seed = 1)$mu)
  rounded <- transform(d, p = round(p, 5))
  expect_identical(quick(p ~ a + b, rounded, weights = n, family = binomial, schedule = "constant")$mu, fit$mu)
})

test_that("so they are beside a matrix, where weights are given again", {
  d <- admitted
  x <- waves$x
  fit <- quick(x, d$p, weights = d$n, family = "binomial")
  want <- quick(x, cbind(d$s, d$n - d$s), family = "binomial")
  expect_identical(fit$mu, want$mu)
  expect_identical(bbb_score(fit, x, d$p, weights = d$n), bbb_score(want, x, cbind(d$s, d$n - d$s)))
  expect_identical(
    residuals(fit, "pearson", x, d$p, weights = d$n),
    residuals(want, "pearson", x, cbind(d$s, d$n - d$s))
  )
  expect_identical(bbb_score(fit, x, cbind(d$s, d$n - d$s))$n, 24L)
  expect_error(bbb_score(fit, x, d$p), "`weights` are missing: the number of trials", class = "bbb_error_argument")
  expect_error(bbb_score(fit, x, d$p, weights = d$n + 1), "such that `y \\* weights`", class = "bbb_error_data")
})

test_that("shares that are none of whole trials are an error that says so", {
  x <- waves$x
  p <- admitted$p
  bad <- function(...) expect_error(quick(x, ..., family = "binomial"), class = "bbb_error_data")
  expect_match(conditionMessage(bad(p, weights = admitted$n + 1)), "`y * weights` whole", fixed = TRUE)
  expect_match(conditionMessage(bad(p, weights = admitted$n / 2)), "numbers of trials", fixed = TRUE)
  expect_match(conditionMessage(bad(p)), "as shares with the numbers of trials", fixed = TRUE)
  ones <- quick(x, pairs$y + 0, weights = rep(2, 24), family = "binomial")
  expect_identical(ones$outcome$levels, c("0", "1"))
})

# ---- declared levels ---------------------------------------------------------

test_that("declared levels without rows stay where the family is given", {
  train <- iris[1:100, ]
  fit <- NULL
  says(
    fit <- bbb_fit(Species ~ ., train, family = "categorical", epochs = 300, hidden = 4, seed = 1),
    "`y` has no rows of \"virginica\", which stay classes"
  )
  p <- predict(fit, train, type = "prob")
  expect_identical(colnames(p), levels(iris$Species))
  expect_lt(max(p[, "virginica"]), 0.05)
  expect_identical(levels(predict(fit, train, type = "class")), levels(iris$Species))
  score <- bbb_score(fit, iris[c(1, 51, 101), ])
  expect_true(is.finite(score$log_score) && score$log_score < -1)
  expect_identical(colnames(predict(quick(train[1:4], train$Species, family = "categorical"), train)), colnames(p))
  silent(expect_identical(quick(Species ~ ., train)$outcome$levels, levels(iris$Species)[1:2]))
  silent(quick(Species ~ ., droplevels(train), family = "categorical"))
})

test_that("so do levels of ordered classes, and class weights leave them alone", {
  y <- factor(trios$y, c("none", "low", "mid", "high", "most"), ordered = TRUE)
  fit <- suppressMessages(quick(waves$x, y, family = "ordinal", epochs = 100))
  p <- predict(fit, waves$x)
  expect_identical(colnames(p), levels(y))
  expect_true(all(is.finite(c(fit$mu, fit$aux, p))))
  expect_lt(mean(p[, c("none", "most")]), 0.02)
  weighted <- suppressMessages(
    quick(waves$x, factor(trios$y, levels(y)), family = "categorical", class_weights = "balanced")
  )
  own <- quick(waves$x, trios$y, class_weights = "balanced")$outcome$class_weights
  expect_equal(weighted$outcome$class_weights[names(own)], own)
  expect_identical(weighted$outcome$class_weights[["none"]], 1)
  expect_error(
    suppressMessages(quick(waves$x, factor(rep("a", 24), c("a", "b")), family = "categorical")),
    "one class only, \"a\""
  )
})
