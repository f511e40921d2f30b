# Does a change of the code leave all numbers as they were?
#
#   R_LIBS=OLD Rscript bench/digests.R > old.txt
#   R_LIBS=NEW Rscript bench/digests.R > new.txt
#   diff old.txt new.txt
#
# Some ninety small fits: each family with each prior, estimators, optimisers, schedules,
# weights, offsets, validation, several fits, updates and other forms of the data. A line
# for each has digests of its parameters, its history, its predictions of each type and
# its scores; what fails says so. Digests hold on one kind of CPU and one R only.
library(bbb)
options(bbb.threads = 1L, mc.cores = 1L)

digest <- function(x) {
  file <- tempfile()
  on.exit(unlink(file))
  writeBin(serialize(unname(x), NULL, xdr = FALSE)[-(1:14)], file)
  substr(tools::md5sum(file), 1L, 8L)
}

# The digest of an expression's value, or "error".
of <- function(expr) {
  tryCatch(digest(suppressMessages(expr)), error = function(e) "error   ")
}

# Names, which are no numbers, apart.
bare <- function(x) {
  if (is.data.frame(x)) x <- as.matrix(x)
  if (is.factor(x)) x <- as.integer(x)
  as.vector(x)
}

types <- c("response", "link", "class", "prob", "interval", "quantile", "draws",
  "uncertainty", "survival")

predictions <- function(fit, x, ...) {
  vapply(types, function(type) {
    more <- switch(type, survival = list(times = c(0.5, 2)), quantile = list(probs = 0.3),
      list())
    of(bare(do.call(predict, c(list(fit, x, type = type, draws = 20L, ...), more))))
  }, "")
}

parameters <- function(fit) {
  members <- if (is.null(fit$members)) list(fit) else fit$members
  history <- lapply(members, function(one) {
    bare(one$history[c("epoch", "elbo", "nll", "kl", "noise", "learn_rate", "validation")])
  })
  c(
    digest(lapply(members, function(one) list(one$mu, one$rho, one$aux))),
    digest(history), digest(lapply(members, function(one) one$state$moments))
  )
}

line <- function(name, fit, x, y, ...) {
  if (is.character(fit)) return(cat(sprintf("%-34s %s\n", name, fit)))
  score <- of(bare(bbb_score(fit, x, y, draws = 20L, ...)))
  more <- c(
    of(bare(residuals(fit, "pearson", x, y, ...))),
    of(as.numeric(logLik(fit, x, y, ...)))
  )
  cat(sprintf("%-34s", name), parameters(fit), score, more, predictions(fit, x, ...), "\n")
}

run <- function(name, data, ..., offset = NULL) {
  fit <- tryCatch(
    suppressWarnings(suppressMessages(bbb_fit(
      data$x, data$y, hidden = 5, epochs = 12, seed = 3, verbose = FALSE,
      offset = offset, ...
    ))),
    error = function(e) paste("error:", conditionMessage(e))
  )
  more <- if (!is.null(offset)) list(offset = offset)
  do.call(line, c(list(name, fit, data$x, data$y), more))
  invisible(fit)
}

# ---- data ------------------------------------------------------------------------

i <- 1:60
x <- cbind(a = sin(i), b = cos(2 * i), c = sin(3 * i + 1))
eta <- 1.5 * x[, 1] - x[, 2]^2
wave <- sin(7 * i)
outcomes <- list(
  gaussian = 10 + 5 * eta + wave,
  gaussian_hetero = eta + wave * exp(x[, 2]),
  student_t = eta + wave^5 * 3,
  binomial = eta + wave > -0.4,
  categorical = factor(c("u", "v", "w")[1 + findInterval(eta + wave, c(-1, 0.5))]),
  ordinal = factor(1 + findInterval(eta + wave, c(-1, 0.5)), ordered = TRUE),
  poisson = round(exp(eta + 1) + wave^2), negbinomial = round(exp(eta + wave + 1)),
  gamma = exp(eta + wave), lognormal = exp(eta + wave),
  weibull = cbind(exp(eta + wave), as.numeric(i %% 4 > 0)),
  loglogistic = cbind(exp(eta + wave), as.numeric(i %% 4 > 0))
)
priors <- list(
  learned = prior_normal(), normal = prior_normal(0.7), mixture = prior_mixture(),
  laplace = prior_laplace(), student = prior_student(bias_sd = 2, fan_in = TRUE)
)
numeric <- list(x = x, y = outcomes$gaussian)
weights <- rep(c(1, 2, 0.5), 20)

# ---- fits ------------------------------------------------------------------------

for (family in names(outcomes)) for (prior in names(priors)) {
  run(paste(family, prior), list(x = x, y = outcomes[[family]]), family = family,
    prior = priors[[prior]])
}
run("two outcomes", list(x = x, y = cbind(outcomes$gaussian, eta)))
run("trials", list(x = x, y = cbind(i %% 3, i %% 4 + 1)), family = "binomial")
for (activation in c("sigmoid", "tanh", "softplus", "leaky_relu", "elu", "gelu", "identity")) {
  run(activation, numeric, activation = activation)
}
for (estimator in c("flipout", "local")) run(estimator, numeric, estimator = estimator)
run("antithetic", numeric, antithetic = TRUE, samples = 4)
run("sampled KL", numeric, kl = "sampled", samples = 1)
run("equation 9", numeric, kl_weight = "blundell", batch_size = 7)
run("sgd, step", numeric, optimizer = "sgd", schedule = "step", learn_rate = 1e-3)
run("constant, clipped", numeric, schedule = "constant", clip = 1)
run("temperature", numeric, temperature = 0.5)
run("given noise", numeric, noise = 2)
run("weights", numeric, weights = weights)
run("offset", list(x = x, y = outcomes$poisson), family = "poisson", offset = x[, 1])
run("class weights", list(x = x, y = outcomes$categorical), class_weights = "balanced")
run("validation", numeric, validation = 0.3, patience = 3, batch_size = 8, samples = 2)
run("validation, weights", numeric, validation = 0.3, weights = weights, batch_size = 8,
  samples = 2)
run("not standardised", numeric, standardise = FALSE)
run("several fits", numeric, fits = 2)
run("several fits, classes", list(x = x, y = outcomes$categorical), fits = 3)

simple <- run("continued", numeric, schedule = "constant")
line("continued further", bbb_continue(simple, x, numeric$y, epochs = 5), x, numeric$y)
line("updated", bbb_update(simple, x[1:20, ], numeric$y[1:20], epochs = 5, seed = 1), x,
  numeric$y)

table <- data.frame(
  y = numeric$y, x, f = factor(c("p", "q", "r", "s")[1 + i %% 4]), g = i %% 2 == 0,
  d = as.Date("2024-01-01") + i, o = factor(i %% 3, ordered = TRUE)
)
formulas <- list(
  y ~ ., y ~ a * f + poly(b, 2), log(y + 30) ~ splines::ns(a, 3) + g + o, y ~ a + offset(b)
)
for (formula in formulas) {
  fit <- bbb_fit(formula, table, hidden = 5, epochs = 12, seed = 3, verbose = FALSE)
  score <- of(bare(bbb_score(fit, table, draws = 20L)))
  cat(sprintf("%-34s", deparse1(formula)), parameters(fit), score, predictions(fit, table), "\n")
}
