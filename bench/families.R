# How well does each family predict, beside the model that R users fit to such outcomes?
#
#   Rscript bench/families.R [splits] > bench/families.md
#
# A data set of R or of a recommended package for each family, and one simulated from it
# where the truth bends. Of each of 20 random splits a fifth of the rows is scored: mean
# log predictive density of a row, in nats. The difference is of the same splits; its
# standard error over splits takes them as independent, which random splits of one data
# set are not quite. Defaults on both sides; the rival gets the same formula.
library(bbb)

splits <- as.integer(c(commandArgs(TRUE), 20)[1L])

# ---- rivals: fitted to `train`, their log density of each row of `test` -------

outcome <- function(formula, data) stats::model.response(stats::model.frame(formula, data))

of_lm <- function(formula, train, test) {
  fit <- stats::lm(formula, train)
  p <- stats::predict(fit, test, se.fit = TRUE)
  sd <- sqrt(p$se.fit^2 + p$residual.scale^2)
  stats::dt((outcome(formula, test) - p$fit) / sd, p$df, log = TRUE) - log(sd)
}

of_lm_of_log <- function(formula, train, test) {
  logged <- stats::update(formula, log(.) ~ .)
  of_lm(logged, train, test) - log(outcome(formula, test))
}

# A linear model of the mean, with -log density `loss` of residual, design, parameters.
by_optim <- function(loss, extra) {
  function(formula, train, test) {
    design <- function(data) stats::model.matrix(formula, data)
    x <- design(train)
    y <- outcome(formula, train)
    start <- stats::lm.fit(x, y)
    more <- extra(ncol(x), log(stats::sd(start$residuals)))
    total <- function(par) {
      sum(loss(y - x %*% par[seq_len(ncol(x))], x, par[-seq_len(ncol(x))]))
    }
    par <- stats::optim(c(start$coefficients, more), total, method = "BFGS",
      control = list(maxit = 1000))$par
    x <- design(test)
    -loss(outcome(formula, test) - x %*% par[seq_len(ncol(x))], x, par[-seq_len(ncol(x))])
  }
}

of_t <- by_optim(
  function(r, x, par) par[1L] - stats::dt(r / exp(par[1L]), 1 + exp(par[2L]), log = TRUE),
  function(d, log_sd) c(log_sd, 1)
)
of_location_scale <- by_optim(
  function(r, x, par) -stats::dnorm(r, 0, exp(x %*% par), log = TRUE),
  function(d, log_sd) c(log_sd, rep(0, d - 1L))
)

of_binomial <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::binomial(), train)
  y <- outcome(formula, test)
  p <- stats::predict(fit, test, type = "response")
  if (is.matrix(y)) return(stats::dbinom(y[, 1L], rowSums(y), p, log = TRUE))
  stats::dbinom(as.integer(as.factor(y)) - 1L, 1L, p, log = TRUE)
}

of_classes <- function(model) {
  function(formula, train, test) {
    p <- stats::predict(model(formula, train), test, type = "probs")
    # where classes can be told apart multinom() ends in probabilities of 0
    log(pmax(p[cbind(seq_len(nrow(test)), match(outcome(formula, test), colnames(p)))], 1e-6))
  }
}
of_multinom <- of_classes(function(formula, train) {
  nnet::multinom(formula, train, trace = FALSE, maxit = 1000)
})
of_polr <- of_classes(function(formula, train) MASS::polr(formula, train))

of_poisson <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::poisson(), train)
  mean <- stats::predict(fit, test, type = "response")
  stats::dpois(outcome(formula, test), mean, log = TRUE)
}

of_glm_nb <- function(formula, train, test) {
  fit <- MASS::glm.nb(formula, train, control = stats::glm.control(maxit = 200))
  mean <- stats::predict(fit, test, type = "response")
  stats::dnbinom(outcome(formula, test), fit$theta, mu = mean, log = TRUE)
}

of_gamma <- function(formula, train, test) {
  fit <- stats::glm(formula, stats::Gamma("log"), train)
  shape <- MASS::gamma.shape(fit)$alpha
  mean <- stats::predict(fit, test, type = "response")
  stats::dgamma(outcome(formula, test), shape, shape / mean, log = TRUE)
}

of_survreg <- function(dist) {
  function(formula, train, test) {
    fit <- survival::survreg(formula, train, dist = dist)
    y <- outcome(formula, test)
    z <- (log(y[, 1L]) - stats::predict(fit, test, type = "lp")) / fit$scale
    later <- if (dist == "weibull") -exp(z) else stats::plogis(-z, log.p = TRUE)
    density <- if (dist == "weibull") z - exp(z) else stats::dlogis(z, log = TRUE)
    ifelse(y[, 2L] == 1, density - log(fit$scale * y[, 1L]), later)
  }
}

# ---- data --------------------------------------------------------------------

lung <- stats::na.omit(survival::lung[c("time", "status", "age", "sex", "ph.ecog", "ph.karno", "wt.loss")])
housing <- MASS::housing[rep(seq_len(nrow(MASS::housing)), MASS::housing$Freq), ]
ozone <- stats::na.omit(datasets::airquality)
infert <- transform(datasets::infert, case = factor(case))
times <- survival::Surv(time, status) ~ .

real <- list(
  gaussian = list("Boston", medv ~ ., MASS::Boston, of_lm),
  gaussian_hetero = list("mcycle", accel ~ times, MASS::mcycle, of_location_scale),
  student_t = list("cpus", log(perf) ~ syct + mmin + mmax + cach, MASS::cpus, of_t),
  binomial = list("infert", case ~ age + parity + induced + spontaneous, infert, of_binomial),
  binomial = list("Pima", type ~ ., rbind(MASS::Pima.tr, MASS::Pima.te), of_binomial),
  binomial = list("esoph", cbind(ncases, ncontrols) ~ agegp + alcgp + tobgp, datasets::esoph, of_binomial),
  categorical = list("fgl", type ~ ., MASS::fgl, of_multinom),
  ordinal = list("housing", Sat ~ Infl + Type + Cont, housing, of_polr),
  poisson = list("Insurance", Claims ~ District + Group + Age + offset(log(Holders)), MASS::Insurance, of_poisson),
  negbinomial = list("quine", Days ~ Eth + Sex + Age + Lrn, MASS::quine, of_glm_nb),
  gamma = list("airquality", Ozone ~ Solar.R + Wind + Temp + Month, ozone, of_gamma),
  lognormal = list("airquality", Ozone ~ Solar.R + Wind + Temp + Month, ozone, of_lm_of_log),
  weibull = list("lung", times, lung, of_survreg("weibull")),
  loglogistic = list("lung", times, lung, of_survreg("loglogistic"))
)

# The truth bends in a and b, and does not depend on c.
simulated <- function(family, n = 500) {
  set.seed(1)
  d <- data.frame(a = stats::runif(n, -2, 2), b = stats::runif(n, -2, 2), c = stats::rnorm(n))
  eta <- sin(2 * d$a) + d$b^2 / 2 - 0.5
  cuts <- c(-0.5, 0.5)
  noisy <- eta + stats::rlogis(n)
  d$y <- switch(family,
    gaussian = stats::rnorm(n, eta, 0.5),
    gaussian_hetero = stats::rnorm(n, eta, 0.1 + 0.4 * abs(d$a)),
    student_t = eta + 0.3 * stats::rt(n, 3),
    binomial = factor(noisy > 0), ordinal = cut(noisy, c(-Inf, cuts, Inf), ordered_result = TRUE),
    categorical = factor(max.col(cbind(eta, -eta, d$a) - log(stats::rexp(3 * n)))),
    poisson = stats::rpois(n, exp(eta)), negbinomial = stats::rnbinom(n, 2, mu = exp(eta)),
    gamma = stats::rgamma(n, 3, 3 / exp(eta)), lognormal = stats::rlnorm(n, eta, 0.5),
    weibull = stats::rweibull(n, 2, exp(eta)), loglogistic = exp(eta + stats::rlogis(n) / 3)
  )
  if (!family %in% c("weibull", "loglogistic")) return(list("simulated", y ~ a + b + c, d))
  limit <- stats::rexp(n, 0.2)
  d$status <- as.numeric(d$y <= limit)
  d$time <- pmin(d$y, limit)
  list("simulated", survival::Surv(time, status) ~ a + b + c, d)
}

# ---- scores ------------------------------------------------------------------

split_scores <- function(family, task, k) {
  formula <- task[[2L]]
  data <- droplevels(as.data.frame(task[[3L]]))
  set.seed(k)
  scored <- seq_len(nrow(data)) %in% sample(nrow(data), nrow(data) %/% 5)
  fit <- bbb_fit(formula, data[!scored, ], family = family, seed = k, verbose = FALSE)
  c(
    bbb = bbb_score(fit, data[scored, ])$log_score,
    rival = mean(task[[4L]](formula, data[!scored, ], data[scored, ]))
  )
}

number <- function(x) formatC(x, digits = 3, format = "f")
row <- function(...) cat("|", paste(c(...), collapse = " | "), "|\n")

report <- function(family, task) {
  scores <- vapply(seq_len(splits), function(k) split_scores(family, task, k), numeric(2))
  difference <- scores[1L, ] - scores[2L, ]
  row(
    family, task[[1L]], nrow(task[[3L]]), number(rowMeans(scores)),
    number(mean(difference)), number(stats::sd(difference) / sqrt(splits))
  )
}

cat("# Families\n\n")
cat(
  "How well does each family predict, beside the model that R users fit to such",
  "outcomes? Made by `Rscript bench/families.R > bench/families.md`, which says what is",
  "scored. Rivals: `lm()`, linear models with t or varying noise by `optim()`, `glm()`,",
  "`nnet::multinom()`, `MASS::polr()`, `MASS::glm.nb()`, `survival::survreg()`;",
  "a class that a rival gives no probability counts as one in a million.\n\n",
  fill = 90
)
cat("bbb", format(utils::packageVersion("bbb")), "-", R.version.string, "-", splits, "splits\n\n")
row("family", "data", "rows", "bbb", "rival", "difference", "s.e.")
row("---", "---", rep("---:", 5))
for (i in seq_along(real)) report(names(real)[i], real[[i]])
for (i in which(!duplicated(names(real)))) {
  family <- names(real)[i]
  report(family, c(simulated(family), real[[i]][[4L]]))
}
