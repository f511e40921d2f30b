# Does the cost of training and predicting grow linearly with the work?
#
#   Rscript bench/scaling.R > bench/scaling.md
#
# Writes bench/scaling.svg beside it. Wants the package installed; shared helpers are in
# timing.R. Settings of a series are measured in turn, so that a busy moment of the
# machine hits all of them. The slope is that of log time on log work over the upper
# half of the settings: 1 is linear, and less means that a part that is the same for all
# settings still counts.
library(bbb)
options(bbb.threads = 1L) # unless a row says two
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "tables.R"))
source(file.path(here, "timing.R"))

repeats <- repeats_asked()

# A step is timed over enough of them to take about a second, by a guess of 1e10
# products of a weight and a row a second.
enough_steps <- function(width, batch) {
  as.integer(min(20000, max(20, 1e10 / (weights_of(width) * batch))))
}

timed_step <- function(width, batch) {
  step_seconds(enough_steps(width, batch), batch, width)
}

small <- c(3L, 32L, 1L)

epoch_of_small <- function(n) {
  epoch_seconds(data_for(n, small), 128, small, max(2L, as.integer(1e6 / n)))
}

# ---- series: what is varied, the work that it makes, and how it is timed ------------

wide_net <- function(units) c(100, units, units, 10)
deep_net <- function(layers) c(200, rep(200, layers), 10)

series <- list(
  list(
    name = "width", title = "A step, by width",
    about = "100-w-w-10, batches of 128 rows; work: weights x rows.",
    at = c(100, 150, 200, 300, 400, 600, 800, 1200, 1600), unit = "weight and row",
    work = \(w) 128 * weights_of(wide_net(w)), time = \(w) timed_step(wide_net(w), 128)
  ),
  list(
    name = "layers", title = "A step, by depth",
    about = "Hidden layers of 200 units, batches of 128 rows; work: weights x rows.",
    at = 1:8, unit = "weight and row",
    work = \(l) 128 * weights_of(deep_net(l)), time = \(l) timed_step(deep_net(l), 128)
  ),
  list(
    name = "batch", title = "A step, by rows in the batch",
    about = paste(
      "100-400-400-10; work: rows. Noise, prior and optimiser pass over the weights once",
      "a step, however many rows it has, so that a row costs less in a larger batch."
    ),
    at = 2^(4:10), unit = "row",
    work = identity, time = \(batch) timed_step(wide_net(400), batch)
  ),
  list(
    name = "rows", title = "An epoch, by rows of the data",
    about = "3-32-1, batches of 128 rows; work: rows.",
    at = c(1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6), unit = "row",
    work = identity, time = epoch_of_small
  ),
  list(
    name = "rows", title = "A prediction, by rows",
    about = "3-32-1, 20 draws; work: rows x draws.",
    at = c(1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6), unit = "row and draw",
    work = \(n) 20 * n, time = \(n) prediction_seconds(20, n, small, 0.2)
  ),
  list(
    name = "draws", title = "A prediction, by draws",
    about = "3-32-1, 10,000 rows; work: rows x draws.",
    at = c(10, 20, 50, 100, 200, 500, 1000), unit = "row and draw",
    work = \(s) 1e4 * s, time = \(s) prediction_seconds(s, 10000, small, 0.2)
  )
)

measure <- function(one) {
  one$seconds <- medians(lapply(one$at, \(value) \() one$time(value)), repeats)
  one$done <- vapply(one$at, one$work, 0)
  upper <- seq_along(one$at) > length(one$at) %/% 2L
  on_log <- stats::lm(log(one$seconds[upper]) ~ log(one$done[upper]))
  one$slope <- unname(stats::coef(on_log)[2L])
  one$from <- one$at[which(upper)[1L]]
  one
}

slope_of <- function(one) formatC(one$slope, digits = 2L, format = "f")

# The same for all settings, and for each unit of work: by least relative squares.
parts_of <- function(one) {
  line <- stats::lm(seconds ~ done, one[c("seconds", "done")], weights = seconds^-2)
  parts <- vapply(pmax(stats::coef(line), 0), in_units, "")
  paste0("By a line through it about ", parts[1L], ", and ", parts[2L], " a ", one$unit, ".")
}

show <- function(one) {
  cat("\n## ", one$title, "\n", sep = "")
  paragraph(
    one$about, "Slope from", one$name, number(one$from, 7L),
    paste0("on: ", slope_of(one), "."), if (one$name == "batch") parts_of(one)
  )
  table_head(one$name, "work", "time", paste("time a", one$unit))
  for (i in seq_along(one$at)) {
    table_row(
      number(one$at[i], 7L), number(one$done[i], 4L), in_units(one$seconds[i]),
      in_units(one$seconds[i] / one$done[i])
    )
  }
}

# ---- threads -----------------------------------------------------------------------

thread_jobs <- list(
  "784-400-400-10, batch 128, a step" = \() step_seconds(200, 128, c(784, 400, 400, 10)),
  "784-1200-1200-10, batch 128, a step" =
    \() step_seconds(50, 128, c(784, 1200, 1200, 10)),
  "3-32-1, batch 128, a step" = \() step_seconds(20000, 128, small),
  "3-32-1, predicting 100,000 rows, 100 draws" = \() prediction_seconds(100, 1e5, small),
  "784-400-400-10, predicting 2000 rows, 100 draws" =
    \() prediction_seconds(100, 2000, c(784, 400, 400, 10))
)

show_threads <- function() {
  cat("\n## Threads\n")
  paragraph(
    "By the option `bbb.threads`; this machine has", parallel::detectCores(),
    "processors."
  )
  table_head("work", "one thread", "two threads", "times faster")
  for (work in names(thread_jobs)) {
    job <- \(threads) with_threads(threads, thread_jobs[[work]]())
    both <- medians(list(\() job(1L), \() job(2L)), repeats)
    table_row(work, in_units(both[1L]), in_units(both[2L]), number(both[1L] / both[2L]))
  }
}

# ---- figure ------------------------------------------------------------------------

# A panel for each series in an SVG written by hand, which stays small and is text.
panel <- list(width = 290, height = 240, left = 60, top = 34, across = 210, down = 150)

svg_text <- function(x, y, label, anchor = "middle", size = 11) {
  sprintf(
    '<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d">%s</text>', x, y, anchor,
    size, label
  )
}

svg_line <- function(x1, y1, x2, y2, color = "#999") {
  sprintf(
    '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>', x1, y1, x2, y2, color
  )
}

# Logarithms to where they are in a panel, and the powers of ten among them.
axis_of <- function(values, from, to) {
  ends <- range(log10(values))
  at <- function(x) from + (log10(x) - ends[1L]) / diff(ends) * (to - from)
  powers <- seq(ceiling(ends[1L]), floor(ends[2L]))
  list(at = at, ticks = 10^powers, labels = paste0("1e", powers, recycle0 = TRUE))
}

# Points, and a line of slope 1 through the last.
draw <- function(one, left, top) {
  bottom <- top + panel$down
  middle <- left + panel$across / 2
  last <- length(one$done)
  linear <- one$seconds[last] * range(one$done) / one$done[last]
  x <- axis_of(one$done, left, left + panel$across)
  y <- axis_of(c(one$seconds, linear), bottom, top)
  c(
    svg_line(left, bottom, left + panel$across, bottom),
    svg_line(left, bottom, left, top),
    svg_text(x$at(x$ticks), bottom + 14, x$labels),
    svg_text(left - 4, y$at(y$ticks) + 4, y$labels, "end"),
    svg_line(left, y$at(linear[1L]), left + panel$across, y$at(linear[2L])),
    sprintf(
      '<circle cx="%.1f" cy="%.1f" r="3" fill="#0B4F7D"/>', x$at(one$done),
      y$at(one$seconds)
    ),
    svg_text(middle, top - 12, one$title, size = 12L),
    svg_text(left + 8, top + 10, paste("slope", slope_of(one)), "start"),
    svg_text(middle, bottom + 30, paste0(sub(" and ", "s x ", one$unit), "s"))
  )
}

figure <- function(all, file) {
  i <- seq_along(all) - 1L
  panels <- Map(
    draw, all, panel$left + i %% 3L * panel$width, panel$top + i %/% 3L * panel$height
  )
  size <- c(3, ceiling(length(all) / 3)) * c(panel$width, panel$height)
  writeLines(c(
    sprintf(
      '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="%s">',
      size[1L], size[2L], "sans-serif"
    ),
    '<rect width="100%" height="100%" fill="white"/>', unlist(panels), "</svg>"
  ), file)
}

# ---- the page ----------------------------------------------------------------------

cat("# Cost beside work\n")
paragraph(
  "Does the cost of training and predicting grow linearly with the work? Made by",
  "`Rscript bench/scaling.R > bench/scaling.md`: medians of measurements that take",
  "turns, in", repeats, "rounds; one thread but for the last table, one draw of the",
  "weights a step.", paste0(processor(), "; ", R.version.string, "."), "Slopes are those",
  "of log time on log work over the upper half of the settings: 1 is linear."
)
measured <- lapply(series, \(one) with_threads(1L, measure(one)))
table_head("cost", "from", "to", "slope of the upper half")
for (one in measured) {
  table_row(
    one$title, number(one$at[1L], 7L), number(utils::tail(one$at, 1L), 7L),
    slope_of(one)
  )
}
cat("\n![Seconds against work, on log scales, with lines of slope 1](scaling.svg)\n")
figure(measured, file.path(here, "scaling.svg"))
for (one in measured) show(one)
show_threads()
