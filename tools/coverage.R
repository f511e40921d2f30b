# Which lines of R and C do the tests not run? Works on the copy SCRATCH/bbb;
# leaves the percentages in SCRATCH/covered, the lines in SCRATCH/uncovered.
# Rscript tools/coverage.R SCRATCH
scratch <- commandArgs(trailingOnly = TRUE)[1L]
source <- file.path(scratch, "measured")
dir.create(source)
file.copy(file.path(scratch, "bbb", "."), source, recursive = TRUE)

# Each process leaves a trace of the lines of R that it ran. Tests kill some of
# them, maybe while they write: a trace that cannot be read is left out.
suite <- bquote({
  testthat::test_dir(
    .(file.path(source, "tests", "testthat")), package = "bbb",
    load_package = "installed", reporter = "silent", stop_on_failure = FALSE
  )
  for (trace in list.files(.libPaths()[1L], "^covr_trace_", full.names = TRUE)) {
    tryCatch(readRDS(trace), error = function(e) file.remove(trace))
  }
})

# Without optimisation the vector kernels would take most of the time.
loadNamespace("covr")
flags <- getOption("covr.flags")
flags["CFLAGS"] <- "-O1 --coverage"
options(covr.flags = flags)
coverage <- covr::package_coverage(source, type = "none", code = deparse(suite))

lines <- covr::tally_coverage(coverage, by = "line")
lines$language <- ifelse(grepl("^R/", lines$filename), "R", "C")
share <- tapply(lines$value > 0, lines$language, mean)
writeLines(
  sprintf("%s %.1f", names(share), 100 * share), file.path(scratch, "covered")
)
missed <- lines[lines$value == 0, ]
missed <- tapply(missed$line, missed$filename, function(x) {
  x <- sort(unique(x))
  runs <- split(x, cumsum(c(1, diff(x) > 1)))
  paste(vapply(runs, function(r) paste(unique(range(r)), collapse = "-"), ""), collapse = " ")
})
writeLines(
  sprintf("# not run: %s: %s", names(missed), missed),
  file.path(scratch, "uncovered")
)
