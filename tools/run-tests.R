# What does the test suite say? Prints what failed, warned or was skipped and
# which files took longest, and writes the four counts: passed, failed, warnings and
# skipped tests.
# Rscript tools/run-tests.R FOLDER LIBRARY COUNTS
args <- commandArgs(trailingOnly = TRUE)
.libPaths(c(args[2L], .libPaths()))

# Programs that a test starts find the same package, and no leaks are looked for
# in them: the shell has some.
Sys.setenv(
  R_LIBS = args[2L],
  ASAN_OPTIONS = sub("detect_leaks=1", "detect_leaks=0", Sys.getenv("ASAN_OPTIONS"))
)

library(testthat)
out <- test_dir(
  args[1L], package = "bbb", load_package = "installed",
  reporter = "check", stop_on_failure = FALSE
)
seconds <- vapply(out, function(one) one$real, 0)
by_file <- sort(tapply(seconds, vapply(out, `[[`, "", "file"), sum), decreasing = TRUE)
slow <- utils::head(by_file, 6L)
cat("# slowest:", paste0(names(slow), " ", round(slow), " s", collapse = ", "), "\n")

kinds <- vapply(
  unlist(lapply(out, `[[`, "results"), recursive = FALSE),
  function(x) sub("^expectation_", "", class(x)[1L]), ""
)
counts <- c(
  sum(kinds == "success"), sum(kinds %in% c("failure", "error")),
  sum(kinds == "warning"), sum(kinds == "skip")
)
writeLines(paste(counts, collapse = " "), args[3L])
