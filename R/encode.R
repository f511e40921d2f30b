# Outcomes: from what a user has to the columns that the core takes, the same way
# when new outcomes are scored.
#
# A family's read(y, n, outcome) gives the columns of n rows, on their own scale, or
# an error in one sentence; `outcome` is the fit's for new data and NULL before.
# Its describe(y, columns) adds what the fit keeps of them, as list(
#   outputs       names of the network's outputs
#   levels        classes, in the core's order, or NULL
#   center, scale from the core's outcome to the user's
#   y_center, y_scale   what standardises each column for the core
#   shift         added to the first output: where an outcome is centred by that
#   aux           where the auxiliaries start
#   core          the core's family, where it has another name
# )

# Where the noise sd of a standardised outcome starts to be learned.
start_noise <- 0.5

# An outcome of n rows, checked and encoded.
encode_outcome <- function(y, family, n) {
  columns <- families[[family]]$read(y, n, NULL)
  outcome <- families[[family]]$describe(y, columns)
  outcome$y <- columns
  outcome$family <- family
  plain <- list(
    center = 0, scale = 1, y_center = rep(0, ncol(columns)),
    y_scale = rep(1, ncol(columns)), shift = 0, core = family
  )
  utils::modifyList(plain, outcome, keep.null = TRUE)
}

# New outcomes of a fit's own kind: for scores and gradients.
encode_new_outcome <- function(y, outcome, n) {
  families[[outcome$family]]$read(y, n, outcome)
}

# ---- values ------------------------------------------------------------------

# One-column matrices and data frames are vectors; what is no outcome is refused.
as_vector <- function(y) {
  if (is.data.frame(y) && ncol(y) == 1L) y <- y[[1L]]
  if (length(dim(y)) == 2L && ncol(y) == 1L || length(dim(y)) == 1L) {
    y <- as.vector(y)
  }
  if (!is.atomic(y) || is.null(y) || !is.null(dim(y))) {
    stop_data("`y` must be a vector: one outcome a row.")
  }
  if (type_of(y) == "other") {
    stop_data(
      "`y` must be numeric, logical, a factor or character, not ",
      class(y)[1L], "."
    )
  }
  y
}

# An outcome for each of n rows, none of them missing.
outcome_values <- function(y, n) {
  y <- as_vector(y)
  check_rows(length(y), "values", n)
  stop_if_missing(list(y = y))
  y
}

check_rows <- function(rows, what, n) {
  if (rows != n) {
    stop_data("`y` has ", rows, " ", what, " for ", n, " rows of `x`.")
  }
}

is_outcome_matrix <- function(y) {
  is.matrix(y) && ncol(y) > 1L && (is.numeric(y) || is.logical(y))
}

# The same of a numeric matrix of several columns.
outcome_matrix <- function(y, n) {
  check_rows(nrow(y), "rows", n)
  stop_if_missing(list(y = y))
  matrix(as.double(y), nrow(y), dimnames = list(NULL, colnames(y)))
}

# A numeric outcome; the sentence is of the fit or of the family.
numbers <- function(y, n, family, outcome) {
  y <- outcome_values(y, n)
  if (!is.numeric(y)) {
    stop_data(
      "`y` must be numeric",
      if (is.null(outcome)) paste0(" for family \"", family, "\"") else ", as in the fit",
      "."
    )
  }
  as.double(y)
}

# ---- numbers on the whole line -----------------------------------------------

reads_line <- function(family) {
  function(y, n, outcome) matrix(numbers(y, n, family, outcome))
}

read_gaussian <- function(y, n, outcome) {
  several <- is_outcome_matrix(y) && !inherits(y, "Surv")
  columns <- if (several) {
    outcome_matrix(y, n)
  } else {
    matrix(numbers(y, n, "gaussian", outcome))
  }
  if (!is.null(outcome) && ncol(columns) != length(outcome$outputs)) {
    stop_data("`y` must have ", length(outcome$outputs), " columns, as in the fit.")
  }
  columns
}

# What all have that are standardised to mean 0 and standard deviation 1.
standardised <- function(columns, ...) {
  standard <- standardisation(columns)
  list(
    center = standard$center, scale = standard$scale,
    y_center = standard$center, y_scale = standard$scale, ...
  )
}

describe_gaussian <- function(y, columns) {
  names <- colnames(columns)
  if (is.null(names)) {
    names <- if (ncol(columns) == 1L) "y" else paste0("y", seq_len(ncol(columns)))
  }
  standardised(
    columns, outputs = names, levels = NULL,
    aux = rep(log(start_noise), ncol(columns))
  )
}

describe_hetero <- function(y, columns) {
  standardised(columns, outputs = c("y", "log sd"), levels = NULL, aux = numeric())
}

# Degrees of freedom start at 5.
describe_student <- function(y, columns) {
  standardised(columns, outputs = "y", levels = NULL, aux = log(c(start_noise, 3)))
}

# ---- classes -----------------------------------------------------------------

reads_classes <- function(family) {
  function(y, n, outcome) {
    y <- outcome_values(y, n)
    if (is.null(outcome)) return(first_classes(y, family))
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
    stop_data("A numeric `y` must be 0 or 1 for family \"binomial\".")
  }
  if (is.character(y) && family == "ordinal") {
    stop_data("`y` must be an ordered factor for family \"ordinal\", not character.")
  }
  y <- droplevels(as.factor(y))
  if (nlevels(y) < 2L) {
    stop_data(
      "`y` has one class only, ", quoted(levels(y), "\""), "; at least two ",
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

levels_of <- function(y) levels(droplevels(as.factor(as_vector(y))))

describe_classes <- function(y, columns) {
  list(outputs = levels_of(y), levels = levels_of(y), aux = numeric())
}

# Cutpoints start where they give each level its share, were there no predictors.
describe_ordinal <- function(y, columns) {
  levels <- levels_of(y)
  share <- tabulate(columns[, 1L] + 1, length(levels)) / nrow(columns)
  cuts <- stats::qlogis(cumsum(share)[-length(levels)])
  list(outputs = "y", levels = levels, aux = c(cuts[1L], log(diff(cuts))))
}

# ---- two classes, or successes of trials -------------------------------------

read_binomial <- function(y, n, outcome) {
  trials <- if (is.null(outcome)) is_outcome_matrix(y) else is.null(outcome$levels)
  if (!trials) return(reads_classes("binomial")(y, n, outcome))
  whole <- is_outcome_matrix(y) && ncol(y) == 2L && !inherits(y, "Surv") &&
    all(is.na(y) | y >= 0 & y == trunc(y) & y <= 1e8)
  if (!whole) {
    stop_data(
      "A matrix `y` must have two columns of whole numbers for family ",
      "\"binomial\": successes and failures."
    )
  }
  y <- outcome_matrix(y, n)
  cbind(y[, 1L], y[, 1L] + y[, 2L], deparse.level = 0L)
}

describe_binomial <- function(y, columns) {
  if (ncol(columns) == 2L) {
    name <- colnames(y)[1L]
    return(list(
      outputs = if (is.null(name)) "y" else name, levels = NULL, aux = numeric(),
      core = "trials"
    ))
  }
  list(outputs = levels_of(y)[2L], levels = levels_of(y), aux = numeric())
}
