"""HTTPie, in bash, zsh, dash, ksh and their like."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, fill

_TEMPLATE = """
: '«remark»'
http --check-status «method» '«url»' \\
  "«auth»:«scheme»$«key»" \\
  "«project_header»:$«project»" \\
  'Content-Type:application/json' \\«+»
  «input»
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, input=_input(call))


def _input(call: Call) -> str:
    """The body of a here-document: without the quotes around its end a shell would look into it,
    and some replace `!` even so."""
    if not call.has_body:
        return "--ignore-stdin"
    body = escape(call.body, "!")
    return f"<{call.file}" if call.file else f"<<'PAYLOAD'\n{body}\nPAYLOAD"


TARGET = Target(
    name="httpie",
    language="Shell",
    title="HTTPie (bash, zsh, dash, ksh)",
    file_name="launch.sh",
    write=write,
    needs="HTTPie",
)
