# Predictions: the shape, names and meaning of each type.

gap <- replace(newx, 2, NA)

test_that("response is a vector, or probabilities of more than two classes", {
  expect_type(predicted("gaussian", "response"), "double")
  expect_null(attributes(predicted("gaussian", "response")))
  p <- predicted("binomial", "response")
  expect_true(all(p > 0 & p < 1))
  expect_null(attributes(p))
  expect_identical(predicted("categorical", "response"), predicted("categorical", "prob"))
})

test_that("link is the mean of the network's output", {
  expect_null(attributes(predicted("binomial", "link")))
  eta <- predicted("categorical", "link")
  expect_identical(dimnames(eta), list(NULL, c("high", "low", "mid")))
  expect_equal(predicted("gaussian", "link"), predicted("gaussian", "response"), tolerance = 1e-6)
})

test_that("prob is a matrix of named probabilities that sum to one", {
  for (family in c("binomial", "categorical")) {
    p <- predicted(family, "prob")

    expect_identical(colnames(p), fits[[family]]$outcome$levels)
    expect_identical(dim(p), c(3L, length(fits[[family]]$outcome$levels)))
    expect_equal(rowSums(p), rep(1, 3))
    expect_true(all(p >= 0))
  }
  expect_identical(unname(predicted("binomial", "prob")[, 2]), predicted("binomial", "response"))
})

test_that("class is the most probable one, a factor of the fit's levels", {
  for (family in c("binomial", "categorical")) {
    class <- predicted(family, "class", waves$x)
    p <- predicted(family, "prob", waves$x)

    expect_identical(levels(class), fits[[family]]$outcome$levels)
    expect_identical(as.integer(class), unname(apply(p, 1, which.max)))
  }
})

test_that("interval is fit, lwr and upr, and widens with level", {
  for (family in c("gaussian", "binomial")) {
    narrow <- predicted(family, "interval", level = 0.5)
    wide <- predicted(family, "interval", level = 0.99)

    expect_identical(dimnames(narrow), list(NULL, c("fit", "lwr", "upr")))
    expect_identical(narrow[, "fit"], predicted(family, "response"))
    expect_true(all(wide[, "lwr"] < narrow[, "lwr"] & narrow[, "lwr"] < narrow[, "upr"]))
    expect_true(all(narrow[, "upr"] < wide[, "upr"]))
  }
  p <- predicted("binomial", "interval", level = 0.999)
  expect_true(all(p >= 0 & p <= 1))
})

test_that("an interval is the two quantiles of its tails", {
  for (family in c("gaussian", "binomial")) {
    interval <- predicted(family, "interval", level = 0.8)
    quantiles <- predicted(family, "quantile", probs = c(0.1, 0.9))

    expect_equal(unname(interval[, 2:3]), unname(quantiles))
  }
})

test_that("quantiles are named, and rise with their probability", {
  probs <- c(0.025, 0.1, 0.5, 0.9, 0.999)
  for (family in c("gaussian", "binomial")) {
    quantiles <- predicted(family, "quantile", probs = probs)

    expect_identical(dim(quantiles), c(3L, 5L))
    expect_identical(as.numeric(sub("%", "", colnames(quantiles))), 100 * probs)
    expect_true(all(apply(quantiles, 1, diff) > 0))
  }
  expect_identical(colnames(predicted("gaussian", "quantile")), c("5%", "50%", "95%"))
})

test_that("draws are draws x rows, of more classes draws x rows x classes", {
  expect_identical(dim(predicted("gaussian", "draws")), c(200L, 3L))
  expect_identical(dim(predicted("binomial", "draws", draws = 7)), c(7L, 3L))
  draws <- predicted("categorical", "draws", draws = 7)
  expect_identical(dim(draws), c(7L, 3L, 3L))
  expect_identical(dimnames(draws)[[3]], fits$categorical$outcome$levels)
  expect_equal(unname(apply(draws, 1:2, sum)), matrix(1, 7, 3))
})

types <- list(
  gaussian = c("response", "link", "interval", "quantile", "draws", "uncertainty"),
  binomial = c(
    "response", "link", "class", "prob", "interval", "quantile", "draws", "uncertainty"
  ),
  categorical = c("response", "link", "class", "prob", "draws", "uncertainty")
)

# Rows of a prediction, whichever its shape.
rows_of <- function(value, rows, type) {
  if (is.null(dim(value))) return(value[rows])
  if (type != "draws") return(value[rows, , drop = FALSE])
  if (length(dim(value)) == 2L) value[, rows, drop = FALSE] else value[, rows, , drop = FALSE]
}

plain <- function(value) {
  if (is.data.frame(value)) rownames(value) <- NULL
  value
}

for (family in names(types)) for (type in types[[family]]) {
  test_that(paste("a row's answer does not depend on the others:", family, type), {
    for (joint in c(TRUE, FALSE)) {
      whole <- predicted(family, type, waves$x, joint = joint)
      some <- c(9, 2, 17, 2)

      expect_identical(
        plain(predicted(family, type, waves$x[some, ], joint = joint)),
        plain(rows_of(whole, some, type))
      )
      expect_identical(
        predicted(family, type, waves$x[5, , drop = FALSE], joint = joint),
        plain(rows_of(whole, 5, type))
      )
      expect_identical(predicted(family, type, waves$x, joint = joint), whole)
    }
  })

  test_that(paste("incomplete rows are NA, and no rows are no rows:", family, type), {
    value <- predicted(family, type, gap)

    expect_true(all(is.na(unlist(rows_of(value, 2, type)))))
    expect_identical(
      plain(rows_of(value, c(1, 3), type)), plain(predicted(family, type, newx[c(1, 3), ]))
    )
    none <- predicted(family, type, newx[0, ])
    expect_length(unlist(none), 0)
    expect_identical(class(none), class(value)) # nolint: expect_s3_class_linter.
    expect_identical(names(dimnames(none)), names(dimnames(value)))
  })

  test_that(paste("seed and draws change the draws, R's generator does not:", family, type), {
    set.seed(1)
    first <- predicted(family, type, waves$x, draws = 20)
    set.seed(2)
    before <- .Random.seed

    expect_identical(predicted(family, type, waves$x, draws = 20), first)
    expect_identical(.Random.seed, before)
    if (type == "class") return()
    seeded <- predicted(family, type, waves$x, draws = 20, seed = 9)
    expect_false(identical(seeded, first))
    expect_identical(predicted(family, type, waves$x, draws = 20, seed = 9), seeded)
  })
}

test_that("rows drawn apart have the mean and spread of rows drawn jointly", {
  draws <- 4000
  for (family in c("gaussian", "binomial")) {
    joint <- predicted(family, "uncertainty", waves$x, draws = draws)
    apart <- predicted(family, "uncertainty", waves$x, draws = draws, joint = FALSE)

    error <- joint$sd_epistemic * sqrt(2 / draws)
    expect_lt(max(abs(apart$mean - joint$mean) / error), 5)
    # draws are not quite normal: twice the error that the sd of normals has
    expect_lt(max(abs(log(apart$sd_epistemic / joint$sd_epistemic))), 10 / sqrt(draws))
    expect_false(any(apart$mean == joint$mean))
  }
})

test_that("without new data the training rows are predicted", {
  expect_identical(predict(fits$gaussian), predict(fits$gaussian, waves$x))
  expect_identical(predict(fits$gaussian), fitted(fits$gaussian))
})

test_that("epistemic uncertainty grows away from the data", {
  x <- seq(-1, 1, length.out = 60)
  fit <- bbb_fit(x, sin(3 * x) + cos(40 * x) / 10, hidden = 16, epochs = 400, seed = 1)
  sd <- predict(fit, c(0, 3, 10), "uncertainty")$sd_epistemic

  expect_true(all(diff(sd) > 0))
})
