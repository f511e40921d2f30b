# What a fit keeps of its training rows.

test_that("fitted values and residuals that cannot be are refused", {
  wrong <- list(
    edited(fits$gaussian, fit$fitted <- 1:1e5 + 0), edited(fits$gaussian, fit$fitted[2] <- NaN),
    edited(fits$gaussian, fit$fitted <- as.list(fit$fitted)), edited(fits$gaussian, fit$fitted <- matrix(fit$fitted)),
    edited(fits$binomial, fit$fitted[1] <- 1.5), edited(fits$categorical, fit$fitted <- fit$fitted[, 1])
  )
  for (fit in wrong) expect_error(fitted(fit), "`fit$fitted` must have", fixed = TRUE, class = "bbb_error_argument")
  expect_error(
    residuals(edited(fits$gaussian, fit$residuals[3] <- NA)), "`fit$residuals` must have", fixed = TRUE,
    class = "bbb_error_argument"
  )
  expect_error(
    fitted(edited(fits$gaussian, fit$na_action <- 99L)), "`fit$na_action` must be", fixed = TRUE,
    class = "bbb_error_argument"
  )
})

test_that("censored times and rows without trials may lack a residual", {
  times <- quick(waves$x, cbind(waves$y, rep(0:1, 12)), family = "loglogistic")
  expect_identical(which(is.na(residuals(times))), seq(1L, 23L, 2L))
})
