# Kinds of fields of a fit.

test_that("numbers within bounds are told from all else", {
  expect_true(is_within(c(-1, 1), 2L, 1))
  expect_true(is_within(numeric(), 0L, 1))
  for (x in list(c(-1, 1.1), c(1, NaN), c(1, NA), 1, 1:2, c(1, Inf), matrix(1, 1, 2), list(1, 2), Sys.Date() + 1:2)) {
    expect_false(is_within(x, 2L, 1))
  }
})

test_that("what is wrong with numbers is said", {
  expect_identical(problem_of_numbers("a", 1, 9), "it is character.")
  expect_identical(problem_of_numbers(list(1), 1, 9), "it is a list.")
  expect_identical(problem_of_numbers(1:3, 2, 9), "it has 3.")
  expect_identical(problem_of_numbers(c(1, NA, NaN, 10), 4, 9), "3 of them are not so.")
})
