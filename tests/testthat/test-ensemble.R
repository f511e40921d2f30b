# Several fits, whose equal mixture predicts.

# Made in this process, and when a test first asks.
three <- function(..., fits = 3) {
  with_cores(1, quick(..., fits = fits))
}
delayedAssign("trio", three(waves$x, waves$y))

all_timeless <- function(fit) {
  fit$members <- lapply(fit$members, timeless)
  fit
}

test_that("members are the single fits of the seed and the numbers after it", {
  settings <- list(
    list(), list(validation = 0.25), list(noise = 0.3), list(seed = c(7, 2^31 - 2))
  )
  for (with in settings) {
    fit <- do.call(three, c(list(waves$x, waves$y), with))
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
  alone <- three(waves$x, waves$y, fits = 1)
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
    fit <- three(waves$x, y[[family]], family = family, fits = 2, epochs = 2)
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

test_that("an ensemble and its summary print", {
  lines <- capture.output(value <- withVisible(print(trio)))
  expect_false(value$visible)
  expect_identical(value$value, trio)
  expect_length(lines, 3L)
  expect_match(lines[2], "^3 fits of 21 weights, 24 rows, 6 epochs \\(0 converged\\)$")
  expect_match(lines[3], "^ELBO -?[0-9.]+ nats on average \\(.* to .*\\), noise sd .* to ")

  summary <- summary(trio)
  expect_identical(summary$elbo, mean(summary$members$elbo))
  expect_identical(
    summary$members$elbo, vapply(1:3, \(i) summary(member_fit(trio, i))$elbo, 0)
  )
  expect_identical(summary$fits, 3L)
  expect_identical(summary$converged, FALSE)
  expect_identical(summary$layers$weights, c(16L, 5L))
  expect_equal(summary$noise, mean(vapply(trio$members, `[[`, 0, "noise")))
  lines <- capture.output(print(summary))
  expect_match(lines, "a mean and a sd each, in 3 fits", all = FALSE)
  expect_match(lines, "nats on average", all = FALSE)
  expect_match(lines, "^Converged +no, 0 of 3", all = FALSE)
  expect_identical(length(summary(three(pairs$x, pairs$y))$parameters), 0L)
  ordered <- factor(trios$y, ordered = TRUE)
  expect_output(print(summary(three(trios$x, ordered))), "Parameters")
  expect_output(print(three(pairs$x, pairs$y)), "^Bayesian.*on average \\([^,]*\\)$")
})

test_that("coef() has all members or one", {
  all <- coef(trio)

  expect_identical(names(all), c("member", "layer", "from", "to", "mu", "sigma"))
  expect_identical(all$mu, unlist(lapply(trio$members, `[[`, "mu")))
  expect_identical(coef(trio, 2)$mu, trio$members[[2]]$mu)
  expect_identical(names(coef(trio, 2)), names(all)[-1])
  expect_identical(coef(fits$gaussian, 1), coef(fits$gaussian))
  for (member in list(0, 4, "a", 1:2, NA)) {
    expect_error(
      coef(trio, member), "`member` must be one whole number", class = "bbb_error_argument"
    )
  }
})

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
  expect_equal(formula(three(y ~ ., mixed)), formula(quick(y ~ ., mixed)))
})

test_that("the histories and the weights of all members are drawn", {
  joined <- joined_history(trio)
  expect_identical(which(is.na(joined$epoch)), c(7L, 14L))
  expect_identical(joined$elbo[8:13], trio$members[[2]]$history$elbo)
  on_null_device(expect_silent(plot(trio)))
  empty <- three(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  on_null_device(
    expect_error(plot(empty), "no finished epoch", class = "bbb_error_argument")
  )
})

test_that("bad `fits` are refused", {
  for (bad in list(0, -1, 1.5, 1e6, NA, "5", NULL, c(1, 2), Inf)) {
    expect_error(bbb_control(fits = bad), "`fits` must be one whole", class = "bbb_error_argument")
  }
})

# ---- going on ----------------------------------------------------------------

test_that("all members go on, to the bits of more epochs at once", {
  for (with in list(list(), list(validation = 0.25))) {
    run <- function(epochs) {
      do.call(three, c(list(waves$x, waves$y, epochs = epochs, schedule = "constant"), with))
    }
    more <- bbb_continue(run(5), waves$x, waves$y, epochs = 5)
    ten <- run(10)

    expect_identical(fitted(more), fitted(ten))
    expect_identical(all_timeless(more)$members, all_timeless(ten)$members)
  }
  expect_error(bbb_continue(ten, waves$x, waves$y), "`epochs` must be given")
})

test_that("members that the validation score stopped go on by as many epochs", {
  fit <- three(
    waves$x, waves$y, validation = 0.3, epochs = 500, learn_rate = 0.05, patience = 3
  )
  epochs <- vapply(fit$members, \(one) nrow(one$history), 0L)
  expect_gt(length(unique(epochs)), 1)

  more <- bbb_continue(fit, waves$x, waves$y, epochs = 2)

  expect_identical(vapply(more$members, \(one) nrow(one$history), 0L), epochs + 2L)
})

test_that("max_seconds is shared, and what is left is trained later", {
  took <- system.time(
    fit <- three(waves$x, waves$y, epochs = 2e5, max_seconds = 0.3)
  )
  expect_gt(took[["elapsed"]], 0.25)
  expect_lt(took[["user.self"]], 1)
  expect_identical(vapply(fit$members, `[[`, "", "stopped"), rep("max_seconds", 3))
  expect_true(all(is.finite(predict(fit, waves$x))))

  whole <- three(waves$x, waves$y, batch_size = 5)
  fit <- three(waves$x, waves$y, batch_size = 5, max_seconds = 0)
  expect_identical(capture.output(print(fit))[3], character()[1])
  fit <- bbb_continue(fit, waves$x, waves$y)
  expect_identical(all_timeless(fit)$members, all_timeless(whole)$members)
})

# ---- stopped -----------------------------------------------------------------

# A family that interrupts its fit while the data are prepared.
interrupting <- function() {
  tools::pskill(Sys.getpid(), tools::SIGINT)
  stats::gaussian()
}

test_that("an interrupted ensemble predicts, and goes on to the same bits", {
  skip_on_os("windows")
  whole <- three(waves$x, waves$y, epochs = 20000, batch_size = 5)
  for (cores in c(1, 2)) {
    local({
      local_interrupted_training()
      expect_warning(
        fit <<- with_cores(cores, quick(
          waves$x, waves$y, fits = 3, epochs = 20000, batch_size = 5
        )),
        "interrupted when 0 of 3 fits were done", class = "bbb_warning_stopped"
      )
    })
    expect_s3_class(fit, "bbb_fit")
    expect_true(all(is.finite(predict(fit, waves$x))))
    expect_output(print(fit), "1 of 3 fits|2 of 3 fits")
    expect_output(print(summary(fit)), "Converged +no.*`bbb_continue\\(\\)`")
    expect_error(coef(fit, 3), "not begun", class = "bbb_error_argument")
    expect_error(fitted(fit), class = "bbb_error_argument")

    fit <- bbb_continue(fit, waves$x, waves$y)
    expect_identical(all_timeless(fit)$members, all_timeless(whole)$members)
    expect_identical(fitted(fit), fitted(whole))
  }
})

test_that("an ensemble of which no member began is interrupted as R is", {
  skip_on_os("windows")
  outcome <- function(code) tryCatch(code, interrupt = function(condition) "interrupt")
  for (cores in c(1, 2)) {
    expect_identical(
      outcome(with_cores(cores, quick(waves$x, waves$y, family = interrupting, fits = 3))),
      "interrupt"
    )
    local({
      local_interrupted_training(before = TRUE)
      expect_identical(
        outcome(with_cores(cores, quick(waves$x, waves$y, fits = 3))), "interrupt"
      )
    })
  }
})

test_that("of an interrupted ensemble those are used that are done or no less trained", {
  fit <- trio
  fit$members[[1]]$stopped <- "interrupt"
  expect_length(usable_members(fit), 3L)
  fit$members[[1]]$history <- fit$members[[1]]$history[1:2, ]
  expect_identical(usable_members(fit), fit$members[2:3])
  for (i in 2:3) fit$members[[i]]$stopped <- "interrupt"
  expect_length(usable_members(fit), 3L)
  fit$members[[2]]$mu <- NULL
  expect_identical(usable_members(fit), fit$members[c(1, 3)])
})

test_that("a member's error is the fit's", {
  for (cores in c(1, 2)) {
    error <- with_cores(cores, caught(
      quick(waves$x, waves$y, fits = 3, optimizer = "sgd", learn_rate = 1e30)
    ))
    expect_s3_class(error, "bbb_error_diverged")
    expect_match(conditionMessage(error), "stopped being finite")
    expect_identical(as.character(conditionCall(error)[[1]]), "bbb_fit")
  }
})
