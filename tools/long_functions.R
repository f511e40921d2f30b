# Which functions of these R files are longer than 40 lines? Names each with its
# length; prints nothing when all is well. Run by check-layers.
# Rscript tools/long_functions.R FILE...
for (file in commandArgs(trailingOnly = TRUE)) {
  code <- parse(file, keep.source = TRUE)
  refs <- attr(code, "srcref")
  for (i in seq_along(code)) {
    lines <- refs[[i]][3L] - refs[[i]][1L] + 1L
    is_function <- is.call(code[[i]]) && length(code[[i]]) == 3L &&
      is.call(code[[i]][[3L]]) && identical(code[[i]][[3L]][[1L]], quote(`function`))
    if (is_function && lines > 40L) {
      cat(file, ": ", deparse(code[[i]][[2L]]), "() has ", lines, " lines\n", sep = "")
    }
  }
}
