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
      "`member` ", member, " has not begun to train: `bbb_continue()` goes on."
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

# The posteriors one after the other, as the core takes them.
theta_of <- function(fit) {
  unlist(lapply(usable_members(fit), function(one) c(one$mu, one$rho, one$aux)))
}

# Draws for a prediction, as many of each member.
check_draws <- function(draws, fit) {
  most <- 1e7
  draws <- check_count(draws, "draws", most = most)
  n <- length(usable_members(fit))
  as.integer(n * min(ceiling(draws / n), most %/% n))
}

# ---- what is said of them ----------------------------------------------------

# A number of each, as "1.2" or "1.2 to 1.3".
number_range <- function(values) {
  texts <- vapply(range(values), number, "")
  if (texts[1L] == texts[2L]) texts[1L] else paste(texts, collapse = " to ")
}

late_elbo <- function(fit) {
  vapply(usable_members(fit), function(one) mean(late_epochs(one)$elbo), 0)
}

print_ensemble <- function(fit) {
  used <- usable_members(fit)
  n <- length(fit$members)
  converged <- sum(vapply(used, function(one) isTRUE(one$converged), NA))
  timed <- any(vapply(used, `[[`, "", "stopped") == "max_seconds")
  epochs <- vapply(used, epochs_of, 0L)
  trained <- if (anyNA(epochs)) without_history else paste0(
    ", ", number_range(epochs), " epochs (", if (length(used) < n) "interrupted, ",
    if (timed) "stopped by `max_seconds`, ", converged, " converged)"
  )
  cat(
    if (length(used) < n) paste0(length(used), " of "), n, " fits of ",
    count_of(n_weights(fit$widths), "weight"), ", ", count_of(fit$n, "row"), trained,
    "\n", sep = ""
  )
  print_tempered(fit)
  elbo <- late_elbo(fit)
  if (anyNA(elbo)) return(invisible(fit))
  all <- lapply(used, `[[`, "parameters")
  ranges <- vapply(names(all[[1L]]), function(name) {
    number_range(vapply(all, `[[`, 0, name))
  }, "")
  cat("ELBO ", number(mean(elbo)), " nats on average (", number_range(elbo), ")",
    sep = ""
  )
  cat(paste0(", ", first_few(names(ranges), ranges), recycle0 = TRUE), "\n", sep = "")
  invisible(fit)
}

coef_members <- function(fit) {
  begun <- which(!vapply(fit$members, function(one) is.null(one$mu), NA))
  do.call(rbind, lapply(begun, function(i) {
    cbind(member = i, weights_of(member_fit(fit, i)))
  }))
}

# What summary() has of several fits: means over them, and a row for each.
summary_members <- function(fit) {
  used <- usable_members(fit)
  each <- lapply(used, function(one) {
    late <- late_epochs(one)
    data.frame(
      elbo = mean(late$elbo), nll = mean(late$nll), kl = mean(late$kl),
      epochs = epochs_of(one), converged = isTRUE(one$converged), stopped = one$stopped,
      seconds = seconds_of(one)
    )
  })
  members <- do.call(rbind, each)
  first <- which.min(members$converged)
  unfinished <- !all(vapply(fit$members, is_done, NA))
  mean_of <- function(field) rowMeans(do.call(cbind, lapply(used, `[[`, field)))
  list(
    elbo = mean(members$elbo), nll = mean(members$nll), kl = mean(members$kl),
    noise = mean_of("noise"), parameters = mean_of("parameters"),
    epochs = max(members$epochs), converged = all(members$converged) && !unfinished,
    stopped = if (unfinished) "interrupt" else members$stopped[first],
    seconds = sum(members$seconds), members = members, fits = length(fit$members)
  )
}
