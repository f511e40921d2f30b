# Checkpoints: a fit under way, in a file that outlives the session. It is a fit like
# any other, but that its `stopped` is "checkpoint"; of several fits that of all of them
# is.

# list(every, save), or NULL: save(fit) writes it. The folder is that of now, wherever
# the session goes meanwhile. What cannot be written does not end a training.
checkpoint_of <- function(fit) {
  file <- fit$control[["checkpoint"]]
  if (is.null(file)) return(NULL)
  file <- file.path(normalizePath(dirname(path.expand(file))), basename(file))
  warned <- FALSE
  save <- function(fit) {
    tryCatch(write_whole(fit, file), error = function(e) {
      if (!warned) {
        warned <<- TRUE
        warn_of_fit("checkpoint", "The checkpoint was not written: ", conditionMessage(e), ".")
      }
    })
  }
  list(every = fit$control$checkpoint_seconds, save = save)
}

# Either the old file or the new one is there, whole, at any moment. Floats hardly
# compress.
write_whole <- function(value, file) {
  part <- paste0(file, ".part")
  on.exit(unlink(part))
  done <- tryCatch(
    {
      saveRDS(value, part, compress = FALSE)
      file.rename(part, file)
    },
    warning = function(w) stop(conditionMessage(w), call. = FALSE)
  )
  if (!done) stop("cannot rename '", part, "'", call. = FALSE)
}

is_under_way <- function(fit) identical(fit$stopped, "checkpoint")
