# What does bbb do on real data? Fits Boston's house prices and the question's
# 100 x 3 example, prints scores on data that the fits have not seen, and draws.
# Run by tools/demo: Rscript tools/demo.R PLOT
library(bbb)
Boston <- MASS::Boston
plot_file <- commandArgs(trailingOnly = TRUE)[1L]

heading <- function(...) cat("\n", ..., "\n", strrep("-", 72), "\n", sep = "")
row <- function(name, format, ...) {
  cat(sprintf("  %-52s", name), sprintf(format, ...), "\n", sep = "")
}
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

# ---- a curve with a hole ----

heading("A curve observed from -4 to -1 and from 1.5 to 4, and nowhere else")
set.seed(3)
curve_x <- c(runif(40, -4, -1), runif(40, 1.5, 4))
curve_y <- sin(curve_x) + rnorm(80, sd = 0.07)

cat("> fit <- bbb_fit(x, y, hidden = c(10, 10), fits = 5)\n")
curve_fit <- bbb_fit(curve_x, curve_y, hidden = c(10, 10), fits = 5)

# New outcomes inside the 90 % interval, by region from left to right.
edges <- c(-7, -4, -1, 1.5, 4, 7)
inside <- vapply(1:5, function(i) {
  x <- runif(2000, edges[i], edges[i + 1L])
  y <- sin(x) + rnorm(2000, sd = 0.07)
  p <- predict(curve_fit, x, type = "interval")
  mean(y >= p[, "lwr"] & y <= p[, "upr"])
}, 0)
row("new outcomes inside the 90 % interval, on the data", "%4.0f %%", 100 * mean(inside[c(2, 4)]))
row("    in the hole, from -1 to 1.5", "%4.0f %%", 100 * inside[3])
row("    beyond the data, up to 7 and down to -7", "%4.0f %%", 100 * mean(inside[c(1, 5)]))
cat("  An interval can be trusted where it was checked: with new outcomes, by bbb_score().\n")

# ---- the plot ----

blue <- "#0072B2"
band <- "#56B4E955"

plot_curve <- function() {
  at <- seq(-7, 7, length.out = 281)
  p <- predict(curve_fit, at, type = "interval")
  top <- max(p, curve_y)
  plot(
    at, p[, "fit"], type = "n", ylim = c(min(p, curve_y), top + 0.4 * diff(range(p))),
    las = 1, xlab = "x", ylab = "y", main = "New outcomes inside the 90 % interval"
  )
  polygon(c(at, rev(at)), c(p[, "lwr"], rev(p[, "upr"])), col = band, border = NA)
  lines(at, p[, "fit"], col = blue, lwd = 2)
  lines(at, sin(at), lty = 2)
  points(curve_x, curve_y, pch = 16, cex = 0.5)
  abline(v = c(-4, -1, 1.5, 4), col = "grey70", lty = 3)
  text(c(-5.5, -2.5, 0.25, 2.75, 5.5), top + 0.06 * diff(range(p)),
    sprintf("%.0f %%", 100 * inside), font = 2)
  legend(
    "top", c("data", "true curve", "mean", "90 % interval"), ncol = 2,
    bg = "white", box.col = NA, inset = 0.01, pch = c(16, NA, NA, 15),
    lty = c(NA, 2, 1, NA), lwd = c(NA, 1, 2, NA),
    pt.cex = c(0.5, 1, 1, 2), col = c("black", "black", blue, band)
  )
}

plot_boston <- function() {
  p <- predict(boston, test, type = "interval")
  inside <- test$medv >= p[, "lwr"] & test$medv <= p[, "upr"]
  color <- ifelse(inside, "#56B4E9", "#A03000")
  plot(
    test$medv, p[, "fit"], type = "n", xlim = range(p, test$medv),
    ylim = range(p, test$medv), las = 1, xlab = "observed price, $1000",
    ylab = "predicted price, $1000", main = "Boston test rows with 90 % intervals"
  )
  abline(0, 1, col = "grey60")
  segments(
    test$medv, p[, "lwr"], test$medv, p[, "upr"], col = color, lwd = ifelse(inside, 1, 2)
  )
  points(test$medv, p[, "fit"], pch = ifelse(inside, 1, 17), cex = 0.8, col = color)
  legend(
    "topleft", c(sprintf("inside (%.0f %%)", 100 * mean(inside)), "outside"),
    pch = c(1, 17), lwd = 1:2, col = c("#56B4E9", "#A03000"), bty = "n"
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
plot_curve()
plot_boston()
invisible(dev.off())
cat("  saved in", normalizePath(plot_file), "\n")

heading("How to go on")
cat(
  "  The package is installed in ", dirname(find.package("bbb")), "\n",
  "  R                      starts R; there, library(bbb), ?bbb_fit and example(bbb_fit)\n",
  "  bash tools/install     installs it with its vignettes; then, in R, vignette(\"bbb\")\n",
  sep = ""
)
