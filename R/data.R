# Predictors: from what a user has to a numeric matrix, the same way at each
# prediction. The recipe is the fit's `predictors`:
#
#   kind          "matrix", or "frame" for data frames and formulas
#   names         the columns of the matrix
#   center, scale what standardises them
# and of frames
#   terms, xlev, contrasts   for model.frame() and model.matrix()
#   columns   type of each column that they need: "numeric", "logical", "class"
#   response  columns that the outcome is made of, for a formula

# ---- encoding training data --------------------------------------------------

# list(x = matrix, recipe = ...)
encode_predictors <- function(x) {
  if (inherits(x, "bbb_frame")) return(encode_frame(x))
  if (is.data.frame(x)) return(encode_frame(frame_of_data(x)))
  encode_matrix(x)
}

encode_matrix <- function(x) {
  what <- class(x)[1L]
  if (what == "matrix") what <- paste("a matrix of", typeof(x))
  x <- as_matrix(x)
  if (is.null(x)) {
    stop_data(
      "`x` must be a numeric matrix, a data frame or a formula, not ", what, "."
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

# A matrix of numbers, a vector as its only column; NULL of what is neither.
as_matrix <- function(x) {
  if (is_number_vector(x)) return(matrix(x, dimnames = NULL))
  if (is.matrix(x) && type_of(x) %in% c("numeric", "logical")) x
}

is_number_vector <- function(x) {
  length(dim(x)) < 2L && type_of(x) %in% c("numeric", "logical")
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
  frame <- stats::model.frame(
    stats::terms(~., data = x), x, na.action = stats::na.pass,
    drop.unused.levels = TRUE
  )
  new_frame(frame, vapply(x, type_of, ""))
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
  frame[one_level] <- lapply(frame[one_level], with_second_level)
  matrix <- stats::model.matrix(terms, frame)
  wanted <- names(x$columns) %in% all.vars(terms)
  recipe <- list(
    kind = "frame", names = colnames(matrix)[-1L], terms = terms,
    xlev = stats::.getXlevels(terms, frame),
    contrasts = attr(matrix, "contrasts"), columns = x$columns[wanted]
  )
  needs <- if (is.null(x$formula)) terms else x$formula
  lean <- lean_environment(needs, environment(terms), names(x$columns))
  attr(recipe$terms, ".Environment") <- lean
  if (!is.null(x$formula)) {
    recipe$formula <- x$formula
    environment(recipe$formula) <- lean
    recipe$response <- intersect(all.vars(x$formula[[2L]]), names(x$columns))
  }
  finish_encoding(matrix[, -1L, drop = FALSE], recipe)
}

# Contrasts need two levels: a factor that is constant gets one more, which makes
# it a constant column.
with_second_level <- function(v) {
  factor(v, make.unique(c(unique(as.character(v)), "(other)")))
}

finish_encoding <- function(x, recipe) {
  if (!ncol(x)) stop_data("`x` has no columns.")
  standard <- standardisation(x)
  recipe$center <- standard$center
  recipe$scale <- standard$scale
  list(x = unname_rows(x), recipe = recipe)
}

# ---- checks and scaling ------------------------------------------------------

is_class <- function(v) is.factor(v) || is.character(v)

n_classes <- function(v) length(unique(v[!is.na(v)]))

type_of <- function(v) {
  if (is_class(v)) return("class")
  if (is.logical(v)) return("logical")
  # bit64's numbers are doubles to R, of another meaning
  if (is.numeric(v) && !inherits(v, "integer64")) "numeric" else "other"
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
  small <- sweep(x, 2L, size, "/")
  center <- colMeans(small)
  spread <- sqrt(colMeans((small - rep(center, each = nrow(x)))^2))
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
