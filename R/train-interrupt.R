# Interrupts while a fit is made.

# Run code that makes a fit so that an interrupt, whenever it comes, does not
# lose it: R is let to act on one only while there is no fit yet, and while the core
# trains, which stops and gives back what it has. One that comes after that is taken
# here, when the fit is whole.
keeping_fit <- function(expr) {
  suspendInterrupts({
    fit <- expr
    if (interrupt_waits()) warn_late()
    fit
  })
}

# Work in keeping_fit() before there is a fit.
preparing <- function(expr) allowInterrupts(expr)

# Whether the user wants out, now or within so many seconds; asking uses the
# interrupt up.
interrupt_waits <- function(seconds = 1e-4) {
  tryCatch(
    allowInterrupts({
      Sys.sleep(seconds)
      FALSE
    }),
    interrupt = function(condition) TRUE
  )
}

# The value of expr, during which R may act on an interrupt; NULL if one came first, as
# while the core packs the data. One that comes just after is not lost without a word.
unless_interrupted <- function(expr) {
  value <- NULL
  interrupted <- FALSE
  tryCatch(
    allowInterrupts(value <- expr),
    interrupt = function(condition) interrupted <<- TRUE
  )
  if (interrupted && !is.null(value)) warn_late()
  value
}

warn_late <- function() {
  warn_of_fit("stopped", "The interrupt came after training; the fit is complete.")
}
