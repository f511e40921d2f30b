# Fits that were edited by hand: for test-all-edited-fits.R.

# The fields of a list, and those within them, as paths.
field_paths <- function(value, at = list()) {
  if (!is.list(value) || is.null(names(value)) && !length(at)) return(list())
  keys <- if (is.null(names(value))) as.list(seq_along(value)) else as.list(names(value))
  unlist(lapply(keys, function(key) {
    here <- c(at, key)
    c(list(here), field_paths(value[[key]], here))
  }), recursive = FALSE)
}

field_at <- function(value, path) {
  for (key in path) value <- value[[key]]
  value
}

with_field <- function(value, path, new) {
  key <- path[[1L]]
  if (length(path) > 1L) new <- with_field(unclass(value)[[key]], path[-1L], new)
  class <- oldClass(value)
  value <- unclass(value)
  if (is.null(new)) value[[key]] <- NULL else value[[key]] <- new
  class(value) <- class
  value
}

# A value of another type, of another length, or with a number that cannot be.
retyped <- function(value) {
  others <- list(
    as.character, as.list, function(v) list(v), function(v) complex(length(v)),
    function(v) factor(as.character(v)), function(v) mean, function(v) globalenv(),
    function(v) quote(a + b), function(v) y ~ a, function(v) as.logical(seq_along(v)),
    function(v) data.frame(v), function(v) matrix(v, nrow = 1L), function(v) raw(length(v)),
    function(v) as.Date(seq_along(v), origin = "1970-01-01"), function(v) structure(v, class = "odd"),
    function(v) list(), function(v) TRUE, function(v) "text", function(v) 1i, function(v) expression(a)
  )
  tryCatch(suppressWarnings(others[[sample.int(length(others), 1L)]](value)), error = function(e) "text")
}

resized <- function(value) {
  if (!is.vector(value)) return(list(value))
  switch(sample.int(4L, 1L), value[-1L], c(value, value), value[0L], rep(value, length.out = 1e4))
}

damaged <- function(value) {
  if (!is.atomic(value) || !length(value)) return(NA_real_)
  odd <- list(NaN, NA, Inf, -Inf, 1e300, -1, 0, -1e-300, .Machine$integer.max, 0.5)
  at <- sample.int(length(value), if (runif(1) < 0.7) 1L else length(value))
  replace(value, at, odd[[sample.int(length(odd), 1L)]])
}

# An edit by its number: the fit, and how it was edited.
edit_fit <- function(fit, i) {
  set.seed(i)
  paths <- field_paths(unclass(fit))
  path <- paths[[sample.int(length(paths), 1L)]]
  before <- field_at(unclass(fit), path)
  how <- c("drop", "retype", "resize", "damage", "swap")[1L + i %% 5L]
  other <- paths[[sample.int(length(paths), 1L)]]
  after <- switch(how,
    drop = NULL, retype = retyped(before), resize = resized(before), damage = damaged(before),
    swap = field_at(unclass(fit), other)
  )
  edited <- with_field(fit, path, after)
  within <- length(path) > length(other) && identical(path[seq_along(other)], other)
  if (how == "swap" && !within && !is.null(field_at(unclass(edited), other[seq_len(length(other) - 1L)]))) {
    edited <- tryCatch(with_field(edited, other, before), error = function(e) edited)
  }
  list(
    fit = edited, what = paste(how, paste(path, collapse = "$"), if (how == "swap") paste(other, collapse = "$")),
    how = if (is.null(after) || how == "swap" && is.null(before)) "drop" else how,
    valid = could_be(before, after) || is_kept(path, before, after) || how == "swap" && could_be(after, before) ||
      "state" %in% path && is.integer(after) && length(after) == length(before), field = path[[length(path)]]
  )
}

# Whether a value could have been where another was: as many finite numbers, or strings.
could_be <- function(before, after) {
  if (is.numeric(before) && is.numeric(after)) {
    return(length(before) == length(after) && all(is.finite(after)) && !is.object(after) && identical(dim(before), dim(after)))
  }
  if (is.null(before) && is.numeric(after)) return(all(is.finite(after)))
  typeof(before) == typeof(after) && length(before) == length(after) &&
    (is.character(after) || is.logical(after) || is.language(after) || is.null(after) || is.list(after))
}

# Fitted values and residuals may be any numbers, infinite ones too.
is_kept <- function(path, before, after) {
  path[[1L]] %in% c("fitted", "residuals") && is.double(after) &&
    length(after) == length(before)
}

# All that can be asked of a fit, with its data.
asks_of <- function(case) {
  x <- case$x
  rows <- x[1:3, , drop = FALSE]
  pair <- c(list(x), if (!is.data.frame(x)) list(case$y), case$more)
  two <- function(f, ...) function(fit) do.call(f, c(list(fit), pair, list(...)))
  some <- lapply(case$more, `[`, 1:3)
  ask <- function(...) function(fit) do.call(predict, c(list(fit, rows), some, list(..., draws = 4)))
  shown <- function(f) function(fit) utils::capture.output(f(fit))
  trained <- function(f, ...) {
    run <- two(f, ...)
    function(fit) lapply(unclass(run(fit)), identity)[c("mu", "rho", "aux")]
  }
  list(
    response = ask(), link = ask(type = "link"), interval = ask(type = "interval"), draws = ask(type = "draws"),
    uncertainty = ask(type = "uncertainty"), class = ask(type = "class"), apart = ask(joint = FALSE),
    fitted = fitted, residuals = residuals, pearson = two(residuals, type = "pearson", draws = 4),
    quantile = two(residuals, type = "quantile", draws = 4), loglik = two(logLik, draws = 4),
    score = two(bbb_score, draws = 4), coef = coef, sigma = sigma,
    simulate = function(fit) do.call(simulate, c(list(fit, 2, seed = 1, newdata = rows), some)),
    gradients = two(bbb_gradients, member = 1, eps = sin(seq_len(n_weights(case$fit$widths)))),
    continue = trained(bbb_continue, epochs = 1), update = trained(bbb_update, epochs = 1, seed = 1),
    print = shown(print), summary = shown(function(fit) print(summary(fit))),
    plot = function(fit) {
      plot(fit)
      NULL
    },
    nobs = nobs, family = function(fit) family(fit)[c("family", "link")], formula = function(fit) deparse(formula(fit)),
    terms = function(fit) labels(terms(fit)), names = variable.names, cases = case.names, labels = labels,
    frame = function(fit) model.frame(fit, data = x), weights = weights
  )
}

# What came: list(value) or list(error).
outcome_of <- function(ask, fit) {
  set.seed(1)
  tryCatch(
    withCallingHandlers(
      list(value = suppressMessages(ask(fit))), warning = function(w) invokeRestart("muffleWarning")
    ),
    error = function(e) list(error = e)
  )
}

# What is wrong with what came of an edited fit, or NULL.
wrong_with <- function(got, want, edit) {
  if (!is.null(got$error)) {
    if (inherits(got$error, "bbb_error")) return(NULL)
    return(paste("raw error:", conditionMessage(got$error)[1L]))
  }
  if (!is.null(want$error) || edit$valid || identical(got$value, want$value)) return(NULL)
  # names of rows go with the fitted values
  if (is.null(got$value) && (edit$how == "drop" || grepl("fitted", edit$what))) return(NULL)
  said <- is.character(got$value) && (any(grepl("left out", got$value)) || edit$how == "drop")
  if (said) return(NULL)
  same <- isTRUE(all.equal(got$value, want$value, tolerance = 1e-6, check.attributes = FALSE))
  if (!same) paste("another answer:", paste(utils::head(format(unlist(got$value)), 4L), collapse = " "))
}

# A fit after edits by hand, in which it is called `fit`.
edited <- function(fit, ...) {
  place <- list2env(list(fit = unclass(fit)), parent = parent.frame())
  for (edit in as.list(substitute(list(...)))[-1L]) eval(edit, place)
  structure(place$fit, class = "bbb_fit")
}

# It is refused by print() and predict() with the words.
refused <- function(fit, text) {
  expect_error(predict(fit, waves$x), text, fixed = TRUE, class = "bbb_error_argument")
  expect_error(print(fit), text, fixed = TRUE, class = "bbb_error_argument")
}
