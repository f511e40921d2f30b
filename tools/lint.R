# Does the R code keep to .lintr? Prints what does not, a line each, and ends with
# status 1 when there is any. Run by check-format, in the folder of the package.
# Rscript tools/lint.R FILE...
library(lintr)

# Read once: lint() by itself would make all linters anew for every file.
linters <- eval(parse(text = read.dcf(".lintr", all = TRUE)$linters))
lint_one <- function(file) {
  as.data.frame(lint(file, linters = linters, parse_settings = FALSE))
}

found <- do.call(rbind, lapply(commandArgs(trailingOnly = TRUE), lint_one))
if (NROW(found)) {
  where <- paste(found$filename, found$line_number, found$column_number, sep = ":")
  writeLines(paste0(where, ": ", found$message, " [", found$linter, "]"))
  quit(status = 1L)
}
