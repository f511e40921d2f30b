# Many columns: the same fits and terms, in little room.

terms_before <- function(formula, data) {
  terms <- attr(model.frame(formula, data), "terms")
  attr(terms, ".Environment") <- NULL
  terms
}
bare <- function(x) {
  attr(x, ".Environment") <- NULL
  x
}

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
  for (formula in c(plain_formulas, other_formulas)) {
    fit <- quick(formula, wide_frame)

    expect_identical(bare(terms(fit)), terms_before(formula, wide_frame))
    expect_identical(
      bare(formula(fit)), bare(stats::formula(terms_before(formula, wide_frame)))
    )
  }
  by_frame <- quick(wide_frame[-127], wide_frame$y)
  expect_identical(bare(terms(by_frame)), terms_before(~., wide_frame[-127]))
})

test_that("a wide fit takes what model.frame() takes", {
  gaps <- wide_frame
  gaps$V2[3] <- NA
  gaps$y[5] <- NA
  rows <- c(2, 4, 6:30)
  fit <- quick(y ~ ., gaps, subset = day > as.Date("2024-01-02"), na.action = na.omit)

  expect_identical(fit$mu, quick(y ~ ., wide_frame[rows, ])$mu)
  expect_identical(
    quick(y ~ ., wide_frame, weights = exp(V1), offset = V2)$mu,
    quick(wide_frame[-127], wide_frame$y, weights = exp(wide_frame$V1), offset = wide_frame$V2)$mu
  )
  with_offset <- quick(y ~ ., wide_frame, offset = V2 + 1)
  expect_identical(predict(with_offset, wide_frame), fitted(with_offset))
  sums <- quick(y ~ ., wide_frame, contrasts = list(f = "contr.sum"))
  expect_true("f9" %in% sums$predictors$names)
  expect_identical(predict(sums, wide_frame[3, ]), fitted(sums)[3])
})

test_that("wide fits are updated, continued and scored as others", {
  fit <- quick(scale(log(y)) ~ . - V3, wide_frame)
  y <- as.vector(scale(log(wide_frame$y)))

  expect_equal(bbb_score(fit, wide_frame[4:9, ]), bbb_score(fit, wide_frame[4:9, ], y[4:9]))
  expect_identical(
    bbb_continue(fit, wide_frame, epochs = 2)$mu, bbb_continue(fit, wide_frame, y, epochs = 2)$mu
  )
  fit <- bbb_fit(log(y) ~ ., wide_frame, hidden = 2, epochs = 2, samples = 1, seed = 1)
  fewer <- update(fit, . ~ . - V4)
  expect_identical(setdiff(fit$predictors$names, fewer$predictors$names), "V4")
  frame <- model.frame(fit, wide_frame[3:1, ])
  expect_identical(dim(frame), c(3L, 127L))
  expect_identical(frame[[1]], log(wide_frame$y[3:1]))
})

test_that("new data of a wide fit are checked as those of others", {
  fit <- quick(y ~ ., wide_frame)
  said <- function(newdata) conditionMessage(caught(predict(fit, newdata)))

  expect_identical(said(wide_frame[-c(3, 121)]), "`newdata` lacks the columns `V3` and `f`.")
  expect_identical(
    said(replace(wide_frame, "V7", "a")),
    "Column `V7` of `newdata` is a factor or character; in the fit it was numeric."
  )
  expect_match(said(replace(wide_frame, "s", "up")), "never saw: \"up\"")
  gaps <- wide_frame
  gaps$V9[2] <- NA
  gaps$f[4] <- NA
  expect_identical(predict(fit, gaps), replace(predict(fit, wide_frame), c(2, 4), NA))
  expect_identical(predict(fit, wide_frame[127:1]), predict(fit, wide_frame))
  expect_identical(
    predict(quick(y ~ ., wide_numbers), as.matrix(wide_numbers)),
    unname(predict(quick(y ~ ., wide_numbers), wide_numbers))
  )
  expect_error(quick(y ~ ., gaps), "`V9` (1) and `f` (1)", fixed = TRUE)
})

test_that("fits that were saved with whole terms predict as before", {
  for (formula in c(plain_formulas, other_formulas)) {
    fit <- old <- quick(formula, wide_frame)
    all_terms <- attr(model.frame(formula, wide_frame), "terms")
    old$predictors$all_terms <- all_terms
    old$predictors$terms <- delete.response(all_terms)
    attr(old$predictors$terms, "intercept") <- 1L
    old$predictors$columns <- recipe_columns(fit$predictors)

    expect_identical(predict(old, wide_frame), predict(fit, wide_frame))
    expect_identical(bbb_score(old, wide_frame), bbb_score(fit, wide_frame))
    expect_identical(bare(terms(old)), bare(terms(fit)))
  }
})
