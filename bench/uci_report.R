# The tables of uci.R: our scores, and the published ones that the data folder has.
# Sourced by uci.R; runs nothing.

# A mean with its standard error over splits, in as many digits as show the error.
mean_se <- function(x, digits = 2L) {
  error <- stats::sd(x) / sqrt(length(x))
  if (isTRUE(error > 0)) digits <- max(digits, -floor(log10(error)))
  text <- formatC(mean(x), format = "f", digits = digits)
  if (is.na(error)) return(text)
  paste0(text, "±", formatC(error, format = "f", digits = digits))
}

by_set <- function(results, sets, value) {
  vapply(sets, function(set) value(results[results$set == set, ]), "")
}

# ---- published tables -----------------------------------------------------------

cells_of <- function(lines) {
  lapply(strsplit(gsub("^\\||\\|$|\\*\\*", "", trimws(lines)), "|", fixed = TRUE), trimws)
}

# The Markdown table below the line of `lines` that begins with `title`, as a list of
# rows of cells, the header first; NULL if there is none.
table_below <- function(lines, title) {
  at <- which(startsWith(lines, title))
  if (!length(at)) return(NULL)
  below <- lines[-seq_len(at[1L])]
  below <- below[cumsum(startsWith(below, "|")) > 0]
  cells_of(below[cumprod(startsWith(below, "|")) == 1L][-2L])
}

# A spread over splits that is a standard deviation becomes a standard error, which is
# what all others are.
as_error <- function(cell, kind, n_splits) {
  parts <- strsplit(cell, "±", fixed = TRUE)[[1L]]
  if (!identical(kind, "SD") || length(parts) < 2L) return(cell)
  error <- as.numeric(parts[2L]) / sqrt(n_splits)
  paste0(parts[1L], "±", formatC(error, format = "f", digits = 2L))
}

# README.md names a set by the start of its name, in small letters. A list of
# rows: the method, then a cell for each set.
published <- function(dir, title, meta) {
  file <- file.path(dir, "README.md")
  if (!file.exists(file)) return(NULL)
  table <- table_below(readLines(file, encoding = "UTF-8"), title)
  if (is.null(table)) return(NULL)
  header <- table[[1L]]
  at <- vapply(meta$set, function(set) {
    named <- nzchar(header) & startsWith(tolower(set), tolower(header))
    if (any(named)) which(named)[1L] else NA_integer_
  }, 1L)
  if (all(is.na(at))) return(NULL)
  kind <- match("+/-", header)
  lapply(table[-1L], function(cells) {
    cell <- ifelse(is.na(at), "", cells[at])
    spread <- mapply(as_error, cell, cells[kind], meta$n_splits)
    c(cells[1L], unname(spread))
  })
}

# ---- tables ---------------------------------------------------------------------

ours_table <- function(results) {
  table_row("set", "splits", "RMSE", "log-likelihood", "coverage of 90 %", "seconds a call")
  table_row(rep("---", 6L))
  outcome <- ifelse(is.na(results$outcome), "", paste0(", ", results$outcome))
  rows <- paste0(results$set, outcome)
  for (row in unique(rows)) {
    of <- results[rows == row, ]
    table_row(row, nrow(of), mean_se(of$rmse), mean_se(of$ll), mean_se(of$coverage),
      mean_se(of$seconds))
  }
}

# Whether there was one to print
beside_table <- function(title, column, results, meta, dir) {
  others <- published(dir, title, meta)
  if (is.null(others)) return(FALSE)
  cat("\n## ", title, " beside published\n\n", sep = "")
  table_row("method", meta$set)
  table_row(rep("---", nrow(meta) + 1L))
  table_row(bold(c("bbb", by_set(results, meta$set, function(of) mean_se(of[[column]])))))
  for (cells in others) table_row(cells)
  TRUE
}

bold <- function(x) paste0("**", x, "**")

per_split <- "_per_split[.]csv$"

# Another method's scores of the same splits: the difference of a pair has none of the
# spread between splits.
paired_rows <- function(results, set, dir) {
  files <- list.files(file.path(dir, set), per_split, full.names = TRUE)
  for (file in files) {
    both <- merge(results[results$set == set, ], utils::read.csv(file), by = "split")
    table_row(set, sub(per_split, "", basename(file)), nrow(both),
      mean_se(both$rmse.x - both$rmse.y), mean_se(both$ll.x - both$ll.y))
  }
}

paired_table <- function(results, sets, dir) {
  has_other <- function(set) length(list.files(file.path(dir, set), per_split)) > 0L
  sets <- Filter(has_other, sets)
  if (!length(sets)) return(invisible())
  cat("\n## Split by split: ours less theirs\n\n")
  table_row("set", "method", "splits", "RMSE", "log-likelihood")
  table_row(rep("---", 5L))
  for (set in sets) paired_rows(results, set, dir)
}

# What bbb_fit() was told, as a user would type it
call_text <- function(asked, meta) {
  paste0("`bbb_fit(x, y, hidden = ", paste(unique(meta$n_hidden), collapse = " or "),
    ", seed = split", if (!is.na(asked$fits)) paste0(", fits = ", asked$fits),
    if (!is.na(asked$family)) paste0(", family = \"", asked$family, "\""), ")`")
}

report <- function(results, meta, asked, draws) {
  cat("# Published regression splits\n\n")
  cat("How does bbb do on regression sets with published scores? Nothing is tuned to a",
    "set; the defaults were chosen on training rows of the same sets, many of which are",
    "test rows of another split. Made by `Rscript bench/uci.R`: one call of",
    call_text(asked, meta), "a split, the same for every set. Means and standard errors",
    "over splits, in the outcome's own units; predictive means and densities are over",
    draws, "draws of the weights.\n\n")
  if (length(unique(results$built)) > 1L) {
    cat("These rows were made by more than one build of the package.\n\n")
  }
  ours_table(results)
  any_beside <- c(
    beside_table("RMSE", "rmse", results, meta, asked$data),
    beside_table("Test log-likelihood", "ll", results, meta, asked$data)
  )
  if (any(any_beside)) {
    cat("\nPublished rows and their sources are those of the data folder's README.md;",
      "a spread that is given there as a standard deviation over splits is turned into",
      "a standard error here.\n")
  }
  paired_table(results, meta$set, asked$data)
}
