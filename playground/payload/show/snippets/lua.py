"""Lua with LuaSocket, and LuaSec for TLS."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
-- «remark»
local http = require("«module»")
local ltn12 = require("ltn12")

«payload»«+»
«+»
local answer = {}
local done, status = http.request({
  method = "«method»",
  url = "«url»",
  headers = {
    ["«auth»"] = "«scheme»" .. os.getenv("«key»"),
    ["«project_header»"] = os.getenv("«project»"),
    ["Content-Type"] = "application/json",«+»
    ["Content-Length"] = #payload,«+»
  },
  source = ltn12.source.string(payload),«+»
  sink = ltn12.sink.table(answer),«checked»
})
print(table.concat(answer))
if not done then io.stderr:write(status, "\n") end
os.exit(done and status < 400 and 0 or 1)
"""


# Whose certificate is checked only if it is told by which authorities.
_CHECKED = """
verify = "peer",
cafile = os.getenv("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt","""


def payload(call: Call) -> str:
    """The assignment, in long brackets of a level that the text does not have."""
    if call.file:
        return f'local payload = assert(io.open("{call.file}", "rb")):read("*a")'
    level = ""
    while f"]{level}]" in call.body or call.body.endswith(f"]{level}"):
        level += "="
    return f"local payload = [{level}[{call.body}]{level}]"


def library(call: Call, indent: str = "  ") -> dict[str, str]:
    """The module that sends it, and what else it is told in a line that is indented so."""
    if not call.url.startswith("https:"):
        return {"module": "socket.http", "checked": ""}
    return {"module": "ssl.https", "checked": _CHECKED.replace("\n", f"\n{indent}")}


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=payload(call), **library(call))


TARGET = Target(
    name="lua",
    language="Lua",
    title="LuaSocket",
    file_name="launch.lua",
    write=write,
    needs="luasocket, luasec",
)
