# Where the members of an ensemble are trained: in turn, in forked processes, or by
# the future package, as the user has set it up. The numbers are the same.
#
# A pool is how many `workers` there are, `apart` in processes of their own or not;
# start(task), something that is running;
# collect(running), what has ended of a named list of those, by name: what
# train_member() gave, or NULL where a process was lost; and stop(running), which
# lets go and returns those that are still worth collecting. None of them waits, and
# start() and collect() are NULL when the user interrupted them.

worker_pool <- function(tasks) {
  if (uses_futures()) return(pool_of_futures())
  workers <- min(tasks, fork_limit())
  if (workers > 1L) pool_of_forks(workers) else pool_in_turn()
}

pool_in_turn <- function() {
  list(
    workers = 1L, apart = FALSE, start = train_member, collect = identity,
    stop = identity
  )
}

# ---- forks -------------------------------------------------------------------

# As many as parallel's functions would use, or two where that was not set.
fork_limit <- function() {
  if (.Platform$OS.type != "unix") return(1L)
  few <- min(2L, parallel::detectCores(), na.rm = TRUE)
  cores <- getOption("mc.cores", few)
  if (is_number(cores) && cores >= 1) as.integer(min(cores, 1000)) else 1L
}

# An interrupt that reaches this process only is passed on. The functions of parallel
# are looked up, since it has them on Unix alone.
pool_of_forks <- function(workers) {
  fork <- getExportedValue("parallel", "mcparallel")
  collect <- getExportedValue("parallel", "mccollect")
  pid_of <- function(running) vapply(running, function(one) one$pid, 0L)
  session <- Sys.getpid()
  # One whose session is gone has nobody to train for.
  train_tied <- function(task) {
    if (native_tie_to_parent() != session) tools::pskill(Sys.getpid(), tools::SIGKILL)
    train_member(task)
  }
  list(
    workers = workers, apart = TRUE,
    start = function(task) fork(train_tied(task), mc.set.seed = FALSE),
    collect = function(running) {
      # Its warning says that a process was lost, and so does the NULL. With a timeout
      # it would let interrupts in.
      got <- suppressWarnings(collect(unname(running), wait = FALSE, timeout = 0))
      if (is.null(got)) return(list())
      names(got) <- names(running)[match(names(got), pid_of(running))]
      got
    },
    stop = function(running) {
      tools::pskill(pid_of(running), tools::SIGINT)
      running
    }
  )
}

# ---- futures -----------------------------------------------------------------

uses_futures <- function() {
  isNamespaceLoaded("future") && !inherits(future::plan(), "sequential")
}

# They cannot be stopped: what is not ready then is lost. Where they look at a
# connection, R lets interrupts in, suspended or not. A plan that has lost a process
# fails to start on it, and is not mended by that: the fit is then trained here.
pool_of_futures <- function() {
  run <- train_member
  null_if_interrupted <- function(expr) {
    tryCatch(expr, interrupt = function(condition) NULL)
  }
  warned <- FALSE
  here <- function(task) {
    if (!warned) warn_of_fit(
      "worker", "A process of `future::plan()` was lost, and what it was to train was ",
      "trained in this session: set the plan anew."
    )
    warned <<- TRUE
    list(value = train_member(task))
  }
  list(
    workers = future::nbrOfWorkers(), apart = TRUE,
    start = function(task) null_if_interrupted(tryCatch(
      future::future(run(task), globals = list(run = run, task = task)),
      FutureError = function(e) here(task),
      error = function(e) stop_plan(e, task)
    )),
    collect = function(running) null_if_interrupted({
      ready <- vapply(running, is_resolved, NA)
      lapply(running[ready], value_or_lost)
    }),
    stop = function(running) Filter(is_here, running)
  )
}

is_here <- function(one) !inherits(one, "Future")

# A future whose process was lost has no value, or fails to say that it has none.
is_resolved <- function(one) {
  is_here(one) || tryCatch(future::resolved(one), error = function(e) TRUE)
}

value_or_lost <- function(one) {
  if (is_here(one)) return(one$value)
  tryCatch(future::value(one), FutureError = function(e) NULL, error = identity)
}

# The error of a plan that takes no task.
stop_plan <- function(error, task) {
  option <- "future.globals.maxSize"
  if (!grepl(option, conditionMessage(error), fixed = TRUE)) {
    stop_bbb(
      "worker", "The plan of the package future took no fit: ",
      sentence(conditionMessage(error))
    )
  }
  most <- getOption(option, 500 * 1024^2)
  stop_bbb(
    "worker", "`options(", option, ")` is ", in_megabytes(most), ", and what a process ",
    "needs to train a fit is ", in_megabytes(utils::object.size(task)), ": raise it, to ",
    "`Inf` for example, or set `future::plan(\"sequential\")`."
  )
}

in_megabytes <- function(bytes) {
  paste(format(as.double(bytes) / 1024^2, digits = 3L), "MB")
}

# ---- the work ----------------------------------------------------------------

# A process that is lost may have been the victim of another's hunger for memory; a task
# that has lost so many is not tried again.
most_losses <- 3L

# list(results, interrupted): what came of each task, NULL where an interrupt or an
# error came before it ended. `watch` is told of all: see R/train-progress.R.
run_tasks <- function(tasks, pool, watch) {
  results <- vector("list", length(tasks))
  losses <- integer(length(tasks))
  waiting <- seq_along(tasks)
  running <- list()
  interrupted <- over <- FALSE
  on.exit(if (length(running)) pool$stop(running))
  while (length(waiting) || length(running)) {
    if (length(waiting) && length(running) < pool$workers) {
      started <- pool$start(tasks[[waiting[1L]]])
      running[[as.character(waiting[1L])]] <- started
      waiting <- waiting[-1L]
      full <- !length(waiting) || length(running) == pool$workers
      if (!is.null(started) && !full) next
    }
    look_at(watch, as.integer(names(running)))
    got <- pool$collect(running)
    running[names(got)] <- NULL
    lost <- as.integer(names(got)[vapply(got, is.null, NA)])
    losses[lost] <- losses[lost] + 1L
    again <- lost[over | losses[lost] < most_losses]
    tasks[again] <- lapply(again, renewed_task, watch = watch, tasks = tasks)
    waiting <- c(again, waiting)
    ready <- lapply(got[setdiff(names(got), again)], or_lost)
    results[as.integer(names(ready))] <- ready
    note_ended(watch, ready)
    stopped <- is.null(started) || is.null(got) ||
      interrupt_waits(if (length(ready)) 1e-4 else 0.02) ||
      any(vapply(ready, was_interrupted, NA))
    interrupted <- interrupted || stopped
    ends <- stopped || any(vapply(ready, inherits, NA, "error"))
    over <- over || ends
    if (over) waiting <- integer()
    if (ends && length(running)) running <- pool$stop(running)
  }
  list(results = results, interrupted = interrupted)
}

was_interrupted <- function(result) isTRUE(result$interrupted)

or_lost <- function(result) {
  if (!is.null(result)) return(result)
  tryCatch(
    stop_bbb(
      "worker", "A worker process died ", most_losses, " times while it trained a fit: is ",
      "there enough memory for so many at once? `options(mc.cores = 1)` and ",
      "`future::plan(\"sequential\")` train one after the other."
    ),
    error = identity
  )
}
