"""R with httr2."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_beyond_ascii, fill

_TEMPLATE = r"""
# «remark»
library(httr2)

«payload»«+»
«+»
response <- request("«url»") |>
  req_method("«method»") |>
  req_headers(
    `«auth»` = paste0("«scheme»", Sys.getenv("«key»")),
    `«project_header»` = Sys.getenv("«project»")
  ) |>
  req_body_«body» |>«+»
  req_error(is_error = \(response) FALSE) |>
  req_perform()
cat(resp_body_string(response), "\n")
if (resp_is_error(response)) stop(resp_status(response))
"""


def payload(call: Call) -> str:
    """The assignment, in a raw string with as many dashes as it takes, and in ASCII: R reads files
    in the encoding of the machine."""
    if call.file:
        return f'payload <- "{call.file}"'
    dashes = "-"
    while f"){dashes}" in call.body:
        dashes += "-"
    return f'payload <- r"{dashes}({escape_beyond_ascii(call.body)}){dashes}"'


def write(call: Call) -> str:
    kind = "file" if call.file else "raw"
    body = f'{kind}(payload, type = "application/json")'
    return fill(_TEMPLATE, call, payload=payload(call), body=body)


TARGET = Target(
    name="r",
    language="R",
    title="httr2 (R 4.1)",
    file_name="launch.R",
    write=write,
    needs="httr2",
)
