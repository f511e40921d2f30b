# Words and numbers of messages.

test_that("numbers are printed alike whatever the decimal mark", {
  old <- options(OutDec = ",")
  on.exit(options(old))
  big <- quick(rep(1, 2000) * sin(1:2000), cos(1:2000), epochs = 1)

  expect_silent(said <- capture.output(print(big), print(summary(big))))
  expect_match(said[2L], "2.000 rows, 1 epoch (", fixed = TRUE)
})

test_that("one row is not rows", {
  expect_output(print(quick(waves$x[1, , drop = FALSE], 2)), " 1 row, 6 epochs")
})

test_that("names are listed as in a sentence", {
  expect_identical(quoted("a"), "`a`")
  expect_identical(quoted(c("a", "b", "c")), "`a`, `b` and `c`")
  expect_identical(quoted(letters, "", 2L), "a, b and 24 more")
})
