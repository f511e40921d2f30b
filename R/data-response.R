# The outcome among the predictors, and terms without some of their variables.

# The terms of a formula without those that the outcome is in. R's own model.matrix()
# keeps their columns, and does not write them.
terms_of <- function(formula, data) {
  terms <- tryCatch(
    stats::terms(stats::formula(formula), data = data),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  with_outcome <- terms_with_outcome(terms)
  if (!any(with_outcome)) return(terms)
  if (all(with_outcome)) {
    stop_argument("The formula must have a predictor beside the outcome itself.")
  }
  structure(
    keep_terms(terms, !with_outcome),
    left_out = attr(terms, "term.labels")[with_outcome]
  )
}

terms_with_outcome <- function(terms) {
  factors <- attr(terms, "factors")
  if (length(factors)) factors[attr(terms, "response"), ] > 0 else FALSE
}

keep_terms <- function(terms, keep) {
  labels <- attr(terms, "term.labels")[keep]
  variables <- as.list(attr(terms, "variables"))[-1L]
  parts <- c(lapply(labels, str2lang), variables[attr(terms, "offset")])
  if (!attr(terms, "intercept")) parts <- c(parts, list(0))
  terms[[3L]] <- Reduce(function(a, b) call("+", a, b), parts)
  factors <- attr(terms, "factors")
  attr(terms, "factors") <- factors[, keep, drop = FALSE]
  attr(terms, "term.labels") <- labels
  attr(terms, "order") <- attr(terms, "order")[keep]
  lost <- rowSums(factors[, !keep, drop = FALSE]) > 0 &
    rowSums(factors[, keep, drop = FALSE]) == 0
  lost[attr(terms, "response")] <- FALSE
  keep_variables(terms, !lost)
}

# Terms that have these of their variables only; no term may need the others.
keep_variables <- function(terms, keep) {
  place <- unname(cumsum(keep))
  for (what in c("variables", "predvars")) {
    value <- attr(terms, what)
    if (!is.null(value)) attr(terms, what) <- value[c(TRUE, keep)]
  }
  offset <- attr(terms, "offset")
  offset <- place[offset[keep[offset]]]
  attr(terms, "offset") <- if (length(offset)) offset
  attr(terms, "response") <- if (attr(terms, "response")) place[attr(terms, "response")] else 0L
  if (length(attr(terms, "factors"))) {
    attr(terms, "factors") <- attr(terms, "factors")[keep, , drop = FALSE]
  }
  classes <- attr(terms, "dataClasses")
  if (length(classes) == length(keep)) attr(terms, "dataClasses") <- classes[keep]
  terms
}

# One warning of the outcome among the predictors: terms that were left out for it, and
# those that are made of it, which stay as they do for lm().
warn_of_outcome <- function(terms, left_out, columns) {
  variables <- as.list(attr(terms, "variables"))[-1L]
  outcome <- variables[[attr(terms, "response")]]
  own <- outcome_variables(outcome, columns)
  others <- variables[-attr(terms, "response")]
  made_of <- Filter(function(v) any(all.vars(v) %in% own), others)
  if (!length(left_out) && !length(made_of)) return(invisible())
  made_of <- vapply(made_of, shown, "")
  warn_bbb(
    "outcome", "The outcome `", shown(outcome), "` is among the predictors: ",
    paste(c(
      if (length(left_out)) paste0(quoted(left_out), " left out"),
      if (length(made_of)) paste0(quoted(made_of), " kept, made of the outcome's variable")
    ), collapse = ", "), "."
  )
}

# Columns that are the outcome but for a function: not those of a difference of two.
outcome_variables <- function(outcome, columns) {
  picks <- calls_within(outcome, c("[", "[["))
  names <- intersect(c(if (!picks) all.vars(outcome), strings_in(outcome)), columns)
  if (length(names) == 1L) return(names)
  if (!calls_any(outcome, c("cbind", "Surv"))) return(character())
  intersect(names, vapply(Filter(is.name, as.list(outcome)[-1L]), as.character, ""))
}

strings_in <- function(expr) {
  if (is.character(expr)) return(expr)
  if (is.call(expr)) unlist(lapply(as.list(expr)[-1L], strings_in)) else character()
}
