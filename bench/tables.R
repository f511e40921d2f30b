# How the scripts of this folder print tables and text. Sourced by most of them; runs
# nothing.

table_row <- function(...) cat("|", paste(c(...), collapse = " | "), "|\n")

table_head <- function(...) {
  cat("\n")
  table_row(...)
  table_row(rep("---", length(c(...))))
}

# Flowing text: Markdown does not mind where its lines end, its readers do.
paragraph <- function(...) cat("", strwrap(paste(...), 88), sep = "\n")
