# Whether a fit is one: what a user may have changed by hand, or lost on the way.
#
# Every function that takes a fit begins with check_fit(), which looks at all that
# predictions are made of. What only some functions read they check besides:
#   check_records()   how training went: print(), summary(), plot()
#   check_training()  where it stands: bbb_continue(), bbb_update()
#   kept()            fitted values and residuals
# A number may be replaced by any other that could be there. What predictions do not
# need may be NULL or absent: `call`, `history`, `state`, `fitted`, `residuals`,
# `noise`, `parameters` and others; so may fields that fits of older versions lack.
#
# The checks here say what must hold; R/fit-sound.R asks the same of usual fits fast.

# The fit; where fields were left out that others tell, with these.
check_fit <- function(fit, arg = "fit") {
  if (missing(fit) || !inherits(fit, "bbb_fit")) {
    stop_argument("`", arg, "` must be a fit made by `bbb_fit()`.")
  }
  f <- unclass(fit)
  if (is.list(f) && is_sound(f)) fit else check_closely(fit, f)
}

# What is wrong, as an error; or the fit: one that has what is not usual, or lacks
# what need not be there.
check_closely <- function(fit, f) {
  check_list(f, fit_fields, "fit", at = "")
  check_list(f$predictors, recipe_fields, "predictors")
  check_list(f$outcome, outcome_fields, "outcome")
  check_network(f)
  check_predictors(f$predictors)
  check_outcome(f$outcome, f$family)
  if (!is_made_from(f)) {
    stop_field("formula", "must be that of the fit, or NULL where there is none.")
  }
  check_prior_of(f)
  check_control_of(f$control)
  if (!is.null(f$members)) return(check_members(fit, f))
  changed <- check_posterior(f, f, "fit$")
  if (length(changed)) fit[names(changed)] <- changed
  fit
}

fit_fields <- c(
  "hidden", "activation", "prior", "family", "control", "seed", "n", "widths",
  "predictors", "outcome"
)

# ---- the network and its posterior -------------------------------------------

check_network <- function(f) {
  widths <- f$widths
  names <- f$predictors$names
  outputs <- f$outcome$outputs
  if (!identical(c(length(names), f$hidden, length(outputs)), widths) ||
        anyNA(widths) || min(widths) < 1L) {
    stop_field(
      "widths", "must be whole numbers: how many `predictors$names` there are, ",
      "`hidden`, and how many `outcome$outputs`."
    )
  }
  if (!is_one_of(f$activation, core_names("activation"))) {
    stop_field("activation", "must be one of ", quoted(core_names("activation"), "\"", 20L), ".")
  }
  if (!is_one_of(f$family, names(families))) {
    stop_field("family", "must be one of ", quoted(names(families), "\"", 20L), ".")
  }
  if (!is_integers(f$seed, 2L)) stop_field("seed", "must be two whole numbers.")
  if (!is_integers(f$n, 1L) || f$n < 1L) {
    stop_field("n", "must be a whole number, the rows of the fit.")
  }
}

# Of the fit, or of one of its members: fields that begin with `at`. What is to be
# another value, as integers that are to be double.
check_posterior <- function(one, f, at) {
  w <- f$widths
  L <- length(w)
  P <- sum((w[-L] + 1) * w[-1L])
  changed <- list()
  for (name in c("mu", "rho")) {
    value <- one[[name]]
    if (is.integer(value)) value <- changed[[name]] <- as.double(value)
    if (!is_within(value, P, most_weight)) stop_weights(value, P, name, at)
  }
  check_auxiliaries(one$aux, f, at)
  check_learned(one, f, at, changed)
}

stop_weights <- function(x, P, name, at) {
  if (is.list(x)) {
    stop_field(
      name, "must be a numeric vector, not a list; `bbb_flat()` makes one of layers.",
      at = at
    )
  }
  stop_field(
    name, "must have ", P, " finite numbers, one for each weight, from ",
    -most_weight, " to ", most_weight, "; ", problem_of_numbers(x, P, most_weight),
    at = at
  )
}

check_auxiliaries <- function(aux, f, at) {
  most <- if (is.null(f$control$noise)) most_auxiliary else 709
  A <- counts_of(f$outcome)[["aux"]]
  if (is_within(aux, A, most)) return(invisible())
  check_field_numbers(aux, A, "aux", paste0(" for family \"", f$family, "\""), most, at)
}

# What the family learned beside the network is told in the outcome's units, and must
# not say another thing than `aux`.
check_learned <- function(one, f, at, changed) {
  means <- families[[f$family]]$parameters(list(aux = one$aux, outcome = f$outcome))
  noise <- if (f$family == "gaussian") unname(means) else NA_real_
  for (field in c("parameters", "noise")) {
    means <- if (field == "noise") noise else means
    if (is.null(one[[field]])) changed[[field]] <- means
    else if (!agrees(one[[field]], means)) {
      stop_field(
        field, "must be what `aux` says; where you changed `aux`, set `noise` and ",
        "`parameters` to NULL.", at = at
      )
    }
  }
  changed
}

# Other machines may have other last digits.
agrees <- function(given, means) {
  if (identical(given, means)) return(TRUE)
  is_within(given, length(means)) && identical(names(given), names(means)) &&
    isTRUE(all(abs(given - means) <= 1e-6 * abs(means)))
}

# The sds of a prior that has several, which bbb_gradients() reads.
check_prior_sd <- function(fit, model) {
  if (is.null(model$prior$weight_scale)) return(invisible())
  G <- sum(utils::head(model$widths, -1L) + 1L)
  check_field_numbers(fit$prior_sd, G, "prior_sd", ", one for each input and layer", 1e15)
  if (min(fit$prior_sd) <= 0) stop_field("prior_sd", "must be above 0.")
}

# ---- prior and settings that predictions read --------------------------------

check_prior_of <- function(f) {
  if (is.list(f$prior) && inherits(f$prior, "bbb_prior")) {
    prior <- unclass(f$prior)
    if (identical(prior$kind, "posterior")) return(check_earlier(f))
    plain <- identical(prior$kind, "normal") && identical(prior$sd, "learned") &&
      is.null(prior$bias_sd) && identical(prior$fan_in, FALSE)
    if (plain) return(invisible())
  }
  tryCatch(check_prior(f$prior, length(f$widths) - 1L), error = function(e) {
    stop_field("prior", "must be as `bbb_fit()` takes it: ", conditionMessage(e))
  })
  fields <- setdiff(names(formals(prior_makers[[prior$kind]])), "bias_sd")
  check_list(prior, fields, "prior")
}

check_earlier <- function(f) {
  for (one in if (is.null(f$members)) list(f) else f$members) {
    check_list(one$earlier, c("mu", "rho"), "earlier")
    P <- n_weights(f$widths)
    for (name in c("mu", "rho")) {
      check_field_numbers(
        one$earlier[[name]], P, paste0("earlier$", name), ", one for each weight",
        most_weight
      )
    }
  }
}

check_control_of <- function(control) {
  ok <- inherits(control, "bbb_control") && is.list(control)
  if (!ok) stop_control()
  control <- unclass(control)
  noise <- control[["noise"]]
  ok <- is_one_of(control[["kl"]], kl_kinds) &&
    is_one_of(control[["estimator"]], core_names("estimator")) &&
    (is.null(noise) || is_within(noise, 1L) && noise > 0)
  if (!ok) stop_control()
}

# ---- several fits ------------------------------------------------------------

# The fit, each member of it checked.
check_members <- function(fit, f) {
  members <- f$members
  if (!is.list(members) || !length(members) || is.object(members)) {
    stop_field("members", "must be a list with an element for each of the fits.")
  }
  fits <- unclass(f$control)[["fits"]]
  if (!is_number(fits) || fits != length(members)) {
    stop_field("members", "must have as many elements as `fits` of its `control` says.")
  }
  beside <- intersect(c("mu", "rho", "aux", "state", "history"), names(f))
  if (length(beside)) {
    stop_field(
      beside[1L], "must not be there: each of the several fits has its own, in `members`."
    )
  }
  for (i in seq_along(members)) {
    at <- paste0("fit$members[[", i, "]]$")
    one <- members[[i]]
    if (!is.list(one)) stop_field(paste0("members[[", i, "]]"), "must be a list.")
    if (!is_integers(one$seed, 2L)) stop_field("seed", "must be two whole numbers.", at = at)
    if (is.null(one$mu)) next
    check_stopped(one$stopped, at)
    check_usable(one, at)
    changed <- check_posterior(one, f, at)
    if (length(changed)) fit$members[[i]][names(changed)] <- changed
  }
  if (all(vapply(members, function(one) is.null(one$mu), NA))) {
    stop_field("members", "must have one that has begun to train.")
  }
  fit
}

# Of an interrupted one it must be known how far it came: see usable_members().
check_usable <- function(one, at) {
  check_history(one$history, at)
  if (is.null(one$history) && identical(one$stopped, "interrupt")) {
    stop_field("history", "must be there, since training was interrupted.", at = at)
  }
}
