# Names that R asks of a model: of terms, of columns and of rows.

#' Names of terms, predictors and rows
#'
#' As of [stats::lm()], for functions that ask a model for its names.
#'
#' @param object A fit made by [bbb_fit()].
#' @param ... Not used.
#' @return `labels()`: the terms of the formula, or the predictors of a fit without one.
#'   `variable.names()`: the columns that the predictors became, as in
#'   `fit$predictors$names`; there is no intercept among them, since each unit has its
#'   own. `case.names()`: the names of the training rows, as [fitted()][fitted.bbb_fit]
#'   values have them: the row names of a data frame, or those of a matrix that has
#'   some; `NULL` where there are none, and for a fit that is too large to keep fitted
#'   values.
#' @examples
#' fit <- bbb_fit(mpg ~ log(wt) + factor(cyl), data = mtcars, epochs = 50, seed = 1)
#' labels(fit)
#' variable.names(fit)
#' head(case.names(fit))
#' @name names-of-a-fit
NULL

#' @rdname names-of-a-fit
#' @export
labels.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  if (object$predictors$kind == "matrix") return(object$predictors$names)
  labels(terms.bbb_fit(object))
}

#' @rdname names-of-a-fit
#' @export
variable.names.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  object$predictors$names
}

#' @rdname names-of-a-fit
#' @export
case.names.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  ids <- kept_ids(object)
  if (!is.null(ids)) as.character(ids)
}
