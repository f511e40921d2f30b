# Predictors: from what a user has to a numeric matrix, the same way at each
# prediction. The recipe is the fit's `predictors`:
#
#   kind          "matrix", or "frame" for data frames and formulas
#   names         the columns of the matrix
#   center, scale what standardises them
# and of frames
#   terms, xlev, contrasts   for model.frame() and model.matrix()
#   columns, types           of the data frame: "numeric", "logical", "class"

# ---- encoding training data --------------------------------------------------

# list(x = matrix, recipe = ...)
encode_predictors <- function(x) {
  if (inherits(x, "bbb_frame")) return(encode_frame(x))
  if (is.data.frame(x)) return(encode_frame(frame_of_data(x)))
  encode_matrix(x)
}

encode_matrix <- function(x) {
  if (length(dim(x)) < 2L && is.atomic(x) && !is.factor(x)) {
    x <- matrix(x, dimnames = NULL)
  }
  if (!is.matrix(x) || !(is.numeric(x) || is.logical(x))) {
    stop_data(
      "`x` must be a numeric matrix, a data frame or a formula, not ",
      if (is.matrix(x)) paste("a matrix of", typeof(x)) else class(x)[1L], "."
    )
  }
  stop_if_empty(x)
  names <- colnames(x)
  named <- !is.null(names)
  if (!named) names <- paste0("x", seq_len(ncol(x)))
  stop_if_missing_columns(x, names)
  storage.mode(x) <- "double"
  finish_encoding(x, list(kind = "matrix", names = names, named = named))
}

# A data frame of predictors: all its columns.
frame_of_data <- function(x) {
  stop_if_empty(x)
  if (anyDuplicated(names(x))) {
    stop_data(
      "`x` has columns of the same name: ",
      quoted(unique(names(x)[duplicated(names(x))])), "."
    )
  }
  check_columns(x)
  terms <- stats::terms(~., data = x)
  new_frame(stats::model.frame(terms, x, na.action = stats::na.pass), names(x))
}

# A formula and its data: list(frame, y, name of the outcome).
frame_of_formula <- function(formula, data) {
  if (length(formula) != 3L) {
    stop_argument("The formula must have an outcome: `y ~ x1 + x2`.")
  }
  if (!is.null(data) && !is.data.frame(data) && !is.environment(data)) {
    stop_argument("`data` must be a data frame.")
  }
  frame <- tryCatch(
    stats::model.frame(
      formula, data, na.action = stats::na.pass, drop.unused.levels = TRUE
    ),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  terms <- stats::terms(frame)
  if (!is.null(stats::model.offset(frame))) {
    stop_argument("An offset in the formula is not supported.")
  }
  if (!length(attr(terms, "term.labels"))) {
    stop_argument("The formula must have at least one predictor.")
  }
  stop_if_empty(frame)
  y <- stats::model.response(frame)
  predictors <- frame[-attr(terms, "response")]
  check_columns(predictors)
  attr(predictors, "terms") <- stats::delete.response(terms)
  list(frame = new_frame(predictors, names(data), formula), y = unname(y))
}

new_frame <- function(frame, columns, formula = NULL) {
  structure(
    list(frame = frame, columns = columns, formula = formula),
    class = "bbb_frame"
  )
}

# model.matrix() of the frame; its intercept is the network's own.
encode_frame <- function(x) {
  frame <- x$frame
  terms <- stats::terms(frame)
  attr(terms, "intercept") <- 1L
  stop_if_missing(frame)
  one_level <- vapply(frame, function(v) is_class(v) && n_classes(v) < 2L, NA)
  if (any(one_level)) {
    # contrasts need two levels; a constant column is no predictor
    terms <- drop_constant(terms, names(frame)[one_level])
    frame <- frame[!one_level]
    if (!length(frame)) stop_data("All predictors are constant factors.")
  }
  matrix <- stats::model.matrix(terms, frame)
  used <- intersect(all.vars(terms), x$columns)
  recipe <- list(
    kind = "frame", names = colnames(matrix)[-1L], terms = terms,
    xlev = stats::.getXlevels(terms, frame),
    contrasts = attr(matrix, "contrasts"), columns = used,
    types = vapply(frame, type_of, "")
  )
  attr(recipe$terms, ".Environment") <- lean_environment(terms, used)
  recipe$formula <- x$formula
  if (!is.null(x$formula)) {
    environment(recipe$formula) <- environment(recipe$terms)
  }
  finish_encoding(matrix[, -1L, drop = FALSE], recipe)
}

drop_constant <- function(terms, names) {
  keep <- !vapply(
    attr(terms, "term.labels"),
    function(label) any(all.vars(str2lang(label)) %in% names), NA
  )
  if (!any(keep)) stop_data("All predictors are constant factors.")
  terms <- stats::drop.terms(terms, which(!keep))
  attr(terms, "intercept") <- 1L
  terms
}

# Formulas keep the environment that they were written in, and with it all its
# data. Where the formula needs nothing from there, the fit must not carry it.
lean_environment <- function(terms, columns) {
  needs <- setdiff(all.vars(terms), columns)
  calls <- setdiff(all.names(terms), c(all.vars(terms), base_names()))
  if (length(needs) || length(calls)) environment(terms) else globalenv()
}

base_names <- function() c(ls(baseenv(), all.names = TRUE), ls("package:stats"))

finish_encoding <- function(x, recipe) {
  if (!ncol(x)) stop_data("`x` has no columns.")
  standard <- standardisation(x)
  recipe$center <- standard$center
  recipe$scale <- standard$scale
  list(x = unname_rows(x), recipe = recipe)
}

# ---- encoding new data -------------------------------------------------------

# A numeric matrix, with NA in the rows that cannot be predicted.
encode_new <- function(recipe, newdata) {
  if (recipe$kind == "matrix") {
    new_matrix(recipe, newdata)
  } else {
    new_matrix_of_frame(recipe, newdata)
  }
}

new_matrix <- function(recipe, newdata) {
  D <- length(recipe$names)
  if (is.data.frame(newdata)) newdata <- as.matrix(newdata)
  if (length(dim(newdata)) < 2L && is.atomic(newdata)) {
    # a vector: one row of all predictors, or the only predictor
    newdata <- if (D > 1L && length(newdata) == D) {
      matrix(newdata, 1L, dimnames = list(NULL, names(newdata)))
    } else {
      matrix(newdata)
    }
  }
  all_missing <- is.logical(newdata)
  if (!is.matrix(newdata) || !(is.numeric(newdata) || all_missing)) {
    stop_data("`newdata` must be a numeric matrix with the columns of `x`.")
  }
  if (recipe$named && !is.null(colnames(newdata)) &&
        !anyDuplicated(recipe$names)) {
    stop_if_lacking(recipe$names, colnames(newdata))
    newdata <- newdata[, recipe$names, drop = FALSE]
  } else if (ncol(newdata) != D) {
    stop_data("`newdata` has ", ncol(newdata), " columns, not ", D, ".")
  }
  storage.mode(newdata) <- "double"
  unname_rows(newdata)
}

new_matrix_of_frame <- function(recipe, newdata) {
  if (is.matrix(newdata) && !is.null(colnames(newdata))) {
    newdata <- as.data.frame(newdata)
  }
  if (!is.data.frame(newdata)) {
    stop_data("`newdata` must be a data frame with the predictors of the fit.")
  }
  stop_if_lacking(recipe$columns, names(newdata))
  frame <- stats::model.frame(
    recipe$terms, newdata, na.action = stats::na.pass
  )
  check_types(frame, recipe)
  frame <- as_training_levels(frame, recipe$xlev)
  ok <- stats::complete.cases(frame)
  x <- matrix(
    NA_real_, nrow(frame), length(recipe$names),
    dimnames = list(NULL, recipe$names)
  )
  if (any(ok)) {
    # all rows are in the model matrix, the incomplete with stand-ins, because
    # model.matrix() drops them
    made <- stats::model.matrix(
      recipe$terms, frame[ok, , drop = FALSE],
      contrasts.arg = recipe$contrasts
    )
    x[ok, ] <- made[, recipe$names, drop = FALSE]
  }
  x
}

check_types <- function(frame, recipe) {
  for (name in names(recipe$types)) {
    new <- type_of(frame[[name]])
    old <- recipe$types[[name]]
    missing <- all(is.na(frame[[name]]))
    if (new != old && !missing) {
      stop_data(
        "Column `", name, "` of `newdata` is ", type_words[[new]],
        "; in the fit it was ", type_words[[old]], "."
      )
    }
  }
}

type_words <- list(
  numeric = "numeric", logical = "logical", class = "a factor or character",
  other = "of another type"
)

# Factors with the levels of the fit; a level that it never saw is an error.
as_training_levels <- function(frame, xlev) {
  for (name in names(xlev)) {
    value <- as.character(frame[[name]])
    new <- setdiff(value, c(xlev[[name]], NA))
    if (length(new)) {
      stop_data(
        "Column `", name, "` of `newdata` has levels that the fit never saw: ",
        quoted(new, "\""), "."
      )
    }
    frame[[name]] <- if (is.ordered(frame[[name]])) {
      factor(value, xlev[[name]], ordered = TRUE)
    } else {
      factor(value, xlev[[name]])
    }
  }
  frame
}

stop_if_lacking <- function(wanted, given) {
  lacking <- setdiff(wanted, given)
  if (length(lacking)) {
    stop_data("`newdata` lacks the column ", quoted(lacking), ".")
  }
}

# ---- checks and scaling ------------------------------------------------------

is_class <- function(v) is.factor(v) || is.character(v)

n_classes <- function(v) length(unique(v[!is.na(v)]))

type_of <- function(v) {
  if (is_class(v)) return("class")
  if (is.logical(v)) return("logical")
  if (is.numeric(v)) "numeric" else "other"
}

check_columns <- function(frame) {
  odd <- vapply(frame, type_of, "") == "other"
  if (any(odd)) {
    name <- names(frame)[odd][1L]
    stop_data(
      "Column `", name, "` is ", class(frame[[name]])[1L], "; predictors must ",
      "be numeric, logical, factors or character."
    )
  }
}

stop_if_empty <- function(x) {
  if (!nrow(x)) stop_data("`x` has no rows.")
  if (!ncol(x)) stop_data("`x` has no columns.")
}

is_missing <- function(v) {
  bad <- if (is.numeric(v)) !is.finite(v) else is.na(v)
  if (length(dim(bad)) == 2L) rowSums(bad) > 0 else bad
}

# Each element of `columns` is a column, named as the user knows it.
stop_if_missing <- function(columns) {
  count <- vapply(columns, function(v) sum(is_missing(v)), 0)
  if (!any(count > 0)) return(invisible())
  bad <- which(count > 0)
  what <- paste0("`", names(columns)[bad], "` (", count[bad], ")")
  rows <- Reduce(`|`, lapply(columns[bad], is_missing))
  stop_data(
    "Missing or infinite values in ", sum(rows), " of ", length(rows),
    if (length(rows) == 1L) " row" else " rows", ": ",
    quoted(what, ""), "."
  )
}

stop_if_missing_columns <- function(x, names) {
  if (all(is.finite(x))) return(invisible())
  columns <- lapply(seq_len(ncol(x)), function(j) x[, j])
  stop_if_missing(stats::setNames(columns, names))
}

# Mean and population standard deviation of each column; a constant column gets
# scale 1. Worked out on values below 1, so that no square overflows.
standardisation <- function(x) {
  size <- pmax(apply(abs(x), 2L, max), .Machine$double.xmin)
  center <- colMeans(sweep(x, 2L, size, "/"))
  spread <- sqrt(colMeans(
    (sweep(x, 2L, size, "/") - rep(center, each = nrow(x)))^2
  ))
  constant <- spread < 1e-12
  list(
    center = unname(center * size),
    scale = unname(ifelse(constant, 1, pmin(spread * size, 1e300)))
  )
}

unname_rows <- function(x) {
  rownames(x) <- NULL
  x
}

# An error of base R's as one sentence.
sentence <- function(message) {
  message <- sub("\n.*", "", message)
  paste0(toupper(substr(message, 1L, 1L)), substring(message, 2L), ".")
}
