# From a model frame to numbers: model.matrix(), a block of rows at a time, so that no
# more is held than the answer and a block, and an interrupt need not wait for all rows.

# Numbers of a block.
block_cells <- 2^18

# list(x, names, contrasts): the predictors that the terms make of a frame, a matrix or,
# with factors of many levels, coded; their names; and the contrasts of factors. Rows
# that are not among `rows` are NA.
encode_terms <- function(terms, frame, contrasts, rows = seq_len(nrow(frame))) {
  frame[] <- lapply(frame, function(v) if (is.character(v)) factor(v) else v)
  base <- coded_variables(terms, frame, contrasts)
  shape <- frame
  shape[names(base)] <- lapply(frame[names(base)], stand_in)
  plan <- plan_columns(terms, shape, contrasts, rows[1L], frame, base)
  at <- which(!plan$coded)
  value <- matrix(NA_real_, nrow(frame), length(at))
  for (block in blocks_of(rows, length(plan$coded))) {
    if (!length(at)) break
    made <- model_matrix(terms, take_frame(shape, block), contrasts)
    value[block, ] <- made[, at, drop = FALSE]
  }
  x <- if (length(base)) {
    new_coded(value, codes_of(plan, frame, base, rows), plan$from)
  } else {
    structure(value, dimnames = list(NULL, plan$names))
  }
  list(x = x, names = plan$names, contrasts = plan$contrasts)
}

# What the columns are, seen in one row: list(coded, names, contrasts, from, start).
# `coded` is of the columns that model.matrix() makes of `shape`, where a coded factor
# makes only one; `start` is the place before the columns of each coded factor.
plan_columns <- function(terms, shape, contrasts, row, frame, base) {
  made <- model_matrix(terms, take_frame(shape, row), contrasts)
  labels <- attr(terms, "factors")[names(base), , drop = FALSE]
  term <- vapply(seq_along(base), function(c) which(labels[c, ] != 0L), 0L)
  factor <- match(attr(made, "assign"), term, 0L)
  coded <- factor > 0L
  columns <- as.list(colnames(made))
  columns[coded] <- lapply(which(coded), function(k) {
    v <- frame[[names(base)[factor[k]]]]
    prefix <- substr(columns[[k]], 1L, nchar(columns[[k]]) - 1L)
    paste0(prefix, levels(v)[-base[[factor[k]]]])
  })
  width <- lengths(columns)
  where <- ifelse(coded, -factor, cumsum(!coded))
  list(
    coded = coded, names = as.character(unlist(columns)),
    contrasts = attr(made, "contrasts"), from = rep(as.integer(where), width),
    start = (cumsum(width) - width)[match(seq_along(base), factor)]
  )
}

# The column of each row's level, one for each coded factor.
codes_of <- function(plan, frame, base, rows) {
  out <- matrix(NA_integer_, nrow(frame), length(base))
  for (c in seq_along(base)) {
    level <- as.integer(frame[[names(base)[c]]])[rows]
    code <- plan$start[c] + level - (level > base[[c]])
    out[rows, c] <- as.integer(replace(code, level == base[[c]], 0L))
  }
  out
}

# `rows` in blocks for so many columns.
blocks_of <- function(rows, columns) {
  size <- max(1L, block_cells %/% (columns + 1L))
  lapply(seq_len(ceiling(length(rows) / size)), function(b) {
    rows[seq((b - 1L) * size + 1L, min(b * size, length(rows)))]
  })
}

# Rows of a frame that has no names of rows.
take_frame <- function(frame, rows) {
  out <- lapply(frame, take_rows, rows)
  attributes(out) <- c(
    attributes(frame)[c("names", "terms")],
    list(class = "data.frame", row.names = .set_row_names(length(rows)))
  )
  out
}
