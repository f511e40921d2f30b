# The instruction set of the core's hot loops. The machine's best is taken unless
# options(bbb.isa = ) names another: for tests, and to compare speeds. In the order
# of the core's bbb_isa. And the threads that share a large step: two, where the
# machine has them, unless options(bbb.threads = ) says how many.

isas <- c("scalar", "baseline", "avx2", "avx512")

isa_for_core <- function() {
  isa <- getOption("bbb.isa")
  if (is.null(isa)) return(NULL)
  isa <- check_choice(isa, isas, "options(bbb.isa = )")
  if (!native_isas()[match(isa, isas)]) {
    stop_argument("This machine does not have the instruction set \"", isa, "\".")
  }
  match(isa, isas) - 1L
}

threads_for_core <- function() {
  if (loaded_in_fork) return(1L)
  threads <- getOption("bbb.threads")
  if (is.null(threads)) return(NULL)
  check_count(threads, "options(bbb.threads = )", most = 1024)
}

# A process that parallel forked off has none of the threads that an OpenMP started
# before, whoever's it was, and would wait for them for ever. The core knows that of
# forks of a process that had loaded it, and this of others.
loaded_in_fork <- FALSE

.onLoad <- function(libname, pkgname) {
  assign("loaded_in_fork", is_fork(), topenv())
}

is_fork <- function() {
  if (!isNamespaceLoaded("parallel")) return(FALSE)
  is_child <- asNamespace("parallel")[["isChild"]]
  is.function(is_child) && isTRUE(is_child())
}
