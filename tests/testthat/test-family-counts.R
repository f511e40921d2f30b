# Counts.

test_that("quantiles of counts are whole", {
  for (family in c("poisson", "negbinomial")) {
    q <- predict(family_fits[[family]], family_newx, "quantile")
    expect_identical(q, round(q))
    expect_true(all(q >= 0))
  }
})
