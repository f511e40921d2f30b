# New data must match the training data: their columns, types, units and levels.

stop_if_lacking <- function(wanted, given, arg) {
  lacking <- setdiff(wanted, given)
  if (length(lacking)) {
    stop_data(
      "`", arg, "` lacks the column", if (length(lacking) > 1L) "s", " ",
      quoted(lacking), "."
    )
  }
}

# Stops where new rows would be answered with values of the training rows; `what` is
# "terms", "outcome", "weights" or "offset", and `arg` what holds the new rows.
stop_if_bound <- function(recipe, what, arg) {
  expr <- recipe$bound[[what]]
  if (is.null(expr)) return(invisible())
  if (what == "terms") {
    stop_data(
      quoted(expr), " of the formula belongs to the training rows: make it a column of ",
      "the data and of `", arg, "`, and write its name in the formula."
    )
  }
  name <- if (what == "outcome") "y" else what
  stop_data(
    quoted(expr), ", the fit's ", what, ", belongs to the training rows: give `", name,
    "` for the rows of `", arg, "`, or fit with a column of the data."
  )
}

# New data with the units and time zones of the fit's in the columns that are `needed`;
# what cannot have them is an error.
as_in_fit <- function(recipe, data, arg, needed) {
  data <- with_times(data)
  columns <- recipe_columns(recipe)
  for (name in intersect(needed, names(data))) {
    v <- data[[name]]
    mark <- recipe$marks[[name]]
    if (!is.null(mark)) {
      data[[name]] <- as_marked(v, mark, name, arg)
    } else if (!is.null(recipe$formula) && type_of(v) %in% c("other", "duration", "time")) {
      is_predictor <- name %in% names(columns)
      before <- if (is_predictor) type_words[[columns[[name]]]] else "a plain column"
      stop_other_type(name, arg, v, before)
    }
  }
  data
}

as_marked <- function(v, mark, name, arg) {
  if (all(is.na(v)) || identical(mark, mark_of(v))) return(v)
  same <- type_of(v) == mark$type &&
    (mark$type != "other" || identical(class(v), mark$class))
  if (!same) {
    what <- if (mark$type == "other") mark$class[1L] else type_words[[mark$type]]
    stop_other_type(name, arg, v, what)
  }
  if (mark$type == "duration") units(v) <- mark$units
  if (mark$type == "time") attr(v, "tzone") <- mark$tzone
  if (!identical(units_in(v), mark$units) && mark$type == "other") {
    stop_data(
      "Column `", name, "` of `", arg, "` is in ", units_in(v),
      "; in the fit it was in ", mark$units, "."
    )
  }
  v
}

check_types <- function(newdata, columns, arg) {
  new <- vapply(as.list(newdata)[names(columns)], type_of, "")
  for (name in names(columns)[new != columns]) {
    if (!all(is.na(newdata[[name]]))) {
      stop_other_type(name, arg, newdata[[name]], type_words[[columns[[name]]]])
    }
  }
}

# A class that a matrix would lose without a word.
check_number_columns <- function(newdata, arg) {
  odd <- !vapply(newdata, has_numbers, NA)
  if (any(odd)) {
    stop_other_type(names(newdata)[odd][1L], arg, newdata[[which(odd)[1L]]], "numeric")
  }
}

stop_other_type <- function(name, arg, v, before) {
  type <- type_of(v)
  stop_data(
    "Column `", name, "` of `", arg, "` is ",
    if (type == "other") odd_name(v) else type_words[[type]], "; in the fit it was ",
    before, "."
  )
}

# Factors with the levels of the fit; a level that it never saw is an error, or NA.
as_training_levels <- function(frame, xlev, arg, new_levels = "error") {
  for (name in names(xlev)) {
    value <- as.character(frame[[name]])
    new <- setdiff(value, c(xlev[[name]], NA))
    if (length(new) && new_levels == "error") {
      stop_data(
        "Column `", name, "` of `", arg, "` has levels that the fit never saw: ",
        quoted(new, "\""), "."
      )
    }
    frame[[name]] <- factor(
      value, xlev[[name]], exclude = if (!anyNA(xlev[[name]])) NA,
      ordered = is.ordered(frame[[name]])
    )
  }
  frame
}

# Where the columns of the fit are among those made: two may have the same name, as
# level 2 of `x` and the column `x2`, and are then known by their order.
places_of <- function(names, made, arg) {
  if (identical(made, names)) return(seq_along(names))
  at <- match(names, made)
  if (anyNA(at) || anyDuplicated(names)) {
    stop_data(
      "`", arg, "` does not produce the model matrix columns of the fit: ", quoted(names), "."
    )
  }
  at
}

# An expression of the fit's call in other data.
value_in <- function(expr, data, recipe, arg = "newdata") {
  if (is.null(expr)) return(NULL)
  stop_if_lacking(
    intersect(variables_of(expr), names(recipe_columns(recipe))), names(data), arg
  )
  data <- as_in_fit(recipe, as.data.frame(data), arg, variables_of(expr))
  tryCatch(
    eval(expr, data, environment(recipe$terms)),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
}
