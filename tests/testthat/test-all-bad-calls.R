# Calls that cannot be right: each is an error of the package's classes that names the
# argument, from no warning, and none an answer. A row of a table is an argument with
# the values that it must refuse.

nothing <- list(NULL, character(), numeric(), list())
no_number <- list("1", NA, NaN, Inf, -Inf, 1i, list(1), mean, c(1, 2), as.Date("2024-01-01"))
no_count <- c(no_number, list(0, -1, 1.5, 1e300))
no_flag <- list("yes", NA, 1, c(TRUE, FALSE), NULL, list(TRUE))
no_choice <- list("nope", NA, 1, NA_character_, character(), list("a"), mean)

with_class <- function(x, class) structure(x, class = class)
n <- waves$n
x <- waves$x
y <- waves$y
twins <- `colnames<-`(as.data.frame(x), c("a", "a", "b"))
hole <- function(v, at = 3) replace(v, at, NA)

# ---- bbb_fit(x, y): one argument is wrong ------------------------------------

of_fit <- list(
  x = c(nothing[-2], list(
    "a", mean, expression(a), as.list(1:3), complex(n), matrix("a", n, 2), array(1, c(n, 2, 2)),
    matrix(list(1), n, 2), x[0, ], x[, 0], as.data.frame(x)[0, ], as.data.frame(x)[0],
    twins, Sys.Date() + 1:n, factor(1:n), globalenv(), with_class(x, "integer64"), NA_character_
  )),
  y = c(nothing, list(
    y[-1], c(y, 1), y[0], mean, as.list(y), complex(n), Sys.Date() + 1:n, raw(n), x[-1, ],
    data.frame(y, y), hole(y), replace(y, 3, Inf), replace(y, 3, -Inf), rep(NA, n),
    hole(pairs$y), factor(rep("a", n)), rep("a", n), rep(TRUE, n), hole(as.character(trios$y)),
    hole(trios$y), hole(x), array(y, c(n, 1, 1)), I(as.list(y)), matrix("a", n, 2), 5,
    with_class(y, "integer64"), factor(rep(NA, n)), globalenv(), expression(a)
  )),
  hidden = list(0, -1, 1.5, "32", NA, Inf, list(2), mean, 1e9, c(1e5, 1e5), rep(2, 2000), TRUE, NaN),
  family = list("tweedie", NA, 1, mean, "", c("gaussian", "poisson"), stats::quasi(), list()),
  prior = list("normal", NULL, 1, list(), mean, NA),
  activation = c(no_choice, list(NULL)),
  control = list(list(epochs = 3), NULL, 3, "adam", mean),
  weights = list(
    1, "a", y[-1], hole(y), -y, 0 * y, rep(Inf, n), rep(1e300, n), rep(1e-300, n), x, list(1),
    as.list(y), mean, factor(1:n), Sys.Date() + 1:n, rep(NaN, n), rep(TRUE, n), complex(n),
    replace(y, 3, -1e-9), rep("1", n), matrix(1, 1, n), numeric()
  ),
  offset = list(
    1, "a", y[-1], hole(y), rep(Inf, n), replace(y, 2, -Inf), x, list(1), as.list(y), mean,
    factor(1:n), complex(n), rep(TRUE, n), rep("1", n), numeric(), Sys.Date() + 1:n
  ),
  class_weights = list("balanced", 1, c(a = 1), "equal", NA, list(), TRUE, mean),
  na.action = list("nope", 1, NA, list(), TRUE, c("na.omit", "na.fail"), sum)
)

of_control <- list(
  epochs = c(no_count[-1], list("all", 1e9)), batch_size = c(no_count, list(5e9)),
  optimizer = no_choice, learn_rate = c(no_number, list(0, -1)),
  momentum = c(no_number, list(1, -0.1, 2)), schedule = no_choice,
  clip = list("1", NA, 0, -1, NaN, c(1, 2), -Inf, 1i, NULL, 1e31),
  samples = c(no_count, list(1e7)), kl_weight = no_choice,
  noise = c(no_number, list(0, -1)), init_rho = c(no_number, list(81, -81)),
  validation = c(no_number, list(1, -0.1)), patience = no_count,
  max_seconds = list("1", NA, -1, NaN, c(1, 2), -Inf, 1i), tolerance = c(no_number, list(0, -1)),
  standardise = list(NA, 1, "z", c(TRUE, FALSE), NULL, character(), list(TRUE), mean, c(TRUE, NA, TRUE)),
  seed = list("a", NA, 1:3, 0.5, 1e10, list(1), Inf, TRUE, numeric()), verbose = no_flag
)

# ---- outcomes that a family cannot take --------------------------------------

of_family <- list(
  gaussian = list(letters[1:n], pairs$y, trios$y, mixed$s),
  gaussian_hetero = list(trios$y, x, hole(y)), student_t = list(trios$y, x, pairs$y),
  binomial = list(
    y, trios$y, rep(0, n), c(2, rep(0:1, length.out = n - 1)), -x, cbind(1:n / 2, 1),
    cbind(-1, 1:n), cbind(hole(1:n), 1), cbind(1:n, 1, 1), cbind(1e9, 1:n)
  ),
  categorical = list(rep("a", n), factor(rep(1, n)), hole(trios$y), x),
  ordinal = list(mixed$s, rep(1, n), x),
  poisson = list(-1:(n - 2), y, replace(0:(n - 1), 2, 1e10), trios$y, x, pairs$y, hole(1:n)),
  negbinomial = list(-1:(n - 2), y, trios$y, cbind(1:n, 1), hole(1:n)),
  gamma = list(0:(n - 1), -y, trios$y, x), lognormal = list(0:(n - 1), -y, mixed$s, x),
  weibull = list(
    0:(n - 1), -y, cbind(y, 2), cbind(-y, 1), x, cbind(y, hole(rep(1, n))), trios$y,
    cbind(y, 1, 1)
  ),
  loglogistic = list(0:(n - 1), cbind(0, rep(1, n)), cbind(y, 0.5), mixed$s)
)

# ---- by formula: a call, and what its message names --------------------------

d <- transform(mixed, w = 1:24, gap = hole(a), z = complex(24), when = Sys.time() + 1:24)
d$list <- as.list(1:24)
of_formula <- alist(
  "The formula" = bbb_fit(~a, d), "The formula" = bbb_fit(y ~ 1, d),
  "The formula" = bbb_fit(y ~ 0, d), "The formula" = bbb_fit(y ~ offset(b), d),
  "`x`" = bbb_fit(data = d, formula = NULL), "nowhere" = bbb_fit(y ~ nowhere, d),
  "nowhere" = bbb_fit(nowhere ~ a, d), "nothere" = bbb_fit(y ~ nothere(a), d),
  "`data`" = bbb_fit(y ~ a, as.list(d)), "`data`" = bbb_fit(y ~ a, x),
  "`data`" = bbb_fit(y ~ a, 3), "`data`" = bbb_fit(y ~ a, "d"), "`data`" = bbb_fit(y ~ a, mean),
  "`data`" = bbb_fit(y ~ a, twins), "`x`" = bbb_fit(y ~ a, d[0, ]),
  "`x`" = bbb_fit(y ~ a, d, subset = w > 99), "nowhere" = bbb_fit(y ~ a, d, subset = nowhere),
  "`gap`" = bbb_fit(y ~ gap, d), "`hole(y)`" = bbb_fit(hole(y) ~ a, d),
  "`z`" = bbb_fit(y ~ z, d), "list" = bbb_fit(y ~ list, d), "`y`" = bbb_fit(when ~ a, d),
  "`y`" = bbb_fit(y ~ a, d, y = y), "`log(a)`" = suppressWarnings(bbb_fit(y ~ log(a), d)),
  "lengths" = bbb_fit(y ~ a[-1], d), "`weights`" = bbb_fit(y ~ a, d, weights = a),
  "`weights`" = bbb_fit(y ~ a, d, weights = 0 * w), "lengths" = bbb_fit(y ~ a, d, weights = 1:3),
  "nowhere" = bbb_fit(y ~ a, d, weights = nowhere), "`hole(w)`" = bbb_fit(y ~ a, d, weights = hole(w)),
  "`weights`" = bbb_fit(y ~ a, d, weights = s), "`hole(w)`" = bbb_fit(y ~ a, d, offset = hole(w)),
  "lengths" = bbb_fit(y ~ a, d, offset = 1:3), "`offset(gap)`" = bbb_fit(y ~ a + offset(gap), d),
  "`offset`" = bbb_fit(f ~ a, d, offset = w), "nowhere" = bbb_fit(y ~ a + offset(nowhere), d),
  "na.action" = bbb_fit(y ~ a, d, na.action = length), "`na.action`" = bbb_fit(y ~ a, d, na.action = "nope"), "`na.action`" = bbb_fit(y ~ a, d, na.action = 1),
  "contrasts" = bbb_fit(y ~ f, d, contrasts = list(f = "contr.none")),
  "contrasts" = bbb_fit(y ~ f, d, contrasts = 3), "degree" = bbb_fit(y ~ poly(s, 2), d),
  "`wt`" = bbb_fit(y ~ a, d, wt = 3), "`prior`" = bbb_fit(y ~ a, d, 4, NULL, NULL, NULL, 3)
)

# ---- what is asked of a fit --------------------------------------------------

frame <- transform(mixed, lift = 1:24)
lifted <- quick(y ~ a + offset(lift), frame)
by_matrix <- quick(x, y, offset = y)
of_newdata <- list(
  number = list(
    x[, 1:2], cbind(a = 1:2), 1:4, "a", list(1, 2, 3), mean, complex(3),
    data.frame(a = 1, b = 2, c = "x"), matrix("a", 2, 3), globalenv(), data.frame(),
    x[, c("a", "a", "b")], Sys.Date() + 1:3, array(1, c(2, 3, 2)), factor(1:3)
  ),
  frame = list(
    x, as.list(d), 5, "a", mean, NA, d["a"], transform(d, f = "pink"), transform(d, f = 1),
    transform(d, s = TRUE), transform(d, a = "1"), transform(d, a = factor(a)),
    transform(d, l = 1), transform(d, l = "TRUE"), transform(d, i = Sys.Date()),
    replace(d, "a", list(as.list(y))), transform(d, a = a > 0), data.frame(), d[c("a", "b", "c")]
  )
)
of_predict <- list(
  type = c(no_choice, list("class", "prob", "survival")), level = c(no_number, list(0, 1, 95, -1)),
  probs = list(0, 1, -1, 2, NA, "a", numeric(), list(0.5), NULL, c(0.5, NaN)),
  draws = c(no_count, list(1e8)), seed = list("a", NA, 1:3, 0.5, list(1)),
  joint = list("yes", NA, c(TRUE, FALSE), NULL, 1),
  na.action = list("nope", 1, NA, list()), new_levels = no_choice,
  offset = list(y, 1, "a"), se.fit = list(TRUE), newx = list(1)
)
of_fits <- alist(
  "`fit`" = bbb_score(), "`fit`" = bbb_score("fit", x, y), "`fit`" = bbb_score(NULL, x, y),
  "`x`" = bbb_score(number), "`y`" = bbb_score(number, x), "`y`" = bbb_score(number, x, y[-1]),
  "`y`" = bbb_score(number, x, trios$y), "`x`" = bbb_score(number, x[, 1:2], y),
  "`x`" = bbb_score(number, x[0, ], y[0]), "`y`" = bbb_score(number, x, hole(y)),
  "`a`" = bbb_score(number, hole(x), y), "`y`" = bbb_score(three, x, rep("new", 24)),
  "`y`" = bbb_score(framed, mixed[-8]), "`level`" = bbb_score(number, x, y, level = 9),
  "`draws`" = bbb_score(number, x, y, draws = 0), "`offset`" = bbb_score(number, x, y, offset = y),
  "`weights`" = bbb_score(number, x, y, weights = -y), "`weights`" = bbb_score(number, x, y, weights = 1:3),
  "`weights`" = bbb_score(number, x, y, weights = "w"),
  "`offset`" = bbb_score(by_matrix, x, y), "`lift`" = bbb_score(lifted, mixed),
  "`offset`" = bbb_score(by_matrix, x, y, offset = hole(y)),
  "`offset`" = predict(by_matrix, x), "`offset`" = predict(by_matrix, x, offset = 1:2),
  "`offset`" = predict(by_matrix, x, offset = "a"), "`lift`" = predict(lifted, mixed),
  "`lift`" = predict(lifted, transform(frame, lift = "a")), "`newdata`" = predict(number, type = "link"),
  "`fit`" = bbb_gradients(NULL, x, y), "`x`" = bbb_gradients(number),
  "`y`" = bbb_gradients(number, x, y[-1]), "`eps`" = bbb_gradients(number, x, y, eps = 1),
  "`eps`" = bbb_gradients(number, x, y, eps = list(1)), "`eps`" = bbb_gradients(number, x, y, eps = NA),
  "`weights`" = bbb_gradients(number, x, y, weights = y), "`fit`" = bbb_continue(3, x, y),
  "`epochs`" = bbb_continue(number, x, y), "`epochs`" = bbb_continue(number, x, y, epochs = 0),
  "`x`" = bbb_continue(number, x[-1, ], y[-1], epochs = 1), "`foo`" = bbb_continue(number, x, y, epochs = 1, foo = 2),
  "`max_seconds`" = bbb_continue(number, x, y, epochs = 1, max_seconds = -1),
  "`y`" = bbb_continue(number, x, epochs = 1), "`a`" = bbb_continue(framed, mixed["b"], epochs = 1),
  "`type`" = residuals(number, "working"), "`x`" = residuals(number, "pearson"),
  "`y`" = residuals(number, "pearson", x), "quantile" = residuals(three, "quantile", x, trios$y),
  "`y`" = residuals(number, "deviance", x, y[-1]), "`foo`" = residuals(number, foo = 1),
  "`x`" = logLik(number), "`y`" = logLik(number, x), "`weights`" = logLik(number, x, y, weights = -y),
  "`weights`" = logLik(number, x, y, weights = 1:3), "`nsim`" = simulate(number, 0, newdata = x),
  "`newdata`" = simulate(number), "`newdata`" = simulate(number, newdata = x[, 1:2]),
  "`seed`" = simulate(number, seed = "a", newdata = x), "`trials`" = simulate(number, newdata = x, trials = -1),
  "`trials`" = simulate(number, newdata = x, trials = 1:2), "formula" = formula(number),
  "terms" = terms(number), "`data`" = model.frame(framed), "`vcov()`" = vcov(number),
  "`confint()`" = confint(number), "`which`" = plot(number, which = "foo"),
  "`sd" = prior_normal(-1), "`sd1`" = prior_mixture(sd1 = 0), "`pi`" = prior_mixture(pi = 2)
)

# ---- the checks --------------------------------------------------------------

place <- function() {
  list2env(list(number = fits$gaussian, three = fits$categorical, framed = fits$mixed), parent = environment(place))
}
environment(place) <- environment()

# What a call came to, where it is not an error that names `name`.
complaint <- function(call, name, envir, class = "bbb_error") {
  warned <- NULL
  got <- tryCatch(
    withCallingHandlers(
      suppressMessages(eval(call, envir)),
      warning = function(w) {
        warned <<- conditionMessage(w)
        invokeRestart("muffleWarning")
      }
    ),
    error = identity
  )
  shown <- paste(substr(deparse(call, width.cutoff = 200L)[1L], 1L, 150L), "")
  if (!inherits(got, "error")) return(paste0(shown, "gave an answer"))
  if (!inherits(got, class)) return(paste0(shown, "ended in: ", conditionMessage(got)))
  if (!is.null(warned)) return(paste0(shown, "warned: ", warned))
  if (!grepl(name, conditionMessage(got), fixed = TRUE)) {
    return(paste0(shown, "does not name ", name, ": ", conditionMessage(got)))
  }
}

calls <- 0L
expect_none <- function(complaints) {
  calls <<- calls + length(complaints)
  expect(!length(unlist(complaints)), paste(unlist(complaints), collapse = "\n"))
}

# The call with `arg` given as each value; its message names the argument.
refuses <- function(fun, args, arg, values, names = paste0("`", arg)) {
  expect_none(lapply(values, function(value) {
    args[arg] <- list(value)
    complaint(as.call(c(list(fun), args)), names, place())
  }))
}

test_that("an argument of bbb_fit() that cannot be is an error that names it", {
  for (arg in names(of_fit)) {
    refuses(quote(bbb_fit), list(x = x, y = y, hidden = 2, epochs = 1), arg, of_fit[[arg]])
  }
})

test_that("a setting that cannot be is an error that names it", {
  for (arg in names(of_control)) {
    refuses(quote(bbb_fit), list(x, y, hidden = 2), arg, of_control[[arg]])
  }
})

test_that("an outcome that its family cannot take is an error that names it", {
  for (family in names(of_family)) {
    args <- list(x = x, y = y, family = family, hidden = 2, epochs = 1)
    refuses(quote(bbb_fit), args, "y", of_family[[family]])
  }
})

test_that("a formula or data that cannot be is an error that says what", {
  expect_none(Map(complaint, of_formula, names(of_formula), list(place())))
})

test_that("new data that do not fit are an error that names what", {
  for (kind in names(of_newdata)) {
    fit <- list(number = quote(number), frame = quote(framed))[[kind]]
    refuses(quote(predict), list(fit), "newdata", of_newdata[[kind]])
  }
})

test_that("an argument of predict() that cannot be is an error that names it", {
  for (arg in names(of_predict)) {
    refuses(quote(predict), list(quote(number), x), arg, of_predict[[arg]])
  }
})

test_that("wrong calls with a fit are errors that say what", {
  expect_none(Map(complaint, of_fits, names(of_fits), list(place())))
})

test_that("missing predictors are counted by column, of every kind", {
  for (col in names(mixed)[1:7]) {
    gaps <- mixed[1:7]
    gaps[[col]][3] <- NA
    refuses(quote(bbb_fit), list(y = y, hidden = 2), "x", list(gaps), paste0("`", col, "` (1)"))
  }
})

test_that("there are more than 300 of them, and the check can fail", {
  skip_if(calls == 0, "the tests above were left out")
  expect_gt(calls, 300)
  expect_match(complaint(quote(bbb_fit(x, y, hidden = 2, epochs = 1)), "`x`", place()), "answer")
  expect_match(complaint(quote(stop("a")), "`x`", place()), "ended in")
  expect_match(complaint(quote(bbb_fit(x, y[-1])), "`z`", place()), "does not name")
})
