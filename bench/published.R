# The regression sets with published splits, for scripts that read their training rows
# only; `uci` is the folder that holds them. Sourced by defaults.R, ivon.R and
# seconds.R; runs nothing.

uci <- file.path(Sys.getenv("BBB_DATA"), "uci")

# Training rows of published split k = 0, 1 ..., in their published order: they are the
# first of its column, counted from zero.
training_rows <- function(set, k) {
  meta <- utils::read.csv(file.path(uci, "meta.csv"))
  table <- as.matrix(utils::read.table(file.path(uci, set, "data.txt")))
  order <- utils::read.csv(file.path(uci, set, "splits.csv.gz"))[[k + 1L]] + 1L
  rows <- order[seq_len(meta$n_train[meta$set == set])]
  d <- ncol(table)
  list(x = table[rows, -d], y = table[rows, d])
}

# Of these the last fifth is scored.
inner_split <- function(set, k) {
  train <- training_rows(set, k)
  seen <- seq_len(0.8 * length(train$y))
  list(
    x = train$x[seen, ], y = train$y[seen],
    x_new = train$x[-seen, ], y_new = train$y[-seen]
  )
}
