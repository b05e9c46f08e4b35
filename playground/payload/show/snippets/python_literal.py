"""The payload in Python, the same for every library."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call


def payload(call: Call) -> str:
    """The assignment, in a raw string; the quotes that would end it are escapes of JSON."""
    if call.file:
        return f"PAYLOAD = pathlib.Path({call.file!r}).read_bytes()".replace("'", '"')
    text = call.body.replace("'''", "''\\u0027")
    return f"PAYLOAD = r'''{text}'''.encode()"
