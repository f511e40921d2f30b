# Where the members of an ensemble are trained: in turn, in forked processes, or by
# the future package, as the user has set it up. The numbers are the same.
#
# A pool is how many `workers` there are; start(task), something that is running;
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
  list(workers = 1L, start = train_member, collect = identity, stop = identity)
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
  list(
    workers = workers,
    start = function(task) {
      task$fit$control$verbose <- FALSE
      fork(train_member(task), mc.set.seed = FALSE)
    },
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
# connection, R lets interrupts in, suspended or not.
pool_of_futures <- function() {
  run <- train_member
  null_if_interrupted <- function(expr) {
    tryCatch(expr, interrupt = function(condition) NULL)
  }
  list(
    workers = future::nbrOfWorkers(),
    start = function(task) {
      task$fit$control$verbose <- FALSE
      null_if_interrupted(
        future::future(run(task), globals = list(run = run, task = task))
      )
    },
    collect = function(running) null_if_interrupted({
      ready <- vapply(running, future::resolved, NA)
      lapply(running[ready], function(one) {
        tryCatch(future::value(one), error = identity)
      })
    }),
    stop = function(running) list()
  )
}

# ---- the work ----------------------------------------------------------------

# list(results, interrupted): what came of each task, NULL where an interrupt or an
# error came before it ended.
run_tasks <- function(tasks, pool) {
  results <- vector("list", length(tasks))
  waiting <- seq_along(tasks)
  running <- list()
  interrupted <- FALSE
  on.exit(if (length(running)) pool$stop(running))
  while (length(waiting) || length(running)) {
    if (length(waiting) && length(running) < pool$workers) {
      started <- pool$start(tasks[[waiting[1L]]])
      running[[as.character(waiting[1L])]] <- started
      waiting <- waiting[-1L]
      full <- !length(waiting) || length(running) == pool$workers
      if (!is.null(started) && !full) next
    }
    got <- pool$collect(running)
    ready <- lapply(got, or_lost)
    results[as.integer(names(ready))] <- ready
    running[names(ready)] <- NULL
    stopped <- is.null(started) || is.null(got) ||
      interrupt_waits(if (length(ready)) 1e-4 else 0.02) ||
      any(vapply(ready, was_interrupted, NA))
    interrupted <- interrupted || stopped
    if (stopped || any(vapply(ready, inherits, NA, "error"))) {
      waiting <- integer()
      if (length(running)) running <- pool$stop(running)
    }
  }
  list(results = results, interrupted = interrupted)
}

was_interrupted <- function(result) isTRUE(result$interrupted)

or_lost <- function(result) {
  if (!is.null(result)) return(result)
  tryCatch(
    stop_bbb(
      "worker", "A process that trained one of the fits ended without a result; ",
      "`options(mc.cores = 1)` trains them in turn."
    ),
    error = identity
  )
}
