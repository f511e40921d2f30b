# Whether what a formula says of a row follows from that row alone. At the fit, variables
# of the formula are evaluated for some of the training rows and compared with what those
# rows have among all. What differs is one of three:
#   a term without memory, as rank(x), is an error;
#   values of the training rows, as w[1:16], are known to the recipe as `bound`, and
#     are an error where new rows need them;
#   a vector of as many values as there are rows may be a table, as `k` in k[code]:
#     where it is right as it is, it is a setting and not a column.

# ---- at the fit --------------------------------------------------------------

# list(columns, bound): the type of each value that new rows must have, by name, and the
# expressions that they cannot have, by what they are in the fit. `found` is of
# found_values(), `frame` that of the formula, `place` its rows in the data.
settle_columns <- function(found, frame, place, beside) {
  checks <- checks_of(frame, beside)
  alone <- vapply(checks, function(check) is.name(check$expr), NA)
  names_alone <- vapply(checks[alone], function(check) as.character(check$expr), "")
  known <- union(found$of_data, c(names_alone, variables_of(beside$subset)))
  few <- if (!all(alone)) few_complete_rows(frame)
  bound <- list()
  for (check in if (length(few)) checks[!alone]) {
    check$value <- take_rows(check$value, few)
    check$rows <- rows_apart(check$value)
    check$place <- place[few]
    verdict <- verdict_of(check, found, known)
    own <- intersect(variables_of(check$of), setdiff(names(found$columns), known))
    if (verdict != "same" && length(own)) {
      known <- c(known, own)
      verdict <- verdict_of(check, found, known)
    }
    if (verdict == "same" && !picks_rows(check$of, found, check$env)) next
    if (!is_bound(check, verdict, found)) stop_without_memory(check, verdict)
    bound[[check$what]] <- c(bound[[check$what]], shown(check$of))
  }
  columns <- found$columns[names(found$columns) %in% known]
  list(columns = vapply(columns, type_of, ""), bound = bound)
}

# list(values, columns, of_data, n): the values of all variables; those of them that have
# one for each of n rows; and the names of these that are in the data, not beside it.
found_values <- function(terms, data, beside) {
  value_of <- function(what) {
    tryCatch(eval(what, data, environment(terms)), error = function(e) NULL)
  }
  names <- variables_of(as.call(c(attr(terms, "variables"), beside)))
  values <- lapply(stats::setNames(nm = names), function(name) {
    column <- if (is.data.frame(data)) .subset2(data, name)
    if (is.null(column)) value_of(as.name(name)) else column
  })
  values <- values[!vapply(values, is.null, NA)]
  outcome <- attr(terms, "variables")[[attr(terms, "response") + 1L]]
  y <- value_of(outcome)
  if (is.language(y) || is.function(y)) {
    stop_argument(
      "The outcome `", shown(outcome), "` must be a variable of the data, not ",
      class(y)[1L], "."
    )
  }
  columns <- values[vapply(values, NROW, 0L) == NROW(y)]
  of_data <- if (is.data.frame(data)) intersect(names(columns), names(data))
  list(values = values, columns = columns, of_data = of_data, n = NROW(y))
}

# What is to be checked: list(expr, of, value, what, env), with the expression that has
# the training rows' own numbers and the one that the user wrote.
checks_of <- function(frame, beside) {
  terms <- stats::terms(frame)
  of <- as.list(attr(terms, "variables"))[-1L]
  what <- rep("terms", length(of))
  what[attr(terms, "response")] <- "outcome"
  what[attr(terms, "offset")] <- "offset"
  extra <- intersect(c("weights", "offset"), names(beside))
  Map(
    function(expr, of, value, what) {
      list(expr = expr, of = of, value = value, what = what, env = environment(terms))
    },
    c(as.list(attr(terms, "predvars"))[-1L], beside[extra]), c(of, beside[extra]),
    unname(c(as.list(frame[seq_along(of)]), extras_of(frame)[extra])), c(what, extra)
  )
}

# Places of at most 200 rows in a frame that have all values.
few_complete_rows <- function(frame) {
  n <- nrow(frame)
  among <- function(rows) {
    bad <- lapply(frame, function(v) is_missing(take_rows(v, rows)))
    rows[!Reduce(`|`, bad)]
  }
  spread <- function(rows) {
    rows[round(seq(1, length(rows), length.out = min(200L, length(rows))))]
  }
  rows <- among(spread(seq_len(n)))
  if (length(rows)) rows else spread(among(seq_len(n)))
}

# Rows to evaluate without the others: half of them, and some that have different values
# one by one, each twice since R makes a vector of one row of a matrix.
rows_apart <- function(value) {
  n <- NROW(value)
  value <- unclass(value)
  first <- if (length(dim(value)) == 2L) value[, 1L] else value
  ends <- unique(order(first)[round(seq(1, n, length.out = 5L))])
  half <- seq_len(n)[seq_len(n) %% 2L == 0L]
  c(if (length(half) > 1L) list(half), lapply(ends, rep, 2L))
}

# "same", or what is other when some rows are evaluated without the rest: the "shape",
# an error among them, or the "values", which of weights may depend on the other rows.
# `known` are the columns; a data frame beside the data is none.
verdict_of <- function(check, found, known) {
  part <- found$values[intersect(variables_of(check$expr), names(found$values))]
  columns <- Filter(
    function(name) name %in% found$of_data || !is.list(part[[name]]),
    intersect(names(part), intersect(names(found$columns), known))
  )
  tolerance <- tolerance_of(check$value)
  for (rows in check$rows) {
    some <- part
    some[columns] <- lapply(part[columns], take_rows, check$place[rows])
    got <- tryCatch(
      suppressWarnings(eval(check$expr, some, check$env)), error = function(e) NULL
    )
    if (NROW(got) != length(rows)) return("shape")
    if (check$what == "weights") next
    if (!same_values(got, take_rows(check$value, rows), tolerance)) return("values")
  }
  "same"
}

# Rounding, of a basis far from 0 too.
tolerance_of <- function(value) {
  value <- plain_values(value)
  finite <- if (is.numeric(value)) value[is.finite(value)]
  if (!length(finite)) return(0)
  1e-6 * diff(range(finite)) + 1e-12 * max(abs(finite))
}

# A value that is NA alone was made by the na.action.
same_values <- function(got, want, tolerance) {
  got <- plain_values(got)
  want <- plain_values(want)
  if (length(got) != length(want) || is.character(got) != is.character(want)) return(FALSE)
  if (is.character(got)) return(all(got == want, na.rm = TRUE))
  if (!is.numeric(got) || !is.numeric(want)) return(TRUE)
  all(abs(got - want) <= tolerance, na.rm = TRUE)
}

# Numbers as the network gets them, or the names of classes.
plain_values <- function(value) {
  if (is_class(value)) return(as.character(value))
  value <- unclass(as_numbers(list(value))[[1L]])
  if (is.atomic(value) && !is.complex(value)) as.double(value) else value
}

# Whether it belongs to the training rows, and is right of them as long as no others come.
is_bound <- function(check, verdict, found) {
  if (check$what %in% c("outcome", "weights") || verdict == "same") return(TRUE)
  if (check$what == "offset" && verdict == "shape") return(TRUE)
  beside <- setdiff(variables_of(check$of), found$of_data)
  length(beside) > 0L &&
    (verdict == "shape" || calls_within(check$of, c("[", "[[", "$", "@")))
}

# Whether it takes elements of something that is as long as the training rows, or longer,
# by an index beside the data, as w[train] does.
picks_rows <- function(expr, found, env) {
  if (!is.call(expr)) return(FALSE)
  if (calls_any(expr, c("[", "[["))) {
    index <- variables_of(as.call(c(quote(list), as.list(expr)[-(1:2)])))
    beside <- !any(variables_of(expr) %in% found$of_data)
    from <- if (beside && any(index %in% names(found$columns))) {
      tryCatch(eval(expr[[2L]], found$values, env), error = function(e) NULL)
    }
    if (NROW(from) >= found$n) return(TRUE)
  }
  any(vapply(as.list(expr)[-1L], picks_rows, NA, found, env))
}

stop_without_memory <- function(check, verdict) {
  stop_data(
    "`", shown(check$of), "` ",
    if (verdict == "shape") "cannot be computed for some of the rows alone: " else
      "gives a row another value when other rows are with it: ",
    "compute it before as a column of `data`, or use a function that remembers the ",
    "training rows, such as `scale(x)`, `poly(x, 2)` or `splines::ns(x, 4)`."
  )
}
