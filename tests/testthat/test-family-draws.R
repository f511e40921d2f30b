# Outcomes that are drawn have the mean and sd of the predictive distribution.

test_that("simulations have the mean and sd of the predictive distribution", {
  row <- waves$x[rep(2, 3000), ]
  for (family in setdiff(names(known_families), c("categorical", "ordinal", "loglogistic"))) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    set.seed(3)
    y <- as.numeric(unlist(simulate(fit, 2, newdata = row)))
    if (family == "binomial") y <- y - 1

    want <- predict(fit, row[1, , drop = FALSE], "uncertainty")
    error <- want$sd_aleatoric / sqrt(6000) + want$sd_epistemic
    expect_lt(abs(mean(y) - want$mean), 5 * error)
    expect_lt(abs(sd(y) / want$sd_total - 1), 0.25)
  }
})

test_that("simulated classes have the predicted probabilities", {
  row <- waves$x[rep(2, 4000), ]
  for (family in c("categorical", "ordinal")) {
    fit <- quick(waves$x, known_families[[family]], family = family)
    y <- simulate(fit, 1, seed = 4, newdata = row)$sim_1

    want <- predict(fit, row[1, , drop = FALSE], "prob")
    expect_identical(levels(y), colnames(want))
    expect_identical(is.ordered(y), family == "ordinal")
    expect_lt(max(abs(as.vector(prop.table(table(y))) - want)), 0.1)
  }
})
