# Whether data are those of a fit.

# Of predictors, outcome, weights and offset of all rows, as numbers: the same for a
# matrix of doubles, of integers and a sparse one.
checksum_of <- function(x, y, cases = NULL) {
  column <- function(v) if (!is.null(v)) matrix(v)
  native_checksum(list(x, y, column(cases$weights), column(cases$offset)))
}

# Training goes on with the data that it began with. A fit of an earlier version has no
# check sum.
check_same_data <- function(fit, data) {
  n <- nrow(data$x)
  if (n != fit$n) {
    stop_data("`x` has ", n, " rows; the fit was trained on ", fit$n, ".")
  }
  if (is.null(fit$checksum)) return(invisible())
  if (!identical(checksum_of(data$x, data$y, data$cases), fit$checksum)) {
    stop_data(
      "The data must be those that the fit was trained on, row by row: these have as ",
      "many rows and other numbers; `bbb_update()` learns from new data."
    )
  }
}
