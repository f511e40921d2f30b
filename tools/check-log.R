# Is the log of R CMD check clean? Prints each error, warning and note but for
# those of `given`, and ends with status 1 when there are any. Run by check-cran.
# Rscript tools/check-log.R bbb.Rcheck/00check.log

# Lines that say nothing of the package, with the reason.
given <- c(
  "New submission: not on CRAN yet" = "^New submission$",
  "the name that goes with it" = "^Maintainer: "
)

log <- commandArgs(trailingOnly = TRUE)[1L]
lines <- readLines(log)
if (!any(grepl("^\\* DONE$|^Status: ", lines))) {
  writeLines(c("The check did not end:", utils::tail(lines, 30L)))
  quit(status = 1L)
}
found <- tools::check_packages_in_dir_details(logs = log, drop_ok = TRUE)
found <- found[found$Status != "OK", ] # R 4.5 gives one row where all is well
clean <- TRUE
for (i in seq_len(nrow(found))) {
  output <- strsplit(found$Output[i], "\n")[[1L]]
  left <- output[nzchar(trimws(output)) & !grepl(paste(given, collapse = "|"), output)]
  if (!length(left) && nzchar(found$Output[i])) next
  clean <- FALSE
  writeLines(c(paste0(found$Status[i], ", checking ", found$Check[i], ":"), output, ""))
}
if (!clean) quit(status = 1L)
