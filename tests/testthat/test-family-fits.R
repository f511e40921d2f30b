# Fits of the families beside gaussian, binomial and categorical, from the user's
# side: each learns what made its data, and answers in the outcome's own units.

data_of <- local({
  set.seed(8)
  n <- 300
  x <- cbind(a = runif(n, -1, 1), b = runif(n, -1, 1))
  eta <- 1.2 * x[, "a"] - 0.6 * x[, "b"]
  t <- 40 * exp(eta + 0.4 * log(rexp(n)))
  t2 <- 40 * exp(eta + 0.3 * rlogis(n))
  limit <- runif(n, 20, 150)
  level <- findInterval(eta + rlogis(n), c(-1, 0.5)) + 1
  list(
    x = x, n = n, eta = eta,
    gaussian_hetero = 50 + 10 * (eta + exp(x[, "b"] - 1) * rnorm(n)),
    student_t = 50 + 10 * (eta + 0.2 * rt(n, 3)),
    binomial = cbind(yes = rbinom(n, 8, plogis(eta)), no = 0),
    ordinal = factor(c("low", "mid", "high")[level], c("low", "mid", "high"), ordered = TRUE),
    poisson = rpois(n, 6 * exp(eta)),
    negbinomial = rnbinom(n, 2, mu = 6 * exp(eta)),
    gamma = rgamma(n, 4, 4 / (70 * exp(eta))),
    lognormal = 70 * exp(eta + 0.3 * rnorm(n)),
    weibull = cbind(time = pmin(t, limit), event = t <= limit),
    loglogistic = cbind(time = pmin(t2, limit), event = t2 <= limit)
  )
})
data_of$binomial[, "no"] <- 8 - data_of$binomial[, "yes"]

some <- c("gaussian_hetero", "student_t", "binomial", "ordinal", "poisson", "negbinomial",
          "gamma", "lognormal", "weibull", "loglogistic")

learned <- function(family, ..., x = data_of$x, y = data_of[[family]]) {
  bbb_fit(
    x, y, hidden = integer(0), family = family, epochs = 120,
    learn_rate = 0.05, batch_size = 100, samples = 2, seed = 1, ...
  )
}

delayedAssign("family_fits", lapply(stats::setNames(nm = some), learned))

newx <- cbind(a = c(-0.8, 0, 0.7), b = c(0.3, 0, -0.5))
true_eta <- as.vector(newx %*% c(1.2, -0.6))

test_that("each family learns the effect of the predictors", {
  for (family in some) {
    link <- predict(family_fits[[family]], newx, "link")
    if (family == "gaussian_hetero") {
      sd <- exp(link[, "log sd"])
      expect_lt(max(abs(sd / (10 * exp(newx[, "b"] - 1)) - 1)), 0.25)
      link <- link[, 1]
    }
    if (family %in% c("gaussian_hetero", "student_t")) link <- link / 10
    # some five standard errors of the worst; the slopes alone, whatever the centre
    expect_lt(max(abs((link - link[2]) - true_eta)), 0.5, label = family)
  }
})

test_that("each family learns its own parameters", {
  near <- function(family, want, factor) {
    got <- family_fits[[family]]$parameters
    expect_identical(names(got), names(want))
    expect_true(all(got / want < factor & want / got < factor), label = family)
  }
  near("student_t", c(scale = 2, df = 3), 2)
  near("negbinomial", c(dispersion = 0.5), 1.4)
  near("gamma", c(shape = 4), 1.4)
  near("lognormal", c("sd of log" = 0.3), 1.2)
  near("weibull", c(scale = 0.4), 1.25)
  near("loglogistic", c(scale = 0.3), 1.25)
  cuts <- family_fits$ordinal$parameters
  expect_identical(names(cuts), c("low|mid", "mid|high"))
  expect_lt(max(abs(cuts - mean(predict(family_fits$ordinal, cbind(0, 0), "link")) - c(-1, 0.5))), 0.5)
  expect_length(family_fits$poisson$parameters, 0)
})

test_that("a gaussian outcome's slopes and noise are learned", {
  set.seed(9)
  y <- 50 + 10 * (data_of$eta + 0.3 * rnorm(300))
  fit <- learned("gaussian", y = y)
  link <- predict(fit, newx, "link")

  expect_lt(max(abs(link - 50 - 10 * true_eta)), 1)
  expect_lt(abs(log(fit$parameters[["noise sd"]] / 3)), 0.12)
  expect_identical(fit$parameters[["noise sd"]], fit$noise)
})

test_that("slopes of two classes and of three are learned", {
  set.seed(9)
  x <- cbind(a = runif(2000, -1, 1), b = runif(2000, -1, 1))
  eta <- as.vector(x %*% c(1.2, -0.6))
  two <- learned("binomial", x = x, y = factor(eta + rlogis(2000) > 0))
  scores <- cbind(0, eta, x[, "b"] - 0.5) - log(rexp(6000))
  three <- learned("categorical", x = x, y = factor(letters[max.col(scores)]))

  expect_lt(max(abs(predict(two, newx, "link") - true_eta)), 0.3)
  link <- predict(three, newx, "link")
  expect_lt(max(abs(link[, "b"] - link[, "a"] - true_eta)), 0.4)
  expect_lt(max(abs(link[, "c"] - link[, "a"] - (newx[, "b"] - 0.5))), 0.4)
  expect_length(c(two$parameters, three$parameters), 0)
})

# The network as it is by default, and a truth that bends.
test_that("families of numbers and of shares learn a curve", {
  set.seed(10)
  x <- cbind(a = runif(400, -2, 2), b = runif(400, -2, 2))
  curve <- function(x) sin(2 * x[, "a"]) + x[, "b"]^2 / 2 - 0.5
  eta <- curve(x)
  time <- rweibull(400, 3, exp(eta))
  outcomes <- list(
    gaussian = rnorm(400, eta, 0.3), gaussian_hetero = rnorm(400, eta, 0.3),
    student_t = eta + 0.2 * rt(400, 4), poisson = rpois(400, exp(eta + 2)),
    negbinomial = rnbinom(400, 10, mu = exp(eta + 2)), gamma = rgamma(400, 10, 10 / exp(eta)),
    lognormal = rlnorm(400, eta, 0.3), weibull = cbind(pmin(time, 4), time <= 4),
    loglogistic = exp(eta + 0.2 * rlogis(400)),
    binomial = cbind(y <- rbinom(400, 30, plogis(eta)), 30 - y)
  )
  new <- as.matrix(expand.grid(a = seq(-1.5, 1.5, 0.5), b = seq(-1.5, 1.5, 0.5)))
  truth <- curve(new) - mean(curve(new))
  for (family in names(outcomes)) {
    fit <- bbb_fit(x, outcomes[[family]], family = family, epochs = 300, seed = 1)
    link <- as.matrix(predict(fit, new, "link"))[, 1]
    # of a spread of 0.9
    expect_lt(sqrt(mean((link - mean(link) - truth)^2)), 0.25, label = family)
  }
})

test_that("the response is the mean, in the outcome's units", {
  # the middle row is at eta 0
  middle <- c(
    gaussian_hetero = 50, student_t = 50, binomial = 0.5, poisson = 6, negbinomial = 6,
    gamma = 70, lognormal = 70 * exp(0.045), weibull = 40 * gamma(1.4),
    loglogistic = 40 * pi * 0.3 / sin(pi * 0.3)
  )
  for (family in names(middle)) {
    got <- predict(family_fits[[family]], newx)
    expect_null(attributes(got))
    expect_lt(abs(log(got[2] / middle[[family]])), 0.25, label = family)
  }
  p <- predict(family_fits$ordinal, newx)
  expect_identical(colnames(p), c("low", "mid", "high"))
  expect_equal(rowSums(p), rep(1, 3))
  expect_lt(max(abs(p[2, ] - diff(c(0, plogis(c(-1, 0.5)), 1)))), 0.12)
})

numbers <- setdiff(some, c("ordinal", "binomial"))

test_that("intervals and quantiles hold what they claim, of the training rows", {
  for (family in numbers) {
    y <- data_of[[family]]
    if (is.matrix(y)) next
    interval <- predict(family_fits[[family]], data_of$x, "interval", level = 0.8)
    inside <- y >= interval[, "lwr"] & y <= interval[, "upr"]
    # five standard errors; counts hold more than they must
    expect_gt(mean(inside), 0.8 - 5 * sqrt(0.16 / 300))
    if (!family %in% c("poisson", "negbinomial")) {
      expect_lt(mean(inside), 0.8 + 5 * sqrt(0.16 / 300))
    }
  }
})

test_that("quantiles of counts are whole", {
  for (family in c("poisson", "negbinomial")) {
    q <- predict(family_fits[[family]], newx, "quantile")
    expect_identical(q, round(q))
    expect_true(all(q >= 0))
  }
})

test_that("the median survives with probability 1/2", {
  for (family in c("gamma", "lognormal", "weibull", "loglogistic")) {
    fit <- family_fits[[family]]
    median <- predict(fit, newx, "quantile", probs = 0.5)
    survival <- predict(fit, newx, "survival", times = as.vector(median))

    expect_equal(unname(diag(survival)), rep(0.5, 3), tolerance = 1e-5)
    expect_true(all(diff(t(predict(fit, newx, "survival", times = c(20, 50, 120)))) < 0))
  }
  expect_identical(
    dimnames(predict(family_fits$weibull, newx, "survival", times = c(0.5, 10))),
    list(NULL, c("0.5", "10"))
  )
})

test_that("every type has its shape, NA where a row is not complete, none of none", {
  gap <- replace(newx, 2, NA)
  for (family in some) {
    fit <- family_fits[[family]]
    types <- c(
      "response", "link", "draws", "uncertainty", if (family == "ordinal") c("prob", "class"),
      if (family != "ordinal") c("interval", "quantile"),
      if (families[[family]]$above) "survival"
    )
    for (type in types) {
      ask <- function(x) {
        if (type != "survival") return(predict(fit, x, type, draws = 20))
        predict(fit, x, type, times = c(10, 50), draws = 20)
      }
      whole <- ask(newx)
      holed <- ask(gap)
      rows <- function(value, i) {
        if (is.null(dim(value))) return(unname(value[i]))
        if (type != "draws") return(unname(as.matrix(value))[i, ])
        matrix(value, 20)[, i]
      }
      if (length(dim(whole)) < 3L) {
        expect_true(all(is.na(rows(holed, 2))))
        expect_identical(rows(holed, 3), rows(whole, 3))
      }
      expect_length(unlist(ask(newx[0, ])), 0)
    }
  }
})

test_that("uncertainty is that of the outcome's units", {
  for (family in setdiff(some, "ordinal")) {
    u <- predict(family_fits[[family]], newx, "uncertainty")
    expect_equal(u$mean, predict(family_fits[[family]], newx))
    expect_equal(u$sd_total^2, u$sd_epistemic^2 + u$sd_aleatoric^2)
  }
  u <- predict(family_fits$poisson, newx, "uncertainty")
  expect_equal(u$sd_aleatoric^2, u$mean, tolerance = 1e-6)
})

test_that("types that mean nothing are refused in a sentence", {
  refused <- function(family, type, text) {
    expect_error(
      predict(family_fits[[family]], newx, type), text,
      class = "bbb_error_argument"
    )
  }
  for (type in c("class", "prob")) {
    refused("poisson", type, "this outcome is numeric")
    refused("binomial", type, "a share of trials")
  }
  refused("ordinal", "interval", "no meaning for ordered classes")
  refused("student_t", "survival", "outcomes above 0")
  for (times in list(NULL, -1, "a", NA, Inf, numeric())) {
    expect_error(
      predict(family_fits$weibull, newx, "survival", times = times), "`times` must be",
      class = "bbb_error_argument"
    )
  }
})

# The score from draws of the mean alone, where the density is of the mean.
test_that("scores are log densities in the outcome's own units", {
  by_hand <- function(family, density, y = data_of[[family]]) {
    fit <- family_fits[[family]]
    draws <- predict(fit, data_of$x, "draws")
    each <- density(rep(y, each = nrow(draws)), draws, fit$parameters)
    got <- bbb_score(fit, data_of$x, data_of[[family]])
    expect_equal(got$log_score, mean(log(colMeans(matrix(each, nrow(draws))))), tolerance = 1e-5)
  }
  by_hand("poisson", \(y, mean, p) dpois(y, mean))
  by_hand("negbinomial", \(y, mean, p) dnbinom(y, 1 / p, mu = mean))
  by_hand("gamma", \(y, mean, p) dgamma(y, p, p / mean))
  by_hand("lognormal", \(y, mean, p) dlnorm(y, log(mean) - p^2 / 2, p))
  by_hand("student_t", \(y, mean, p) dt((y - mean) / p["scale"], p["df"]) / p["scale"])
  by_hand("binomial", \(y, mean, p) dbinom(y, 8, mean), data_of$binomial[, 1])
  time <- data_of$weibull[, 1]
  event <- data_of$weibull[, 2] == 1
  by_hand("weibull", \(y, mean, p) {
    scale <- mean / gamma(1 + p)
    seen <- rep(event, each = nrow(mean))
    ifelse(seen, dweibull(y, 1 / p, scale), pweibull(y, 1 / p, scale, lower.tail = FALSE))
  }, time)
  p <- predict(family_fits$ordinal, data_of$x)
  score <- bbb_score(family_fits$ordinal, data_of$x, data_of$ordinal)
  expect_equal(score$log_score, mean(log(p[cbind(1:300, data_of$ordinal)])), tolerance = 1e-5)
  expect_named(score, c("n", "log_score", "error"))
  expect_named(
    bbb_score(family_fits$gamma, data_of$x, data_of$gamma),
    c("n", "log_score", "rmse", "coverage")
  )
})

test_that("the units of the outcome do not change a fit of a positive one", {
  for (family in c("gamma", "lognormal", "weibull", "student_t")) {
    y <- data_of[[family]]
    tens <- if (is.matrix(y)) cbind(10 * y[, 1], y[, 2]) else 10 * y
    fit <- bbb_fit(data_of$x, y, hidden = 3, family = family, epochs = 5, seed = 2)
    ten <- bbb_fit(data_of$x, tens, hidden = 3, family = family, epochs = 5, seed = 2)

    expect_equal(predict(ten, newx), 10 * predict(fit, newx), tolerance = 1e-4)
    events <- if (is.matrix(y)) mean(y[, 2]) else 1
    expect_equal(
      bbb_score(ten, data_of$x, tens)$log_score,
      bbb_score(fit, data_of$x, y)$log_score - events * log(10), tolerance = 1e-4
    )
    nll <- function(fit) fit$history$nll[5]
    expect_equal(nll(ten), nll(fit) + 300 * events * log(10), tolerance = 1e-4)
  }
})

test_that("a censored time that is held out has no units either", {
  fit_of <- function(factor) {
    y <- data_of$weibull
    y[, 1] <- factor * y[, 1]
    bbb_fit(
      data_of$x, y, hidden = 3, family = "weibull", epochs = 3, seed = 2, validation = 0.2
    )
  }
  fit <- fit_of(1)
  ten <- fit_of(10)
  event <- data_of$weibull[, 2]

  expect_identical(ten$held_out, fit$held_out)
  expect_equal(
    ten$history$validation,
    fit$history$validation - mean(event[fit$held_out]) * log(10), tolerance = 1e-4
  )
  expect_equal(
    ten$history$nll, fit$history$nll + sum(event[-fit$held_out]) * log(10), tolerance = 1e-4
  )
})

test_that("gradients are those of the whole log-likelihood in the outcome's units", {
  fit <- family_fits$weibull
  eps <- rep(0, length(fit$mu))
  step <- bbb_gradients(fit, data_of$x, data_of$weibull, eps)
  eta <- cbind(data_of$x, 1)
  scaled <- sweep(sweep(data_of$x, 2, fit$predictors$center), 2, fit$predictors$scale, "/")
  log_scale <- as.vector(cbind(scaled, 1) %*% fit$mu) + log(fit$outcome$scale)
  y <- data_of$weibull
  want <- sum(ifelse(
    y[, 2] == 1, dweibull(y[, 1], 1 / fit$parameters, exp(log_scale), log = TRUE),
    pweibull(y[, 1], 1 / fit$parameters, exp(log_scale), lower.tail = FALSE, log.p = TRUE)
  ))
  expect_equal(step$log_likelihood, want, tolerance = 1e-5)
})

test_that("fitted values and residuals are the outcome's", {
  for (family in setdiff(some, "ordinal")) {
    fit <- family_fits[[family]]
    y <- data_of[[family]]
    want <- switch(family,
      binomial = y[, 1] / 8,
      weibull = , loglogistic = ifelse(y[, 2] == 1, y[, 1], NA), y
    )
    expect_equal(fitted(fit) + residuals(fit), unname(want), tolerance = 1e-6)
  }
  expect_equal(rowSums(fitted(family_fits$ordinal) + residuals(family_fits$ordinal)), rep(1, 300))
})

test_that("a fit prints its parameters, a summary too", {
  shown <- function(fit) paste(capture.output(print(fit)), collapse = "\n")

  expect_match(shown(family_fits$student_t), "scale [0-9.]+, df [0-9.]+")
  expect_match(shown(family_fits$gamma), "nats, shape [0-9.]+")
  expect_match(shown(family_fits$ordinal), "low\\|mid -?[0-9.]+, mid\\|high")
  expect_match(shown(summary(family_fits$negbinomial)), "Dispersion +[0-9.]+, learned")
  expect_match(shown(summary(family_fits$student_t)), "Parameters +scale [0-9.]+, df")
  expect_false(grepl("Parameters", shown(summary(family_fits$poisson))))
  expect_identical(family_fits$gamma$noise, NA_real_)
  expect_true(all(is.na(family_fits$gamma$history$noise)))
})

# ---- several gaussian outcomes -----------------------------------------------

test_that("the columns of a matrix are several gaussian outcomes", {
  y <- cbind(u = 5 + data_of$eta + rnorm(300, sd = 0.1), v = -100 * data_of$eta)
  y[, "v"] <- y[, "v"] + rnorm(300, sd = 50)
  fit <- bbb_fit(
    data_of$x, y, hidden = integer(0), epochs = 150, learn_rate = 0.05, batch_size = 100,
    seed = 1
  )

  expect_named(fit$parameters, c("noise sd of u", "noise sd of v"))
  expect_true(all(abs(log(fit$noise / c(0.1, 50))) < 0.3))
  response <- predict(fit, newx)
  expect_identical(colnames(response), c("u", "v"))
  expect_lt(max(abs(response[, "u"] - 5 - true_eta)), 0.1)
  expect_lt(max(abs(response[, "v"] + 100 * true_eta)), 30)
  expect_identical(dim(predict(fit, newx, "link")), c(3L, 2L))
  expect_identical(dim(predict(fit, newx, "draws", draws = 5)), c(5L, 3L, 2L))
  interval <- predict(fit, newx, "interval")
  expect_identical(dimnames(interval), list(NULL, c("fit", "lwr", "upr"), c("u", "v")))
  expect_identical(interval[, "fit", "v"], response[, "v"])
  q <- predict(fit, newx, "quantile", probs = c(0.05, 0.95))
  expect_equal(unname(q[, 2, "v"]), unname(interval[, "upr", "v"]))
  expect_lt(max(abs((interval[, "upr", "v"] - interval[, "lwr", "v"]) / (2 * 1.645 * 50) - 1)), 0.3)
  u <- predict(fit, newx, "uncertainty")
  expect_identical(u$outcome, rep(c("u", "v"), each = 3))
  expect_equal(u$mean, as.vector(response))
  score <- bbb_score(fit, data_of$x, y)
  expect_identical(score$outcome, c("u", "v"))
  expect_equal(unname(fitted(fit) + residuals(fit)), unname(y))
  expect_error(bbb_score(fit, data_of$x, y[, 1]), "2 columns", class = "bbb_error_data")
})

# ---- what is read ------------------------------------------------------------

test_that("times are a Surv, two columns, or all events", {
  skip_if_not_installed("survival")
  y <- data_of$weibull
  quickly <- function(y, ...) quick(data_of$x, y, ...)
  fit <- quickly(y, family = "weibull")

  surv <- survival::Surv(y[, 1], y[, 2])
  expect_identical(quickly(surv, family = "weibull")$mu, fit$mu)
  expect_identical(quickly(surv)$family, "weibull")
  expect_identical(
    quickly(y[, 1], family = "weibull")$mu, quickly(cbind(y[, 1], 1), family = "weibull")$mu
  )
  left <- survival::Surv(y[, 1], y[, 2], type = "left")
  expect_error(quickly(left, family = "weibull"), "censored on the left; only times censored on the right",
               class = "bbb_error_data")
})

test_that("an ordered factor is ordinal, a matrix gaussian, where nothing is said", {
  expect_identical(family_of(factor(c("a", "b", "c"), ordered = TRUE)), "ordinal")
  expect_identical(family_of(factor(c("a", "b"), ordered = TRUE)), "binomial")
  expect_identical(family_of(cbind(1:3, 2:4) / 2), "gaussian")
  expect_message(
    expect_identical(family_of(cbind(1:3, 2:4)), "gaussian"), "successes and failures",
    class = "bbb_message"
  )
})

test_that("formulas have matrices of outcomes, with their names, and times", {
  two <- quick(cbind(a, b) ~ c, mixed)
  expect_identical(colnames(predict(two, mixed)), c("a", "b"))
  expect_identical(bbb_score(two, mixed)$outcome, c("a", "b"))
  share <- quick(cbind(i, 6) ~ c, mixed, family = "binomial")
  expect_equal(unname(fitted(share) + residuals(share)), mixed$i / (mixed$i + 6))
  skip_if_not_installed("survival")
  times <- quick(survival::Surv(i, l) ~ c, mixed)
  expect_identical(times$family, "weibull")
  expect_identical(bbb_score(times, mixed)$n, 24L)
})

test_that("families of stats are known by their names here", {
  expect_identical(check_family(stats::poisson(), 1), "poisson")
  expect_identical(check_family(stats::poisson, 1), "poisson")
  expect_identical(check_family(stats::Gamma("log"), 1), "gamma")
  theta <- structure(list(family = "Negative Binomial(2)", link = "log"), class = "family")
  expect_identical(check_family(theta, 1), "negbinomial")
})

test_that("an outcome that the family cannot have is an error that says so", {
  x <- waves$x
  refused <- function(y, family, text) {
    expect_error(quick(x, y, family = family), text, class = "bbb_error_data")
  }
  y <- rep(1:4, 6)
  refused(y / 2, "poisson", "whole numbers from 0")
  refused(-y, "negbinomial", "whole numbers from 0")
  refused(letters[1:24], "poisson", "must be numeric for family \"poisson\"")
  refused(y - 1, "gamma", "above 0 for family \"gamma\"")
  refused(y - 1, "lognormal", "above 0")
  refused(y - 1, "weibull", "above 0 for family \"weibull\", and 6 of 24 rows are not")
  refused(cbind(y, 2), "weibull", "1 for an event")
  refused(cbind(y, y, 1), "loglogistic", "1 for an event")
  refused(cbind(y, 0.5), "binomial", "two columns of whole numbers")
  refused(cbind(y, y, y), "binomial", "two columns of whole numbers")
  refused(rep(c("a", "b", "c"), 8), "ordinal", "an ordered factor")
  refused(cbind(y, y)[-1, ], "gaussian", "23 rows for 24 rows of `x`")
  refused(cbind(y, NA), "gaussian", "Missing")
  refused(cbind(y, y), "student_t", "`y` must be a vector")
})
