r"""The escapes of texts in JavaScript and Python: `\n`, `\x41`, `\u00e9`, `\u{1f600}` …"""

from __future__ import annotations

import json
import re
from contextlib import suppress

from playground.payload.texts import clean_text

_escape = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})"
    r"|(\r\n|.))",
    re.DOTALL,
)
_PLAIN = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "/": "/",
    "\\": "\\", "'": "'", '"': '"', "`": "`", "$": "$", "\n": "", "\r\n": "",
}  # fmt: skip
_LARGEST = 0x10FFFF
_LONG = 10_000


class _Unknown(Exception):
    pass


def unescape(text: str) -> str | None:
    """The text that is meant; None where an escape is none that both languages know."""
    if "\\" not in text:
        return text
    if len(text) > _LONG:
        # Most texts have no other escapes than those of JSON, which are read in no time.
        with suppress(ValueError):
            return clean_text(str(json.loads(f'"{text}"', strict=False)))
    try:
        # Halves of characters stand in two escapes.
        return clean_text(_escape.sub(_meant, text))
    except _Unknown:
        return None


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3] or found[4]
    if code:
        number = int(code, 16)
        if number > _LARGEST:
            raise _Unknown
        return chr(number)
    if found[5] not in _PLAIN:
        raise _Unknown
    return _PLAIN[found[5]]
