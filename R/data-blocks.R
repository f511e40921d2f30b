# From a model frame to numbers: model.matrix(), a block of rows at a time, so that no
# more is held than the answer and a block, and an interrupt need not wait for all rows.

# Numbers of a block.
block_cells <- 2^18

# list(x, names, contrasts): the predictors that the terms make of a frame, a matrix
# or, with factors of many levels, coded; their names; and the contrasts of factors.
# Rows that are not among `rows` are NA.
encode_terms <- function(terms, frame, contrasts, rows = seq_len(nrow(frame))) {
  words <- which(vapply(frame, is.character, NA))
  frame[words] <- lapply(frame[words], factor)
  parts <- lapply(terms_in_parts(terms), plan_part, frame, contrasts, rows[1L])
  names <- unlist(lapply(parts, `[[`, "names"))
  V <- vapply(parts, function(part) sum(!part$coded), 0L)
  value <- matrix(NA_real_, nrow(frame), sum(V))
  before <- cumsum(V) - V
  for (p in which(V > 0L)) {
    part <- parts[[p]]
    columns <- before[p] + seq_len(V[p])
    value[rows[1L], columns] <- part$first
    for (block in blocks_of(rows[-1L], length(part$coded))) {
      made <- model_matrix(part$terms, take_frame(part$shape, block), part$asked)
      value[block, columns] <- made[, !part$coded, drop = FALSE]
    }
  }
  codes <- codes_of_parts(parts, frame, rows)
  x <- if (ncol(codes)) {
    new_coded(value, codes, joined_from(parts))
  } else {
    structure(value, dimnames = list(NULL, names))
  }
  contrasts <- do.call(c, lapply(unname(parts), `[[`, "contrasts"))
  list(x = x, names = as.character(names), contrasts = contrasts)
}

# What is to be made for a part of the terms:
#
#   terms, shape   for model.matrix(): the variables, with a stand-in for a coded one
#   asked          the contrasts asked for of these variables
#   base           of each coded variable the place of the level without a column
#   coded          of each column that model.matrix() makes whether it is a stand-in's
#   names, from    of all columns, as of a coded matrix
#   start          the place before the columns of each coded variable
#   contrasts      of the factors
#   first          the first row of the columns that are not coded
plan_part <- function(terms, frame, contrasts, row) {
  shape <- frame[intersect(names(frame), variable_names(terms))]
  if (is_part(terms)) contrasts <- contrasts[intersect(names(contrasts), names(shape))]
  base <- coded_variables(terms, shape, contrasts)
  shape[names(base)] <- lapply(shape[names(base)], stand_in)
  attr(shape, "terms") <- terms
  made <- model_matrix(terms, take_frame(shape, row), contrasts)
  check_made_columns(terms, shape, attr(made, "contrasts"), colnames(made))
  at <- match(names(base), variable_names(terms))
  used <- attr(terms, "factors")[at, , drop = FALSE] != 0L
  factor <- match(attr(made, "assign"), max.col(used, "first"), 0L)
  coded <- factor > 0L
  columns <- as.list(colnames(made))
  columns[coded] <- lapply(which(coded), function(k) {
    name <- names(base)[factor[k]]
    prefix <- substr(columns[[k]], 1L, nchar(columns[[k]]) - 1L)
    paste0(prefix, levels(frame[[name]])[-base[[name]]])
  })
  width <- lengths(columns)
  where <- ifelse(coded, -factor, cumsum(!coded))
  list(
    terms = terms, shape = shape, asked = contrasts, base = base, coded = coded,
    names = as.character(unlist(columns)), from = rep(as.integer(where), width),
    start = (cumsum(width) - width)[match(seq_along(base), factor)],
    contrasts = attr(made, "contrasts"), first = made[1L, !coded]
  )
}

# Of all parts, one after the other.
joined_from <- function(parts) {
  V <- C <- 0L
  unlist(lapply(parts, function(part) {
    from <- part$from + ifelse(part$from > 0L, V, -C)
    V <<- V + sum(!part$coded)
    C <<- C + length(part$base)
    from
  }))
}

codes_of_parts <- function(parts, frame, rows) {
  width <- lengths(lapply(parts, `[[`, "from"))
  before <- cumsum(width) - width
  do.call(cbind, lapply(seq_along(parts), function(p) {
    part <- parts[[p]]
    codes_of(part$base, part$start + before[p], frame, rows)
  }))
}

# The column of each row's level, one for each coded factor.
codes_of <- function(base, start, frame, rows) {
  out <- matrix(NA_integer_, nrow(frame), length(base))
  for (c in seq_along(base)) {
    level <- as.integer(frame[[names(base)[c]]])[rows]
    code <- start[c] + level - (level > base[[c]])
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

# Without its intercept; `assign` tells the term of each column.
model_matrix <- function(terms, frame, contrasts) {
  made <- tryCatch(
    stats::model.matrix(terms, frame, contrasts.arg = contrasts),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
  structure(
    made[, -1L, drop = FALSE],
    contrasts = attr(made, "contrasts"), assign = attr(made, "assign")[-1L]
  )
}
