# Formulas: what they say of the predictors and of the outcome.

# A formula and its data: list(frame, y, weights, offset, na_action). `beside` has the
# expressions that the user gave as subset, weights and offset, or NULLs.
frame_of_formula <- function(formula, data, beside, na_action, contrasts) {
  check_formula(formula, data)
  check_terms(formula)
  check_contrasts(contrasts)
  data <- with_times(data)
  terms <- wide_terms(formula, data)
  if (is.null(terms)) terms <- terms_of(formula, data)
  left_out <- attr(terms, "left_out")
  attr(terms, "left_out") <- NULL
  if (!length(attr(terms, "term.labels"))) {
    stop_argument("The formula must have at least one predictor.")
  }
  asked <- Filter(is.language, beside)
  found <- found_values(terms, data, asked)
  beside$row <- seq_len(found$n)
  frame <- model_frame(terms, data, beside, na_action)
  place <- frame[[length(frame)]]
  frame <- without_place(frame)
  stop_if_empty(frame)
  variables <- as.list(attr(terms, "variables"))[-1L]
  check_uses(c(variables, asked[c("weights", "offset")]), found$columns, environment(terms))
  predictors <- predictors_of(frame)
  settled <- settle_columns(found, frame, place, asked)
  warn_of_outcome(terms, left_out, names(Filter(is.atomic, found$columns)))
  y <- with_declared(frame[[attr(terms, "response")]], formula, data)
  several <- is_outcome_matrix(y)
  more <- list(
    formula = formula, all_terms = stats::terms(frame), beside = asked,
    contrasts = contrasts, bound = settled$bound,
    marks = marks_of(found$columns[names(settled$columns)])
  )
  list(
    frame = new_frame(predictors, settled$columns, more),
    y = if (several) unname_rows(y) else unname(y),
    weights = extras_of(frame)$weights, offset = offset_of(frame),
    na_action = attr(frame, "na.action")
  )
}

# Without the last column, which had the rows' places in the data.
without_place <- function(frame) {
  last <- length(frame)
  terms <- stats::terms(frame)
  classes <- attr(terms, "dataClasses")
  attr(terms, "dataClasses") <- classes[names(classes) != names(frame)[last]]
  frame[[last]] <- NULL
  attr(frame, "terms") <- terms
  frame
}

check_formula <- function(formula, data) {
  if (length(formula) != 3L || !is.language(formula[[2L]])) {
    stop_argument("The formula must have an outcome: `y ~ x1 + x2`.")
  }
  if (!is.null(data) && !is.data.frame(data) && !is.environment(data)) {
    stop_argument("`data` must be a data frame.")
  }
  names <- if (is.data.frame(data)) names(data)
  if (anyDuplicated(names)) {
    stop_data(
      "`data` has columns of the same name: ",
      quoted(unique(names[duplicated(names)])), "."
    )
  }
}

check_contrasts <- function(contrasts) {
  known <- function(value) {
    is.function(value) || is.matrix(value) ||
      is.character(value) && exists(value[1L], mode = "function")
  }
  ok <- is.null(contrasts) || is.list(contrasts) && !is.null(names(contrasts)) &&
    all(vapply(contrasts, known, NA))
  if (!ok) {
    stop_argument(
      "`contrasts` must be a list of contrasts such as \"contr.sum\", each with the ",
      "name of its factor."
    )
  }
}

# A basis such as poly() gives its training rows numbers that differ in their last bits
# from those that its coefficients give: new data, and the same data given again, have
# the latter, and so have these.
model_frame <- function(formula, data, beside, na_action) {
  if (!is.null(beside$subset)) {
    rows <- function(rows) known_true(rows, rownames(data))
    beside$subset <- as.call(list(rows, beside$subset))
  }
  frame <- made_frame(formula, data, beside, na_action)
  terms <- stats::terms(frame)
  same <- identical(attr(terms, "predvars"), attr(terms, "variables"))
  if (same) frame else made_frame(terms, data, beside, na_action)
}

made_frame <- function(formula, data, beside, na_action) {
  call <- as.call(c(
    quote(stats::model.frame), list(formula = formula, data = data),
    beside[!vapply(beside, is.null, NA)],
    list(na.action = check_na_action(na_action), drop.unused.levels = TRUE)
  ))
  tryCatch(eval(call), error = function(e) {
    if (inherits(e, "bbb_error")) stop(e)
    stop_if_not_columns(formula, data)
    stop_data(sentence(conditionMessage(e)))
  })
}

# What model.frame() does not take, by its name; or the missing values that stop a
# function such as poly().
stop_if_not_columns <- function(formula, data) {
  terms <- tryCatch(stats::terms(formula, data = data), error = function(e) NULL)
  if (is.null(terms)) return(invisible())
  value_of <- function(what) {
    tryCatch(eval(what, data, environment(formula)), error = function(e) NULL)
  }
  variables <- as.list(attr(terms, "variables"))[-1L]
  names(variables) <- vapply(variables, deparse1, "")
  values <- lapply(variables, value_of)
  failed <- vapply(values, is.null, NA)
  n <- NROW(value_of(formula[[2L]]))
  check_columns(values[!failed])
  for (name in names(variables)[failed]) {
    own <- all.vars(variables[[name]])
    own <- lapply(stats::setNames(nm = own), function(v) value_of(as.name(v)))
    own <- own[vapply(own, has_rows, NA) & vapply(own, NROW, 0L) == n]
    hint <- paste0("; `", name, "` does not take them: leave their rows out of `data`")
    if (length(own)) stop_if_missing(own, hint)
  }
}

# A row of which it is not known whether it is in a subset is not, as for subset().
known_true <- function(rows, names = NULL) {
  if (is.logical(rows)) return(rows & !is.na(rows))
  of_names <- is.character(rows) && all(rows %in% names)
  if (!is.null(rows) && !is.numeric(rows) && !of_names) {
    stop_argument(
      "`subset` must say which rows are in it, as `age > 30` does, not words."
    )
  }
  rows
}

# The columns of a model frame that the terms are made of, without the outcome: its first
# ones, whatever their names.
predictors_of <- function(frame) {
  terms <- stats::terms(frame)
  variables <- seq_len(length(attr(terms, "variables")) - 1L)
  twice <- unique(names(frame)[variables][duplicated(names(frame)[variables])])
  if (length(twice)) {
    stop_data("Two variables of the formula are both called ", quoted(twice), ".")
  }
  check_columns(frame[setdiff(variables, c(attr(terms, "response"), attr(terms, "offset")))])
  out <- frame[setdiff(variables, attr(terms, "response"))]
  attr(out, "terms") <- stats::delete.response(terms)
  out
}

# An outcome's levels that have no rows, which model.frame() drops.
with_declared <- function(y, formula, data) {
  if (!is.factor(y)) return(y)
  given <- tryCatch(
    eval(formula[[2L]], data, environment(formula)), error = function(e) y
  )
  all_there <- is.factor(given) && all(levels(y) %in% levels(given))
  if (all_there) factor(y, levels(given), ordered = is.ordered(y)) else y
}

# The sum of all offsets, or NULL.
offset_of <- function(frame) {
  at <- attr(stats::terms(frame), "offset")
  parts <- c(extras_of(frame)["offset"], as.list(frame[at]))
  parts <- parts[!vapply(parts, is.null, NA)]
  if (!length(parts)) return(NULL)
  Reduce(`+`, lapply(parts, case_numbers, "offset", nrow(frame)))
}

# The outcome in new data.
outcome_in <- function(fit, data) {
  if (!is.null(fit$recipe)) return(baked_outcome(fit, data))
  if (is.null(fit$formula)) {
    stop_argument("`y` is missing: the outcome of each row of `x`.")
  }
  stop_if_bound(fit$predictors, "outcome", "x")
  data <- as.data.frame(data)
  stop_if_lacking(fit$predictors$response, names(data), "x")
  data <- as_in_fit(fit$predictors, data, "x", fit$predictors$response)
  data <- data[fit$predictors$response]
  # with the center and scale of the training data, where it has them
  response <- outcome_call(fit$predictors)
  tryCatch(
    unname(eval(response, data, environment(fit$formula))),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
}

# The rows of other data that the subset of the fit's call has.
subset_rows <- function(fit, data) {
  recipe <- fit$predictors
  data <- as.data.frame(data)
  keep <- known_true(value_in(recipe$beside$subset, data, recipe, "x"), rownames(data))
  if (is.null(keep)) data else data[keep, , drop = FALSE]
}
