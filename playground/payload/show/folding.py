"""JSON of any size and shape in a bounded number of lines, and of characters.

What is small is shown whole. Of what is large, each object and array shows its first entries and
says how many more there are, and each long text its beginning, so that every part has its place.
Whoever shows lines that are not the whole offers the whole beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from playground.payload.paths import Path
from playground.payload.show.lines import (
    Bracket,
    Line,
    Token,
    TokenKind,
    count_lines,
    indent_of,
    render_json,
)
from playground.payload.texts import escape_hiding
from playground.payload.words import counted

MOST_LINES = 2_000
# Of a JSON text that is shown as it is, and of all that is shown of a larger one.
MOST_CHARACTERS = 100_000
LONGEST_TEXT, LONGEST_KEY = 500, 200
# Of an object or array that is cut no entry takes more than a part of the lines.
_FEWEST_ENTRIES, _FEWEST_LINES = 20, 12
_DEEPEST = 60
_COMMA, _COLON = Token("punctuation", ","), Token("punctuation", ": ")
_SCALARS: dict[type, TokenKind] = {str: "string", bool: "literal", type(None): "literal"}


class Folded(NamedTuple):
    """`is_whole`: the lines are the JSON text. Else they are no JSON, but what to see of it."""

    lines: tuple[Line, ...]
    is_whole: bool


def fold_json(value: Any, text: str) -> Folded:
    """The lines of a JSON value; `text` is its compact JSON text."""
    if len(text) <= MOST_CHARACTERS and _has_few_lines(text):
        return Folded(tuple(render_json(text)), is_whole=True)
    return Folded(tuple(_Folder().fold(value)), is_whole=False)


def fold_value(value: Any) -> Folded:
    """The same of any JSON value, decoded."""
    return fold_json(value, msgspec.json.encode(value).decode())


def _has_few_lines(text: str) -> bool:
    # Commas and brackets in texts make it a rough count, of which the most is taken first.
    most = 1 + text.count(",") + 2 * (text.count("[") + text.count("{"))
    return most <= MOST_LINES or count_lines(text) <= MOST_LINES


class _Folder:
    """Writes the lines of one value."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._characters = MOST_CHARACTERS

    def fold(self, value: Any) -> list[Line]:
        self._write(value, (), (), (), MOST_LINES)
        return self._lines

    def _write(
        self, value: Any, path: Path, head: tuple[Token, ...], tail: tuple[Token, ...], most: int
    ) -> int:
        """Writes at most so many lines between `head` and `tail`; how many they were."""
        if not isinstance(value, dict | list) or not value:
            return self._add((*head, *_scalar(value), *tail), path)
        brackets = "{}" if isinstance(value, dict) else "[]"
        opening, closing = (Token("punctuation", bracket) for bracket in brackets)
        if most < 4 or len(path) >= _DEEPEST or self._characters <= 0:
            return self._add((*head, opening, _more(len(value)), closing, *tail), path)
        self._add((*head, opening), path, "opens")
        used = self._write_entries(value, path, most - 3)
        self._add((closing, *tail), path, "closes")
        return used + 2

    def _write_entries(self, value: dict[str, Any] | list[Any], path: Path, most: int) -> int:
        used, left = 0, len(value)
        entries: Iterable[tuple[Any, Any]] = (
            value.items() if isinstance(value, dict) else enumerate(value)
        )
        for key, item in entries:
            room = most - used
            if room <= 0 or self._characters <= 0:
                break
            left -= 1
            share = max(room // min(left + 1, _FEWEST_ENTRIES), min(room, _FEWEST_LINES))
            head = (*_key(key), _COLON) if isinstance(key, str) else ()
            used += self._write(item, (*path, key), head, (_COMMA,) if left else (), share)
        if left:
            # What stands for several entries is at the place of that which has them.
            used += self._add((_more(left),), path, depth=len(path) + 1)
        return used

    def _add(
        self,
        tokens: tuple[Token, ...],
        path: Path,
        bracket: Bracket = "",
        *,
        depth: int | None = None,
    ) -> int:
        """Adds one line, by default as deep as its path is long."""
        depth = len(path) if depth is None else depth
        shown = (indent_of(depth), *tokens) if depth else tokens
        self._lines.append(Line(shown, path, bracket))
        self._characters -= sum(len(token.text) for token in shown)
        return 1


def _key(key: str) -> tuple[Token, ...]:
    text = escape_hiding(msgspec.json.encode(key[:LONGEST_KEY]).decode())
    rest = len(key) - LONGEST_KEY
    return (Token("key", text), *((_cut(rest),) if rest > 0 else ()))


def _scalar(value: Any) -> tuple[Token, ...]:
    if isinstance(value, dict | list):
        return (Token("punctuation", "{}" if isinstance(value, dict) else "[]"),)
    rest = 0
    if isinstance(value, str):
        rest = len(value) - LONGEST_TEXT
        value = value[:LONGEST_TEXT]
    kind = _SCALARS.get(type(value), "number")
    text = escape_hiding(msgspec.json.encode(value).decode())
    return (Token(kind, text), *((_cut(rest),) if rest > 0 else ()))


def _more(count: int) -> Token:
    return Token("fold", f"… {count:,} more")


def _cut(count: int) -> Token:
    return Token("fold", f"… {counted(count, 'more character')}")
