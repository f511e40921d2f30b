# Outcomes of classes: their levels, and what a fit of them learns.

test_that("two classes are the same fit as logical, 0/1, factor and character", {
  x <- pairs$x
  y <- pairs$y
  mu <- quick(x, y)$mu

  expect_identical(quick(x, as.integer(y), family = "binomial")$mu, mu)
  expect_identical(quick(x, factor(y))$mu, mu)
  expect_identical(quick(x, ifelse(y, "yes", "no"))$mu, mu)
})

test_that("classes are the sorted values or the factor's own order", {
  words <- c("b", "a", "c")[rep(1:3, 8)]

  levels_of <- function(y) quick(waves$x, y, family = "categorical")$outcome$levels

  expect_identical(levels_of(words), c("a", "b", "c"))
  expect_identical(levels_of(factor(words, c("c", "b", "a"))), c("c", "b", "a"))
  expect_identical(levels_of(rep(3:1, 8)), c("1", "2", "3"))
})

test_that("one class only is an error that names it", {
  one <- list(rep("yes", 24), factor(rep("yes", 24), c("yes", "no")))
  for (y in one) {
    expect_error(quick(waves$x, y), "one class only, \"yes\"", class = "bbb_error_data")
  }
  expect_error(quick(waves$x, rep(FALSE, 24)), "\"FALSE\"", class = "bbb_error_data")
  expect_error(quick(waves$x, rep(1, 24), family = "binomial"), "\"1\"", class = "bbb_error_data")
})

test_that("slopes of two classes and of three are learned", {
  set.seed(9)
  x <- cbind(a = runif(2000, -1, 1), b = runif(2000, -1, 1))
  eta <- as.vector(x %*% c(1.2, -0.6))
  two <- learned_family("binomial", x = x, y = factor(eta + rlogis(2000) > 0))
  scores <- cbind(0, eta, x[, "b"] - 0.5) - log(rexp(6000))
  three <- learned_family("categorical", x = x, y = factor(letters[max.col(scores)]))

  expect_lt(max(abs(predict(two, family_newx, "link") - true_eta)), 0.3)
  link <- predict(three, family_newx, "link")
  expect_lt(max(abs(link[, "b"] - link[, "a"] - true_eta)), 0.4)
  expect_lt(max(abs(link[, "c"] - link[, "a"] - (family_newx[, "b"] - 0.5))), 0.4)
  expect_length(c(two$parameters, three$parameters), 0)
})
