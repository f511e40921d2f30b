# Which lines of R and C do the tests not run? Works on the copy SCRATCH/bbb;
# leaves the percentages in SCRATCH/covered, the lines in SCRATCH/uncovered.
# Rscript tools/coverage.R SCRATCH
scratch <- commandArgs(trailingOnly = TRUE)[1L]
source <- file.path(scratch, "measured")
dir.create(source)
file.copy(file.path(scratch, "bbb", "."), source, recursive = TRUE)

suite <- sprintf(
  "testthat::test_dir(%s, package = 'bbb', load_package = 'installed',
     reporter = 'silent', stop_on_failure = FALSE)",
  deparse(file.path(source, "tests", "testthat"))
)
coverage <- covr::package_coverage(source, type = "none", code = suite)

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
