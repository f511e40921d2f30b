# Is a commit slower than its parent?
#
#   Rscript bench/compare.R [OLD [NEW]] [rounds=9] [seconds=1] [percent=3] [only=REGEXP]
#
# NEW is the last commit unless named, OLD the parent of NEW. Both are installed from
# copies in a temporary folder, so that nothing of the working tree counts. Then each row
# of compare_work.R, or those that match `only`, is measured `rounds` times with both, in
# turns, so that a busy moment hits both; each measurement is a process of its own that
# works for about so many `seconds`, and counts CPU time of one thread. Prints a table of
# medians and of ratios new / old, and ends with status 1 if a row is slower: if three
# quarters of its ratios are more than so many `percent` over 1.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "timing.R"))

# ---- what is asked ---------------------------------------------------------------

arguments <- commandArgs(TRUE)
named <- grepl("=", arguments)
settings <- list(rounds = "9", seconds = "1", percent = "3", only = ".")
given <- strsplit(arguments[named], "=")
settings[vapply(given, `[`, "", 1L)] <- vapply(given, `[`, "", 2L)
if (length(settings) > 4L) stop("Unknown setting: ", toString(names(settings)[-(1:4)]))
rounds <- as.integer(settings$rounds)
limit <- 1 + as.numeric(settings$percent) / 100

git <- function(...) {
  said <- system2("git", c("-C", shQuote(dirname(here)), ...), stdout = TRUE)
  if (!is.null(attr(said, "status"))) stop("git failed: ", toString(c(...)))
  said
}

# "HEAD~" and other signs are for git, not for the shell.
commit_of <- function(name) git("rev-parse", "--verify", shQuote(paste0(name, "^{commit}")))

names_of <- arguments[!named]
new <- commit_of(if (length(names_of) > 1L) names_of[2L] else "HEAD")
old <- commit_of(if (length(names_of)) names_of[1L] else paste0(new, "~"))

# ---- both builds -----------------------------------------------------------------

folder <- tempfile("compare-")

# The library with the package of a commit.
library_of <- function(commit) {
  source <- file.path(folder, commit, "bbb")
  library <- file.path(folder, commit, "library")
  tarball <- file.path(folder, paste0(commit, ".tar"))
  for (path in c(source, library)) dir.create(path, recursive = TRUE)
  git("archive", "--output", shQuote(tarball), commit)
  utils::untar(tarball, exdir = source)
  log <- file.path(folder, commit, "log")
  command <- c("CMD", "INSTALL", "--no-docs", "-l", shQuote(library), shQuote(source))
  status <- system2(file.path(R.home("bin"), "R"), command, stdout = log, stderr = log)
  if (status) stop(commit, " does not install:\n", paste(readLines(log), collapse = "\n"))
  library
}

# What compare_work.R prints with that library.
work <- function(library, ...) {
  environment <- c(paste0("R_LIBS=", shQuote(library)), "OMP_NUM_THREADS=1")
  script <- shQuote(file.path(here, "compare_work.R"))
  rscript <- file.path(R.home("bin"), "Rscript")
  said <- system2(rscript, c("--vanilla", script, ...), stdout = TRUE, env = environment)
  if (!is.null(attr(said, "status"))) stop("compare_work.R failed")
  said
}

# ---- measuring -------------------------------------------------------------------

# Seconds of each round, a column for old and one for new. Who is first changes from
# round to round, since a processor that gets warm gets slow.
measure <- function(libraries, row) {
  count <- as.numeric(work(libraries[1L], row, "for", settings$seconds))
  seconds <- matrix(NA_real_, rounds, 2L)
  if (is.na(count)) return(seconds)
  for (round in seq_len(rounds)) {
    for (which in if (round %% 2L) 1:2 else 2:1) {
      seconds[round, which] <- as.numeric(work(libraries[which], row, count))
    }
  }
  seconds
}

# Prints a row, and says whether it is slower.
compare <- function(name, seconds) {
  if (anyNA(seconds)) {
    table_row(name, "not in both", "", "", "", "")
    return(FALSE)
  }
  ratio <- stats::quantile(seconds[, 2L] / seconds[, 1L], c(0.25, 0.5, 0.75), names = FALSE)
  slower <- ratio[1L] > limit
  medians <- in_units(apply(seconds, 2L, stats::median))
  shown <- sprintf("%.3f", ratio)
  spread <- paste(shown[1L], "to", shown[3L])
  table_row(name, medians, shown[2L], spread, if (slower) "**slower**" else "")
  slower
}

main <- function() {
  on.exit(unlink(folder, recursive = TRUE))
  libraries <- vapply(c(old, new), library_of, "")
  rows <- work(libraries[2L])
  paragraph(
    "Old is", paste0(git("log", "-1", "--format=%h", old), ", new"),
    paste0(git("log", "-1", "--format=%h", new), "; CPU seconds of one thread, medians of"),
    rounds, "rounds in turns; spread is the middle half of the rounds' ratios.",
    paste0(processor(), ".")
  )
  table_head("work", "old", "new", "new / old", "spread", "")
  slower <- vapply(grep(settings$only, rows), function(row) {
    compare(rows[row], measure(libraries, row))
  }, NA)
  if (!any(slower)) return(0L)
  paragraph(sum(slower), "of", length(slower), "rows are slower by more than",
    settings$percent, "%.")
  1L
}

quit(status = main())
