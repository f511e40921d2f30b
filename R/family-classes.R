# Outcomes of classes: binomial, categorical and ordinal.

reads_classes <- function(family) {
  function(y, n, outcome) {
    y <- outcome_values(y, n)
    if (is.null(outcome)) return(first_classes(y, family))
    if (is.numeric(y)) y <- as_whole(y)
    code <- match(as.character(y), outcome$levels)
    if (anyNA(code)) {
      new <- unique(as.character(y)[is.na(code)])
      stop_data(
        "`y` has classes that the fit does not know: ", quoted(new, "\""), "."
      )
    }
    matrix(code - 1)
  }
}

first_classes <- function(y, family) {
  if (is.numeric(y) && family == "binomial" && !all(y %in% 0:1)) {
    stop_data(
      "A numeric `y` must be 0 or 1 for family \"binomial\"; trials are given as ",
      "`cbind(successes, failures)`, or as shares with the numbers of trials as `weights`."
    )
  }
  if (is.character(y) && family == "ordinal") {
    stop_data("`y` must be an ordered factor for family \"ordinal\", not character.")
  }
  y <- as.factor(y)
  if (n_classes(y) < 2L) {
    stop_data(
      "`y` has one class only, ", quoted(unique(as.character(y)), "\""), "; at least two ",
      "are needed."
    )
  }
  if (family == "binomial" && nlevels(y) > 2L) {
    stop_data(
      "`y` has ", nlevels(y), " classes; family \"binomial\" takes two, ",
      "\"categorical\" any number."
    )
  }
  if (family == "ordinal" && nlevels(y) > 100L) {
    stop_data("`y` has ", nlevels(y), " levels; family \"ordinal\" takes at most 100.")
  }
  matrix(as.double(y) - 1)
}

# In the order of the core; which of them stay take_outcome() has settled.
levels_of <- function(y) levels(as.factor(as_vector(y)))

describe_classes <- function(y, columns, cases) {
  list(outputs = levels_of(y), levels = levels_of(y), aux = numeric())
}

# Cutpoints start where they give each level its share, were there no predictors.
# A level whose weights are all 0 counts a little.
describe_ordinal <- function(y, columns, cases) {
  levels <- levels_of(y)
  total <- class_totals(y, levels, cases$weights)
  share <- unname(pmax(total, 1e-3 * sum(total)) / sum(pmax(total, 1e-3 * sum(total))))
  cuts <- stats::qlogis(cumsum(share)[-length(levels)])
  list(outputs = "y", levels = levels, aux = c(cuts[1L], log(diff(cuts))))
}

# ---- two classes, or successes of trials -------------------------------------

read_binomial <- function(y, n, outcome) {
  trials <- if (is.null(outcome)) is_outcome_matrix(y) else is.null(outcome$levels)
  if (!trials) return(reads_classes("binomial")(y, n, outcome))
  if (is_outcome_matrix(y)) y <- as_whole(y + 0)
  whole <- is_outcome_matrix(y) && ncol(y) == 2L &&
    all(is.na(y) | y >= 0 & y == trunc(y) & y <= 1e8)
  if (!whole) {
    stop_data(
      "A matrix `y` must have two columns of whole numbers from 0 to 1e8 for family ",
      "\"binomial\": successes and failures."
    )
  }
  y <- outcome_matrix(y, n)
  cbind(y[, 1L], y[, 1L] + y[, 2L], deparse.level = 0L)
}

describe_binomial <- function(y, columns, cases) {
  if (ncol(columns) == 2L) {
    name <- colnames(y)[1L]
    return(list(
      outputs = if (is.null(name)) "y" else name, levels = NULL, aux = numeric(),
      core = "trials"
    ))
  }
  list(outputs = levels_of(y)[2L], levels = levels_of(y), aux = numeric())
}

class_totals <- function(y, levels, weights) {
  code <- factor(as.character(as_vector(y)), levels)
  if (is.null(weights)) weights <- rep(1, length(code))
  vapply(split(weights, code), sum, 0)
}
