# The call of a fit: what `update()` needs to make it again.

# The expressions that were given, by name: those of missing arguments are empty.
given <- function(...) {
  Filter(function(expr) !identical(expr, quote(expr = )), list(...))
}

# Those of a function's arguments that its user gave, as expressions; also when they came
# through the dots of another function.
arguments_given <- function(names, frame = parent.frame()) {
  named <- setdiff(names, "...")
  is_given <- !vapply(named, function(name) eval(call("missing", as.name(name)), frame), NA)
  exprs <- lapply(
    stats::setNames(nm = named[is_given]),
    function(name) eval(call("substitute", as.name(name)), frame)
  )
  c(exprs, as.list(eval(quote(substitute(list(...))), frame))[-1L])
}

# A call of bbb_fit(), or of another function. Arguments come as expressions by name, or
# in lists of them without; of an argument that came as a large value, as from
# do.call(), only the name is kept.
made_call <- function(..., of = quote(bbb_fit)) {
  args <- list(...)
  lists <- if (is.null(names(args))) rep(TRUE, length(args)) else names(args) == ""
  args <- c(args[!lists], do.call(c, unname(args[lists])))
  args <- args[!vapply(args, is.null, NA)]
  large <- !vapply(args, is.language, NA) &
    vapply(args, function(value) as.double(utils::object.size(value)) > 1e4, NA)
  args[large] <- lapply(names(args)[large], as.name)
  as.call(c(of, args))
}
