# Formula, terms and model frame of a fit, and its family.

# With the dot spelled out, as of lm().
#' @export
formula.bbb_fit <- function(x, ...) {
  x <- check_fit(x, "x")
  check_dots(list(...))
  if (is.null(x$formula)) {
    stop_argument("The fit was not made from a formula.")
  }
  stats::formula(full_terms(x$predictors))
}

#' @export
terms.bbb_fit <- function(x, ...) {
  x <- check_fit(x, "x")
  # model.matrix() hands on its own
  check_dots(list(...), "data")
  recipe <- x$predictors
  if (recipe$kind != "frame") {
    stop_argument("The fit was made from a matrix, which has no terms.")
  }
  full_terms(recipe)
}

#' @export
model.frame.bbb_fit <- function(formula, data, xlev = NULL, ...) {
  formula <- check_fit(formula, "formula")
  known <- c("subset", "na.action", "drop.unused.levels", "weights", "offset")
  check_dots(as.list(substitute(list(...)))[-1L], known)
  if (missing(data) || is.null(data)) {
    stop_argument("`data` is missing: the fit keeps no training data.")
  }
  stop_if_bound(formula$predictors, "terms", "data")
  # model.matrix() hands on a NULL of its own
  if (is.null(xlev)) xlev <- formula$predictors$xlev
  tryCatch(
    stats::model.frame(terms.bbb_fit(formula), data, xlev = xlev, ...),
    error = function(e) stop_data(sentence(conditionMessage(e)))
  )
}

# R's own, where it has the family with this link.
#' @export
family.bbb_fit <- function(object, ...) {
  object <- check_fit(object, "object")
  check_dots(list(...))
  known <- switch(object$family,
    gaussian = stats::gaussian(), binomial = stats::binomial(),
    poisson = stats::poisson(), gamma = stats::Gamma("log")
  )
  if (!is.null(known)) return(known)
  link <- families[[object$family]]$link
  functions <- unclass(stats::make.link(link))[c("linkfun", "linkinv", "mu.eta", "valideta")]
  structure(c(list(family = object$family, link = link), functions), class = "family")
}
