# Does bbb reach the test errors of Blundell et al. (2015) on MNIST, and does pruning
# by signal-to-noise leave them as they are?
#
#   Rscript bench/mnist.R --data DIR --width 1200 --keep DIR2 > bench/mnist-1200.md
#
# DIR holds the four idx files, gzipped. As in the paper: pixels divided by 126, two
# hidden layers of relu units, softmax, batches of 128. The first 50000 rows train, and
# the other 10000 are watched: they, and no test row, chose the settings below. The
# reported fits then train on all 60000, where the paper used 50000. Test rows are read
# once, when training has ended. Of each fit there is one, with one seed.
#
#   --width 400        units of each hidden layer; the paper has 400, 800 and 1200
#   --prior mixture    or gaussian
#   --epochs 80        length of the cosine schedule
#   --minutes M        train for so long in this call; the report comes when all
#                      epochs are done
#   --rows 60000       training rows, the first; 50000 leaves the others to be watched,
#                      and no test row is read
#   --threads 2        of the processor; they change no bit of the fit
#   --keep DIR2        the fit is saved there every few minutes, beside a log; called
#                      again with the same options, the script goes on from there
library(bbb)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "options.R"))
source(file.path(here, "tables.R"))
source(file.path(here, "mnist_report.R"))

asked <- read_options(list(
  data = NA_character_, width = 400L, prior = "mixture", epochs = 80L,
  minutes = Inf, rows = 60000L, threads = 2L, keep = NA_character_
))
options(bbb.threads = asked$threads)
if (is.na(asked$data)) stop("--data must name the folder of MNIST", call. = FALSE)
stopifnot(asked$prior %in% c("mixture", "gaussian"), asked$rows %in% 1000:60000)

# The paper searched over pi in 1/4, 1/2, 3/4, -log sd1 in 0, 1, 2, -log sd2 in 6, 7, 8,
# SGD at 1e-3, 1e-4 or 1e-5, and 1 to 10 draws a batch. A few short runs of ours, one
# each, said on the watched rows (errors in %: of the mean of 30 draws, of 10 for 1200
# units; of the network of means whole, and with 5 and 2 % of its weights kept; mixture
# pi, -log sd1, -log sd2):
#
#   400 units, 30 epochs        draws    log-lik.  means    5 %    2 %
#   mixture 1/2, 0, 6           1.45      -0.054    1.62    2.2   37
#   mixture 1/4, 0, 6           1.59      -0.053    1.52    2.2   25
#   mixture 1/2, 1, 6           1.61      -0.056    1.59    2.1   22
#   mixture 3/4, 2, 6           1.95      -0.072    1.85    2.0    3.4
#   mixture 3/4, 0, 8           1.63      -0.062    1.64   75     85
#   the first, warm-up 0.9      1.54      -0.053    1.58    2.6   49
#   the first, rate 2e-3        1.59      -0.056    1.62    1.9    9.6
#   the first, 100 epochs       1.45      -0.056    1.43    1.6    2.9
#   normal, sd 1                1.53      -0.059    1.56    9.6   61
#   normal, sd 0.1              1.92      -0.077    2.05    3.1   13
#   1200 units, the first       1.61      -0.060    1.52    1.6    1.9
#
# One standard error is 0.12: errors of 1.45 to 1.63 cannot be told apart. Pruning can:
# into the widest of the narrow parts idle weights settle, where they make no noise and
# can be left out, the more of them the longer the training; with exp(-8), tried with
# pi 3/4 only, most stay in the wide part. A narrow wide part underfits, and so does a
# narrow normal prior. Wide networks were too slow to try more than one. So: the first
# row; one draw a batch and the default warm-up, of which little else was tried; and 80
# epochs, in between; but 30 of 1200 units with the gaussian prior, for lack of time.
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

# A first step of the whole schedule; train() goes on from it.
start <- function(train) {
  do.call(bbb_fit, c(settings, list(
    x = train$x, y = train$y, hidden = rep(asked$width, 2L), activation = "relu",
    standardise = FALSE, batch_size = 128, epochs = asked$epochs, seed = 1,
    max_seconds = 0, verbose = FALSE
  )))
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
if (nrow(fit$history) < asked$epochs) {
  message("To be continued.")
} else if (length(watched$y)) {
  report(fit, watched, "watched training rows, which chose the settings", asked)
} else {
  report(fit, read_part("t10k"), "test rows", asked)
}
