# What a fit keeps of wide terms, and how it is read: see R/data-wide.R.

# A recipe whose terms take little room. Of columns of the data it keeps, as
# attributes of `terms`,
#
#   columns   the names of those that are terms; NULL: those of the predictors
#   dropped   list(names, at): others, and their places among all
#   types, classes   of each, as of type_of() and model.frame(); one if all are the same
#   outcome   list(expression for new data, class), or NULL
#
# and in `columns` of the recipe the others only; of other terms it keeps the cells.
with_small_terms <- function(recipe) {
  terms <- recipe$terms
  if (!is_wide(terms)) return(recipe)
  if (is.null(attr(terms, "cells"))) {
    recipe$terms <- without_table(terms)
    if (!is.null(recipe$all_terms)) recipe$all_terms <- without_table(recipe$all_terms)
    return(recipe)
  }
  columns <- vapply(as.list(attr(terms, "variables"))[-1L], as.character, "")
  kept <- attr(terms, "cells")$row
  all_terms <- if (is.null(recipe$all_terms)) terms else recipe$all_terms
  classes <- attr(all_terms, "dataClasses")
  outcome <- attr(all_terms, "response") > 0L
  once <- function(x) if (length(unique(x)) == 1L) x[[1L]] else unname(x)
  recipe$terms <- structure(
    quote(~.), class = c("bbb_columns", "terms", "formula"),
    .Environment = environment(terms),
    columns = if (!identical(columns[kept], recipe$names)) columns[kept],
    dropped = list(names = columns[-kept], at = seq_along(columns)[-kept]),
    types = once(recipe$columns[columns]), classes = once(classes[columns]),
    outcome = if (outcome) list(attr(all_terms, "predvars")[[2L]], classes[[1L]])
  )
  recipe$columns <- recipe$columns[setdiff(names(recipe$columns), columns)]
  recipe$all_terms <- NULL
  recipe
}

has_columns_only <- function(recipe) inherits(recipe$terms, "bbb_columns")

# The columns of the data that are variables of such a recipe.
wide_columns <- function(recipe) {
  columns <- attr(recipe$terms, "columns", exact = TRUE)
  if (is.null(columns)) columns <- recipe$names
  dropped <- attr(recipe$terms, "dropped")
  if (!length(dropped$at)) return(columns)
  all <- character(length(columns) + length(dropped$at))
  all[dropped$at] <- dropped$names
  all[-dropped$at] <- columns
  all
}

# Type of each column that the predictors, weights and offset are made of.
recipe_columns <- function(recipe) {
  if (!has_columns_only(recipe)) return(recipe$columns)
  names <- wide_columns(recipe)
  types <- rep(attr(recipe$terms, "types"), length.out = length(names))
  c(stats::setNames(types, names), recipe$columns)
}

# The predictors' terms, for model.frame() and encode_terms().
recipe_terms <- function(recipe) {
  if (!has_columns_only(recipe)) return(with_table(recipe$terms))
  columns <- wide_columns(recipe)
  kept <- setdiff(seq_along(columns), attr(recipe$terms, "dropped")$at)
  lean_terms(~., columns, kept, place = environment(recipe$terms))
}

# The expression of the outcome, for new data.
outcome_call <- function(recipe) {
  if (has_columns_only(recipe)) return(attr(recipe$terms, "outcome")[[1L]])
  terms <- recipe$all_terms
  attr(terms, "predvars")[[attr(terms, "response") + 1L]]
}

# The terms with their table and, of a formula, with the outcome.
full_terms <- function(recipe) {
  if (has_columns_only(recipe)) return(terms_of_columns(recipe))
  with_table(if (is.null(recipe$all_terms)) recipe$terms else recipe$all_terms)
}

terms_of_columns <- function(recipe) {
  columns <- wide_columns(recipe)
  one_row <- structure(
    rep(list(0), length(columns)), names = columns, row.names = 1L, class = "data.frame"
  )
  formula <- if (is.null(recipe$formula)) ~. else recipe$formula
  terms <- stats::terms(formula, data = one_row)
  outcome <- attr(recipe$terms, "outcome")
  classes <- rep(attr(recipe$terms, "classes"), length.out = length(columns))
  predvars <- attr(terms, "variables")
  if (!is.null(outcome)) predvars[[2L]] <- outcome[[1L]]
  attr(terms, "predvars") <- predvars
  attr(terms, "dataClasses") <-
    stats::setNames(c(outcome[[2L]], classes), variable_names(terms))
  attr(terms, ".Environment") <- environment(recipe$terms)
  terms
}
