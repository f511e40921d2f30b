test_that("settings are returned in the type that the core takes", {
  control <- bbb_control(epochs = 10, batch_size = 5, samples = 2, seed = 3)

  expect_s3_class(control, "bbb_control")
  expect_identical(control$epochs, 10L)
  expect_identical(control$batch_size, 5L)
  expect_identical(control$samples, 2L)
  expect_identical(control$seed, c(3L, 0L))
  expect_identical(control$optimizer, "adam")
  expect_identical(control$max_seconds, Inf)
})

test_that("settings of the call come before those of `control`", {
  control <- bbb_control(epochs = 3, samples = 2, seed = 1)
  fit <- bbb_fit(waves$x, waves$y, hidden = 2, control = control, epochs = 4)

  expect_identical(fit$control$epochs, 4L)
  expect_identical(fit$control$samples, 2L)
  expect_identical(nrow(fit$history), 4L)
})

test_that("the fit keeps what was chosen for it", {
  fit <- bbb_fit(waves$x, waves$y, hidden = 2, max_seconds = 0)

  chosen <- fit$control[c("epochs", "batch_size", "samples", "learn_rate", "seed")]
  expect_false(any(vapply(chosen, is.null, NA)))
  expect_identical(fit$control$seed, fit$seed)
})

test_that("choices of the data's size are whole numbers within it", {
  for (n in c(1, 2, 7, 100, 5000, 1e5, 1e7)) {
    control <- settle_control(bbb_control(), as.integer(n))

    expect_true(control$batch_size >= 1 && control$batch_size <= n)
    expect_true(control$epochs >= 1 && control$epochs == trunc(control$epochs))
    expect_true(control$samples >= 1 && control$samples == trunc(control$samples))
  }
})

test_that("a control that was changed by hand is checked again", {
  control <- bbb_control()
  control$epochs <- "many"
  expect_error(
    quick(waves$x, waves$y, control = control, epochs = NULL),
    NA
  )
  expect_error(
    bbb_fit(waves$x, waves$y, control = control), "`epochs`", class = "bbb_error_argument"
  )
  control <- bbb_control(epochs = 1)
  control$epoch <- 3
  expect_error(
    bbb_fit(waves$x, waves$y, control = control), "no argument `epoch`",
    class = "bbb_error_argument"
  )
})

test_that("an unknown setting is refused before its value is looked at", {
  expect_error(
    bbb_fit(y ~ a, mixed, where = nowhere > 3), "no argument `where`",
    class = "bbb_error_argument"
  )
  expect_error(
    bbb_fit(waves$x, waves$y, wt = nowhere), "no argument `wt`",
    class = "bbb_error_argument"
  )
})

test_that("a setting given twice is refused", {
  error <- caught(bbb_fit(waves$x, waves$y, epochs = 3, epochs = 4))

  expect_s3_class(error, "bbb_error_argument")
  expect_match(conditionMessage(error), "twice: `epochs`")
})

test_that("a setting without a name is refused", {
  expect_error(
    bbb_fit(
      waves$x, waves$y, 2, "gaussian", prior_normal(), "relu", NULL, NULL, NULL,
      bbb_control(), stats::na.pass, 3
    ),
    "must be named", class = "bbb_error_argument"
  )
})

test_that("the learning rate follows its schedule", {
  rates <- function(schedule) {
    quick(waves$x, waves$y, schedule = schedule, learn_rate = 0.1, epochs = 8)$history$learn_rate
  }

  expect_equal(rates("constant"), rep(0.1, 8))
  expect_false(is.unsorted(rev(rates("cosine"))))
  expect_lt(rates("cosine")[8], 0.01)
  expect_equal(rates("step"), 0.1 * c(1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01), tolerance = 1e-6)
})

test_that("SGD that diverges does not when its gradients are clipped", {
  fit <- function(...) {
    bbb_fit(
      waves$x, waves$y, hidden = 8, noise = 0.1, optimizer = "sgd", epochs = 300,
      samples = 1, seed = 1, ...
    )
  }

  expect_error(fit(), class = "bbb_error_diverged")
  clipped <- fit(clip = 10)

  expect_lt(sd(residuals(clipped)), 0.2 * sd(waves$y))
  expect_identical(clipped$control$clip, 10)
})

test_that("a known noise is for numeric outcomes", {
  expect_error(
    quick(pairs$x, pairs$y, noise = 1), "family \"gaussian\" only", class = "bbb_error_argument"
  )
})

test_that("a control prints a setting a line", {
  lines <- capture.output(value <- print(bbb_control(epochs = 7, verbose = FALSE)))

  expect_identical(sub(" .*", "", lines), setdiff(names(formals(bbb_control)), "..."))
  expect_match(lines[1], "^epochs +7$")
  expect_match(grep("^learn_rate", lines, value = TRUE), "chosen from the data")
  expect_s3_class(value, "bbb_control")
})
