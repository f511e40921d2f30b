# Outcomes that are not below 0, for R/family.R: see R/encode.R.

# ---- counts and positive numbers ---------------------------------------------

reads_counts <- function(family) {
  function(y, n, outcome) {
    y <- as_whole(numbers(y, n, family, outcome))
    if (!all(y >= 0 & y == trunc(y) & y <= 1e9)) {
      stop_data(
        "`y` must be whole numbers from 0 to 1e9 for family \"", family, "\"."
      )
    }
    matrix(y)
  }
}

# Centred by the log of the mean, for a unit of exposure where there is an offset; one
# of none half a count.
describes_counts <- function(aux) {
  function(y, columns, cases) {
    n <- sum_of_weights(cases$weights, nrow(columns))
    count <- max(n * weighted_mean(columns[, 1L], cases$weights), 0.5)
    exposure <- log_mean_exp(cases$offset, cases$weights)
    list(outputs = "y", levels = NULL, shift = log(count / n) - exposure, aux = aux)
  }
}

# The log of the mean of exp(x), which may overflow; 0 of none.
log_mean_exp <- function(x, weights) {
  if (is.null(x)) return(0)
  max(x) + log(weighted_mean(exp(x - max(x)), weights))
}

# The core gets the log.
reads_positive <- function(family) {
  function(y, n, outcome) {
    y <- numbers(y, n, family, outcome)
    stop_unless_above(y, family)
    matrix(log(y))
  }
}

describes_positive <- function(aux_of) {
  function(y, columns, cases) {
    log_y <- columns[, 1L]
    center <- weighted_mean(log_y, cases$weights)
    left <- if (is.null(cases$offset)) log_y else log_y - cases$offset
    list(
      outputs = "y", levels = NULL, center = 0, scale = exp(center),
      y_center = c(center, 0)[seq_len(ncol(columns))],
      offset_center = offset_center(cases), aux = aux_of(left, cases$weights)
    )
  }
}

# The log of the scale of log y: what is not explained of its standard deviation.
log_spread <- function(log_y, weights) {
  center <- weighted_mean(log_y, weights)
  spread <- sqrt(weighted_mean((log_y - center)^2, weights))
  log(start_noise * max(spread, 0.01))
}

stop_unless_above <- function(y, family, what = "") {
  low <- which(!(y > 0))
  if (!length(low)) return(invisible())
  stop_data(
    "`y` must be above 0 for family \"", family, "\", and ", length(low), " of ",
    length(y), if (length(y) == 1L) " row" else " rows",
    if (length(low) == 1L) " is" else " are", " not (",
    if (length(low) == 1L) "row " else "rows ", quoted(low, "", 3L),
    "): leave ", if (length(low) == 1L) "it" else "them", " out", what, "."
  )
}

reads_times <- function(family) {
  function(y, n, outcome) {
    if (inherits(y, "Surv")) y <- right_censored(y)
    y <- if (is_outcome_matrix(y)) {
      outcome_matrix(y, n)
    } else {
      cbind(numbers(y, n, family, outcome), 1)
    }
    event <- as_whole(y[, 2L])
    if (ncol(y) != 2L || !all(event %in% 0:1)) {
      stop_data(
        "`y` must be times above 0, with a second column that is 1 for an event ",
        "and 0 for a censored time, or a `survival::Surv()`."
      )
    }
    stop_unless_above(
      y[, 1L], family, ", or give them a small time where an event at once can be"
    )
    cbind(log(y[, 1L]), event, deparse.level = 0L)
  }
}

# What another kind of survival::Surv() is.
surv_words <- c(
  left = "censored on the left", interval = "censored in intervals",
  counting = "start and stop times", mright = "events of several kinds",
  mcounting = "start and stop times with events of several kinds"
)

right_censored <- function(y) {
  type <- attr(y, "type")
  if (identical(type, "right")) return(matrix(as.double(y), ncol = 2L))
  several <- type %in% c("mright", "mcounting")
  stop_data(
    "`y` is a Surv() of type \"", type, "\"",
    if (type %in% names(surv_words)) paste0(", ", surv_words[[type]]),
    "; only times censored on the right are taken: `Surv(time, event)`",
    if (several) ", with an event of one kind", "."
  )
}
