# Real data with published splits, where a copy is at hand: a folder `uci` in the
# folder that BBB_DATA names, with data.txt and splits.csv.gz of each set.

# Split k, from 0, of a set: the first n_train rows of its column train.
read_uci <- function(set, k, n_train) {
  folder <- file.path(Sys.getenv("BBB_DATA"), "uci", set)
  all <- as.matrix(utils::read.table(file.path(folder, "data.txt")))
  rows <- utils::read.csv(file.path(folder, "splits.csv.gz"))[[k + 1L]] + 1L
  train <- rows[seq_len(n_train)]
  test <- rows[-seq_len(n_train)]
  last <- ncol(all)
  list(
    x = all[train, -last], y = all[train, last],
    x_test = all[test, -last], y_test = all[test, last]
  )
}

test_that("the defaults predict the Boston test rows well and honestly", {
  skip_on_cran()
  skip_if_not(
    nzchar(Sys.getenv("BBB_DATA")) && dir.exists(file.path(Sys.getenv("BBB_DATA"), "uci")),
    "BBB_DATA names no folder with the UCI data"
  )

  scores <- do.call(rbind, lapply(0:4, function(k) {
    split <- read_uci("bostonHousing", k, 455)
    fit <- bbb_fit(split$x, split$y, hidden = 50, seed = k)
    bbb_score(fit, split$x_test, split$y_test, level = 0.9)
  }))

  expect_identical(scores$n, rep(51L, 5))
  expect_lte(mean(scores$rmse), 3.6)
  expect_gte(mean(scores$log_score), -2.8)
  expect_gt(mean(scores$coverage), 0.8)
  expect_lt(mean(scores$coverage), 0.98)
})
