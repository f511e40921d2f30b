# Random formulas over real data frames: each is the model matrix of lm(), where that is
# right, or a sentence. A row that is predicted alone has the numbers that it has among
# all.

fuzz_frames <- function() {
  air <- datasets::airquality
  odd <- datasets::mtcars[1:7]
  names(odd) <- c("mpg", "a b", "if", "(weights)", ".x", "T", "wt")
  odd$`log(wt)` <- sqrt(odd$wt)
  odd$`é` <- odd$wt^2
  odd$m <- cbind(odd$mpg, odd$wt, 1)
  list(
    mtcars = datasets::mtcars, iris = datasets::iris, air = air,
    complete = air[stats::complete.cases(air), ], warpbreaks = datasets::warpbreaks,
    esoph = datasets::esoph, chicks = as.data.frame(datasets::ChickWeight)[1:120, ],
    tooth = transform(datasets::ToothGrowth, day = as.Date("2020-01-01") + 1:60),
    infert = transform(datasets::infert, case = case == 1, parity = ordered(parity)),
    odd = odd
  )
}

# Functions of a number; "%s" is the variable.
fuzz_functions <- c(
  "log(abs(%s) + 1)", "I(%s^2)", "sqrt(abs(%s))", "poly(%s, 2)", "poly(%s, 2, raw = TRUE)",
  "scale(%s)", "splines::ns(%s, 2)", "splines::bs(%s, df = 4)", "exp(-%s / 100)",
  "I(%s > 3)", "cut(%s, c(-Inf, 2, 5, Inf))", "ifelse(%s > 2, %s, 0)", "pmin(%s, 4)",
  "cbind(%s, %s^2)", "factor(%s)", "as.character(%s)", "I(%s %%%% 3)", "%s",
  "I(%s^power)", "shift(%s)", "table_of[1 + abs(round(%s)) %%%% 5]"
)

# Those that cannot be of one row, or of these rows only.
fuzz_bad_functions <- c(
  "rank(%s)", "I(%s - mean(%s))", "scale(poly(%s, 2))", "cut(%s, 3)", "I(%s / max(%s))",
  "rev(%s)", "cumsum(%s)", "as.numeric(factor(%s))", "rnorm(length(%s))", "s(%s)",
  "(1 | %s)", "strata(%s)", "offset(%s):%s", "nowhere + %s", "%s[1:3]", "mean(%s)",
  "list(%s)", "c", "%s$x", "no_function(%s)", "\"%s\"", "3 + %s", "I(as.list(%s))", "NULL",
  "outside", "outside[seq_along(%s)]", "long[seq_along(%s)]", "frame$%s", "cluster(%s)"
)

fuzz_pick <- function(from, n = 1L) from[sample.int(length(from), n, replace = TRUE)]

fuzz_fill <- function(pattern, name) {
  gsub("%%", "%", gsub("%s", name, pattern, fixed = TRUE), fixed = TRUE)
}

fuzz_term <- function(names, numbers, bad) {
  kind <- sample.int(10L, 1L)
  one <- function() {
    if (stats::runif(1L) < bad) return(fuzz_fill(fuzz_pick(fuzz_bad_functions), fuzz_pick(numbers)))
    if (stats::runif(1L) < 0.5) return(fuzz_pick(names))
    fuzz_fill(fuzz_pick(fuzz_functions), fuzz_pick(numbers))
  }
  switch(kind,
    paste0(one(), ":", one()), paste0(one(), " * ", one()),
    paste0("(", one(), " + ", one(), ")^2"), paste0(one(), " %in% ", one()),
    paste0(one(), " / ", one()), paste0("offset(0.01 * ", fuzz_pick(numbers), ")"),
    if ("m" %in% names) fuzz_pick(c("m[, 1:2]", "poly(mpg, wt, degree = 2)")) else one(),
    one(), one(), one()
  )
}

# A formula as text, of a data frame.
fuzz_formula <- function(data, bad) {
  quote_name <- function(name) vapply(name, function(n) deparse1(as.name(n), backtick = TRUE), "")
  numeric <- vapply(data, function(v) is.numeric(v) && !is.matrix(v), NA)
  names <- unname(quote_name(names(data)))
  numbers <- unname(quote_name(names(data)[numeric]))
  outcome <- if (stats::runif(1L) < 0.8) fuzz_pick(numbers) else fuzz_pick(names)
  left <- outcome
  if (outcome %in% numbers && stats::runif(1L) < 0.4) {
    left <- fuzz_fill(fuzz_pick(c(
      "log(abs(%s) + 1)", "scale(%s)", "I(%s^2)", "cbind(%s, 1)", "%s - 1", "rank(%s)",
      "%s[seq_along(%s)]", "factor(%s > 2)"
    )), outcome)
  }
  count <- sample.int(4L, 1L)
  terms <- vapply(seq_len(count), function(i) fuzz_term(names, numbers, bad), "")
  if (stats::runif(1L) < 0.2) terms <- c(terms, fuzz_pick(c(".", "0", "1", ".^2")))
  if (stats::runif(1L) < 0.1) terms <- c(terms, left)
  if (stats::runif(1L) < 0.1) terms <- c(terms, terms[1L])
  right <- paste(sample(terms), collapse = " + ")
  if (stats::runif(1L) < 0.15) right <- paste(right, "-", fuzz_pick(c(names, "1", "0")))
  paste(left, "~", right)
}

# The columns that lm() has beyond the intercept; of terms with the outcome R makes
# garbage, and they are left out before.
fuzz_reference <- function(formula, data) {
  terms <- stats::terms(formula, data = data)
  factors <- attr(terms, "factors")
  with_outcome <- factors[1L, ] > 0
  used <- rowSums(factors[, with_outcome, drop = FALSE]) == 0 |
    rowSums(factors[, !with_outcome, drop = FALSE]) > 0
  used[c(1L, attr(terms, "offset"))] <- TRUE
  frame <- stats::model.frame(
    terms, data, drop.unused.levels = TRUE,
    na.action = function(d) d[stats::complete.cases(d[used]), , drop = FALSE]
  )
  terms <- stats::terms(frame)
  attr(terms, "intercept") <- 1L
  matrix <- stats::model.matrix(terms, frame)
  matrix[, !attr(matrix, "assign") %in% c(0L, which(with_outcome)), drop = FALSE]
}

# "same", the class of an error, or what is wrong.
fuzz_one <- function(text, data, bad) {
  place <- new.env(parent = globalenv())
  place$power <- 2
  place$shift <- function(v) v + 1
  place$table_of <- c(3, 1, 4, 1, 5)
  place$outside <- sin(seq_len(nrow(data)))
  place$long <- cos(seq_len(2L * nrow(data)))
  place$frame <- data
  formula <- tryCatch(stats::as.formula(text, place), error = function(e) NULL)
  if (is.null(formula)) return("no formula")
  parts <- tryCatch(
    suppressWarnings(fuzz_encode(formula, data)), error = function(e) e
  )
  want <- tryCatch(suppressWarnings(fuzz_reference(formula, data)), error = function(e) NULL)
  if (inherits(parts, "bbb_error")) {
    known <- bad || is.null(want) || !ncol(want) || anyNA(want)
    return(if (known) "error" else paste("refused:", conditionMessage(parts)))
  }
  if (inherits(parts, "error")) return(paste("raw error:", conditionMessage(parts)))
  if (!is.null(want) && !isTRUE(all.equal(unname(want), unname(parts$x), check.attributes = FALSE))) {
    return("another matrix than lm()'s")
  }
  if (!is.null(want) && !identical(colnames(want), colnames(parts$x))) return("other names")
  fuzz_alone(parts, data, bad)
}

fuzz_encode <- function(formula, data) {
  ns <- asNamespace("bbb")
  parts <- ns$frame_of_formula(formula, data, list(), stats::na.omit, NULL)
  encoded <- ns$encode_predictors(parts$frame)
  if (!all(ns$native_complete(encoded$x))) ns$stop_data("Missing.")
  names <- encoded$recipe$names
  list(x = dense_matrix(encoded$x, names), recipe = encoded$recipe, left_out = parts$na_action)
}

fuzz_alone <- function(parts, data, bad) {
  ns <- asNamespace("bbb")
  encode <- function(rows) {
    tryCatch(ns$encode_new(parts$recipe, data[rows, , drop = FALSE]), error = identity)
  }
  kept <- setdiff(seq_len(nrow(data)), parts$left_out)
  n <- length(kept)
  for (at in list(seq_len(n), c(1L, n), n, sample.int(n, 1L), rev(seq_len(min(n, 9L))))) {
    got <- encode(kept[at])
    if (inherits(got, "bbb_error") && bad) return("not for new rows")
    if (inherits(got, "error")) return(paste("error for new rows:", conditionMessage(got)))
    got <- dense_matrix(got, parts$recipe$names)
    same <- all.equal(unname(got), unname(parts$x[at, , drop = FALSE]), tolerance = 1e-7,
      check.attributes = FALSE)
    if (!isTRUE(same)) return("other numbers of rows alone")
  }
  "same"
}

# A table of what came, and the formulas that are wrong.
fuzz_formulas <- function(times, seed) {
  set.seed(seed)
  frames <- fuzz_frames()
  result <- vapply(seq_len(times), function(i) {
    name <- fuzz_pick(names(frames))
    bad <- i %% 3L == 0L
    text <- fuzz_formula(frames[[name]], bad = if (bad) 0.3 else 0)
    came <- fuzz_one(text, frames[[name]], bad)
    if (came %in% c("same", "error", "not for new rows", "no formula")) came else
      paste0(came, " <- ", name, ": ", text)
  }, "")
  list(count = table(result[!grepl(" <- ", result)]), wrong = grep(" <- ", result, value = TRUE))
}

test_that("a random formula makes the matrix of lm(), or an error of ours", {
  times <- if (identical(Sys.getenv("BBB_EXTENDED_TESTS"), "true")) 5000 else 200
  got <- fuzz_formulas(times, 1)

  expect_identical(got$wrong, character())
  expect_gt(got$count[["same"]], 0.4 * times)
  expect_gt(got$count[["error"]], 0.1 * times)
})
