# Positive outcomes.

test_that("the units of the outcome do not change a fit of a positive one", {
  for (family in c("gamma", "lognormal", "weibull", "student_t")) {
    y <- family_data[[family]]
    tens <- if (is.matrix(y)) cbind(10 * y[, 1], y[, 2]) else 10 * y
    fit <- bbb_fit(family_data$x, y, hidden = 3, family = family, epochs = 5, seed = 2)
    ten <- bbb_fit(family_data$x, tens, hidden = 3, family = family, epochs = 5, seed = 2)

    expect_equal(predict(ten, family_newx), 10 * predict(fit, family_newx), tolerance = 1e-4)
    events <- if (is.matrix(y)) mean(y[, 2]) else 1
    expect_equal(
      bbb_score(ten, family_data$x, tens)$log_score,
      bbb_score(fit, family_data$x, y)$log_score - events * log(10), tolerance = 1e-4
    )
    nll <- function(fit) fit$history$nll[5]
    expect_equal(nll(ten), nll(fit) + 300 * events * log(10), tolerance = 1e-4)
  }
})
