"""Text as it may be sent and shown: whole characters, and nothing that hides or reorders others."""

from __future__ import annotations

import re

from playground.contract.folding import fold as fold
from playground.contract.folding import fold_all as fold_all

# Characters that a terminal or a page shows as nothing, as a line break, or by turning the order
# of their neighbours: controls (Cc), formats such as the bidirectional marks (Cf), line and
# paragraph separators, and letters that are blank by design.
_HIDING = (
    "\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_is_hiding = re.compile(f"[{_HIDING}]")
_find_shown = re.compile(f"[^\\s\x00-\x20{_HIDING}]").search
_SHORT = 40
# Of blanks at one end of a text only so many are shown.
_MOST_MARKS = 3


def clean_text(text: str) -> str:
    """The text with every lone surrogate replaced by U+FFFD; pairs become the one character.

    A lone surrogate is half of a character: UTF-8, and so JSON, cannot carry it.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def hides_nothing(json_text: str) -> bool:
    """Whether it is certain at a glance that `escape_hiding` would change nothing."""
    return json_text.isascii() and "\x7f" not in json_text


def escape_hiding(json_text: str) -> str:
    r"""JSON text with every hiding character written as `\uXXXX`: the same JSON value.

    Outside of strings JSON holds none of them, so the whole text can be treated at once.
    """
    return _is_hiding.sub(_as_escape, json_text)


def without_hiding(text: str) -> str:
    """One line of plain text: hiding characters, line breaks and tabs become a space."""
    return " ".join(_is_hiding.sub(" ", re.sub("[\x00-\x1f]", " ", clean_text(text))).split())


def percent_encode_hiding(url: str) -> str:
    """A web address whose blank and hiding characters are percent-encoded, the rest as it is."""
    return re.sub(f"[\x00-\x20{_HIDING}]", _as_percents, clean_text(url))


def shorten(text: str, most: int = _SHORT) -> str:
    """The beginning of a text on one line, to be quoted in a sentence."""
    line = without_hiding(text[: most * 4])
    return line if len(line) <= most and len(text) <= most * 4 else line[: most - 1] + "…"


def bare_text(text: str) -> str:
    """The text without what is blank or invisible at its ends."""
    first, last = _find_shown(text), _find_shown(text[::-1])
    return text[first.start() : len(text) - last.start()] if first and last else ""


def show_ends(text: str, most: int = _SHORT) -> str:
    """As `shorten`, with a ␣ for what is blank or invisible at the ends: there it counts."""
    bare = bare_text(text)
    start = text.find(bare)
    marks = ["␣" * min(_MOST_MARKS, count) for count in (start, len(text) - start - len(bare))]
    return f"{marks[0]}{shorten(bare, most)}{marks[1] if bare else ''}"


def _as_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _as_percents(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())
