# The data of families.R: sets of R and of recommended packages, and simulated ones.
# Sourced by families.R; fits nothing.

# ---- real --------------------------------------------------------------------

lung <- stats::na.omit(survival::lung[c("time", "status", "age", "sex", "ph.ecog", "ph.karno",
  "wt.loss")])
housing <- MASS::housing[rep(seq_len(nrow(MASS::housing)), MASS::housing$Freq), ]
ozone <- stats::na.omit(datasets::airquality)
infert <- transform(datasets::infert, case = factor(case))
ships <- transform(
  subset(MASS::ships, service > 0), year = factor(year), period = factor(period)
)
times <- survival::Surv(time, status) ~ .

task <- function(family, name, formula, data, rival, label = family) {
  if (!is.function(data)) {
    given <- as.data.frame(data)
    data <- function(k) given
  }
  list(family = family, label = label, name = name, formula = formula, data = data, rival = rival)
}

real <- list(
  task("gaussian", "Boston", medv ~ ., MASS::Boston, of_lm),
  task("gaussian_hetero", "mcycle", accel ~ times, MASS::mcycle, of_location_scale),
  task("student_t", "cpus", log(perf) ~ syct + mmin + mmax + cach, MASS::cpus, of_t),
  task("binomial", "infert", case ~ age + parity + induced + spontaneous, infert, of_binomial),
  task("binomial", "Pima", type ~ ., rbind(MASS::Pima.tr, MASS::Pima.te), of_binomial),
  task("binomial", "esoph", cbind(ncases, ncontrols) ~ agegp + alcgp + tobgp, datasets::esoph,
    of_binomial, "binomial, of trials"),
  task("categorical", "fgl", type ~ ., MASS::fgl, of_multinom),
  task("categorical", "fgl, penalised", type ~ ., MASS::fgl, of_multinom_penalised),
  task("ordinal", "housing", Sat ~ Infl + Type + Cont, housing, of_polr),
  task("poisson", "Insurance", Claims ~ District + Group + Age + offset(log(Holders)),
    MASS::Insurance, of_poisson),
  task("poisson", "ships", incidents ~ type + year + period + offset(log(service)), ships,
    of_poisson),
  task("poisson", "InsectSprays", count ~ spray, datasets::InsectSprays, of_poisson),
  task("poisson", "warpbreaks", breaks ~ wool + tension, datasets::warpbreaks, of_poisson),
  task("poisson", "epil", y ~ trt + base + age + V4, MASS::epil, of_poisson),
  task("negbinomial", "quine", Days ~ Eth + Sex + Age + Lrn, MASS::quine, of_glm_nb),
  task("gamma", "airquality", Ozone ~ Solar.R + Wind + Temp + Month, ozone, of_gamma),
  task("lognormal", "airquality", Ozone ~ Solar.R + Wind + Temp + Month, ozone, of_lm_of_log),
  task("weibull", "lung", times, lung, of_survreg("weibull")),
  task("loglogistic", "lung", times, lung, of_survreg("loglogistic"))
)

# ---- simulated ---------------------------------------------------------------

# Outcomes of a family around eta on the scale of its link, as columns of a data frame;
# `truth` is what recovered() is to find beside eta.
cuts <- c(-0.5, 0.5)
outcomes <- function(family, eta, a) {
  n <- length(eta)
  noisy <- eta + stats::rlogis(n)
  y <- switch(family,
    gaussian = stats::rnorm(n, eta, 0.5),
    gaussian_hetero = stats::rnorm(n, eta, exp(-1 + 0.5 * a)),
    student_t = eta + 0.3 * stats::rt(n, 4),
    binomial = factor(noisy > 0),
    trials = stats::rbinom(n, 5, stats::plogis(eta)),
    ordinal = cut(noisy, c(-Inf, cuts, Inf), c("low", "mid", "high"), ordered_result = TRUE),
    categorical = factor(max.col(cbind(0, eta, a) - log(stats::rexp(3 * n)))),
    poisson = stats::rpois(n, exp(eta)),
    negbinomial = stats::rnbinom(n, 2, mu = exp(eta)),
    gamma = stats::rgamma(n, 3, 3 / exp(eta)),
    lognormal = stats::rlnorm(n, eta, 0.5),
    weibull = stats::rweibull(n, 2, exp(eta)),
    loglogistic = exp(eta + stats::rlogis(n) / 3)
  )
  if (family == "trials") return(data.frame(yes = y, no = 5 - y))
  if (!family %in% c("weibull", "loglogistic")) return(data.frame(y = y))
  limit <- stats::rexp(n, 0.2)
  data.frame(time = pmin(y, limit), status = as.numeric(y <= limit))
}

# The k-th set of n rows, around the function `eta_of` of a and b; c says nothing.
simulated <- function(family, k, n, eta_of) {
  set.seed(1000 + k)
  d <- data.frame(a = stats::runif(n, -2, 2), b = stats::runif(n, -2, 2), c = stats::rnorm(n))
  cbind(d, outcomes(family, eta_of(d$a, d$b), d$a))
}

formula_of <- function(family) {
  switch(family,
    trials = cbind(yes, no) ~ a + b + c,
    weibull = , loglogistic = survival::Surv(time, status) ~ a + b + c,
    y ~ a + b + c
  )
}

# All families, that of trials under its own name.
rivals <- list(
  gaussian = of_lm, gaussian_hetero = of_location_scale, student_t = of_t,
  binomial = of_binomial, trials = of_binomial, categorical = of_multinom,
  ordinal = of_polr, poisson = of_poisson, negbinomial = of_glm_nb, gamma = of_gamma,
  lognormal = of_lm_of_log, weibull = of_survreg("weibull"),
  loglogistic = of_survreg("loglogistic")
)

bent <- lapply(names(rivals), function(family) {
  task(
    sub("trials", "binomial", family), "simulated", formula_of(family),
    function(k) simulated(family, k, 500, function(a, b) sin(2 * a) + b^2 / 2 - 0.5),
    rivals[[family]], sub("trials", "binomial, of trials", family)
  )
})
