# print() of a fit.

#' @export
print.bbb_fit <- function(x, ...) {
  fit <- check_records(check_fit(x, "x"))
  check_dots(list(...))
  cat("Bayesian neural network, ", fit$family, ": ", architecture(fit), "\n", sep = "")
  if (is_ensemble(fit)) print_ensemble(fit) else print_single(fit)
  invisible(x)
}

print_single <- function(fit) {
  trained <- if (is.null(fit$history)) {
    without_history
  } else {
    paste0(", ", count_of(nrow(fit$history), "epoch"), ended(fit))
  }
  cat(
    count_of(length(fit$mu), "weight"), ", ", count_of(fit$n, "row"), of_weight(fit),
    trained, "\n", sep = ""
  )
  print_tempered(fit)
  if (NROW(fit$history)) {
    cat("ELBO ", number(mean(late_epochs(fit)$elbo)), " nats", sep = "")
    cat(paste0(", ", parameter_texts(fit$parameters), recycle0 = TRUE), sep = "")
    cat("\n")
  }
}

# What the likelihood counts, where it is not the rows.
of_weight <- function(fit) {
  given <- fit$outcome$has_weights || !is.null(fit$outcome$class_weights)
  if (given && !is.null(fit$total_weight)) paste(" of total weight", number(fit$total_weight))
}

# Said where the KL had another weight than Bayes' rule gives it.
tempered <- function(temperature) {
  paste0(number(temperature), ", not 1: this is not the posterior")
}

print_tempered <- function(fit) {
  temperature <- fit$control$temperature
  if (temperature != 1) cat("Temperature ", tempered(temperature), "\n", sep = "")
}

# "noise sd 0.31": each, of many the first few
parameter_texts <- function(parameters) {
  first_few(names(parameters), vapply(parameters, number, ""))
}

# "13-50-1, relu"
architecture <- function(fit) {
  paste0(
    paste(fit$widths, collapse = "-"),
    if (length(fit$hidden)) paste0(", ", fit$activation) else ", linear"
  )
}

ended <- function(fit) {
  if (is.null(fit$stopped) || is.null(fit$converged)) return(NULL)
  switch(fit$stopped,
    epochs = if (fit$converged) " (converged)" else " (not converged)",
    validation = " (stopped by the validation score)",
    max_seconds = " (stopped by `max_seconds`)",
    interrupt = " (interrupted)",
    checkpoint = " (a checkpoint: under way)"
  )
}

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
