"""cURL in the command prompt of Windows."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, escape_beyond_ascii, fill, one_line

_TEMPLATE = """
rem «remark»
curl.exe --globoff --request «method» --url "«url»" «headers»«body»
"""


# What the command prompt looks at. For it an escaped quote ends what is in quotes, too.
_SPECIAL = "%!^&|<>()"
_PAYLOAD = "payload.json"
# Characters of a command.
_LONGEST = 8_191


def write(call: Call) -> str:
    """One line. What does not fit into one is read from a file."""
    text = _write(call, f'"@{call.file}"' if call.file else _quoted(call.body))
    return text if len(text) < _LONGEST else _write(call, f'"@{_PAYLOAD}"')


def _write(call: Call, body: str) -> str:
    headers = fill(
        '--header "«auth»: «scheme»%«key»%" --header "«project_header»: %«project»%"', call
    )
    sends = f' --header "Content-Type: application/json" --data-binary {body}'
    return fill(_TEMPLATE, call, headers=headers, body=sends if call.has_body else "")


def _quoted(json_text: str) -> str:
    """One argument. Quotes and backslashes of its strings are escapes of JSON, so that a backslash
    before a quote is always ours."""
    text = json_text.replace("\\\\", "\\u005c").replace('\\"', "\\u0022")
    text = escape_beyond_ascii(escape(one_line(text), _SPECIAL))
    return '"' + text.replace('"', '\\"') + '"'


TARGET = Target(
    name="cmd",
    language="Windows cmd",
    title="curl.exe",
    file_name="launch.cmd",
    write=write,
)
