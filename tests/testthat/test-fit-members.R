# Several fits, whose equal mixture predicts.

test_that("members are the single fits of the seed and the numbers after it", {
  settings <- list(
    list(), list(validation = 0.25), list(noise = 0.3), list(seed = c(7, 2^31 - 2))
  )
  for (with in settings) {
    fit <- do.call(three_fits, c(list(waves$x, waves$y), with))
    seed <- check_seed(if (is.null(with$seed)) 1 else with$seed)
    seeds <- list(seed, seed + 0:1, c(seed[1], if (seed[2] > 9) -.Machine$integer.max else 2L))
    with$seed <- NULL

    for (i in 1:3) {
      single <- do.call(quick, c(list(waves$x, waves$y, seed = seeds[[i]]), with))
      expect_identical(fit$members[[i]]$seed, as.integer(seeds[[i]]))
      same <- setdiff(names(single), c("fitted", "residuals"))
      expect_identical(timeless(member_fit(fit, i))[same], timeless(single)[same])
    }
  }
})

test_that("members differ, and one fit has none", {
  mu <- lapply(trio$members, `[[`, "mu")
  expect_false(anyDuplicated(mu) > 0)
  expect_null(fits$gaussian$members)
  expect_identical(
    timeless(quick(waves$x, waves$y, fits = 1)), timeless(quick(waves$x, waves$y))
  )
  alone <- three_fits(waves$x, waves$y, fits = 1)
  expect_identical(alone$mu, trio$members[[1]]$mu)
})

test_that("an ensemble is plain data that is kept by saveRDS()", {
  file <- tempfile()
  on.exit(unlink(file))
  saveRDS(trio, file)
  again <- readRDS(file)

  expect_identical(again, trio)
  expect_identical(predict(again, waves$x, "interval"), predict(trio, waves$x, "interval"))
})

# ---- predictions -------------------------------------------------------------

test_that("predictions are of the mixture of the members' draws", {
  draws <- predict(trio, waves$x, "draws", draws = 12)
  noise <- rep(vapply(trio$members, `[[`, 0, "noise"), 4)

  expect_identical(dim(draws), c(12L, 24L))
  expect_equal(predict(trio, waves$x, draws = 12), colMeans(draws))
  uncertainty <- predict(trio, waves$x, "uncertainty", draws = 12)
  expect_equal(
    uncertainty$sd_epistemic, apply(draws, 2, \(one) sqrt(mean((one - mean(one))^2)))
  )
  expect_equal(uncertainty$sd_aleatoric, rep(sqrt(mean(noise^2)), 24))
  quantiles <- predict(trio, waves$x, "quantile", probs = c(0.1, 0.8), draws = 12)
  for (i in 1:24) {
    below <- vapply(quantiles[i, ], \(q) mean(pnorm(q, draws[, i], noise)), 0)
    expect_equal(below, c(0.1, 0.8), tolerance = 1e-5, ignore_attr = TRUE)
  }
  each <- matrix(dnorm(rep(waves$y, each = 12), draws, noise), 12)
  score <- bbb_score(trio, waves$x, waves$y, draws = 12)
  expect_equal(score$log_score, mean(log(colMeans(each))), tolerance = 1e-6)
})

test_that("a draw is of the member whose turn it is", {
  draws <- predict(trio, waves$x, "draws", draws = 6)
  for (i in 1:3) {
    P <- length(trio$members[[i]]$mu)
    sure <- trio
    # a member of no spread shows in its own draws
    sure$members[[i]]$rho <- rep(-110, P)
    changed <- predict(sure, waves$x, "draws", draws = 6)

    same <- vapply(1:6, \(s) identical(changed[s, ], draws[s, ]), NA)
    expect_identical(which(!same), c(i, i + 3L))
    expect_identical(changed[i, ], changed[i + 3, ])
  }
})

test_that("the variance between members is epistemic", {
  sure <- trio
  for (i in 1:3) sure$members[[i]]$rho[] <- -110
  means <- vapply(1:3, \(i) predict(member_fit(sure, i), waves$x), numeric(24))

  got <- predict(sure, waves$x, "uncertainty")$sd_epistemic

  expect_equal(got, apply(means, 1, \(m) sqrt(mean((m - mean(m))^2))), tolerance = 1e-6)
  expect_true(all(got > 0))
})

test_that("draws are rounded up to as many of each member", {
  for (draws in c(1, 2, 3, 4, 200)) {
    got <- predict(trio, waves$x, "draws", draws = draws)
    expect_identical(nrow(got), as.integer(3 * ceiling(draws / 3)))
  }
  expect_identical(check_draws(1e7, trio), 9999999L)
  expect_identical(check_draws(7, fits$gaussian), 7L)
  expect_error(predict(trio, waves$x, draws = 0), class = "bbb_error_argument")
})

test_that("every type of every family is told of several fits, row by row", {
  y <- list(
    gaussian = cbind(waves$y, -waves$y), binomial = pairs$y, categorical = trios$y,
    ordinal = factor(trios$y, ordered = TRUE), poisson = round(abs(waves$y)),
    student_t = waves$y, weibull = cbind(exp(waves$x[, 1]), rep(0:1, 12))
  )
  types <- eval(formals(predict.bbb_fit)$type)
  for (family in names(y)) {
    fit <- three_fits(waves$x, y[[family]], family = family, fits = 2, epochs = 2)
    single <- quick(waves$x, y[[family]], family = family, epochs = 2)
    expect_identical(dim(fitted(fit)), dim(fitted(single)))
    score <- function(fit) bbb_score(fit, waves$x, y[[family]])
    expect_identical(names(score(fit)), names(score(single)))
    for (type in types) {
      ask <- function(fit, rows) {
        tryCatch(
          predict(fit, waves$x[rows, , drop = FALSE], type, times = 1:2, draws = 10),
          bbb_error = function(e) class(e)
        )
      }
      all <- ask(fit, 1:24)
      expect_identical(attributes(all), attributes(ask(single, 1:24)))
      if (type == "draws") all <- aperm(array(all, c(10, 24, length(all) / 240)), c(2, 1, 3))
      backwards <- ask(fit, 24:1)
      if (type == "draws") {
        backwards <- aperm(array(backwards, c(10, 24, length(backwards) / 240)), c(2, 1, 3))
      }
      if (is.character(all) || is.data.frame(all)) next
      expect_identical(
        matrix(as.vector(backwards), 24)[24:1, ], matrix(as.vector(all), 24)[1:24, ]
      )
    }
  }
})

# ---- what a fit can be asked -------------------------------------------------

test_that("bbb_gradients() is of one member", {
  expect_error(
    bbb_gradients(trio, waves$x, waves$y), "`member` must be given: which of the 3",
    class = "bbb_error_argument"
  )
  eps <- sin(seq_along(trio$members[[1]]$mu))
  single <- quick(waves$x, waves$y, seed = c(1, 1))
  expect_identical(
    bbb_gradients(trio, waves$x, waves$y, eps, member = 2),
    bbb_gradients(single, waves$x, waves$y, eps)
  )
  expect_error(bbb_gradients(single, waves$x, waves$y, eps, 2), class = "bbb_error_argument")
})

test_that("fitted values, residuals, nobs and formula are the ensemble's", {
  expect_identical(fitted(trio), predict(trio, waves$x))
  expect_equal(fitted(trio) + residuals(trio), waves$y)
  expect_identical(nobs(trio), 24L)
  expect_equal(formula(three_fits(y ~ ., mixed)), formula(quick(y ~ ., mixed)))
})

test_that("bad `fits` are refused", {
  for (bad in list(0, -1, 1.5, 1e6, NA, "5", NULL, c(1, 2), Inf)) {
    expect_error(bbb_control(fits = bad), "`fits` must be one whole", class = "bbb_error_argument")
  }
})
