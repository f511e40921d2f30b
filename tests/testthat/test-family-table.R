# The table of families is whole: parameters and draws of each.

test_that("every family says how its outcomes are distributed", {
  expect_setequal(names(outcome_draws), names(families))
})

test_that("each family learns its own parameters", {
  near <- function(family, want, factor) {
    got <- family_fits[[family]]$parameters
    expect_identical(names(got), names(want))
    expect_true(all(got / want < factor & want / got < factor), label = family)
  }
  near("student_t", c(scale = 2, df = 3), 2)
  near("negbinomial", c(dispersion = 0.5), 1.4)
  near("gamma", c(shape = 4), 1.4)
  near("lognormal", c("sd of log" = 0.3), 1.2)
  near("weibull", c(scale = 0.4), 1.25)
  near("loglogistic", c(scale = 0.3), 1.25)
  cuts <- family_fits$ordinal$parameters
  expect_identical(names(cuts), c("low|mid", "mid|high"))
  expect_lt(max(abs(cuts - mean(predict(family_fits$ordinal, cbind(0, 0), "link")) - c(-1, 0.5))), 0.5)
  expect_length(family_fits$poisson$parameters, 0)
})

test_that("a fit prints its parameters, a summary too", {
  shown <- function(fit) paste(capture.output(print(fit)), collapse = "\n")

  expect_match(shown(family_fits$student_t), "scale [0-9.]+, df [0-9.]+")
  expect_match(shown(family_fits$gamma), "nats, shape [0-9.]+")
  expect_match(shown(family_fits$ordinal), "low\\|mid -?[0-9.]+, mid\\|high")
  expect_match(shown(summary(family_fits$negbinomial)), "Dispersion +[0-9.]+, learned")
  expect_match(shown(summary(family_fits$student_t)), "Parameters +scale [0-9.]+, df")
  expect_false(grepl("Parameters", shown(summary(family_fits$poisson))))
  expect_identical(family_fits$gamma$noise, NA_real_)
  expect_true(all(is.na(family_fits$gamma$history$noise)))
})
