# Log densities, distribution functions and quantiles by form: every instruction set
# against plain C, which other tests hold against R's distributions. The network is the
# identity, so that all see the same eta.

form_cases <- local({
  cases <- lapply(new_families, function(family) {
    list(K = family$K, levels = family$levels, aux = family$aux, draw = family$draw)
  })
  cases$gaussian <- list(
    K = 1, aux = list(-2, 0.5), draw = function(n, eta, aux) cbind(eta + rnorm(n) * exp(aux))
  )
  cases$binomial <- list(
    K = 1, aux = list(numeric()), draw = function(n, eta, aux) cbind(rbinom(n, 1, 0.5))
  )
  cases
})

form_predict <- function(name, eta, aux, kinds, y = NULL, ...) {
  model <- identity_model(name, ncol(eta), levels = form_cases[[name]]$levels)
  core_predict(model, identity_theta(ncol(eta), aux), core_data(eta, y, ...), kinds)
}

in_each_isa <- function(f) {
  lapply(stats::setNames(nm = isas_here()), function(isa) {
    local_isa(isa)
    f()
  })
}

for (name in names(form_cases)) {
  test_that(paste("all instruction sets have the log density of plain C:", name), {
    set.seed(4)
    family <- form_cases[[name]]
    for (aux in family$aux) for (far in c(1, 30)) {
      aux <- as_single(aux)
      # a number of rows that is no multiple of any vector's
      eta <- as_single(matrix(rnorm(77 * family$K) * far, 77))
      y <- as_single(family$draw(77, eta / far, aux))
      offset <- as_single(rnorm(77))

      got <- in_each_isa(function() {
        form_predict(name, eta, aux, "log_density", y, offset = offset)
      })
      for (isa in names(got)) {
        off <- abs(got[[isa]] - got$scalar) / (1 + abs(got$scalar))
        expect_lt(max(off), 1e-13, label = paste(isa, "in", name))
      }
    }
  })
}

test_that("so they have the distribution function of counts", {
  set.seed(5)
  for (name in c("poisson", "negbinomial")) for (aux in form_cases[[name]]$aux) {
    aux <- as_single(aux)
    eta <- as_single(matrix(rnorm(77, 1), 77))
    y <- as_single(form_cases[[name]]$draw(77, eta, aux))
    got <- in_each_isa(function() form_predict(name, eta, aux, "cdf", y))
    for (isa in names(got)) expect_close(got[[isa]], got$scalar, 1e-13)
  }
})

test_that("and each has the quantiles of counts that R has", {
  set.seed(6)
  probs <- c(0.0513, 0.4871, 0.9377)
  eta <- as_single(matrix(rnorm(77, 1), 77))
  for (name in c("poisson", "negbinomial")) for (aux in form_cases[[name]]$aux) {
    aux <- as_single(aux)
    model <- identity_model(name, 1L)
    theta <- identity_theta(1, aux)
    # a number of draws that is no multiple of any vector's, all the same
    got <- in_each_isa(function() core_predict(model, theta, core_data(eta), "quantile", 19, probs))
    want <- outer(exp(eta[, 1]), probs, function(mean, prob) {
      if (name == "poisson") qpois(prob, mean) else qnbinom(prob, exp(-aux), mu = mean)
    })
    for (isa in names(got)) expect_equal(as.vector(got[[isa]]), as.vector(want))
  }
})
