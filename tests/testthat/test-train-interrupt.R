# Interrupts before, during and after the training.

test_that("an interrupt while the data are prepared is R's own: there is no fit yet", {
  skip_on_os("windows")
  first <- TRUE
  slow <- function(v) {
    interrupts <- first
    first <<- FALSE
    # R acts on it when it next looks, which may be at once
    if (interrupts) interrupting()
    v
  }
  outcome <- function(code) tryCatch(code, interrupt = function(condition) "interrupt")

  expect_identical(outcome(quick(waves$x, waves$y, family = interrupting)), "interrupt")
  expect_identical(outcome(quick(y ~ slow(a), mixed)), "interrupt")
  # and nothing of it is left
  expect_s3_class(outcome(quick(y ~ slow(a), mixed)), "bbb_fit")
})

test_that("an interrupt after that gives the fit so far", {
  skip_on_os("windows")
  local_interrupted_training()

  for (validation in c(0, 0.3)) {
    expect_warning(
      fit <- quick(waves$x, waves$y, epochs = 2e5, validation = validation),
      "Training was interrupted after .* of 200000 epochs", class = "bbb_warning_stopped"
    )
    expect_identical(fit$stopped, "interrupt")
    expect_true(all(is.finite(predict(fit, waves$x))))
  }
  expect_warning(fit <- quick(y ~ a, mixed, epochs = 2e5), class = "bbb_warning_stopped")
  expect_identical(fit$call[[1]], quote(bbb_fit))
})

test_that("a fit that was interrupted goes on to the same bits", {
  skip_on_os("windows")
  whole <- quick(waves$x, waves$y, batch_size = 5, epochs = 10000)
  local({
    local_interrupted_training()
    half <<- suppressWarnings(quick(waves$x, waves$y, batch_size = 5, epochs = 10000))
  })
  expect_identical(half$stopped, "interrupt")
  expect_lt(nrow(half$history), 10000)

  fit <- bbb_continue(half, waves$x, waves$y)
  expect_identical(fit$mu, whole$mu)
  expect_identical(timeless(fit)$history, timeless(whole)$history)
})

test_that("an interrupt is told of when it comes before a value, and just after it", {
  interrupt <- structure(class = c("interrupt", "condition"), list())
  just_after <- unless_interrupted
  environment(just_after) <- list2env(
    list(allowInterrupts = function(expr) {
      expr
      stop(interrupt)
    }),
    parent = environment(unless_interrupted)
  )

  expect_null(unless_interrupted({
    stop(interrupt)
    1
  }))
  expect_warning(value <- just_after(1), class = "bbb_warning_stopped")
  expect_identical(value, 1)
})
