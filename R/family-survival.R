# Times until an event, some of them right-censored: weibull and loglogistic.

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
      y[, 1L], family, ", or give them a small time if an event at time 0 is possible"
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
