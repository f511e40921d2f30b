# How much memory a call needs at its peak, beyond what there is before it: the growth of
# the resident memory of a process of its own, in MB. Linux only. `make(...)` gives what
# `work` is called with; `warm_up`, a smaller one, is worked on first.
peak_of <- function(work, make, ..., warm_up) {
  testthat::skip_on_cran()
  testthat::skip_on_os(c("windows", "mac", "solaris"))
  in_child(function(work, make, args, warm_up) {
    options(bbb.threads = 1)
    peak <- function() {
      line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
      as.numeric(gsub("[^0-9]", "", line)) / 1024
    }
    work(do.call(make, warm_up))
    data <- do.call(make, args)
    invisible(gc(full = TRUE))
    writeLines("5", "/proc/self/clear_refs")
    before <- peak()
    work(data)
    peak() - before
  }, work, make, list(...), warm_up)
}
