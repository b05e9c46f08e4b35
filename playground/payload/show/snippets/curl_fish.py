"""cURL for fish, which has no here-documents."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
«sends»curl --globoff --request «method» \\
  --url '«url»' \\
  --header "«auth»: «scheme»$«key»" \\
  --header "«project_header»: $«project»" \\
  --header 'Content-Type: application/json' \\«+»
  --data-binary @«file»«+»
"""


def write(call: Call) -> str:
    """The body goes through a pipe: an argument may not have more than 128 KiB on Linux."""
    body = call.body.replace("\\", "\\\\").replace("'", "\\'")
    sends = f"printf %s '{body}' | " if body else ""
    return fill(_TEMPLATE, call, sends=sends, file=call.file or "-").removesuffix(" \\")


TARGET = Target(
    name="curl-fish",
    language="Shell",
    title="cURL (fish)",
    file_name="launch.fish",
    write=write,
)
