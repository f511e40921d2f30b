# Arguments that do nothing, and words of neighbours.

test_that("an argument of neighbours gets the word to write instead", {
  fit <- fits$gaussian
  says <- function(call, text) expect_error(eval(call), text, fixed = TRUE, class = "bbb_error_argument")
  says(quote(predict(fit, waves$x, interval = "prediction", level = 0.9)), "no argument `interval`; write `type = \"interval\"`.")
  says(quote(predict(fit, waves$x, se.fit = TRUE)), "write `type = \"uncertainty\"`")
  says(quote(predict(fit, new_data = waves$x)), "write `newdata`")
  says(quote(predict(fit, data = waves$x)), "write `newdata`")
  says(quote(predict(fit, waves$x, ndraws = 10)), "write `draws`")
  says(quote(predict(fit, waves$x, ndraws = 10, foo = 1)), "no argument `ndraws` and `foo`; write `draws` for `ndraws`.")
  says(quote(predict(fit, waves$x, foo = 1)), "There is no argument `foo`.")
  says(quote(bbb_fit(waves$x, waves$y, size = 3)), "no argument `size`; write `hidden`.")
  says(quote(bbb_fit(y ~ a, mixed, maxit = 3, lr = 0.1)), "write `epochs` for `maxit` and `learn_rate` for `lr`.")
  says(quote(bbb_fit(waves$x, waves$y, data = mixed)), "it beside a formula")
  says(quote(bbb_fit(waves$x, waves$y, nope = 3)), "`?bbb_control` lists the settings")
  says(quote(bbb_control(n_epochs = 3)), "no argument `n_epochs`; write `epochs`.")
})

test_that("a type of neighbours gets the type to write instead", {
  says <- function(type, text) {
    expect_error(predict(fits$gaussian, waves$x, type = type), text, fixed = TRUE, class = "bbb_error_argument")
  }
  says("raw", "write \"response\", or \"class\" for classes.")
  says("probs", "write \"prob\".")
  says("lp", "write \"link\".")
  says("conf_int", "write \"interval\".")
  says("posterior", "write \"prob\".")
  says("terms", "no terms that add up")
  says("nope", "`type` must be one of")
})

test_that("the words are of no argument or type that there is, and each once", {
  expect_identical(intersect(names(words_of_predict), names(formals(predict.bbb_fit))), character())
  expect_identical(intersect(names(words_of_types), eval(formals(predict.bbb_fit)$type)), character())
  there <- c(names(formals(bbb_control)), names(formals(bbb_fit.default)))
  expect_identical(intersect(names(words_of_fit), there), character())
  for (words in list(words_of_predict, words_of_types, words_of_fit)) expect_false(anyDuplicated(names(words)) > 0)
})

test_that("every method refuses an argument that it does not know", {
  data <- list(fit = fits$mixed, control = bbb_control(), prior = prior_normal(), summary = summary(fits$mixed))
  methods <- grep("[.](summary[.])?bbb_(fit|control|prior)$", ls(asNamespace("bbb")), value = TRUE)
  methods <- methods[vapply(methods, function(name) is.function(get(name)), NA)]
  needs <- list(
    simulate = list(newdata = mixed), model.frame = list(data = mixed), logLik = list(x = mixed),
    predict = list(newdata = mixed), add1 = list(scope = ~.)
  )
  asked <- 0
  for (name in setdiff(methods, "update.bbb_fit")) {
    generic <- sub("[.](summary[.])?bbb_(fit|control|prior)$", "", name)
    kind <- sub("^.*[.](summary|bbb_(fit|control|prior)).*$", "\\1", name)
    object <- data[[sub("bbb_", "", kind)]]
    if (is.null(object)) next
    asked <- asked + 1
    expect_error(
      on_null_device(do.call(name, c(list(object), needs[[generic]], list(no_such_argument = 1)))),
      class = "bbb_error_argument", label = name
    )
  }
  expect_gt(asked, 40)
})

test_that("plot() takes graphical parameters that do something, and no others", {
  expect_error(on_null_device(plot(fits$gaussian, pages = 1)), "no argument `pages`", class = "bbb_error_argument")
  expect_silent(on_null_device(plot(fits$gaussian, lwd = 2, las = 1, cex.axis = 0.8)))
})

test_that("model.frame() takes what stats::model.frame() has a use for", {
  expect_identical(nrow(model.frame(fits$mixed, mixed, subset = i > 1)), 20L)
  expect_error(model.frame(fits$mixed, mixed, foo = 1), "`foo`", class = "bbb_error_argument")
})
