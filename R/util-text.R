# Words and numbers in messages and printouts.

# "`a`, `b` and `c`", of many only the first few
quoted <- function(x, quote = "`", most = 5L) {
  shown <- paste0(quote, utils::head(x, most), quote)
  if (length(x) > most) shown <- c(shown, sprintf("%d more", length(x) - most))
  if (length(shown) == 1L) return(shown)
  n <- length(shown)
  paste(paste(shown[-n], collapse = ", "), "and", shown[n])
}

# An error of base R's as one sentence.
sentence <- function(message) {
  message <- sub("\n.*", "", message)
  paste0(toupper(substr(message, 1L, 1L)), substring(message, 2L), ".")
}

# An expression in a message.
shown <- function(expr) {
  text <- deparse1(expr)
  if (nchar(text) > 60L) paste0(substr(text, 1L, 57L), "...") else text
}

number <- function(x) format(x, digits = 4L)

# "2,000", whatever the decimal mark is.
in_thousands <- function(n) {
  format(
    n, big.mark = if (getOption("OutDec") == ",") "." else ",", scientific = FALSE
  )
}

# "2,000 rows" and "1 row"
count_of <- function(n, what) paste0(in_thousands(n), " ", what, if (n != 1) "s")

first_few <- function(names, texts) {
  all <- sprintf("%s %s", names, texts)
  more <- length(all) - 4L
  if (more > 0L) c(all[1:4], paste(more, "more")) else all
}
