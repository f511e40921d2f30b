# Factors of many levels: kept as codes, and the same numbers as their indicators.

many <- local({
  i <- 1:60
  data.frame(
    a = sin(i), f = factor(paste0("l", (7 * i) %% 20)), s = letters[1 + (5 * i) %% 9],
    g = factor(i %% 3), o = ordered((3 * i) %% 11), b = cos(i), y = sin(i) + (7 * i) %% 20 / 10
  )
})
indicators <- function(formula, data = many, contrasts = NULL) {
  x <- model.matrix(formula, data, contrasts.arg = contrasts)
  x[, colnames(x) != "(Intercept)", drop = FALSE]
}
learned <- function(fit) {
  fit$history$seconds <- NULL
  c(
    fit[c("mu", "rho", "aux", "prior_sd", "history", "fitted", "residuals")],
    fit$predictors[c("names", "center", "scale")]
  )
}
has_codes <- function(x) inherits(encode_predictors(frame_of_data(x))$x, "bbb_coded")

test_that("a fit with factors of many levels has the bits of one with indicators", {
  formulas <- list(
    y ~ f, y ~ a + f + b + s + g, y ~ s + o + f, y ~ f + a:b + a:g, y ~ g + f,
    y ~ a * f + s, y ~ f:g + s
  )
  for (formula in formulas) {
    fit <- quick(formula, many, batch_size = 16)
    dense <- quick(indicators(formula), many$y, batch_size = 16)

    expect_identical(learned(fit), learned(dense))
    expect_identical(predict(fit, many[9:2, ]), predict(dense, indicators(formula)[9:2, ]))
  }
})

test_that("it has them with weights, offset, validation and each estimator, too", {
  x <- indicators(y ~ a + f + s)
  w <- rep(0:2, 20) / 3
  settings <- list(
    list(weights = w), list(offset = many$b), list(validation = 0.3, patience = 2),
    list(weights = w, validation = 0.2, batch_size = 7), list(estimator = "flipout"),
    list(estimator = "local", fits = 2), list(standardise = FALSE),
    list(standardise = c("a", "fl3", "sd")), list(kl = "exact", batch_size = 60)
  )
  for (setting in settings) {
    fit <- do.call(quick, c(list(many[c("a", "f", "s")], many$y), setting))
    dense <- do.call(quick, c(list(x, many$y), setting))

    expect_identical(learned(fit), learned(dense))
    expect_identical(fit$members[[2]]$mu, dense$members[[2]]$mu)
  }
})

test_that("families, kinds of prediction and scores are the same to the bit", {
  x <- indicators(y ~ a + f)
  outcomes <- list(
    gaussian = many$y, binomial = many$y > 1, categorical = many$g, poisson = 1:60 %% 4,
    weibull = cbind(exp(many$y), 1:60 %% 2), ordinal = many$o, gaussian = cbind(many$a, many$b)
  )
  for (family in names(outcomes)) {
    y <- outcomes[[family]]
    fit <- quick(many[c("a", "f")], y, family = family)
    dense <- quick(x, y, family = family)
    eps <- rep(0.1, length(fit$mu))
    kinds <- c("link", "draws", "uncertainty", if (family == "weibull") "survival")

    expect_identical(learned(fit), learned(dense))
    for (type in kinds) {
      for (joint in c(TRUE, FALSE)) {
        predict_rows <- function(fit, newdata) {
          more <- if (type == "survival") list(times = 1:2)
          all <- list(fit, newdata, type, joint = joint, draws = 20)
          answer <- do.call(predict, c(all, more))
          if (is.data.frame(answer)) as.list(answer) else answer
        }
        expect_identical(predict_rows(fit, many[1:50, ]), predict_rows(dense, x[1:50, ]))
      }
    }
    expect_identical(bbb_score(fit, many, y), bbb_score(dense, x, y))
    expect_identical(
      bbb_gradients(fit, many, y, eps = eps)$d_mu,
      bbb_gradients(dense, x, y, eps = eps)$d_mu
    )
    expect_identical(
      bbb_continue(fit, many, y, epochs = 2)$mu, bbb_continue(dense, x, y, epochs = 2)$mu
    )
    expect_identical(
      bbb_update(fit, many, y, epochs = 2, seed = 1)$mu,
      bbb_update(dense, x, y, epochs = 2, seed = 1)$mu
    )
  }
})

test_that("a row with a level that is missing or new is NA, and only that row", {
  fit <- quick(y ~ a + f + s, many)
  want <- predict(fit, many)
  gaps <- transform(
    many, f = replace(as.character(f), 5, "new"), s = replace(s, 8, NA), a = replace(a, 2, Inf)
  )

  expect_error(predict(fit, gaps), "never saw: \"new\"", class = "bbb_error_data")
  expect_identical(predict(fit, gaps, new_levels = "na"), replace(want, c(2, 5, 8), NA))
  expect_identical(
    predict(fit, gaps, new_levels = "na", na.action = na.omit), want[-c(2, 5, 8)]
  )
  expect_identical(predict(fit, transform(many, f = NA)), stats::setNames(rep(NA_real_, 60), 1:60))
  expect_error(
    quick(transform(many, f = replace(f, 2, NA))[1:2], many$y), "`f` (1)",
    fixed = TRUE, class = "bbb_error_data"
  )
  expect_error(bbb_score(fit, transform(gaps, f = many$f)), "`a` (1) and `s` (1)", fixed = TRUE)
})

test_that("contrasts are those asked for when factors have many levels", {
  for (contrasts in list(
    list(f = "contr.SAS"), list(f = "contr.sum", s = "contr.treatment"), list(f = contr.sum),
    list(s = contr.helmert(9))
  )) {
    fit <- quick(y ~ f + a + s, many, contrasts = contrasts)
    x <- indicators(y ~ f + a + s, contrasts = contrasts)

    expect_identical(learned(fit), learned(quick(x, many$y)))
    old <- options(contrasts = c("contr.helmert", "contr.poly"))
    expect_identical(predict(fit, many[4:2, ]), fitted(fit)[4:2])
    options(old)
  }
  own <- many
  contrasts(own$f) <- "contr.SAS"
  expect_identical(
    learned(quick(y ~ a + f, own)), learned(quick(indicators(y ~ a + f, own), own$y))
  )
  old <- options(contrasts = c("contr.SAS", "contr.poly"))
  on.exit(options(old))
  expect_identical(
    learned(quick(y ~ a + f, many)), learned(quick(indicators(y ~ a + f), many$y))
  )
})

test_that("only indicators of a term of their own are coded", {
  expect_true(has_codes(many["f"]) && has_codes(many[c("a", "s")]))
  expect_false(has_codes(many[c("a", "g", "o")]))
  coded <- function(formula, data = many) {
    frame <- model.frame(formula, data)
    names(coded_variables(terms(frame), frame, NULL))
  }

  expect_identical(coded(y ~ a + f + g), "f")
  expect_identical(coded(y ~ f * a), character())
  expect_identical(coded(y ~ f:a + factor(o, ordered = FALSE)), "factor(o, ordered = FALSE)")
  expect_identical(coded(y ~ a), character())
  local({
    contr.treatment <- function(n, ...) stats::contr.sum(n)
    expect_identical(coded(y ~ f), "f")
  })
})

test_that("levels may have any name, and be missing as a level of their own", {
  odd <- many
  levels(odd$f)[1:4] <- c("", "two words", "`", "2")
  odd$s <- addNA(factor(replace(odd$s, 1:9, NA)))
  odd$`a b` <- odd$f
  fit <- quick(y ~ a + f + s + `a b`, odd)
  x <- indicators(y ~ a + f + s + `a b`, odd)

  expect_identical(learned(fit), learned(quick(x, odd$y)))
  expect_identical(predict(fit, odd[3:1, ]), fitted(fit)[3:1])
})

test_that("a coded matrix has the rows and columns of the matrix", {
  x <- encode_predictors(frame_of_data(many[c("a", "f", "b")]))$x
  dense <- unname(indicators(~ a + f + b))
  numbers <- function(x) {
    value <- matrix(0, nrow(x), ncol(x))
    of <- unclass(x)
    value[, of$from > 0] <- of$value[, of$from[of$from > 0]]
    on <- of$code[, 1] > 0
    value[cbind(seq_len(nrow(x)), of$code[, 1])[on, ]] <- 1
    value
  }
  back <- rev(seq_len(ncol(x)))

  expect_identical(dim(x), dim(dense))
  expect_identical(numbers(x), dense)
  expect_identical(numbers(x[5:3, , drop = FALSE]), dense[5:3, ])
  expect_identical(numbers(x[, back, drop = FALSE]), dense[, back])
  expect_identical(native_standard(x, many$b^2), native_standard(dense, many$b^2))
  expect_identical(native_complete(x), rep(TRUE, 60))
})

test_that("a coded matrix that is none is an error, not a crash", {
  x <- unclass(encode_predictors(frame_of_data(many[c("a", "f")]))$x)
  bad <- list(
    list(from = integer()), list(from = rep(0L, 20)), list(from = replace(x$from, 1, 9L)),
    list(from = replace(x$from, 2, -9L)), list(from = x$from + 0), list(from = replace(x$from, 2, NA)),
    list(code = replace(x$code, 1, 99L)), list(code = replace(x$code, 1, -1L)),
    list(code = replace(x$code, 1, 1L)), list(code = x$code[-1, , drop = FALSE]),
    list(code = c(x$code)), list(code = x$code + 0), list(value = x$value[, c(1, 1)]),
    list(value = NULL), list(value = x$code), list(value = x$value[, 0])
  )
  for (change in bad) {
    broken <- utils::modifyList(x, change)
    expect_error(native_complete(broken))
    expect_error(native_standard(broken))
  }
})

test_that("a factor of 1000 levels is never made dense for all rows", {
  make <- function(n) {
    f <- factor(seq_len(n) %% 1000)
    list(data.frame(a = sin(seq_len(n)), f = f), sin(seq_len(n) %% 1000))
  }
  work <- function(data) {
    fit <- bbb::bbb_fit(data[[1]], data[[2]], hidden = 2, epochs = 1, samples = 1, seed = 1)
    predict(fit, data[[1]], draws = 2)
  }
  # the indicators of all rows are 240 MB, and the core's copy would be 120
  expect_lt(peak_of(work, make, 30000, warm_up = list(2000)), 60)
})
