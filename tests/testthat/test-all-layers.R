# The layers that the design promises, read from the loaded package.

namespace <- asNamespace("bbb")

uses <- function(name, symbol) {
  value <- get(name, namespace)
  is.function(value) && symbol %in% all.names(body(value))
}

test_that("only native_*() functions contain .Call", {
  functions <- ls(namespace, all.names = TRUE)
  callers <- Filter(function(name) uses(name, ".Call"), functions)

  expect_gt(length(callers), 0L)
  expect_identical(grep("^native_", callers, value = TRUE, invert = TRUE), character())
  others <- c(".External", ".External2", ".C", ".Fortran")
  for (other in others) {
    expect_identical(Filter(function(name) uses(name, other), functions), character())
  }
})

test_that("each native function reaches one routine, and each routine has one", {
  natives <- ls(namespace, pattern = "^native_")
  reached <- vapply(natives, function(name) {
    grep("^ffi_", all.names(body(get(name, namespace))), value = TRUE)
  }, "")
  registered <- names(getDLLRegisteredRoutines("bbb")$.Call)

  expect_identical(sort(unname(reached)), sort(registered))
  expect_identical(unname(reached), sub("^native_", "ffi_", natives))
})

test_that("native functions check nothing: they are a single call", {
  skip_if(identical(Sys.getenv("R_COVR"), "true"), "covr adds its counts to each body")
  for (name in ls(namespace, pattern = "^native_")) {
    code <- body(get(name, namespace))
    if (identical(code[[1L]], quote(`{`))) code <- code[[2L]]

    expect_identical(code[[1L]], quote(.Call))
  }
})

test_that("what is exported is documented in the design, and no more", {
  expect_identical(
    sort(getNamespaceExports("bbb")),
    sort(c("bbb_fit", "bbb_control", "bbb_continue", "bbb_flat", "bbb_gradients", "bbb_layers",
           "bbb_score", "bbb_update",
           "prior_laplace", "prior_mixture", "prior_normal", "prior_student"))
  )
})

test_that("the package imports base R only", {
  imports <- setdiff(names(getNamespaceImports("bbb")), "")

  expect_identical(
    setdiff(imports, c("base", "stats", "utils", "graphics", "grDevices")), character()
  )
})
