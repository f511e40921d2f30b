# The choice of an instruction set, and that it does not matter for the answer.

isa_fit <- function(isa, ...) {
  local_isa(isa)
  set.seed(1)
  x <- matrix(rnorm(150), 50)
  y <- x[, 1] - x[, 2]^2 + rnorm(50, sd = 0.1)
  bbb_fit(x, y, hidden = c(20, 9), epochs = 5, seed = 1, ...)
}

for (activation in c("relu", "tanh", "sigmoid")) {
  test_that(paste("a fit is the same under every instruction set:", activation), {
    want <- isa_fit("scalar", activation = activation)
    for (isa in isas_here()) {
      got <- isa_fit(isa, activation = activation)

      # 25 steps of Adam, each at most learn_rate long, from gradients that differ
      # in single precision
      expect_lt(max(abs(got$mu - want$mu)), 1e-3)
      expect_lt(mean(abs(got$mu - want$mu)), 1e-5)
      expect_lt(mean(abs(got$rho - want$rho)), 1e-5)
      expect_equal(got$history$elbo, want$history$elbo, tolerance = 1e-5)
    }
  })
}

for (isa in isas_here()) {
  test_that(paste("normals are those of the plain loop:", isa), {
    want <- {
      local_isa("scalar")
      core_normals(1e4 + 3)
    }
    local_isa(isa)

    expect_equal(core_normals(1e4 + 3), want, tolerance = 1e-6)
    expect_lt(max(abs(core_normals(1e4 + 3) - want)), 1e-5)
  })
}

test_that("the option that names an instruction set is checked", {
  local_isa("mmx")

  expect_error(isa_for_core(), class = "bbb_error_argument")
})
