"""Launch, wait, read the results: R with httr2 and jsonlite."""

from __future__ import annotations

from playground.payload.show.snippets import r
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
library(httr2)

base_url <- "«base_url»"
final <- c(«final»)
«payload»

# R rounds numbers of many digits, and its texts have no NUL: a number is read as a text that begins
# with the first of these letters, the second stands for NUL.
number <- "\ue000"
nul <- "\ue001"

parse <- function(text) {
  numbers <- r"("(?:[^"\\]++|\\.)*+"(*SKIP)(*F)|(-?\d[-+.\deE]*+))"
  text <- gsub(numbers, paste0('"', number, '\\1"'), text, perl = TRUE)
  text <- gsub(r"(\\\\(*SKIP)(*F)|\\u0000)", nul, text, perl = TRUE)
  # Half of a character is none.
  halves <- r"((?:\\\\|\\ud[89ab]..\\ud[c-f]..)(*SKIP)(*F)|\\ud[89a-f]..)"
  text <- gsub(halves, "\\\\ufffd", text, perl = TRUE, ignore.case = TRUE)
  jsonlite::fromJSON(text, simplifyVector = FALSE)
}

call <- function(method, url, with_body = identity) {
  request(url) |>
    req_method(method) |>
    req_headers(
      `«auth»` = paste0("«scheme»", Sys.getenv("«key»")),
      `«project_header»` = Sys.getenv("«project»")
    ) |>
    with_body() |>
    req_retry(
      max_tries = 1000,
      is_transient = \(response) resp_status(response) == 429,
      backoff = \(attempt) 10,
      after = \(response) min(resp_retry_after(response), 3600)
    ) |>
    req_error(body = \(response) resp_body_string(response)) |>
    req_perform() |>
    resp_body_string() |>
    parse()
}

cell <- function(value) {
  if (is.null(value)) return("")
  if (is.character(value)) {
    text <- sub(paste0("^", number), "", value)
  } else {
    text <- as.character(jsonlite::toJSON(value, auto_unbox = TRUE, null = "null"))
    text <- gsub(paste0('"', number, '([^"]*)"'), "\\1", text)
    text <- gsub(nul, "\\u0000", text, fixed = TRUE)
  }
  if (grepl('[",\r\n]', text)) paste0('"', gsub('"', '""', text, fixed = TRUE), '"') else text
}

line <- function(values) paste0(paste(vapply(values, cell, ""), collapse = ","), "\r\n")

launched <- call("«method»", "«url»", \(request)
  req_body_«body»(request, payload, type = "application/json"))
job <- paste0(base_url, "/jobs/", launched$job_uid)
status <- ""
pause <- 1
while (!status %in% final) {
  Sys.sleep(pause)
  pause <- min(pause * 2, 30)
  status <- call("GET", job)$status
  cat(status, "\n")
}

rows <- list()
page <- 1
has_next <- TRUE
while (has_next) {
  answer <- call("GET", sprintf("%s/results?page=%d", job, page))
  rows <- c(rows, answer$results)
  has_next <- isTRUE(answer$paging$have_next_page)
  page <- page + 1
}

columns <- unique(unlist(lapply(rows, names)))
lines <- vapply(rows, \(row) line(row[match(columns, names(row))]), "")
pieces <- strsplit(paste(c(line(columns), lines), collapse = ""), nul, fixed = TRUE)[[1]]
csv <- file("results.csv", "wb")
for (at in seq_along(pieces)) {
  if (at > 1) writeBin(as.raw(0), csv)
  writeBin(charToRaw(pieces[at]), csv)
}
close(csv)
cat(length(rows), "rows in results.csv\n")
if (!status %in% c(«success»)) stop("The job ended as ", status, ".")
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=r.payload(call), body="file" if call.file else "raw")


TARGET = Target(
    name="r-follow",
    language="R",
    title="httr2 (R 4.1): launch, wait, results",
    file_name="follow.R",
    write=write,
    needs="httr2, jsonlite",
    flavour="follow",
)
