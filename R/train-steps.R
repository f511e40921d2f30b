# How many rows, steps and draws a fit trains with: what bbb_control() left NULL.
# Documented with its arguments.

# For n rows, those held out among them, and so many weights of the network.
settle_control <- function(control, n, weights = 0) {
  control[c("batch_size", "samples", "epochs", "estimator")] <- chosen_steps(
    control, rows_trained(n, control), weights
  )
  if (is.null(control$learn_rate)) {
    control$learn_rate <- switch(control$optimizer, adam = 0.005, sgd = 0.01)
  }
  if (is.null(control$kl_warmup)) {
    control$kl_warmup <- if (control$schedule == "constant") 0 else 0.7
  }
  if (is.null(control$seed)) {
    control$seed <- sample.int(.Machine$integer.max, 2L)
  }
  control
}

# The usual steps, and the fewest that wide data get; design/defaults.md has the
# scores.
usual_steps <- 24000

fewest_steps <- 6000

# Weights drawn in training, over all draws of all steps: what takes some seconds at
# most. That is for up to 1000 rows; more have more to tell, and get as much more.
most_work <- function(n) 8e8 * max(1, n / 1000)

# What a draw for each row costs, in draws that all rows share.
price_of <- function(estimator) if (estimator == "shared") 1 else 2

# Batch size, draws a step, epochs and estimator for n training rows: the usual ones
# where the work allows them; else fewer draws, and where one is too many fewer steps.
# Either has 32 rows a batch, which cost little beside so many weights. A draw that
# differs from row to row has less noise than several shared ones, and takes the place
# of those that are too many. What the user gave stays.
chosen_steps <- function(control, n, weights) {
  usual <- function(name, value) if (is.null(control[[name]])) value else control[[name]]
  batch <- min(usual("batch_size", usual_batch(n)), n)
  draws <- usual("samples", min(8, ceiling(400 / n)))
  epochs <- usual("epochs", epochs_for(usual_steps, n, batch))
  estimator <- usual("estimator", "shared")
  steps <- epochs * ceiling(n / batch)
  if (steps * draws * weights * price_of(estimator) > most_work(n)) {
    batch <- min(usual("batch_size", max(32, batch)), n)
    batches <- ceiling(n / batch)
    if (is.null(control$samples) && draws > 1) estimator <- usual("estimator", "local")
    most <- most_work(n) / (weights * price_of(estimator))
    steps <- usual("epochs", steps / batches) * batches
    draws <- usual("samples", max(1, min(draws, most %/% steps)))
    steps <- min(steps, max(fewest_steps, most / draws))
    epochs <- usual("epochs", as.integer(max(30, ceiling(steps / batches))))
  }
  list(as.integer(batch), as.integer(draws), epochs, estimator)
}

usual_batch <- function(n) if (n > 10000) 128 else min(32, max(8, n %/% 10))

epochs_for <- function(steps, n, batch) {
  as.integer(min(5000, max(30, ceiling(steps / ceiling(n / batch)))))
}
