"""Long JSON, whose rows are handed on as they stand: making values of them takes ten times the
memory of the text, and whoever keeps them as a table reads them anyway."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

FROM_CHARACTERS = 1_000_000
# With fewer rows than this it is their values that are long.
_LEAST_ROWS = 1_000
_OBJECT = dict[str, msgspec.Raw]


class Split(NamedTuple):
    """The text without its rows, as JSON, and the rows."""

    rest: str
    rows: bytes


def split_rows(text: str) -> Split | None:
    """Only of a text that is JSON throughout, with rows enough; None for every other."""
    if len(text) < FROM_CHARACTERS:
        return None
    begin = text.lstrip("\ufeff \t\r\n")
    try:
        if begin.startswith("["):
            msgspec.json.decode(begin, type=msgspec.Raw)
            return _enough("", begin.encode())
        if not begin.startswith("{"):
            return None
        inputs: Any = msgspec.json.decode(begin, type=_OBJECT).get("inputs")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    if inputs is None or not bytes(inputs).startswith(b"["):
        return None
    rows = bytes(inputs)
    # Of a key that is there twice the last one counts.
    head, found, tail = begin.rpartition(rows.decode())
    return _enough(f"{head}[]{tail}", rows) if found else None


def _enough(rest: str, rows: bytes) -> Split | None:
    is_rows = rows[1:200].lstrip().startswith(b"{") and rows.count(b"{") >= _LEAST_ROWS
    return Split(rest, rows) if is_rows else None
