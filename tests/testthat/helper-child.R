# Work in another R process, whose end does not end the tests.

# A folder with R code for the child: f, called with arguments that are plain data
# or functions, none of which may need anything from the tests.
child_script <- function(f, args) {
  bare <- function(value) {
    if (is.function(value)) environment(value) <- globalenv()
    value
  }
  f <- bare(f)
  args <- lapply(args, bare)
  folder <- tempfile("child")
  dir.create(folder)
  saveRDS(list(f = f, args = args), file.path(folder, "job.rds"))
  writeLines(c(
    sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = "")),
    sprintf("setwd(%s)", deparse(folder)),
    sprintf("library(bbb, lib.loc = %s)", deparse(dirname(system.file(package = "bbb")))),
    "job <- readRDS('job.rds')",
    "saveRDS(do.call(job$f, job$args), 'value.part')",
    "invisible(file.rename('value.part', 'value.rds'))"
  ), file.path(folder, "run.R"))
  folder
}

start_child <- function(folder, wait, timeout = 0) {
  system2(
    file.path(R.home("bin"), "Rscript"),
    c("--vanilla", shQuote(file.path(folder, "run.R"))),
    stdout = file.path(folder, "out"), stderr = file.path(folder, "err"),
    wait = wait, timeout = timeout, env = "R_MAX_VSIZE=3Gb"
  )
}

# What f returned; an error that tells how the child ended if it did not.
in_child <- function(f, ..., timeout = 300) {
  folder <- child_script(f, list(...))
  on.exit(unlink(folder, recursive = TRUE))
  status <- start_child(folder, wait = TRUE, timeout = timeout)
  value <- file.path(folder, "value.rds")
  if (status == 0 && file.exists(value)) return(readRDS(value))
  said <- utils::tail(readLines(file.path(folder, "err")), 20L)
  at <- file.path(folder, "at")
  if (file.exists(at)) said <- c(said, "at:", readLines(at))
  stop("The child ended with status ", status, ":\n", paste(said, collapse = "\n"))
}
