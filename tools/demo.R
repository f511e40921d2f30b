# What does bbb do on real data? Fits Boston's house prices and the question's
# 100 x 3 example, prints scores on data that the fits have not seen, and draws.
# Run by tools/demo: Rscript tools/demo.R PLOT
library(bbb)
Boston <- MASS::Boston
plot_file <- commandArgs(trailingOnly = TRUE)[1L]

heading <- function(...) cat("\n", ..., "\n", strrep("-", 72), "\n", sep = "")
row <- function(name, format, ...) cat(sprintf("  %-48s", name), sprintf(format, ...), "\n", sep = "")
seconds <- function(expr) unname(system.time(expr)["elapsed"])

# ---- house prices in Boston ----

heading("House prices in Boston: 506 suburbs, 13 predictors, 80 % to train on")
set.seed(1)
in_train <- sample(nrow(Boston)) <= 0.8 * nrow(Boston)
train <- Boston[in_train, ]
test <- Boston[!in_train, ]

cat("> fit <- bbb_fit(medv ~ ., data = train)\n")
time <- seconds(boston <- bbb_fit(medv ~ ., data = train))
score <- bbb_score(boston, test)
linear <- lm(medv ~ ., data = train)

cat("> bbb_score(fit, test)\n")
row("test RMSE, in $1000", "%6.2f", score$rmse)
row("    of a linear model, for scale", "%6.2f", sqrt(mean((test$medv - predict(linear, test))^2)))
row("mean log score of a test row, in nats", "%6.2f", score$log_score)
row("test prices inside the 90 % interval", "%4.0f %%", 100 * score$coverage)
row("time to fit", "%5.1f s", time)

# ---- the question ----

heading("A 0/1 outcome: 100 rows, 3 predictors, 32 sigmoid units")
set.seed(2)
draw_rows <- function(n) {
  x <- matrix(rnorm(3 * n), n, dimnames = list(NULL, c("a", "b", "c")))
  list(x = x, y = runif(n) < plogis(3 * x[, 1] - 2 * x[, 2]))
}
seen <- draw_rows(100)
fresh <- draw_rows(2000)

cat("> fit <- bbb_fit(x, y, hidden = 32, activation = \"sigmoid\")\n")
time <- seconds(fit <- bbb_fit(seen$x, seen$y, hidden = 32, activation = "sigmoid"))
score <- bbb_score(fit, fresh$x, fresh$y)
best <- plogis(3 * fresh$x[, 1] - 2 * fresh$x[, 2])

row("error rate on 2000 fresh rows", "%4.1f %%", 100 * score$error)
row("    of the true probabilities", "%4.1f %%", 100 * mean((best > 0.5) != fresh$y))
row("mean log score of a fresh row, in nats", "%6.3f", score$log_score)
row("    of the true probabilities", "%6.3f", mean(dbinom(fresh$y, 1, best, log = TRUE)))
row("time to fit", "%5.1f s", time)

cat("\n> step <- bbb_gradients(fit, x, y): one draw of eps, and all terms of it\n")
step <- bbb_gradients(fit, seen$x, seen$y)
row("log q(w | theta)", "%7.2f", step$log_posterior)
row("log P(w)", "%7.2f", step$log_prior)
row("log P(D | w)", "%7.2f", step$log_likelihood)
row("f = log q(w | theta) - log P(w) - log P(D | w)", "%7.2f", step$f)
cat("\n> step$d_mu[[1]]$weight[, 1:5]: inputs x units\n")
print(step$d_mu[[1L]]$weight[, 1:5], digits = 2)
cat("\n> step$d_rho[[1]]$weight[, 1:5]\n")
print(step$d_rho[[1L]]$weight[, 1:5], digits = 2)

# ---- the plot ----

blue <- "#0072B2"
band <- "#56B4E955"

plot_gap <- function() {
  set.seed(3)
  x <- c(runif(40, -4, -1), runif(40, 1.5, 4))
  y <- sin(x) + rnorm(80, sd = 0.07)
  fit <- bbb_fit(x, y, hidden = c(32, 16), epochs = 1500)
  at <- seq(-7, 7, length.out = 281)
  p <- predict(fit, at, type = "interval")
  plot(
    at, p[, "fit"], type = "n", ylim = range(p, y), las = 1, xlab = "x", ylab = "y",
    main = "Intervals grow away from the data"
  )
  polygon(c(at, rev(at)), c(p[, "lwr"], rev(p[, "upr"])), col = band, border = NA)
  lines(at, p[, "fit"], col = blue, lwd = 2)
  points(x, y, pch = 16, cex = 0.7, col = "#00000099")
  legend(
    "top", c("data", "mean", "90 % interval"), pch = c(16, NA, 15), bty = "n",
    lty = c(NA, 1, NA), lwd = 2, pt.cex = c(0.7, 1, 2), col = c("black", blue, band)
  )
}

plot_boston <- function() {
  p <- predict(boston, test, type = "interval")
  inside <- test$medv >= p[, "lwr"] & test$medv <= p[, "upr"]
  color <- ifelse(inside, blue, "#D55E00")
  plot(
    test$medv, p[, "fit"], type = "n", xlim = range(p, test$medv),
    ylim = range(p, test$medv), las = 1, xlab = "observed price, $1000",
    ylab = "predicted price, $1000", main = "Boston test rows with 90 % intervals"
  )
  abline(0, 1, col = "grey60")
  segments(test$medv, p[, "lwr"], test$medv, p[, "upr"], col = paste0(color, "88"))
  points(test$medv, p[, "fit"], pch = 16, cex = 0.8, col = color)
  legend(
    "topleft", c(sprintf("inside (%.0f %%)", 100 * mean(inside)), "outside"),
    pch = 16, col = c(blue, "#D55E00"), bty = "n"
  )
}

heading("A plot")
if (capabilities("cairo")) {
  png(plot_file, 1800, 850, res = 150, type = "cairo")
} else {
  plot_file <- sub("\\.png$", ".pdf", plot_file)
  pdf(plot_file, 12, 5.7)
}
par(mfrow = c(1, 2), mar = c(4, 4, 2.5, 1), mgp = c(2.5, 0.7, 0))
plot_gap()
plot_boston()
invisible(dev.off())
cat("  saved in", normalizePath(plot_file), "\n\n")
