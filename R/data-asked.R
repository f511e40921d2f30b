# The columns that terms ask for, so that those of a model matrix can be compared with
# them: R's model.matrix() makes a column of memory that nobody wrote for a term of whose
# variables it knows none.

# Stops unless `names`, those of a model matrix without its intercept, are the columns of
# the terms of `frame`, whose contrasts are those that model.matrix() says it took.
check_made_columns <- function(terms, frame, contrasts, names) {
  asked <- asked_columns(terms, frame, contrasts)
  if (!identical(asked, names)) {
    stop_data(
      "R makes other columns of the predictors than their formula asks for: ",
      quoted(c(setdiff(names, asked), setdiff(asked, names), "their order")), "."
    )
  }
}

# Of each term all combinations of the columns of its variables, the first one's
# fastest.
asked_columns <- function(terms, frame, contrasts) {
  factors <- attr(terms, "factors")
  labels <- attr(terms, "term.labels")
  known <- new.env()
  columns <- function(i, name, full) {
    key <- paste(i, full)
    if (is.null(known[[key]])) {
      known[[key]] <- variable_columns(frame[[i]], name, contrasts[[names(frame)[i]]], full)
    }
    known[[key]]
  }
  each <- lapply(seq_along(labels), function(j) {
    at <- match(labels[j], rownames(factors))
    if (is.na(at)) at <- unname(which(factors[, j] > 0))
    if (!length(at)) stop_data("The term `", labels[j], "` has no variable of its own.")
    parts <- lapply(at, function(i) columns(i, rownames(factors)[i], factors[i, j] == 2))
    Reduce(function(a, b) as.vector(outer(a, b, paste, sep = ":")), parts)
  })
  as.character(unlist(each))
}

# Of numbers those of the variable, of classes the contrasts, or in `full` all levels.
variable_columns <- function(v, name, contrasts, full) {
  if (is.logical(v)) v <- factor(v, c(FALSE, TRUE))
  if (is_class(v)) return(paste0(name, class_columns(as.factor(v), contrasts, full)))
  n <- if (length(dim(v)) == 2L) ncol(v) else 1L
  if (n == 1L) return(name)
  paste0(name, if (is.null(colnames(v))) seq_len(n) else colnames(v))
}

class_columns <- function(f, contrasts, full) {
  if (full) return(levels(f))
  if (identical(contrasts, "contr.treatment")) return(levels(f)[-1L])
  if (is.character(contrasts) || is.function(contrasts)) {
    contrasts <- match.fun(contrasts)(levels(f))
  }
  if (is.null(colnames(contrasts))) seq_len(ncol(contrasts)) else colnames(contrasts)
}
