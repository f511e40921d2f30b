# Many columns: the same fits and terms, in little room.

wide <- local({
  x <- outer(1:30, 1:120, function(i, j) sin(i * j + j^2))
  d <- as.data.frame(x)
  d$f <- factor(paste0("l", (7 * 1:30) %% 10))
  d$s <- rep(c("on", "off"), 15)
  d$l <- d$V1 > 0
  d$o <- ordered(1:30 %% 3)
  d$`two words` <- cos(1:30)
  d$day <- as.Date("2024-01-01") + 1:30
  d$y <- 3 + d$V1 + d$V2
  d
})
numbers <- wide[c(paste0("V", 1:120), "y")]
terms_before <- function(formula, data) {
  terms <- attr(model.frame(formula, data), "terms")
  attr(terms, ".Environment") <- NULL
  terms
}
bare <- function(x) {
  attr(x, ".Environment") <- NULL
  x
}
# Of formulas that add columns of the data, and of others.
plain <- list(y ~ ., y ~ . - V3 - f, log(y) ~ ., scale(y) ~ . - V120, V5 ~ . - y)
other <- list(y ~ . + V1:V2, y ~ . + I(V1^2) - 1, y ~ s * V1 + ., y ~ offset(V3) + . - V3)

test_that("a fit of many columns takes little more room than its weights", {
  d <- as.data.frame(matrix(sin(1:25000), 25))
  x <- d[-1]
  names(d)[1] <- "y"
  learned <- function(fit) fit[c("mu", "rho", "state", "prior_sd")]
  fits <- list(
    quick(y ~ ., d, hidden = 2, epochs = 1), quick(x, d$y, hidden = 2, epochs = 1),
    quick(y ~ . - V7, d, hidden = 2, epochs = 1)
  )
  for (fit in fits) {
    expect_lt(object.size(fit), object.size(learned(fit)) + 120 * 1000)
    expect_lt(length(serialize(fit, NULL)), 125000)
  }
  odd <- quick(y ~ . + V2:V3, d, hidden = 2, epochs = 1)
  expect_lt(object.size(odd), 2e6)
})

test_that("terms and formula are those of the model frame", {
  for (formula in c(plain, other)) {
    fit <- quick(formula, wide)

    expect_identical(bare(terms(fit)), terms_before(formula, wide))
    expect_identical(
      bare(formula(fit)), bare(stats::formula(terms_before(formula, wide)))
    )
  }
  by_frame <- quick(wide[-127], wide$y)
  expect_identical(bare(terms(by_frame)), terms_before(~., wide[-127]))
})

test_that("the predictors are the columns of the model matrix", {
  for (formula in c(plain, other[-2])) {
    fit <- quick(formula, wide)
    x <- model.matrix(formula, wide)[, -1]

    expect_identical(fit$predictors$names, colnames(x))
    expect_equal(fit$predictors$center, unname(colMeans(x)))
    expect_identical(fit$predictors$xlev, .getXlevels(terms(fit), model.frame(formula, wide)))
    expect_identical(predict(fit, wide[7:5, ]), predict(fit, wide)[7:5])
    expect_identical(predict(fit, wide[7, ]), predict(fit, wide)[7])
  }
  fit <- quick(y ~ ., wide)
  numbers <- quick(model.matrix(y ~ ., wide)[, -1], wide$y)
  expect_identical(fit[c("mu", "rho")], numbers[c("mu", "rho")])
  expect_identical(quick(wide[-127], wide$y)$mu, fit$mu)
  expect_identical(quick(reformulate(names(wide)[c(1:124, 126)], "y"), wide)$mu,
    quick(y ~ . - `two words`, wide)$mu)
})

test_that("a wide fit takes what model.frame() takes", {
  gaps <- wide
  gaps$V2[3] <- NA
  gaps$y[5] <- NA
  rows <- c(2, 4, 6:30)
  fit <- quick(y ~ ., gaps, subset = day > as.Date("2024-01-02"), na.action = na.omit)

  expect_identical(fit$mu, quick(y ~ ., wide[rows, ])$mu)
  expect_identical(
    quick(y ~ ., wide, weights = exp(V1), offset = V2)$mu,
    quick(wide[-127], wide$y, weights = exp(wide$V1), offset = wide$V2)$mu
  )
  with_offset <- quick(y ~ ., wide, offset = V2 + 1)
  expect_identical(predict(with_offset, wide), fitted(with_offset))
  sums <- quick(y ~ ., wide, contrasts = list(f = "contr.sum"))
  expect_true("f9" %in% sums$predictors$names)
  expect_identical(predict(sums, wide[3, ]), fitted(sums)[3])
})

test_that("wide fits are updated, continued and scored as others", {
  fit <- quick(scale(log(y)) ~ . - V3, wide)
  y <- as.vector(scale(log(wide$y)))

  expect_equal(bbb_score(fit, wide[4:9, ]), bbb_score(fit, wide[4:9, ], y[4:9]))
  expect_identical(
    bbb_continue(fit, wide, epochs = 2)$mu, bbb_continue(fit, wide, y, epochs = 2)$mu
  )
  fit <- bbb_fit(log(y) ~ ., wide, hidden = 2, epochs = 2, samples = 1, seed = 1)
  fewer <- update(fit, . ~ . - V4)
  expect_identical(setdiff(fit$predictors$names, fewer$predictors$names), "V4")
  frame <- model.frame(fit, wide[3:1, ])
  expect_identical(dim(frame), c(3L, 127L))
  expect_identical(frame[[1]], log(wide$y[3:1]))
})

test_that("new data of a wide fit are checked as those of others", {
  fit <- quick(y ~ ., wide)
  said <- function(newdata) conditionMessage(caught(predict(fit, newdata)))

  expect_identical(said(wide[-c(3, 121)]), "`newdata` lacks the columns `V3` and `f`.")
  expect_identical(
    said(replace(wide, "V7", "a")),
    "Column `V7` of `newdata` is a factor or character; in the fit it was numeric."
  )
  expect_match(said(replace(wide, "s", "up")), "never saw: \"up\"")
  gaps <- wide
  gaps$V9[2] <- NA
  gaps$f[4] <- NA
  expect_identical(predict(fit, gaps), replace(predict(fit, wide), c(2, 4), NA))
  expect_identical(predict(fit, wide[127:1]), predict(fit, wide))
  expect_identical(
    predict(quick(y ~ ., numbers), as.matrix(numbers)),
    unname(predict(quick(y ~ ., numbers), numbers))
  )
  expect_error(quick(y ~ ., gaps), "`V9` (1) and `f` (1)", fixed = TRUE)
})

test_that("fits that were saved with whole terms predict as before", {
  for (formula in c(plain, other)) {
    fit <- old <- quick(formula, wide)
    all_terms <- attr(model.frame(formula, wide), "terms")
    old$predictors$all_terms <- all_terms
    old$predictors$terms <- delete.response(all_terms)
    attr(old$predictors$terms, "intercept") <- 1L
    old$predictors$columns <- recipe_columns(fit$predictors)

    expect_identical(predict(old, wide), predict(fit, wide))
    expect_identical(bbb_score(old, wide), bbb_score(fit, wide))
    expect_identical(bare(terms(old)), bare(terms(fit)))
  }
})

test_that("only sums of columns of the data are taken apart", {
  is_plain <- function(formula, data = wide) !is.null(wide_terms(formula, data))

  expect_true(all(vapply(plain, is_plain, NA)))
  expect_false(any(vapply(other, is_plain, NA)))
  for (formula in list(
    y ~ . + y, y ~ V1 + ., y ~ . + . , y ~ . + V1 - V1, y ~ 0 + ., y ~ log(y), y ~ -V1 + .,
    y ~ (.), y ~ . + nowhere, y ~ V1 + V2, y ~ .^2, y ~ . / V1
  )) {
    expect_false(is_plain(formula))
  }
  expect_false(is_plain(y ~ ., as.list(wide)))
  expect_false(is_plain(y ~ ., wide[1:20]))
})
