# The fast look at a fit.

fit <- fits$gaussian
counts <- quick(waves$x, round(waves$y), family = "poisson", offset = waves$x[, 1])
times <- quick(waves$x, waves$y, family = "weibull")

test_that("the fast look never lets pass what the close one refuses", {
  all <- list(
    fit, counts, times, fits$binomial, fits$categorical, fits$mixed,
    quick(waves$x, cbind(a = waves$y, b = waves$x[, 1])), quick(waves$x, waves$y, family = "student_t"),
    quick(waves$x, waves$y, family = "gaussian_hetero"), quick(waves$x, cbind(1:24, 3), family = "binomial"),
    quick(waves$x, factor(1:24 %% 4, ordered = TRUE))
  )
  for (one in all) {
    expect_true(is_sound(unclass(one)))
    expect_identical(check_closely(one, unclass(one)), one)
  }
  for (one in list(quick(waves$x, waves$y, noise = 1), quick(waves$x, waves$y, prior = prior_mixture()),
                   quick(waves$x, waves$y, fits = 2), bbb_update(fit, waves$x, waves$y, epochs = 2))) {
    expect_false(is_sound(unclass(one)))
    expect_identical(check_fit(one), one)
  }
})

test_that("fields are plain where they have type, length and no missing value", {
  fields <- list(d = c(1, -2), i = 1:2, l = TRUE, s = c("a", "b"), m = matrix(1), c = Sys.Date(), n = c(a = 1))
  plain <- function(name, type, length, most = 10) native_plain(fields, name, type, length, most)

  expect_true(native_plain(fields, c("d", "i", "l", "s", "n"), "dilsd", c(2, 2, 1, 2, 1), 10))
  expect_false(plain("d", "d", 2, 1))
  expect_false(plain("d", "i", 2))
  expect_false(plain("d", "d", 1))
  expect_false(plain("m", "d", 1))
  expect_false(plain("c", "d", 1, 1e9))
  expect_false(plain("none", "d", 1))
  for (hole in list(NA_real_, NaN, Inf)) expect_false(native_plain(list(a = hole), "a", "d", 1, 10))
  expect_false(native_plain(list(a = NA), "a", "l", 1, 10))
  expect_false(native_plain(list(a = NA_integer_), "a", "i", 1, 10))
  expect_false(native_plain(list(a = NA_character_), "a", "s", 1, 10))
  expect_error(native_plain(fields, "d", "di", 1, 10), "go together")
})
