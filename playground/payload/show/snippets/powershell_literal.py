"""The payload in PowerShell."""

from __future__ import annotations

from playground.payload.show.snippets.calls import Call
from playground.payload.show.snippets.writing import escape_beyond_ascii


def payload(call: Call) -> str:
    """The assignment, in a here-string, which ends at a line that begins with its quote: none of
    JSON does. Windows PowerShell neither reads nor sends other characters than those of ASCII as
    they are."""
    return f"$payload = @'\n{escape_beyond_ascii(call.body)}\n'@"
