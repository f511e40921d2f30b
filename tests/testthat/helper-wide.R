# A data frame of many columns, and formulas of it.

wide_frame <- local({
  x <- outer(1:30, 1:120, function(i, j) sin(i * j + j^2))
  d <- as.data.frame(x)
  d$f <- factor(paste0("l", (7 * 1:30) %% 10))
  d$s <- rep(c("on", "off"), 15)
  d$l <- d$V1 > 0
  d$o <- ordered(1:30 %% 3)
  d$`two words` <- cos(1:30)
  d$day <- as.Date("2024-01-01") + 1:30
  d$y <- 3 + d$V1 + d$V2
  d
})

wide_numbers <- wide_frame[c(paste0("V", 1:120), "y")]

# Of formulas that add columns of the data, and of others.
plain_formulas <- list(y ~ ., y ~ . - V3 - f, log(y) ~ ., scale(y) ~ . - V120, V5 ~ . - y)

other_formulas <- list(y ~ . + V1:V2, y ~ . + I(V1^2) - 1, y ~ s * V1 + ., y ~ offset(V3) + . - V3)
