# Room for an answer, asked for before it is computed.

# The value of expr, an answer of these kinds for n rows. Where the memory for it is not
# to be had, an error that says how much was asked for.
with_room <- function(expr, fit, n, kinds, how) {
  tryCatch(expr, error = function(e) {
    if (!grepl("cannot allocate", conditionMessage(e))) stop(e)
    dim <- if ("draws" %in% kinds) c(how$draws, n, n_values(fit)) else c(n, n_values(fit))
    stop_argument(
      "The answer would take ", in_bytes(8 * prod(dim)), " (",
      paste(format(dim, big.mark = "", trim = TRUE, scientific = FALSE), collapse = " x "),
      " numbers), which is more memory than there is: ask for fewer `draws`, or for ",
      "fewer rows at a time."
    )
  })
}

# "7.3 TiB"
in_bytes <- function(bytes) {
  units <- c("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
  at <- min(floor(log(max(bytes, 1), 1024)), length(units) - 1L)
  paste(format(bytes / 1024^at, digits = 3L), units[at + 1L])
}
