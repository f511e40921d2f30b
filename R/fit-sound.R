# Whether nothing is wrong with a fit, in the few microseconds that the prediction of
# one row can spare. Of a usual fit this is TRUE, and never of one that the checks of
# R/fit-valid.R would refuse; where it is FALSE they look again, and say what is wrong.

is_sound <- function(f) {
  p <- f$predictors
  o <- f$outcome
  if (!is.list(p) || !is.list(o) || !is.null(f$members) || !is_sound_network(f, p, o)) {
    return(FALSE)
  }
  if (!(is.null(f$formula) && is.null(f$recipe)) && !is_made_from(f)) return(FALSE)
  shape <- core_shapes[[o$core]]
  count <- shape$count(length(o$outputs), length(o$levels))
  is_sound_data(p, o, shape, count) && is_sound_posterior(f, o, f$widths, count[[2L]])
}

# With the default prior and a noise that is learned: others take longer.
is_sound_network <- function(f, p, o) {
  w <- f$widths
  prior <- unclass(f$prior)
  control <- unclass(f$control)
  native_plain(
    f, c("widths", "hidden", "seed", "n", "activation", "family"), "iiiiss",
    c(length(w), length(w) - 2, 2, 1, 1, 1), 0
  ) && native_plain(o, c("family", "core"), "ss", c(1, 1), 0) &&
    native_plain(prior, c("kind", "sd", "fan_in"), "ssl", c(1, 1, 1), 0) &&
    native_plain(control, c("kl", "estimator"), "ss", c(1, 1), 0) &&
    identical(c(length(p$names), f$hidden, length(o$outputs)), w) &&
    min(w, f$n) >= 1L && match(f$activation, core_names("activation"), 0L) > 0L &&
    o$family == f$family && match(f$family, names(families), 0L) > 0L &&
    (o$core == f$family || o$core == "trials" && f$family == "binomial") &&
    inherits(f$prior, "bbb_prior") && prior$kind == "normal" &&
    prior$sd == "learned" && !prior$fan_in && length(prior) == 4L &&
    is.null(prior$bias_sd) && inherits(f$control, "bbb_control") &&
    is.null(control[["noise"]]) && match(control[["kl"]], kl_kinds, 0L) > 0L &&
    match(control[["estimator"]], core_names("estimator"), 0L) > 0L
}

# Of frames and classes, whose predictions take longer, some is looked at closely.
is_sound_data <- function(p, o, shape, count) {
  D <- length(p$names)
  C <- count[[3L]]
  J <- if (shape$standard == "line") C else 1
  most <- .Machine$double.xmax
  ok <- D > 0L && native_plain(
    p, c("names", "center", "scale", "kind"), "sdds", c(D, D, D, 1), most
  ) && native_plain(
    o,
    c("outputs", "center", "scale", "y_center", "y_scale", "shift", "offset_center",
      "has_weights", "has_offset"),
    "sddddddll", c(count[[1L]], J, J, C, C, 1, 1, 1, 1), most
  ) && min(p$scale, o$scale, o$y_scale) > 0 && abs(o$shift) <= 1e6 && is.null(o$class_weights)
  if (!ok) return(FALSE)
  if (p$kind == "frame") check_frame_of(p)
  if (!is.null(shape$levels) || !is.null(o$levels)) check_levels(o$levels, shape$levels)
  (p$kind == "frame" || p$kind == "matrix" && native_plain(p, "named", "l", 1, 0)) &&
    (o$core != "categorical" || identical(o$outputs, o$levels)) &&
    is_standard(o, shape$standard)
}

# Of A auxiliaries; `one` is the fit or a member.
is_sound_posterior <- function(one, o, w, A) {
  L <- length(w)
  P <- sum((w[-L] + 1) * w[-1L])
  ok <- native_plain(one, c("mu", "rho"), "dd", c(P, P), most_weight) &&
    native_plain(one, "aux", "d", A + 0, most_auxiliary)
  if (!ok) return(FALSE)
  means <- families[[o$family]]$parameters(list(aux = one$aux, outcome = o))
  identical(one$parameters, means) &&
    identical(one$noise, if (o$family == "gaussian") as.vector(means) else NA_real_)
}

# By formula, with terms that have an outcome, or by recipe, if by either.
is_made_from <- function(f) {
  (is.null(f$formula) || has_outcome(f$predictors) && inherits(f$formula, "formula")) &&
    (is.null(f$recipe) || inherits(f$recipe, "recipe"))
}

has_outcome <- function(recipe) {
  if (has_columns_only(recipe)) return(length(attr(recipe$terms, "outcome")) == 2L)
  is_terms(recipe$all_terms) && attr(recipe$all_terms, "response") == 1L
}
