test_that("terms, columns and rows have the names that lm() gives them", {
  cars <- datasets::mtcars[1:20, ]
  fit <- quick(mpg ~ log(wt) + factor(cyl), cars)
  lm <- lm(mpg ~ log(wt) + factor(cyl), cars)

  expect_identical(labels(fit), labels(lm))
  expect_identical(variable.names(fit), variable.names(lm)[-1])
  expect_identical(case.names(fit), case.names(lm))
  expect_identical(names(fitted(fit)), names(fitted(lm)))
  expect_identical(names(residuals(fit)), names(residuals(lm)))
  expect_identical(names(predict(fit, cars[3:1, ])), names(predict(lm, cars[3:1, ])))
  expect_identical(
    rownames(predict(fit, cars[3:1, ], "interval")), rownames(predict(lm, cars[3:1, ], interval = "prediction"))
  )
})

test_that("rows of a data frame have its row names, of whatever kind", {
  rows <- list(mixed, mixed[c(9, 4, 7), ], head(mixed, 3), transform(mixed, a = replace(a, 2, NA)))
  fit <- fits$mixed
  for (d in rows) {
    expect_identical(names(predict(fit, d)), rownames(d))
    expect_identical(rownames(predict(fit, d, "quantile")), rownames(d))
    expect_identical(colnames(predict(fit, d, "draws", draws = 3)), rownames(d))
    expect_identical(attr(predict(fit, d, "uncertainty"), "row.names"), attr(d, "row.names"))
  }
  expect_identical(predict(fit, mixed)[c(9, 4)], predict(fit, mixed[c(9, 4), ]))
  left <- predict(fit, rows[[4]], na.action = na.omit)
  expect_identical(names(left), rownames(mixed)[-2])
})

test_that("a matrix gives names where it has some, at the fit and later", {
  named <- waves$x
  rownames(named) <- paste0("row", 1:24)
  fit <- quick(named, waves$y)
  classes <- quick(named, trios$y)

  expect_null(names(predict(fit, waves$x)))
  expect_null(names(fitted(fits$gaussian)))
  expect_null(case.names(fits$gaussian))
  expect_identical(names(predict(fit, named)), rownames(named))
  expect_identical(names(fitted(fit)), rownames(named))
  expect_identical(names(residuals(fit, "quantile", named, waves$y)), rownames(named))
  expect_identical(rownames(fitted(classes)), rownames(named))
  expect_identical(rownames(residuals(classes)), rownames(named))
  expect_identical(labels(fit), c("a", "b", "c"))
  expect_identical(names(fitted(bbb_continue(fit, named, waves$y, epochs = 1))), rownames(named))
  expect_identical(names(fitted(bbb_update(fit, named[3:1, ], 1:3, epochs = 1))), rownames(named)[3:1])
})

test_that("rows that na.exclude() left out have their own names", {
  cars <- datasets::mtcars[1:20, ]
  cars$wt[c(2, 5)] <- NA
  lm <- lm(mpg ~ wt, cars, na.action = na.exclude)
  expect_identical(names(fitted(quick(mpg ~ wt, cars, na.action = na.exclude))), names(fitted(lm)))
  expect_identical(names(fitted(quick(cars["wt"], cars$mpg, na.action = na.exclude))), names(fitted(lm)))
  expect_identical(names(fitted(quick(mpg ~ wt, cars, na.action = na.omit))), rownames(cars)[-c(2, 5)])
})

test_that("a fit without its fitted values has no names of rows", {
  fit <- quick(mpg ~ hp, datasets::mtcars)
  fit$fitted <- fit$residuals <- NULL
  expect_null(case.names(fit))
  expect_false(any(grepl("Mazda", rapply(unclass(fit), function(x) paste(format(x), collapse = " "), how = "unlist"))))
})
