# Tests that run for every instruction set of the core.

isas_here <- function() names(which(native_isas()))

# The instruction set until the calling test ends.
local_isa <- function(isa, frame = parent.frame()) {
  old <- options(bbb.isa = isa)
  do.call(
    on.exit, list(substitute(options(old)), add = TRUE, after = FALSE), envir = frame
  )
}

# How exact log densities are: plain C takes them in double, vectors in single.
log_tolerance <- function(isa, double) if (isa == "scalar") double else 1e-6
