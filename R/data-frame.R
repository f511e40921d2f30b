# Predictors: from what a user has to a numeric matrix, the same way at each
# prediction. The recipe is the fit's `predictors`:
#
#   kind          "matrix", or "frame" for data frames and formulas
#   names         the columns of the matrix
#   center, scale what standardises them
# and of frames
#   terms, xlev, contrasts   for model.frame() and model.matrix()
#   columns   type of each column that they need, a name of `type_words`
#             of many terms see R/data-wide.R: recipe_terms() and recipe_columns() have them
# and of formulas
#   response, weighting  columns that the outcome and the weights are made of
#   beside    the expressions given as subset, weights and offset
#   bound     expressions that stand for the training rows: see R/data-rowwise.R

# list(x = matrix, coded where there are factors of many levels, recipe = ...);
# with_standard() is to follow.
encode_predictors <- function(x) {
  if (inherits(x, "bbb_frame")) return(encode_frame(x))
  if (is.data.frame(x)) return(encode_frame(frame_of_data(x)))
  encode_matrix(x)
}

# A data frame of predictors: all its columns.
frame_of_data <- function(x) {
  stop_if_empty(x)
  x <- with_times(x)
  if (any(names(x) %in% c("", NA))) stop_data("`x` has columns without a name.")
  if (anyDuplicated(names(x))) {
    stop_data(
      "`x` has columns of the same name: ",
      quoted(unique(names(x)[duplicated(names(x))])), "."
    )
  }
  check_columns(x)
  terms <- if (ncol(x) > most_terms) lean_terms(~., names(x)) else stats::terms(~., data = x)
  frame <- stats::model.frame(
    terms, x, na.action = stats::na.pass, drop.unused.levels = TRUE
  )
  new_frame(frame, vapply(x, type_of, ""))
}

# `more` is what a formula says beside: see frame_of_formula().
new_frame <- function(frame, columns, more = list()) {
  structure(c(list(frame = frame, columns = columns), more), class = "bbb_frame")
}

# model.matrix() of the frame; its intercept is the network's own.
encode_frame <- function(x) {
  frame <- as_numbers(x$frame)
  terms <- stats::terms(frame)
  attr(terms, "intercept") <- 1L
  stop_if_missing(frame, na_hint(frame))
  check_ordered(frame, x$contrasts)
  one_level <- vapply(frame, function(v) is_class(v) && n_classes(v) < 2L, NA)
  frame[one_level] <- lapply(frame[one_level], with_second_level)
  encoded <- encode_terms(terms, frame, x$contrasts)
  used <- variables_of(as.call(c(attr(terms, "variables"), x$beside$offset)))
  recipe <- list(
    kind = "frame", names = encoded$names, terms = terms,
    xlev = stats::.getXlevels(terms, frame), contrasts = encoded$contrasts,
    columns = x$columns[names(x$columns) %in% used]
  )
  if (!length(recipe$names)) stop_data("`x` has no columns.")
  list(x = encoded$x, recipe = with_small_terms(with_lean_place(recipe, x)))
}

# The formulas of a recipe, in an environment that holds no data.
with_lean_place <- function(recipe, x) {
  needs <- if (is.null(x$formula)) recipe$terms else x$formula
  needs <- as.call(c(quote(list), needs, x$beside))
  lean <- lean_environment(needs, environment(recipe$terms), names(x$columns))
  attr(recipe$terms, ".Environment") <- lean
  if (is.null(x$formula)) return(recipe)
  recipe$formula <- x$formula
  environment(recipe$formula) <- lean
  recipe$all_terms <- x$all_terms
  attr(recipe$all_terms, ".Environment") <- lean
  recipe$response <- intersect(variables_of(x$formula[[2L]]), names(x$columns))
  recipe$weighting <- intersect(variables_of(x$beside$weights), names(x$columns))
  recipe$marks <- x$marks
  recipe$beside <- x$beside
  recipe$bound <- x$bound
  recipe
}

# Contrasts need two levels: a factor that is constant gets one more, which makes
# it a constant column.
with_second_level <- function(v) {
  factor(v, make.unique(c(unique(as.character(v)), "(other)")))
}

# Formulas keep the environment that they were written in, and with it all its
# data. The fit keeps one that has only what the formula needs from there beside
# its columns: constants and functions that cannot be found without it.
lean_environment <- function(formula, from, columns) {
  lean <- new.env(parent = globalenv())
  for (name in setdiff(all.names(formula, unique = TRUE), columns)) {
    holder <- local_holder(name, from)
    if (!is.null(holder)) assign(name, get(name, holder), lean)
  }
  if (length(ls(lean, all.names = TRUE))) lean else globalenv()
}

# The environment that has `name`, going up from `from`, before those that are
# there in each session.
local_holder <- function(name, from) {
  while (is.environment(from) && !identical(from, globalenv()) &&
           !identical(from, emptyenv())) {
    base <- identical(from, baseenv()) || identical(from, .BaseNamespaceEnv)
    if (!base && exists(name, from, inherits = FALSE)) return(from)
    from <- parent.env(from)
  }
}
