# Kinds are looked up by their names: each list of them is whole, and what R or a kernel
# has for each kind is there for all.

lists <- c(
  "activation", "prior", "family", "optimizer", "schedule", "kl_weight", "estimator",
  "stream", "predict", "isa"
)

test_that("each list has names, and none twice", {
  expect_setequal(names(native_names()), lists)
  for (what in lists) {
    names <- core_names(what)
    expect_type(names, "character")
    expect_gt(length(names), 1L)
    expect_match(names, "^[a-z][a-z0-9_]*$", info = what)
    expect_false(anyDuplicated(names) > 0L, info = what)
  }
})

test_that("R has what belongs to each prior, family and instruction set", {
  expect_setequal(names(prior_makers), core_names("prior"))
  # "binomial" of two columns has counts, which the core calls trials
  expect_setequal(c(names(families), "trials"), core_names("family"))
  expect_setequal(names(native_isas()), core_names("isa"))
})

test_that("a kind that is none is an error that names the field", {
  model <- core_model(new_model(c(1L, 1L)))
  for (kind in list("Normal", "normal ", "", NA_character_, 0L, NULL, c("normal", "mixture"))) {
    model$prior["kind"] <- list(kind)
    expect_error(native_test_prior(model, 1), "kind")
  }
})

# A new prior that lacks its vectors would have those of another one.
all_priors <- function(kind) {
  sds <- c(list(prior_makers[[kind]]()), if (kind == "mixture") {
    list(prior_mixture(0.9, 3, 0.2))
  } else {
    lapply(c(0.1, 2), prior_makers[[kind]])
  })
  Filter(\(prior) !learns(prior), sds)
}

at <- as_single(c(-30, -2, -0.3, -1e-3, 0, 1e-30, 0.02, 1, 7))

for (isa in setdiff(isas_here(), "scalar")) for (kind in names(prior_makers)) {
  test_that(paste("each prior is the same in vectors:", kind, isa), {
    for (prior in all_priors(kind)) {
      model <- core_model(new_model(c(1L, 1L), prior = prior))
      one <- function(isa) {
        local_isa(isa)
        lapply(at, \(w) native_test_prior(model, w))
      }
      got <- one(isa)
      want <- one("scalar")
      for (what in c("log_density", "d_w")) {
        expect_equal(
          vapply(got, `[[`, 0, what), vapply(want, `[[`, 0, what), tolerance = 1e-6
        )
      }
    }
  })
}
