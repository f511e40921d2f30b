# The instruction set of the core's hot loops. The machine's best is taken unless
# options(bbb.isa = ) names another: for tests, and to compare speeds. And the threads that share a large step: two, where the
# machine has them, unless options(bbb.threads = ) says how many.

isa_for_core <- function() {
  isa <- getOption("bbb.isa")
  if (is.null(isa)) return(NULL)
  here <- native_isas()
  isa <- check_choice(isa, names(here), "options(bbb.isa = )")
  if (!here[[isa]]) {
    stop_argument("This machine does not have the instruction set \"", isa, "\".")
  }
  isa
}

threads_for_core <- function() {
  threads <- getOption("bbb.threads")
  if (!is.null(threads)) {
    threads <- check_count(threads, "options(bbb.threads = )", most = 1024)
  }
  if (is_fork()) 1L else threads
}

# A process that parallel forked off has none of the threads that an OpenMP started
# before, whoever's it was, and would wait for them for ever. The core knows that of
# forks of a process that had loaded it, however made, and this of others.
is_fork <- function() {
  if (!isNamespaceLoaded("parallel")) return(FALSE)
  is_child <- asNamespace("parallel")[["isChild"]]
  is.function(is_child) && isTRUE(is_child())
}
