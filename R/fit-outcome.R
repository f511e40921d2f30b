# The outcome and the predictors of a fit, as check_fit() looks at them: whether what
# turns a user's data into numbers, and back, is whole and agrees.

# What each of the core's families has, a row by its name.
#   standard  how the outcome is brought to the core's scale: by "line", its mean and
#             standard deviation; by "log", its geometric mean; or by "unit", not
#   levels    the fewest and the most classes, or NULL where there are none
#   count     how many outputs, auxiliaries, and columns of the outcome there are, of
#             K outputs and L levels
core_shape <- function(standard, outputs = 1L, aux = 0L, columns = 1L,
                       levels = NULL, count = NULL) {
  fixed <- c(outputs = outputs, aux = aux, columns = columns)
  if (is.null(count)) count <- function(K, L) fixed
  list(standard = standard, levels = levels, count = count)
}

core_shapes <- list(
  gaussian = core_shape("line", count = function(K, L) {
    c(outputs = max(K, 1L), aux = K, columns = K)
  }),
  binomial = core_shape("unit", levels = c(2L, 2L)),
  categorical = core_shape(
    "unit", levels = c(2L, .Machine$integer.max),
    count = function(K, L) c(outputs = L, aux = 0L, columns = 1L)
  ),
  gaussian_hetero = core_shape("line", outputs = 2L),
  student_t = core_shape("line", aux = 2L),
  trials = core_shape("unit", columns = 2L),
  ordinal = core_shape(
    "unit", levels = c(2L, 100L),
    count = function(K, L) c(outputs = 1L, aux = L - 1L, columns = 1L)
  ),
  poisson = core_shape("unit"),
  negbinomial = core_shape("unit", aux = 1L),
  gamma = core_shape("log", aux = 1L),
  lognormal = core_shape("log", aux = 1L),
  weibull = core_shape("log", aux = 1L, columns = 2L),
  loglogistic = core_shape("log", aux = 1L, columns = 2L)
)

# Of a fit's outcome, as it is.
counts_of <- function(outcome) {
  core_shapes[[outcome$core]]$count(length(outcome$outputs), length(outcome$levels))
}

outcome_fields <- c(
  "family", "core", "outputs", "center", "scale", "y_center", "y_scale", "shift",
  "offset_center", "has_weights", "has_offset"
)

check_outcome <- function(outcome, family) {
  core <- outcome$core
  if (!identical(outcome$family, family)) {
    stop_field("outcome$family", "must be that of the fit, \"", family, "\".")
  }
  if (!identical(core, family) && !(identical(core, "trials") && family == "binomial")) {
    stop_field("outcome$core", "must be the family of the core, \"", family, "\".")
  }
  shape <- core_shapes[[core]]
  check_levels(outcome$levels, shape$levels)
  count <- counts_of(outcome)
  if (!is_strings(outcome$outputs, count[["outputs"]])) {
    stop_field(
      "outcome$outputs", "must be ", count[["outputs"]], " names for family \"",
      family, "\"."
    )
  }
  if (core == "categorical" && !identical(outcome$outputs, outcome$levels)) {
    stop_field("outcome$outputs", "must be the levels.")
  }
  check_standard(outcome, shape$standard, count[["columns"]])
  check_cases_of(outcome)
}

check_levels <- function(levels, number) {
  if (is.null(number)) {
    if (!is.null(levels)) stop_field("outcome$levels", "must be NULL, without classes.")
    return(invisible())
  }
  L <- length(levels)
  if (!is_strings(levels) || L < number[1L] || L > number[2L] || anyDuplicated(levels)) {
    stop_field(
      "outcome$levels", "must be ", if (number[1L] == number[2L]) "two" else
      "two or more", " different classes."
    )
  }
}

# `center` and `scale`, from the core's outcome to the user's, and what brings each
# column to the core.
check_standard <- function(outcome, standard, columns) {
  J <- if (standard == "line") columns else 1L
  numbers <- c(center = J, scale = J, y_center = columns, y_scale = columns,
               shift = 1L, offset_center = 1L)
  for (name in names(numbers)) {
    n <- numbers[[name]]
    if (!is_within(outcome[[name]], n)) {
      check_field_numbers(outcome[[name]], n, paste0("outcome$", name), "")
    }
  }
  if (abs(outcome$shift) > 1e6) stop_field("outcome$shift", "must be at most 1e6.")
  for (name in c("scale", "y_scale")) {
    if (min(outcome[[name]]) <= 0) {
      stop_field(paste0("outcome$", name), "must be above 0.")
    }
  }
  if (!is_standard(outcome, standard)) {
    stop_field(
      "outcome", "must have `center` and `scale` that agree with `y_center` and ",
      "`y_scale`, as `bbb_fit()` makes them."
    )
  }
}

is_standard <- function(outcome, standard) {
  switch(standard,
    line = identical(outcome$center, outcome$y_center) &&
      identical(outcome$scale, outcome$y_scale),
    log = outcome$center == 0 && all(outcome$y_scale == 1, outcome$y_center[-1L] == 0) &&
      isTRUE(abs(outcome$scale / exp(outcome$y_center[1L]) - 1) < 1e-6),
    unit = outcome$center == 0 && outcome$scale == 1 &&
      all(outcome$y_center == 0, outcome$y_scale == 1)
  )
}

check_cases_of <- function(outcome) {
  for (name in c("has_weights", "has_offset")) {
    if (!is_true_or_false(outcome[[name]])) {
      stop_field(paste0("outcome$", name), "must be TRUE or FALSE.")
    }
  }
  weights <- outcome$class_weights
  if (is.null(weights)) return(invisible())
  ok <- is.double(weights) && identical(names(weights), outcome$levels) &&
    is_within(as.vector(weights), length(weights)) && min(weights) > 0
  if (!ok) {
    stop_field(
      "outcome$class_weights", "must be numbers above 0 with the names of the levels."
    )
  }
}

# ---- predictors --------------------------------------------------------------

recipe_fields <- c("kind", "names", "center", "scale")

check_predictors <- function(recipe) {
  D <- length(recipe$names)
  if (!is_strings(recipe$names) || !D) {
    stop_field("predictors$names", "must be the names of the predictors.")
  }
  for (name in c("center", "scale")) {
    if (!is_within(recipe[[name]], D)) {
      check_field_numbers(
        recipe[[name]], D, paste0("predictors$", name), ", one for each predictor"
      )
    }
  }
  if (min(recipe$scale) <= 0) stop_field("predictors$scale", "must be above 0.")
  if (identical(recipe$kind, "frame")) return(check_frame_of(recipe))
  if (!identical(recipe$kind, "matrix")) {
    stop_field("predictors$kind", "must be \"matrix\" or \"frame\".")
  }
  if (!is_true_or_false(recipe$named)) {
    stop_field("predictors$named", "must be TRUE or FALSE.")
  }
}

# What model.frame() and model.matrix() are given.
check_frame_of <- function(recipe) {
  for (name in c("terms", "all_terms")) {
    if (!is_terms(recipe[[name]]) && !(name == "all_terms" && is.null(recipe[[name]]))) {
      stop_field(paste0("predictors$", name), "must be terms, as of `terms()`.")
    }
  }
  columns <- recipe$columns
  if (!is_strings(columns) || length(columns) && is.null(names(columns)) ||
        anyNA(match(columns, names(type_words)))) {
    stop_field("predictors$columns", "must be the types of the columns, by name.")
  }
  xlev <- recipe$xlev
  if (!is_named_list(xlev) || !all(vapply(xlev, is.character, NA))) {
    stop_field("predictors$xlev", "must be a list of levels, by name.")
  }
  for (name in c("contrasts", "beside", "marks", "bound")) {
    if (!is_named_list(recipe[[name]])) {
      stop_field(paste0("predictors$", name), "must be a list with names.")
    }
  }
  if (!all(vapply(recipe$bound, is_strings, NA))) {
    stop_field("predictors$bound", "must be expressions, as text.")
  }
  for (name in c("response", "weighting")) {
    if (!is.null(recipe[[name]]) && !is_strings(recipe[[name]])) {
      stop_field(paste0("predictors$", name), "must be names of columns.")
    }
  }
}

# Of many columns a fit keeps their names only: see R/data-wide.R.
is_terms <- function(x) {
  ok <- inherits(x, "terms") && is.call(x) && is.environment(attr(x, ".Environment"))
  if (ok && inherits(x, "bbb_columns")) return(is.list(attr(x, "dropped")))
  ok && is.numeric(attr(x, "response")) && length(attr(x, "response")) == 1L
}
