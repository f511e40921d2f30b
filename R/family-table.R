# The families: a row each, in the order in which a user is told of them.
#
#   read(y, n, outcome)   the columns of n rows, on their own scale, or an error in one
#                    sentence; `outcome` is the fit's for new data and NULL before
#   describe(y, columns, cases)   what the fit keeps of them, see below
#   link             of the mean, or of what stands for it
#   answer           "number", "class" (probabilities of classes) or "share" (the
#                    probability that one of many trials succeeds)
#   above            above 0: `type = "survival"` has a meaning
#   parameters       the auxiliaries in the outcome's units, by name
#
# describe() gives list(
#   outputs       names of the network's outputs
#   levels        classes, in the core's order, or NULL
#   center, scale from the core's outcome to the user's
#   y_center, y_scale   what standardises each column for the core
#   shift         added to the first output: where an outcome is centred by that
#   offset_center subtracted from a user's offset, where y_center holds its mean
#   aux           where the auxiliaries start
#   core          the core's family, where it has another name
# )
#
# A family is added by a row here and one in src/core/likelihood/likelihood.c, of the same name;
# "binomial" is also the core's "trials".

family_row <- function(read, describe, link, answer = "number", above = FALSE,
                       parameters = function(fit) numeric()) {
  list(
    read = read, describe = describe, link = link, answer = answer, above = above,
    parameters = parameters
  )
}

gaussian_parameters <- function(fit) {
  noise <- exp(fit$aux) * fit$outcome$scale
  names(noise) <- if (length(noise) == 1L) {
    "noise sd"
  } else {
    paste("noise sd of", fit$outcome$outputs)
  }
  noise
}

student_parameters <- function(fit) {
  c(scale = exp(fit$aux[1L]) * fit$outcome$scale, df = 2 + exp(fit$aux[2L]))
}

ordinal_cutpoints <- function(fit) {
  levels <- fit$outcome$levels
  cuts <- cumsum(c(fit$aux[1L], exp(fit$aux[-1L])))
  names(cuts) <- paste(utils::head(levels, -1L), levels[-1L], sep = "|")
  cuts
}

# The exponential of the only auxiliary.
only_parameter <- function(name) {
  function(fit) stats::setNames(exp(fit$aux), name)
}

time_row <- function(family) {
  family_row(
    reads_times(family), describes_positive(log_spread), "log", above = TRUE,
    parameters = only_parameter("scale")
  )
}

families <- list(
  gaussian = family_row(
    read_gaussian, describe_gaussian, "identity", parameters = gaussian_parameters
  ),
  gaussian_hetero = family_row(
    reads_line("gaussian_hetero"), describe_hetero, "identity"
  ),
  student_t = family_row(
    reads_line("student_t"), describe_student, "identity",
    parameters = student_parameters
  ),
  binomial = family_row(read_binomial, describe_binomial, "logit", "class"),
  categorical = family_row(
    reads_classes("categorical"), describe_classes, "logit", "class"
  ),
  ordinal = family_row(
    reads_classes("ordinal"), describe_ordinal, "logit", "class",
    parameters = ordinal_cutpoints
  ),
  poisson = family_row(
    reads_counts("poisson"), describes_counts(numeric()), "log"
  ),
  negbinomial = family_row(
    reads_counts("negbinomial"), describes_counts(log(0.5)), "log",
    parameters = only_parameter("dispersion")
  ),
  gamma = family_row(
    reads_positive("gamma"), describes_positive(function(log_y, weights) log(2)), "log",
    above = TRUE, parameters = only_parameter("shape")
  ),
  lognormal = family_row(
    reads_positive("lognormal"), describes_positive(log_spread), "log",
    above = TRUE, parameters = only_parameter("sd of log")
  ),
  weibull = time_row("weibull"),
  loglogistic = time_row("loglogistic")
)

# What kind of answer a fit gives: see above.
answer_of <- function(fit) {
  if (fit$outcome$core == "trials") "share" else families[[fit$family]]$answer
}

# Whether it is the probabilities of more classes than two, or of ordered ones.
many_classes <- function(fit) fit$family %in% c("categorical", "ordinal")

# The family's own parameters, as they are now, in the outcome's units.
family_parameters <- function(fit) families[[fit$family]]$parameters(fit)
