# A family that interrupts its fit while the data are prepared.
interrupting <- function() {
  tools::pskill(Sys.getpid(), tools::SIGINT)
  stats::gaussian()
}
