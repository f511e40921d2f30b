# Which files call each other in a circle, and which call upward? Prints each call that
# is part of the trouble; nothing when all is well. Run by check-layers.
#
#   Rscript tools/circles.R R FILE...        R files
#   Rscript tools/circles.R objects FILE...  objects of C files, named as their sources
#   Rscript tools/circles.R headers FILE...  headers of the core, by what they include
#
# The rooms of R/, a prefix of file names each, and those of src/core/, a folder each: a
# room calls itself and those below. "src" is the glue.
rooms_of_r <- c(
  "adapt", "bbb", "use", "method", "train", "predict", "core", "fit", "control", "prior",
  "data", "family", "native", "util"
)
rooms_of_c <- c(
  "src", "train", "predict", "model", "network", "kernels", "optim", "likelihood", "prior",
  "posterior", "data", "base"
)

# Those calls whose file is called, over others or at once, by the one that it calls.
in_circles <- function(calls) {
  files <- unique(c(calls$from, calls$to))
  reaches <- matrix(FALSE, length(files), length(files), dimnames = list(files, files))
  reaches[cbind(calls$from, calls$to)] <- TRUE
  for (via in files) reaches <- reaches | outer(reaches[, via], reaches[via, ], `&`)
  calls[reaches[cbind(calls$to, calls$from)], ]
}

# A row for each name that one file uses and another one defines.
calls_of <- function(defines, uses) {
  home <- stats::setNames(rep(names(defines), lengths(defines)), unlist(defines))
  calls <- data.frame(from = rep(names(uses), lengths(uses)), name = as.character(unlist(uses)))
  calls$to <- unname(home[calls$name])
  unique(calls[!is.na(calls$to) & calls$from != calls$to, ])
}

# ---- R -----------------------------------------------------------------------

is_definition <- function(e) is.call(e) && identical(e[[1L]], quote(`<-`)) && is.name(e[[2L]])

defined_in <- function(code) {
  vapply(Filter(is_definition, as.list(code)), function(e) as.character(e[[2L]]), "")
}

# As of a function without arguments, so that its own variables are none of the globals.
used_in <- function(code) {
  values <- lapply(as.list(code), function(e) if (is_definition(e)) e[[3L]] else e)
  body <- as.call(c(quote(`{`), values))
  codetools::findGlobals(eval(call("function", NULL, body)))
}

calls_in_r <- function(files) {
  code <- lapply(stats::setNames(nm = files), parse, keep.source = FALSE)
  calls_of(lapply(code, defined_in), lapply(code, used_in))
}

# ---- C -----------------------------------------------------------------------

symbols_of <- function(file) {
  lines <- system2("nm", c("-g", shQuote(file)), stdout = TRUE)
  parts <- regmatches(lines, regexec("([A-Za-z]) ([A-Za-z_0-9.]+)$", lines))
  data.frame(type = vapply(parts, `[`, "", 2L), name = vapply(parts, `[`, "", 3L))
}

calls_in_objects <- function(files) {
  symbols <- lapply(stats::setNames(files, files), symbols_of)
  calls_of(
    lapply(symbols, function(s) s$name[!s$type %in% c("U", "w")]),
    lapply(symbols, function(s) s$name[s$type == "U"])
  )
}

# What is included from the same folder has no folder in its name.
calls_in_headers <- function(files) {
  included <- lapply(stats::setNames(nm = files), function(file) {
    lines <- grep('^#include "', readLines(file), value = TRUE)
    names <- sub('^#include "(.*)"$', "\\1", lines)
    ifelse(grepl("/", names), names, paste0(basename(dirname(file)), "/", names))
  })
  named <- file.path(basename(dirname(files)), basename(files))
  calls_of(as.list(stats::setNames(named, files)), included)
}

# ---- all ---------------------------------------------------------------------

upward <- function(calls, files, rooms, room_of) {
  unknown <- setdiff(room_of(files), rooms)
  if (length(unknown)) cat("no room:", unknown, "\n")
  calls[match(room_of(calls$from), rooms) > match(room_of(calls$to), rooms), ]
}

report <- function(calls, what) {
  if (!nrow(calls)) return(invisible())
  cat(sprintf("%s: %s -> %s by %s\n", what, calls$from, calls$to, calls$name), sep = "")
}

args <- commandArgs(trailingOnly = TRUE)
files <- args[-1L]
in_r <- args[1L] == "R"
calls <- switch(args[1L],
  R = calls_in_r(files), objects = calls_in_objects(files), headers = calls_in_headers(files)
)
room_of <- function(file) if (in_r) sub("[-.].*", "", basename(file)) else basename(dirname(file))
report(in_circles(calls), "in a circle")
report(upward(calls, files, if (in_r) rooms_of_r else rooms_of_c, room_of), "upward")
