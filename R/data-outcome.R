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

# ---- whole numbers -----------------------------------------------------------

# Whole but for rounding, as 0.7 * 10 - 6 is: the numbers that were meant; else y as it
# is. Large numbers are less exact, but a half never becomes a whole one.
as_whole <- function(y, tolerance = pmin(1e-7 * pmax(1, abs(y)), 1e-4)) {
  near <- round(y)
  off <- abs(y - near)
  if (all(off <= tolerance, na.rm = TRUE) && any(off > 0, na.rm = TRUE)) near else y
}

all_whole <- function(y) all(is.finite(y)) && all(y == round(y))

# ---- classes -----------------------------------------------------------------

# Three columns or more, or two where classes are asked for, of which each row has one.
is_one_hot <- function(y) {
  if (!is_outcome_matrix(y)) return(FALSE)
  y <- as_whole(y + 0)
  all(y %in% c(0, 1, NA)) && all(rowSums(y) == 1, na.rm = TRUE) && !all(is.na(y))
}

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

# Shares are often written with a few digits: as near as for glm().
near_whole <- function(y) as_whole(y, 1e-3)

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

# ---- what a user may not have meant ------------------------------------------

# Of a numeric outcome whose family was found. Counts have a 0 among them; codes of
# classes, ratings and small counts few values: of the whole-numbered columns of R's own
# data sets these are the ones, and measurements in whole units are left alone.
inform_of_family <- function(y) {
  seen <- y[is.finite(y)]
  values <- unique(seen)
  if (length(values) < 2L || any(values < 0 | values > 1e9)) return(invisible())
  if (all(as_whole(values) %in% 0:1)) {
    inform_bbb(
      "`y` is numeric, so its family is gaussian; for the probability of a 1 ",
      "set `family = \"binomial\"`."
    )
  } else if (all_whole(as_whole(values))) {
    few <- length(values) <= 10L && 2L * length(values) <= length(seen)
    if (min(values) == 0 || few) {
      inform_bbb(
        "`y` has whole numbers, and its family is gaussian; for counts set `family = ",
        "\"poisson\"` or `family = \"negbinomial\"`, for classes make it a factor."
      )
    }
  } else if (all(values <= 1)) {
    inform_bbb(
      "`y` is between 0 and 1, and its family is gaussian; for shares of trials set ",
      "`family = \"binomial\"`, with the numbers of trials as `weights`."
    )
  }
}

# The family of a matrix of several columns.
family_of_matrix <- function(y) {
  whole <- as_whole(y + 0)
  if (ncol(y) > 2L && is_one_hot(y)) {
    inform_bbb(
      "Each row of `y` has one 1, so its family is categorical, a class for each ",
      "column; for several numeric outcomes set `family = \"gaussian\"`."
    )
    return("categorical")
  }
  if (ncol(y) == 2L && all(whole %in% 0:1e4)) {
    inform_bbb(
      "`y` is a numeric matrix, so its family is gaussian, with two outcomes; for ",
      "successes and failures set `family = \"binomial\"`."
    )
  } else if (all(whole %in% 0:1)) {
    inform_bbb(
      "`y` is a matrix of 0 and 1, so its family is gaussian, with ", ncol(y),
      " outcomes; for probabilities fit each of them alone, with `family = \"binomial\"`."
    )
  }
  "gaussian"
}

# `columns` are as read; families of numbers only.
inform_if_constant <- function(columns) {
  same <- apply(columns, 2L, function(v) all(v == v[1L]))
  if (nrow(columns) < 2L || !any(same)) return(invisible())
  inform_bbb(
    if (ncol(columns) == 1L) "`y`" else "A column of `y`", " has the same value in all ",
    "rows, so that there is nothing to learn from the predictors."
  )
}
