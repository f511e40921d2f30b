# Predictors of which some are factors of many levels: a coded matrix. Its columns are
# those of a numeric matrix, but the indicators of such a factor are kept as one code
# for each row. The core makes them for the rows that it is about to use.
#
#   value  the other columns, a numeric matrix
#   code   an integer column for each factor: in each row which column of all is 1,
#          0 where none is, NA where the level is not known
#   from   for each column of all where it is: v in column v of `value`, -c in
#          column c of `code`

new_coded <- function(value, code, from) {
  structure(list(value = value, code = code, from = from), class = "bbb_coded")
}

#' @export
dim.bbb_coded <- function(x) c(nrow(.subset2(x, "code")), length(.subset2(x, "from")))

# Rows, and columns that are all there in another order.
#' @export
`[.bbb_coded` <- function(x, i, j, drop = FALSE) {
  x <- unclass(x)
  if (!missing(j)) {
    x$from <- x$from[j]
    x$code[] <- c(0L, match(seq_along(j), j))[x$code + 1L]
  }
  if (!missing(i)) {
    x$value <- x$value[i, , drop = FALSE]
    x$code <- x$code[i, , drop = FALSE]
  }
  do.call(new_coded, x)
}

# ---- which factors -----------------------------------------------------------

# From so many levels on a factor is coded. The numbers are the same either way.
least_levels <- 8L

# The variables of a frame that are coded, by name: those that make one term, alone,
# with a column of 0 and 1 for each level but one. The value is the place of that level.
coded_variables <- function(terms, frame, contrasts) {
  factors <- attr(terms, "factors")
  if (!length(factors)) return(integer())
  many <- vapply(frame, function(v) is.factor(v) && nlevels(v) >= least_levels, NA)
  main <- attr(terms, "order") == 1L
  all <- variable_names(terms)
  names <- Filter(function(name) {
    cells <- factors[match(name, all), ]
    sum(cells != 0L) == 1L && any(cells[main] == 1L)
  }, intersect(names(frame)[many], all))
  base <- vapply(names, function(name) {
    switch(contrast_name(name, frame[[name]], contrasts),
      contr.treatment = 1L, contr.SAS = nlevels(frame[[name]]), 0L
    )
  }, 0L)
  base[base > 0L]
}

# The name of the contrasts that model.matrix() takes for a factor, "" for others.
contrast_name <- function(name, v, contrasts) {
  what <- if (is.list(contrasts)) contrasts[[name]]
  if (is.null(what)) what <- attr(v, "contrasts")
  if (is.null(what)) what <- getOption("contrasts")[[1L + is.ordered(v)]]
  known <- is.character(what) && length(what) == 1L &&
    identical(get0(what, mode = "function"), get0(what, asNamespace("stats")))
  if (known) what else ""
}

# In the place of a coded factor for model.matrix(), which then makes one column of it.
stand_in <- function(v) {
  out <- structure(rep(1L, length(v)), levels = c("1", "2"), class = class(v))
  if (is.character(attr(v, "contrasts"))) attr(out, "contrasts") <- attr(v, "contrasts")
  out
}
