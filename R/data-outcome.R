# Outcomes as the families take them: one-hot columns become classes, shares of trials
# successes and failures, declared levels stay or go, and whole numbers are whole.

# list(y, cases, shares) of a family that was given by the user, or found. `shares`:
# whether y was shares, whose weights are the numbers of trials.
take_outcome <- function(y, family, cases, given) {
  shares <- family == "binomial" && is_shares(y, cases$weights)
  if (shares) {
    y <- successes_of(y, cases$weights)
    cases$weights <- NULL
  }
  if (family %in% c("categorical", "ordinal") && is_one_hot(y)) {
    y <- classes_of_columns(y)
  }
  if (families[[family]]$answer == "class" && !is_outcome_matrix(y)) {
    y <- with_levels(as_vector(y), family, given)
  }
  list(y = y, cases = cases, shares = shares)
}

# New outcomes in the same form, before they are read.
as_outcome_of <- function(fit, y, data, weights) {
  outcome <- fit$outcome
  if (isTRUE(outcome$shares)) return(new_successes(fit, y, data, weights))
  if (is.null(outcome$levels) || !is_outcome_matrix(y)) return(y)
  known <- ncol(y) == length(outcome$levels) && is_one_hot(y) &&
    (is.null(colnames(y)) || setequal(colnames(y), outcome$levels))
  if (!known) {
    stop_data(
      "`y` must be classes, or a column of 0 and 1 for each of ",
      quoted(outcome$levels, "\"", 10L), ", as in the fit."
    )
  }
  if (is.null(colnames(y))) colnames(y) <- outcome$levels
  classes_of_columns(y)
}

# ---- classes -----------------------------------------------------------------

# A class for each column, by its name.
classes_of_columns <- function(y) {
  names <- colnames(y)
  if (is.null(names)) names <- as.character(seq_len(ncol(y)))
  at <- rep(NA_integer_, nrow(y))
  whole <- !is.na(rowSums(y))
  at[whole] <- max.col(y[whole, , drop = FALSE], "first")
  factor(names[at], names)
}

# Levels without rows are kept where the user says what kind of outcome it is, so that
# fits of parts of the data have the same classes.
with_levels <- function(y, family, given) {
  if (is.numeric(y)) y <- as_whole(y)
  if (!is.factor(y)) return(y)
  idle <- setdiff(levels(y), as.character(y))
  keep <- given && family %in% c("categorical", "ordinal") && n_classes(y) > 1L
  if (!keep || !length(idle)) return(droplevels(y))
  inform_bbb(
    "`y` has no rows of ", quoted(idle, "\""), ", which stay classes of the fit; ",
    "`droplevels(y)` forgets them."
  )
  y
}

# ---- shares of trials --------------------------------------------------------

# As of glm(): shares of successes, with the numbers of trials as weights. Where all are
# 0 or 1 they are classes, and weights are weights.
is_shares <- function(y, weights) {
  if (is.data.frame(y) && ncol(y) == 1L) y <- y[[1L]]
  number <- is.numeric(y) && type_of(y) == "numeric" && NCOL(y) == 1L
  if (!number || is.null(weights) || length(y) != length(weights)) return(FALSE)
  y <- as_whole(as.vector(y))
  if (!all(y >= 0 & y <= 1) || all(y %in% 0:1)) return(FALSE)
  if (!all_whole(weights) || !all_whole(near_whole(y * weights))) {
    stop_data(
      "`y` has shares between 0 and 1: for family \"binomial\" `weights` must then be ",
      "the numbers of trials, and `y * weights` whole numbers."
    )
  }
  TRUE
}

successes_of <- function(y, trials) {
  y <- near_whole(as.vector(as_vector(y)) * trials)
  cbind(y, trials - y, deparse.level = 0L)
}

new_successes <- function(fit, y, data, weights) {
  if (is_outcome_matrix(y)) return(y)
  trials <- called_weights(fit, data, weights)
  if (is.null(trials)) {
    stop_argument(
      "`weights` are missing: the number of trials of each row of `x`, as in the fit."
    )
  }
  y <- numbers(y, length(trials), "binomial", NULL)
  trials <- as_whole(case_numbers(trials, "weights", length(y)))
  ok <- all_whole(trials) && all(trials >= 0) && all(y >= 0 & y <= 1) &&
    all_whole(near_whole(y * trials))
  if (!ok) {
    stop_data(
      "`y` must be shares, and `weights` numbers of trials such that `y * weights` are ",
      "whole numbers, as in the fit."
    )
  }
  successes_of(y, trials)
}

# Weights of rows, which those of shares are not.
row_weights <- function(fit, data, weights, n) {
  if (isTRUE(fit$outcome$shares)) return(NULL)
  check_weights(called_weights(fit, data, weights), n)
}

# ---- from values to the core's columns ----------------------------------------

# An outcome of n rows, checked and encoded, with its cases: see R/data-cases.R; `taken` is
# as of take_outcome().
encode_outcome <- function(taken, family, class_weights, n) {
  y <- taken$y
  cases <- taken$cases
  columns <- families[[family]]$read(y, n, NULL)
  if (families[[family]]$answer == "number") {
    inform_if_constant(if (families[[family]]$above) columns[, 1L, drop = FALSE] else columns)
  }
  has_weights <- !is.null(cases$weights)
  class_weights <- check_class_weights(class_weights, y, family, cases$weights)
  cases$weights <- with_class_weights(cases$weights, class_weights, y)
  check_offset_fits(cases$offset, family, columns)
  outcome <- families[[family]]$describe(y, columns, cases)
  plain <- list(
    center = 0, scale = 1, y_center = rep(0, ncol(columns)),
    y_scale = rep(1, ncol(columns)), shift = 0, offset_center = 0, core = family
  )
  outcome <- utils::modifyList(plain, outcome, keep.null = TRUE)
  outcome$y <- columns
  outcome$family <- family
  outcome$has_weights <- has_weights
  if (taken$shares) outcome$shares <- TRUE
  outcome$class_weights <- class_weights
  outcome$cases <- cases
  outcome
}

# An offset is added to the first output, which must be the only mean.
check_offset_fits <- function(offset, family, columns) {
  several <- family == "categorical" || family == "gaussian" && ncol(columns) > 1L
  if (!is.null(offset) && several) {
    stop_argument("`offset` has no meaning for several outcomes or unordered classes.")
  }
}

# New outcomes of a fit's own kind: for scores and gradients.
encode_new_outcome <- function(y, outcome, n) {
  families[[outcome$family]]$read(y, n, outcome)
}

# ---- what a user may not have meant ------------------------------------------

# `columns` are as read; families of numbers only.
inform_if_constant <- function(columns) {
  same <- apply(columns, 2L, function(v) all(v == v[1L]))
  if (nrow(columns) < 2L || !any(same)) return(invisible())
  inform_bbb(
    if (ncol(columns) == 1L) "`y`" else "A column of `y`", " has the same value in all ",
    "rows, so that there is nothing to learn from the predictors."
  )
}
