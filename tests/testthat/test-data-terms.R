# Terms of other packages' formulas: each is one sentence that says what to write.

said <- function(formula, data = mixed) {
  error <- caught(quick(formula, data))
  expect_s3_class(error, "bbb_error_argument")
  conditionMessage(error)
}

test_that("grouped effects are refused, and a logical or is not", {
  for (formula in list(
    y ~ a + (1 | f), y ~ a + (a | f), y ~ (a || f), y ~ a | f, y ~ a * (1 | f), y ~ (1 | f) + b
  )) {
    expect_match(said(formula), "is a grouped effect.*with a factor `f`")
  }
  expect_match(said(y ~ b + (1 | i)), "write `i`, with")
  expect_match(said(y ~ b + (a | i)), "write `a \\+ i`, with")

  # as users write it
  fit <- quick(y ~ I(l | a > 0) + ifelse(l | b > 0, 1, 0), mixed) # nolint: redundant_ifelse_linter.
  expect_identical(fit$predictors$names, c("I(l | a > 0)TRUE", "ifelse(l | b > 0, 1, 0)"))
})

test_that("the outcome is alone to the left", {
  for (formula in list(y | weights(i) ~ a, y | cens(l) ~ a, y | a ~ b, mvbind(y, a) ~ b)) {
    expect_match(said(formula), "must be alone to the left of `~`, not `")
  }
  expect_match(said(y ~ a ~ b), "must be a variable of the data, not formula")
  expect_match(said(mean ~ a), "must be a variable of the data, not function")
  for (formula in list(1 ~ a, "y" ~ a, NULL ~ a)) expect_match(said(formula), "must have an outcome")
  expect_identical(quick((l | a > 0) ~ b, mixed)$family, "binomial")
})

test_that("smooths, strata and the like are refused by what they mean", {
  for (formula in list(y ~ s(a), y ~ lo(a) + b, y ~ b * s(a), y ~ f:s(a), y ~ mgcv::s(a, k = 3))) {
    expect_match(said(formula), "is a smooth term of another package: write `a`, .*splines::ns")
  }
  expect_match(said(y ~ te(a, b)), "write `a \\+ b`")
  expect_match(said(y ~ s(f, bs = "re")), "is a random effect .*: write `f` as a predictor, a factor")
  expect_match(said(y ~ a + frailty(f)), "is a random effect")
  expect_match(said(y ~ a + strata(f)), "is a stratum .* write `f`")
  expect_match(said(y ~ a + survival::strata(f)), "is a stratum")
  expect_match(said(y ~ a + cluster(f)), "standard errors .* leave it out")
  expect_match(said(y ~ tt(a)), "write `a`")
})

test_that("they are refused when their packages are there, too", {
  skip_if_not_installed("survival")
  skip_if_not_installed("mgcv")
  in_place <- function(formula, of) {
    environment(formula) <- list2env(mget(c("strata", "cluster", "s"), asNamespace(of),
      ifnotfound = list(NULL)))
    formula
  }
  for (formula in list(in_place(y ~ strata(f), "survival"), in_place(y ~ cluster(f), "survival"),
    in_place(y ~ s(a), "mgcv"))) {
    expect_match(said(formula), "of another package")
  }
})

test_that("a function of the user's own may have any name", {
  s <- function(v) v^2
  strata <- function(v) v

  expect_identical(quick(y ~ s(a) + strata(f), mixed)$mu, quick(y ~ I(a^2) + f, mixed)$mu)
})

test_that("an offset is a term of its own", {
  for (formula in list(
    y ~ a * offset(b), y ~ a + offset(b):f, y ~ a + log(offset(i)), y ~ a - offset(b),
    y ~ a + stats::offset(b), y ~ (a + offset(b))^2
  )) {
    expect_match(said(formula), "`offset\\(\\)` must be a term of its own")
  }
  expect_true(quick(y ~ (a + offset(b)), mixed)$outcome$has_offset)
  expect_error(quick(y ~ a + offset(f), mixed), "`offset` must be", class = "bbb_error_data")
})

test_that("constants are no terms, and a power is whole", {
  for (formula in list(y ~ a + 2, y ~ "a", y ~ a + NA, y ~ 1i, y ~ a + Inf)) {
    expect_match(said(formula), "is a constant: a term must be a variable")
  }
  expect_match(said(y ~ a^2.5), "power in `a^2.5` must be a whole number", fixed = TRUE)
  inlined <- as.formula(bquote(y ~ a + .(mixed$b)))
  expect_match(said(inlined), "is a constant")
})

test_that("what is no variable is named with its type", {
  fails <- function(formula, pattern) {
    expect_error(quick(formula, mixed), pattern, class = "bbb_error_data")
  }
  fails(y ~ mean, "Column `mean` is function; predictors must be")
  fails(y ~ list(1), "Column `list\\(1\\)` is a list")
  fails(y ~ mixed, "Column `mixed` is a data frame")
  fails(y ~ a$b, "operator is invalid")
  fails(y ~ sum$b, "not subsettable")
  fails(y ~ a[[99]], "[Ss]ubscript out of bounds")
  fails(y ~ nowhere(a), "ould not find function")
})
