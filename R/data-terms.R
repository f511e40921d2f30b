# Terms of a formula before they have values: those that belong to formulas of other
# packages, and what is called in them.

# ---- terms of other packages -------------------------------------------------

# Stops at the first term that belongs to a formula of another package.
check_terms <- function(formula) {
  where <- environment(formula)
  check_outcome_term(formula[[2L]], where)
  for (leaf in leaves_of(formula[[3L]])) {
    check_constant(leaf$expr)
    check_bars(leaf$expr)
    check_offset_place(leaf, where)
    check_borrowed(leaf$expr, where)
  }
}

# What the operators of a formula join: list(expr, under), where `under` is the operator
# that makes more of it than a term of its own, or "". A formula may have thousands.
leaves_of <- function(expr) {
  todo <- list(list(expr = expr, under = ""))
  leaves <- list()
  while (length(todo)) {
    now <- todo[[length(todo)]]
    todo[[length(todo)]] <- NULL
    op <- if (is.call(now$expr)) formula_operator(now$expr) else ""
    if (op == "") {
      leaves[[length(leaves) + 1L]] <- now
      next
    }
    args <- as.list(now$expr)[-1L]
    if (op == "^") {
      check_power(now$expr)
      args <- args[1L]
    }
    for (i in seq_along(args)) {
      # what is to the left of a minus stays
      joined <- op %in% c("+", "(") || op == "-" && i < length(args)
      todo[[length(todo) + 1L]] <- list(
        expr = args[[i]], under = if (joined) now$under else op
      )
    }
  }
  leaves
}

formula_operator <- function(call) {
  op <- if (is.name(call[[1L]])) as.character(call[[1L]]) else ""
  if (op %in% c("+", "-", "*", "/", ":", "^", "%in%", "(")) op else ""
}

check_constant <- function(expr) {
  known <- is.language(expr) || is.null(expr) || isTRUE(expr) || isFALSE(expr) ||
    is_one_or_zero(expr)
  if (!known) {
    stop_argument(
      "`", shown(expr), "` in the formula is a constant: a term must be a variable of ",
      "the data, or a function of it such as `I(x^2)`."
    )
  }
}

# R takes `x^2.5` in a formula for `x^2`, which is `x`.
check_power <- function(expr) {
  power <- expr[[3L]]
  if (is.numeric(power) && !power %in% 1:1000) {
    stop_argument(
      "The power in `", shown(expr), "` must be a whole number, for interactions; a power ",
      "of numbers is `I(", shown(expr), ")`."
    )
  }
}

check_bars <- function(expr) {
  if (!calls_any(expr, c("|", "||"))) return(invisible())
  group <- shown(expr[[3L]])
  inside <- if (is_one_or_zero(expr[[2L]])) "" else paste(shown(expr[[2L]]), "+ ")
  stop_argument(
    "`", shown(expr), "` is a grouped effect, which formulas here do not have: write `",
    inside, group, "`, with a factor `", group, "` (a logical or is `I(a | b)`)."
  )
}

# An offset stands alone, between plus signs: R forgets what it is multiplied with.
check_offset_place <- function(leaf, where) {
  if (is_own_function("offset", where)) return(invisible())
  expr <- leaf$expr
  offset <- calls_any(expr, "offset") && is.name(expr[[1L]])
  inside <- any(vapply(as.list(expr)[-1L], calls_within, NA, "offset")) ||
    calls_any(expr, "offset") && !offset
  if (inside || offset && leaf$under != "") {
    stop_argument(
      "`offset()` must be a term of its own, joined by `+` to the others",
      if (inside) paste0(", not as in `", shown(expr), "`"),
      if (!inside) paste0(", not by `", leaf$under, "`"), "."
    )
  }
}

# Functions that only the formulas of other packages have, by what they mean.
borrowed <- c(
  s = "smooth", te = "smooth", ti = "smooth", t2 = "smooth", lo = "smooth",
  gp = "smooth", pspline = "smooth", pb = "smooth", strata = "strata", frailty = "group",
  re = "group", random = "group", mm = "group", Error = "group", cluster = "cluster",
  tt = "plain", mo = "plain", me = "plain", mi = "plain", ridge = "plain"
)

modelling_packages <- c(
  "mgcv", "gam", "gamlss", "survival", "lme4", "nlme", "brms", "rstanarm", "glmmTMB",
  "gamm4", "coxme", "bamlss", "INLA"
)

borrowed_words <- list(
  smooth = paste(
    "is a smooth term of another package: write `%s`, whose shape the network learns,",
    "or a basis such as `splines::ns(x, 4)`."
  ),
  strata = "is a stratum of another package: write `%s` as a predictor, a factor.",
  group = "is a random effect of another package: write `%s` as a predictor, a factor.",
  cluster = paste(
    "is for standard errors of another package: leave it out, or write `%s` as a",
    "predictor, a factor."
  ),
  plain = "is a term of another package: write `%s`."
)

check_borrowed <- function(expr, where) {
  name <- called_name(expr)
  if (is.null(name) || !name %in% names(borrowed)) return(invisible())
  if (is_own_function(expr[[1L]], where)) return(invisible())
  args <- as.list(expr)[-1L]
  kind <- if (identical(args$bs, "re")) "group" else borrowed[[name]]
  if (!is.null(names(args))) args <- args[names(args) == ""]
  variables <- paste(vapply(args, shown, ""), collapse = " + ")
  if (!nzchar(variables)) variables <- "x"
  stop_argument("`", shown(expr), "` ", sprintf(borrowed_words[[kind]], variables))
}

check_outcome_term <- function(expr, where) {
  bars <- calls_any(expr, c("|", "||"))
  if (bars || calls_any(expr, "mvbind") && !is_own_function(expr[[1L]], where)) {
    stop_argument(
      "The outcome must be alone to the left of `~`, not `", shown(expr), "`: weights ",
      "are the argument `weights`, censored times `survival::Surv()`, and trials and ",
      "several outcomes `cbind()`."
    )
  }
}

# ---- calls in expressions ----------------------------------------------------

# Of `f(x)` and `pkg::f(x)` "f", of others NULL.
called_name <- function(expr) {
  if (!is.call(expr)) return(NULL)
  f <- expr[[1L]]
  if (is.call(f) && length(f) == 3L && is.name(f[[1L]]) &&
        as.character(f[[1L]]) %in% c("::", ":::")) f <- f[[3L]]
  if (is.name(f)) as.character(f)
}

calls_any <- function(expr, names) isTRUE(called_name(expr) %in% names)

# Whether it calls one of these anywhere.
calls_within <- function(expr, names) {
  if (!is.call(expr)) return(FALSE)
  calls_any(expr, names) ||
    any(vapply(as.list(expr)[-1L], calls_within, NA, names))
}

# Names of variables, but not of what `$` takes out of one.
variables_of <- function(expr) {
  if (is.name(expr)) return(setdiff(as.character(expr), ""))
  if (!is.call(expr)) return(character())
  if (calls_any(expr, c("::", ":::"))) return(character())
  args <- as.list(expr)[-1L]
  if (calls_any(expr, c("$", "@"))) args <- args[1L]
  if (calls_any(expr, "function")) {
    return(setdiff(variables_of(args[[2L]]), names(args[[1L]])))
  }
  head <- if (is.call(expr[[1L]])) variables_of(expr[[1L]])
  as.character(unique(c(head, unlist(lapply(args, variables_of)))))
}

is_one_or_zero <- function(expr) is.numeric(expr) && length(expr) == 1L && expr %in% 0:1

# Whether a function is one that the user wrote, or of a package that does not mean it
# for formulas of its own.
is_own_function <- function(f, where) {
  if (is.character(f)) f <- as.name(f)
  value <- tryCatch(
    if (is.name(f)) get0(as.character(f), where, mode = "function") else eval(f, where),
    error = function(e) NULL
  )
  if (is.null(value)) return(FALSE)
  place <- topenv(if (is.primitive(value)) baseenv() else environment(value))
  !environmentName(place) %in% c(modelling_packages, "stats")
}

# list(weights, offset), as far as they were given as arguments.
extras_of <- function(frame) {
  variables <- seq_len(length(attr(stats::terms(frame), "variables")) - 1L)
  extras <- as.list(frame[-variables])
  names(extras) <- gsub("[()]", "", names(extras))
  extras
}
