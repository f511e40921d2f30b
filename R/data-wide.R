# Terms of many variables. A terms object has a table of variables by terms, 100 MB
# for 5000 columns, and their names several times. Wide terms, of more than
# `most_terms` terms, have no table but its cells that are not 0:
#
#   cells  list(row, column, value, names) of the table: its rows are the variables
#          without the outcome, and `names` those of the rows, the last ones
#
# They do for model.frame() as they are, and for model.matrix() a part at a time.
# Where each term is a column of the data, a fit keeps no terms but what they are
# made of: see with_small_terms().

most_terms <- 100L

is_wide <- function(terms) length(attr(terms, "term.labels")) > most_terms

# ---- made without the table --------------------------------------------------

# Of a formula that only adds columns of a data frame, and leaves some out, as
# `y ~ .` and `y ~ . - id`, if they are many; else NULL.
wide_terms <- function(formula, data) {
  if (!is.data.frame(data) || length(data) <= most_terms) return(NULL)
  items <- summands(formula[[3L]])
  outcome <- formula[[2L]]
  dot <- setdiff(names(data), all.names(outcome))
  name <- vapply(items$what, function(e) if (is.name(e)) as.character(e) else "", "")
  numbers <- name == ""
  added <- name[items$plus & !numbers]
  dropped <- name[!items$plus]
  columns <- unique(c(if ("." %in% added) dot, setdiff(added, "."), dropped))
  plain <- !any(numbers) && all(columns %in% dot) && !anyNA(columns) &&
    !any(columns %in% c("", ".")) && !"." %in% name[-1L] &&
    !any(added %in% dropped)
  if (!plain || length(columns) <= most_terms) return(NULL)
  kept <- which(!columns %in% dropped)
  lean_terms(formula, columns, kept, list(outcome), environment(formula))
}

# What is added and taken away: list(what, plus), in its order.
summands <- function(e) {
  what <- list()
  plus <- NULL
  while (is.call(e) && length(e) == 3L && deparse(e[[1L]])[1L] %in% c("+", "-")) {
    what <- c(what, e[[3L]])
    plus <- c(plus, identical(e[[1L]], quote(`+`)))
    e <- e[[2L]]
  }
  list(what = rev(c(what, e)), plus = rev(c(plus, TRUE)))
}

# Of the `columns` of a data frame, of which those `kept` are terms.
lean_terms <- function(formula, columns, kept = seq_along(columns), outcome = NULL,
                       place = globalenv()) {
  variables <- as.call(c(quote(list), outcome, lapply(columns, as.name)))
  # what is no function of the data is the same of new data: see makepredictcall()
  fixed <- !length(outcome) || is.name(outcome[[1L]])
  names <- quoted_names(columns)
  structure(
    formula, variables = variables,
    cells = list(
      row = kept, column = seq_along(kept), value = rep(1L, length(kept)), names = names
    ),
    term.labels = names[kept], order = rep(1L, length(kept)), intercept = 1L,
    response = length(outcome), predvars = if (fixed) variables,
    class = c("terms", "formula"), .Environment = place
  )
}

# As they are written in a formula.
quoted_names <- function(columns) {
  odd <- make.names(columns) != columns
  columns[odd] <- vapply(lapply(columns[odd], as.name), deparse, "", backtick = TRUE)
  columns
}

# ---- a part at a time --------------------------------------------------------

# Terms as several of few terms each, to make the columns of all one after another.
terms_in_parts <- function(terms) {
  if (!is_wide(terms)) return(list(terms))
  n <- length(attr(terms, "term.labels"))
  lapply(split(seq_len(n), (seq_len(n) - 1L) %/% most_terms), function(at) {
    part_of_terms(terms, at)
  })
}

# The terms `at`, without an outcome.
part_of_terms <- function(terms, at) {
  cells <- cells_of(terms)
  here <- cells$column %in% at
  rows <- sort(unique(cells$row[here]))
  factors <- matrix(0L, length(rows), length(at))
  factors[cbind(match(cells$row[here], rows), match(cells$column[here], at))] <-
    cells$value[here]
  variables <- as.list(attr(terms, "variables"))[-seq_len(1L + attr(terms, "response"))]
  labels <- attr(terms, "term.labels")[at]
  names <- utils::tail(cells$names, length(variables))[rows]
  structure(
    ~., variables = as.call(c(quote(list), variables[rows])),
    factors = structure(factors, dimnames = list(names, labels)),
    term.labels = labels, order = attr(terms, "order")[at], intercept = 1L,
    response = 0L, class = c("terms", "formula"), is_part = TRUE,
    .Environment = environment(terms)
  )
}

is_part <- function(terms) isTRUE(attr(terms, "is_part"))

# As model.frame() names the column of a variable.
name_of_variable <- function(e) {
  if (is.name(e)) return(as.character(e))
  paste(deparse(e, width.cutoff = 500L, backtick = is.language(e)), collapse = " ")
}

cells_of <- function(terms) {
  cells <- attr(terms, "cells")
  if (!is.null(cells)) return(cells)
  factors <- attr(terms, "factors")
  at <- which(factors != 0L)
  list(
    row = (at - 1L) %% nrow(factors) + 1L - attr(terms, "response"),
    column = (at - 1L) %/% nrow(factors) + 1L, value = factors[at],
    names = rownames(factors)
  )
}

without_table <- function(terms) {
  attr(terms, "cells") <- cells_of(terms)
  attr(terms, "factors") <- NULL
  terms
}

with_table <- function(terms) {
  cells <- attr(terms, "cells")
  if (is.null(cells)) return(terms)
  labels <- attr(terms, "term.labels")
  factors <- matrix(
    0L, length(cells$names), length(labels), dimnames = list(cells$names, labels)
  )
  factors[cbind(cells$row + attr(terms, "response"), cells$column)] <- cells$value
  attr(terms, "factors") <- factors
  attr(terms, "cells") <- NULL
  terms
}

# The names of the variables in a model frame.
variable_names <- function(terms) {
  vapply(as.list(attr(terms, "variables"))[-1L], name_of_variable, "")
}
