# Room for an answer, asked for before it is computed.

# An array of NA; where the memory for it is not to be had, an error that says how much
# was asked for.
new_answer <- function(dim) {
  tryCatch(array(NA_real_, dim), error = function(e) {
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
