# What is seen of a training while it lasts: the progress bar, and what the processes
# that train members tell of themselves.

# From `from` to `to`: list(tick, close). `tick` is NULL where nothing is to be seen.
progress_bar <- function(verbose, from, to) {
  if (!verbose || to <= from) {
    return(list(tick = NULL, close = function(at) NULL))
  }
  bar <- NULL
  tick <- function(at) {
    if (is.null(bar)) {
      bar <<- utils::txtProgressBar(from, to, from, style = 3L, file = stderr())
    }
    utils::setTxtProgressBar(bar, at)
  }
  close_at <- function(at) {
    tick(at)
    close(bar)
  }
  list(tick = tick, close = close_at)
}

# Where the bar of a fit is to be: at its end, too, when the validation score says
# that no epoch more is wanted.
bar_place <- function(fit, epochs) {
  if (identical(fit$stopped, "validation")) epochs else NROW(fit$history)
}

# ---- several fits ------------------------------------------------------------

# An environment that knows how far the members `left` have come, each on its way to
# its number of `epochs`:
#   fit     the ensemble as it is known to be, for the checkpoint
#   at      epochs that each member has done, for the bar
#   folder  of this session, where members trained `apart`, in other processes, write;
#           one on another machine does not see it, and tells only when it has ended
new_watch <- function(fit, left, epochs, apart) {
  keeper <- checkpoint_of(fit)
  at <- vapply(fit$members, function(one) NROW(one$history), 0)
  epochs <- pmax(at, epochs)
  bar <- progress_bar(fit$control$verbose, sum(at), sum(epochs))
  watch <- list2env(list(
    fit = fit, left = left, epochs = epochs, at = at, bar = bar, keeper = keeper,
    folder = NULL, looked = seconds_now(), seen = character(length(at))
  ), parent = emptyenv())
  if (apart && !(is.null(bar$tick) && is.null(keeper))) {
    watch$folder <- tempfile("bbb-fits-")
    dir.create(watch$folder)
  }
  watch
}

close_watch <- function(watch) {
  watch$bar$close(sum(watch$at))
  if (!is.null(watch$folder)) unlink(watch$folder, recursive = TRUE)
}

show_epoch <- function(watch, i, epoch) {
  watch$at[i] <- max(watch$at[i], min(epoch, watch$epochs[i]))
  if (!is.null(watch$bar$tick)) watch$bar$tick(sum(watch$at))
}

save_watched <- function(watch) {
  if (is.null(watch$keeper)) return(invisible())
  fit <- watch$fit
  fit$stopped <- "checkpoint"
  watch$keeper$save(fit)
}

# What run_training() is to call where member i is trained: list(tick, keep). What is
# written in other processes is read here as often: twice in the time that may be lost.
calls_of <- function(watch, i) {
  force(i)
  keeper <- watch$keeper
  if (!is.null(watch$folder)) return(teller(watch$folder, i, keeper$every / 2))
  keep <- function(one) {
    watch$fit$members[[i]] <- as_member(one)
    save_watched(watch)
  }
  list(
    tick = if (!is.null(watch$bar$tick)) function(epoch) show_epoch(watch, i, epoch),
    keep = if (!is.null(keeper)) list(every = keeper$every, save = keep)
  )
}

# What is told by the running members, by their places in `left`.
look_at <- function(watch, running) {
  if (is.null(watch$folder)) return(invisible())
  running <- watch$left[running]
  if (!is.null(watch$bar$tick)) {
    for (i in running) show_epoch(watch, i, told_epoch(watch$folder, i))
  }
  if (is.null(watch$keeper)) return(invisible())
  if (seconds_now() - watch$looked < watch$keeper$every / 2) return(invisible())
  watch$looked <- seconds_now()
  if (any(vapply(running, function(i) take_told(watch, i), NA))) save_watched(watch)
}

# Whether a member told of more than was known.
take_told <- function(watch, i) {
  file <- told_file(watch$folder, "member", i)
  version <- format(as.numeric(file.mtime(file)), digits = 20L)
  if (version %in% c("NA", watch$seen[i])) return(FALSE)
  watch$seen[i] <- version
  watch$fit$members[[i]] <- readRDS(file)
  TRUE
}

# What came of members, by their places in `left`.
note_ended <- function(watch, results) {
  for (place in names(results)) {
    member <- results[[place]]$member
    if (is.null(member)) next
    i <- watch$left[as.integer(place)]
    watch$fit$members[[i]] <- member
    show_epoch(watch, i, bar_place(member, watch$epochs[i]))
    if (member$stopped != "interrupt") save_watched(watch)
  }
}

# The task of a member whose process was lost: from where it was seen last.
renewed_task <- function(place, watch, tasks) {
  i <- watch$left[place]
  task <- tasks[[place]]
  if (is.null(watch$folder) || is.null(watch$keeper)) return(task)
  take_told(watch, i)
  last <- member_fit(watch$fit, i)
  last$control <- task$fit$control
  task$fit <- last
  task
}

# ---- in another process ------------------------------------------------------

told_file <- function(folder, what, i) file.path(folder, paste0(what, "-", i))

# list(tick, keep) of member i there. A process whose session was killed has nobody to
# train for. An error would not end a fork, which waits for its session's leave to go.
teller <- function(folder, i, every) {
  force(list(folder, i, every))
  parent <- Sys.getpid()
  told <- -Inf
  here <- function() dir.exists(folder)
  tick <- function(epoch) {
    if (seconds_now() - told < 0.1 || !here()) return(invisible())
    told <<- seconds_now()
    cat(epoch, file = told_file(folder, "epoch", i))
  }
  save <- function(fit) {
    if (!here()) return(invisible())
    if (.Platform$OS.type == "unix" && !tools::pskill(parent, 0L)) {
      tools::pskill(Sys.getpid(), tools::SIGKILL)
    }
    write_whole(as_member(fit), told_file(folder, "member", i))
  }
  list(tick = tick, keep = if (length(every)) list(every = every, save = save))
}

# What is read while it is written is too short a number, and so too small.
told_epoch <- function(folder, i) {
  file <- told_file(folder, "epoch", i)
  if (!file.exists(file)) return(0)
  epoch <- suppressWarnings(as.numeric(readLines(file, 1L, warn = FALSE)))
  if (length(epoch) && !is.na(epoch)) epoch else 0
}
