# Every error of the package has class `bbb_error` and one of
#   bbb_error_argument   an argument is not what it must be
#   bbb_error_data       the data cannot be used
#   bbb_error_diverged   training left the finite numbers
#   bbb_error_worker     a process that trained one of several fits was lost
# and every warning `bbb_warning` and one of
#   bbb_warning_stopped     the user stopped training
#   bbb_warning_outcome     the outcome is among the predictors
#   bbb_warning_checkpoint  a checkpoint could not be written
#   bbb_warning_worker      a plan of the package future lost a process
# and is reported from the function that the user called.

stop_bbb <- function(class, ...) {
  stop(errorCondition(
    paste0(...),
    class = c(paste0("bbb_error_", class), "bbb_error"), call = user_call()
  ))
}

stop_argument <- function(...) stop_bbb("argument", ...)

stop_data <- function(...) stop_bbb("data", ...)

warn_bbb <- function(class, ...) {
  warning(warningCondition(
    paste0(...),
    class = c(paste0("bbb_warning_", class), "bbb_warning"), call = user_call()
  ))
}

# A warning beside a fit that is about to be returned: it must not be lost where
# options(warn = 2) makes an error of each warning, and is then a message.
warn_of_fit <- function(class, ...) {
  if (!isTRUE(getOption("warn") >= 2)) return(warn_bbb(class, ...))
  condition <- warningCondition(
    paste0(...), class = c(paste0("bbb_warning_", class), "bbb_warning"),
    call = user_call()
  )
  withRestarts(
    {
      signalCondition(condition)
      inform_bbb("Warning: ", ...)
    },
    muffleWarning = function() NULL
  )
}

inform_bbb <- function(...) {
  message(structure(
    class = c("bbb_message", "message", "condition"),
    list(message = paste0(..., "\n"), call = user_call())
  ))
}

# An interrupt, where asking whether there was one has used it up.
raise_interrupt <- function() {
  signalCondition(structure(
    class = c("interrupt", "condition"), list(message = "", call = NULL)
  ))
  invokeRestart("abort")
}

# The outermost call of one of this package's functions.
user_call <- function() {
  for (i in seq_len(sys.nframe())) {
    if (identical(environment(sys.function(i)), topenv())) {
      return(sys.call(i))
    }
  }
}
