# Fits that a session left under way when it ended, and how far they are to go.

# The fit in the file of `fit`, if a session left it there that ended while it was
# trained; NULL if there is nothing to be lost. A file of another kind is not
# overwritten, nor is another fit that is under way.
left_under_way <- function(fit, with_seed = TRUE) {
  file <- fit$control[["checkpoint"]]
  if (is.null(file)) return(NULL)
  folder <- dirname(path.expand(file))
  if (file.access(folder, 2L) != 0L) {
    stop_argument("`checkpoint` must be in a folder that can be written to, not ", folder, ".")
  }
  if (!file.exists(file)) return(NULL)
  before <- tryCatch(readRDS(file), error = function(e) NULL, warning = function(w) NULL)
  if (!inherits(before, "bbb_fit")) {
    stop_argument("`checkpoint` is a file that holds no fit: name another than ", file, ".")
  }
  if (!is_under_way(before)) return(NULL)
  if (!identical(way_of(before, with_seed), way_of(fit, with_seed))) {
    stop_argument(
      "`checkpoint` holds a fit of other data or settings, which was not finished: ",
      "delete ", file, ", or name another."
    )
  }
  before
}

# All that decides to which bits training leads.
way_of <- function(fit, with_seed) {
  aside <- c("seed", "verbose", "max_seconds", "checkpoint", "checkpoint_seconds")
  list(
    fit[c("checksum", "hidden", "activation", "prior", "family", "n", "widths")],
    fit$control[setdiff(names(fit$control), aside)],
    fit$predictors[c("kind", "names", "center", "scale")],
    fit$outcome[c("outputs", "levels")],
    lapply(member_fits(fit), `[[`, "earlier"),
    if (with_seed) fit$seed
  )
}

# A fit that is about to be trained, or what a session that died left of it. Its seed is
# as good as another that would be drawn.
resumed <- function(fit, with_seed) {
  before <- left_under_way(fit, with_seed)
  if (is.null(before)) return(fit)
  inform_bbb(
    "`bbb_fit()` goes on with the fit in ", fit$control[["checkpoint"]], ", of which ",
    epochs_done(before), " epochs are done."
  )
  for (name in c("verbose", "max_seconds", "checkpoint", "checkpoint_seconds")) {
    before$control[name] <- fit$control[name]
  }
  before$call <- fit$call
  before
}

epochs_done <- function(fit) {
  sum(vapply(member_fits(fit), function(one) nrow(one$history), 0L))
}

# How many epochs each member, or the only one, of a fit that is new or was resumed is to
# have done in all.
goals_at_start <- function(fit) {
  members <- if (is_ensemble(fit)) fit$members else list(fit)
  vapply(members, function(one) {
    ended <- identical(one$stopped, "validation")
    as.integer(if (ended) nrow(one$history) else fit$control$epochs)
  }, 0L)
}
