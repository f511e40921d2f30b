# Several fits of the same data, whose equal mixture predicts. The fit holds what
# they share, and in `members` a list for each of what it has of its own: the
# `member_fields` of a single fit, and the `log_units` of its outcome. A member that
# has not begun to train has no `mu`.

member_fields <- c(
  "seed", "held_out", "mu", "rho", "aux", "noise", "parameters", "state", "prior_sd",
  "history", "stopped", "converged", "sd_gap", "total_weight", "earlier"
)

is_ensemble <- function(fit) !is.null(fit$members)

# A fit that has learned nothing yet as many of them.
as_ensemble <- function(fit, y, weights = NULL) {
  members <- lapply(seq_len(fit$control$fits), function(i) {
    fit$seed <- member_seed(fit$seed, i)
    as_member(with_rows(fit, y, weights))
  })
  fit[setdiff(member_fields, "seed")] <- NULL
  fit$outcome$log_units <- NULL
  fit$members <- members
  fit
}

# The first member is the fit of the seed itself; each further one's second number is
# one more, and the least follows the largest.
member_seed <- function(seed, i) {
  most <- as.double(.Machine$integer.max)
  second <- (seed[2L] + most + i - 1) %% (2 * most + 1) - most
  as.integer(c(seed[1L], second))
}

as_member <- function(fit) {
  c(fit[intersect(member_fields, names(fit))], list(log_units = fit$outcome$log_units))
}

# A member as a fit of its own.
member_fit <- function(fit, i) {
  member <- fit$members[[i]]
  fit[c("members", "fitted", "residuals")] <- NULL
  fit$control$fits <- 1L
  fit$control$seed <- member$seed
  fit$outcome$log_units <- member$log_units
  own <- setdiff(names(member), "log_units")
  fit[own] <- member[own]
  fit
}

member_fits <- function(fit) {
  if (!is_ensemble(fit)) return(list(fit))
  lapply(seq_along(fit$members), function(i) member_fit(fit, i))
}

# The one that the user asked for.
check_member <- function(fit, member) {
  n <- length(member_fits(fit))
  if (is.null(member) && n > 1L) {
    stop_argument(
      "`member` must be given: which of the ", n, " fits, a whole number from 1 to ",
      n, "."
    )
  }
  member <- if (is.null(member)) 1L else check_count(member, "member", most = n)
  if (!is_ensemble(fit)) return(fit)
  if (is.null(fit$members[[member]]$mu)) {
    stop_argument(
      "`member` ", member, " is not trained yet: continue with `bbb_continue()`."
    )
  }
  member_fit(fit, member)
}

is_done <- function(member) {
  !is.null(member$mu) && !isTRUE(member$stopped %in% c("interrupt", "checkpoint"))
}

# Those that answers are made of. Of an interrupted ensemble they are the members that
# are done, and others that were trained no less; those begun while none is done.
usable_members <- function(fit) {
  if (!is_ensemble(fit)) return(list(fit))
  begun <- Filter(function(member) !is.null(member$mu), fit$members)
  epochs <- vapply(begun, function(member) NROW(member$history), 0L)
  done <- vapply(begun, is_done, NA)
  begun[epochs >= min(epochs[done], Inf) | !any(done)]
}

# The same as fits of their own.
usable_fits <- function(fit) {
  if (!is_ensemble(fit)) return(list(fit))
  lapply(usable_members(fit), function(one) {
    fit$members <- list(one)
    member_fit(fit, 1L)
  })
}

# Draws for a prediction, as many of each member.
check_draws <- function(draws, fit) {
  most <- 1e7
  draws <- check_count(draws, "draws", most = most)
  n <- length(usable_members(fit))
  as.integer(n * min(ceiling(draws / n), most %/% n))
}
