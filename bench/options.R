# How the scripts of this folder read their command line. Sourced by uci.R, mnist.R and
# families.R; runs nothing.

# "--name value" and "--flag", in any order, over the defaults; a default of NA is an
# option that may be left out, one of FALSE is a flag. Values have the type of their
# default.
read_options <- function(defaults, given = commandArgs(TRUE)) {
  while (length(given)) {
    name <- sub("^--", "", given[1L])
    if (!name %in% names(defaults) || name == given[1L]) {
      stop("Unknown option ", given[1L], "; there are ",
        paste0("--", names(defaults), collapse = " "), call. = FALSE)
    }
    flag <- is.logical(defaults[[name]]) && !is.na(defaults[[name]])
    if (!flag && length(given) < 2L) stop("--", name, " has no value", call. = FALSE)
    value <- if (flag) "TRUE" else given[2L]
    defaults[[name]] <- methods::as(value, class(defaults[[name]]))
    given <- given[-seq_len(if (flag) 1L else 2L)]
  }
  defaults
}

# "0:19" and "0,3,7" as whole numbers
read_range <- function(text) {
  parts <- strsplit(strsplit(text, ",", fixed = TRUE)[[1L]], ":", fixed = TRUE)
  unlist(lapply(parts, function(p) {
    ends <- as.integer(p)
    seq.int(ends[1L], ends[length(ends)])
  }))
}
