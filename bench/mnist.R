# Does bbb reach the test errors of Blundell et al. (2015) on MNIST, and does pruning
# by signal-to-noise leave them as they are?
#
#   Rscript bench/mnist.R --data DIR --width 1200 --keep DIR2 > bench/mnist-1200.md
#
# DIR holds the four idx files, gzipped. As in the paper: pixels divided by 126, two
# hidden layers of relu units, softmax, batches of 128, training on the first 50000
# rows. The other 10000 chose the settings below, as in the paper, and are only watched
# here: not even the epoch to stop at. Test rows are read when training has ended.
#
#   --width 400        units of each hidden layer; the paper has 400, 800 and 1200
#   --prior mixture    or gaussian
#   --epochs 100       length of the cosine schedule
#   --minutes M        train for so long in this call, then report where it stands
#   --rows 50000       training rows, the first; 60000 leaves none to watch
#   --keep DIR2        the fit is saved there every few minutes, beside a log; called
#                      again with the same options, the script goes on from there
library(bbb)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "options.R"))
source(file.path(here, "mnist_report.R"))

asked <- read_options(list(
  data = NA_character_, width = 400L, prior = "mixture", epochs = 100L,
  minutes = Inf, rows = 50000L, keep = NA_character_
))
if (is.na(asked$data)) stop("--data must name the folder of MNIST", call. = FALSE)
stopifnot(asked$prior %in% c("mixture", "gaussian"), asked$rows %in% 1000:60000)

# The paper searched over pi in 1/4, 1/2, 3/4, -log sd1 in 0, 1, 2, -log sd2 in 6, 7, 8,
# SGD at 1e-3, 1e-4 or 1e-5, and 1 to 10 draws a batch. Here: its widest sd1, since a
# narrower one pulls at the means that are in use; its widest sd2, since idle weights
# then settle there, where they make no noise and can be pruned, while with a narrower
# one they drift into the wide part. Adam at 1e-3; one draw a batch, since more took as
# much longer and were no better. Every batch has 1 / M of the exact KL: the longer the
# training, the more weights it empties, and by a hundred epochs the log-likelihood of
# other rows no longer rises. So said short runs of 200 and 400 units, scored on the
# watched rows.
settings <- list(
  prior = switch(asked$prior,
    mixture = prior_mixture(0.5, 1, exp(-6)), gaussian = prior_normal(1)
  ),
  learn_rate = 1e-3, samples = 1, init_rho = -5
)

# Seconds between two saves
stretch <- 120

# ---- data -----------------------------------------------------------------------

# Big-endian: a magic number, the size of each dimension, a byte a value. Images are
# rows of pixels, labels factors.
read_idx <- function(name) {
  con <- gzfile(file.path(asked$data, paste0(name, "-ubyte.gz")), "rb")
  on.exit(close(con))
  head <- readBin(con, "integer", 2L, size = 4L, endian = "big")
  if (head[1L] == 2049L) {
    return(factor(as.integer(readBin(con, "raw", head[2L])), levels = 0:9))
  }
  stopifnot("not an idx file of images or labels" = head[1L] == 2051L)
  side <- readBin(con, "integer", 2L, size = 4L, endian = "big")
  values <- as.integer(readBin(con, "raw", head[2L] * prod(side)))
  matrix(values / 126, head[2L], byrow = TRUE)
}

read_part <- function(name) {
  list(
    x = read_idx(paste0(name, "-images-idx3")), y = read_idx(paste0(name, "-labels-idx1"))
  )
}

# ---- training -------------------------------------------------------------------

name <- paste("mnist", asked$width, asked$prior, asked$epochs, asked$rows, sep = "-")
kept_in <- function(ending) {
  if (!is.na(asked$keep)) file.path(asked$keep, paste0(name, ending))
}

# Written whole before it takes the old one's place; floats do not compress.
keep <- function(fit) {
  if (is.na(asked$keep)) return(invisible())
  saveRDS(fit, kept_in(".new"), compress = FALSE)
  file.rename(kept_in(".new"), kept_in(".rds"))
}

# bbb_fit() standardises each predictor, and cannot be told not to: a pixel that is lit
# in a few images only would become huge in them. So it takes one step, and the pixels
# are left as they are from there on.
start <- function(train) {
  fit <- bbb_fit(
    train$x, train$y, hidden = rep(asked$width, 2L), activation = "relu",
    prior = settings$prior, batch_size = 128, samples = settings$samples,
    learn_rate = settings$learn_rate, init_rho = settings$init_rho,
    epochs = asked$epochs, seed = 1, max_seconds = 0, verbose = FALSE
  )
  fit$predictors$center[] <- 0
  fit$predictors$scale[] <- 1
  fit
}

resumed <- function() {
  if (!is.na(asked$keep) && file.exists(kept_in(".rds"))) readRDS(kept_in(".rds"))
}

say <- function(...) {
  line <- paste0(format(Sys.time(), "%H:%M:%S "), ...)
  message(line)
  if (!is.na(asked$keep)) cat(line, "\n", sep = "", file = kept_in(".log"), append = TRUE)
}

say_how_far <- function(fit, watched) {
  now <- utils::tail(fit$history, 1L)
  if (!nrow(now)) return(invisible())
  watch <- if (length(watched$y)) {
    score <- score_of(fit, watched, 10)
    sprintf(", watched rows: error %.2f %%, log-likelihood %.4f",
      100 * score$error, score$log_score)
  }
  say(sprintf("epoch %d of %d, %.0f s: a row %.4f nats, KL %.4f",
    now$epoch, asked$epochs, now$seconds, now$nll / fit$n, now$kl / fit$n), watch)
}

# Training in stretches, each saved when it ends.
train <- function(fit, train, watched) {
  ends <- as.numeric(Sys.time()) + 60 * asked$minutes
  while (nrow(fit$history) < asked$epochs) {
    left <- ends - as.numeric(Sys.time())
    if (left <= 0) break
    fit <- bbb_continue(fit, train$x, train$y, max_seconds = min(left, stretch))
    if (fit$stopped == "interrupt") stop("Interrupted; the last stretch is lost.")
    keep(fit)
    say_how_far(fit, watched)
  }
  fit
}

rows <- seq_len(asked$rows)
training <- read_part("train")
watched <- setdiff(50001:60000, rows)
watched <- list(x = training$x[watched, ], y = training$y[watched])
training <- list(x = training$x[rows, ], y = training$y[rows])
fit <- resumed()
if (is.null(fit)) fit <- start(training)
fit <- train(fit, training, watched)
report(fit, read_part("t10k"), watched, asked, settings)
