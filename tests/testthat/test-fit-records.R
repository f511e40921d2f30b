# The records of a training.

test_that("fits that training left in any state pass", {
  states <- list(
    quick(waves$x, waves$y, epochs = 1e6, max_seconds = 0, batch_size = 5),
    quick(waves$x, waves$y, validation = 0.3, epochs = 300, patience = 2, learn_rate = 0.05),
    quick(waves$x, waves$y, optimizer = "sgd", momentum = 0, learn_rate = 1e-3),
    quick(waves$x, waves$y, noise = 1e-3, prior = prior_normal(c(1, 2)), kl = "exact"),
    quick(waves$x, trios$y, class_weights = "balanced", validation = 0.2, fits = 2)
  )
  for (one in states) {
    expect_silent(check_training(check_fit(one)))
    expect_s3_class(summary(one), "summary.bbb_fit")
  }
})
