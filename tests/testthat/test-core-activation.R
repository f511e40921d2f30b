# Activations and their slopes against R's formulas; the slopes of those against
# central differences, in double precision.

activation_of <- function(name, z) {
  native_test_activation(name, z)
}

grid <- as_single(c(
  -80, -30, -20, -10, -5, seq(-3, 3, by = 0.123), -1e-3, 1e-3, 5, 10, 20, 30, 80
))

slope_of <- function(f, z, h = 1e-5) (f(z + h) - f(z - h)) / (2 * h)

# What single precision may do to f(z): a few roundings of z and of f, of which
# the first are worth z f'(z) each; and floats below 1e-38 lose bits.
rounding_of <- function(f, z) {
  6 * 2^-24 * (abs(f(z)) + abs(z * slope_of(f, z))) + 1e-37
}

test_that("every activation has a formula here", {
  expect_setequal(names(oracle_activations), core_names("activation"))
})

for (isa in isas_here()) for (name in core_names("activation")) {
  f <- oracle_activations[[name]]$f
  slope <- oracle_activations[[name]]$slope

  test_that(paste(name, "is its formula, from -80 to 80:", isa), {
    local_isa(isa)
    got <- activation_of(name, grid)$f

    expect_true(all(abs(got - f(grid)) <= rounding_of(f, grid)))
  })

  test_that(paste("the slope of", name, "is its derivative, from -80 to 80:", isa), {
    local_isa(isa)
    got <- activation_of(name, grid)$slope

    # error of the difference: h^2 / 6 of the third derivative, and eps f / h
    off <- abs(slope(grid) - slope_of(f, grid))
    expect_true(all(off <= 1e-10 + 2^-52 * (1 + abs(f(grid))) / 1e-5))
    expect_true(all(abs(got - slope(grid)) <= rounding_of(slope, grid)))
  })

  test_that(paste("the slope of", name, "at 1e38 is no NaN:", isa), {
    local_isa(isa)
    expect_false(anyNA(activation_of(name, c(-1e38, 1e38))$slope))
  })
}

test_that("a check of slopes would see a wrong sign", {
  f <- oracle_activations$tanh$f
  slope <- activation_of("tanh", 0.5)$slope

  expect_gradient(slope, f, 0.5)
  expect_failure(expect_gradient(-slope, f, 0.5))
})
