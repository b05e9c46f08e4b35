"""JSON as lines, each of which knows the path of what it shows.

Everything that is shown as JSON comes through here: payloads, requests, examples, answers. A line
is made from JSON text, not from values, so numbers, repeated keys and escapes stay as they were
written. Joined by line feeds the lines are a JSON text of the same value, but for what `folding`
leaves out. Characters that hide or reorder others are written as escapes, so that what is read is
what is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple, cast

import msgspec

from playground.payload.build.builder import Built
from playground.payload.paths import Path
from playground.payload.texts import escape_hiding, hides_nothing

TokenKind = Literal["key", "string", "number", "literal", "punctuation", "space", "fold"]
Bracket = Literal["opens", "closes", ""]


# Named tuples: a payload has thousands of tokens, and dataclasses take three times as long.
class Token(NamedTuple):
    kind: TokenKind
    text: str


class Line(NamedTuple):
    """One line. An object or array of several lines has its path on the first and the last one.

    `bracket` tells these two apart from all others.
    """

    tokens: tuple[Token, ...]
    path: Path
    bracket: Bracket = ""

    @property
    def text(self) -> str:
        return "".join([token[1] for token in self.tokens])

    @property
    def string(self) -> str | None:
        """The text that the line's JSON string stands for; None where its value is no string."""
        for kind, text in self.tokens:
            if kind == "string":
                return cast(str, json.loads(text, strict=False))
        return None


_STRING = r'"(?:[^"\\]|\\.)*+"'
# What makes one line of compact JSON: a key, if any, and what the last group's name tells.
_part = re.compile(
    rf",?(?:({_STRING}):)?"
    r"(?:(?P<opens>[\[{])(?![\]}])|(?P<closes>[\]}])"
    rf"|(?P<string>{_STRING})|(?P<number>[-0-9][^,\]}}]*)|(?P<literal>[a-z]+)"
    r"|(?P<punctuation>\[\]|\{\}))",
    re.DOTALL,
)
_strings = re.compile(_STRING, re.DOTALL)
_COLON, _COMMA = Token("punctuation", ": "), Token("punctuation", ",")
_PUNCTUATION = {text: Token("punctuation", text) for text in ("{", "}", "[", "]", "{}", "[]")}
_SCALARS: dict[str, TokenKind] = {"string": "string", "number": "number", "literal": "literal"}
_BRACKETS: dict[str, Bracket] = {"opens": "opens", "closes": "closes"}
_INDENTS = [Token("space", "  " * depth) for depth in range(16)]


def render_lines(built: Built) -> tuple[Line, ...]:
    return tuple(render_json(built.body.decode()))


def render_value(value: Any) -> tuple[Line, ...]:
    """The lines of any JSON value, decoded."""
    return tuple(render_json(msgspec.json.encode(value).decode()))


def json_text(built: Built) -> str:
    """The same text as the lines of `render_lines`, joined by line feeds."""
    return escape_hiding(msgspec.json.format(built.body, indent=2).decode())


def text_of(lines: Iterable[Line]) -> str:
    """The JSON text that the lines are."""
    return "\n".join([line.text for line in lines])


def render_json(text: str, *, start: int = 0) -> Iterator[Line]:
    """The lines of a compact JSON text from the line `start` on, one by one as they are asked for.

    The text must be JSON without blanks between its parts, as `compact` makes it.
    """
    writer = _Writer(text)
    # `here` is the object or array that is open, `outer` are those around it; each with the index
    # of its next entry.
    outer: list[tuple[Path, int]] = []
    here: Path = ()
    index = 0
    for number, part in enumerate(_part.finditer(text)):
        kind = part.lastgroup
        if kind == "closes":
            path = here
            here, index = outer.pop()
        elif number < start and kind != "opens":
            index += 1
            continue
        else:
            key = part[1]
            if key is not None:
                path = (*here, writer.name_of(key))
            else:
                path = (*here, index) if outer else ()
            index += 1
            if kind == "opens":
                outer.append((here, index))
                here, index = path, 0
        if number >= start:
            yield writer.line(part, path)


def compact(text: str) -> str:
    """The same JSON without blanks between its parts. Raises as msgspec does for what is none."""
    return msgspec.json.format(text, indent=-1)


def count_lines(text: str) -> int:
    """How many lines a compact JSON text makes."""
    bare = _strings.sub('"', text)
    containers = bare.count("[") + bare.count("{") - bare.count("[]") - bare.count("{}")
    # Every value but the first stands behind a comma or begins an object or array that is not
    # empty; such a one takes a line more, for its end.
    return 1 + bare.count(",") + 2 * containers


class _Writer:
    """Writes the lines of one text. Keys come again and again, so their tokens are kept."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_plain = hides_nothing(text)
        self._keys: dict[str, tuple[Token, str]] = {}

    def name_of(self, key: str) -> str:
        return (self._keys.get(key) or self._read_key(key))[1]

    def line(self, part: re.Match[str], path: Path) -> Line:
        kind = part.lastgroup or ""
        text, key, depth = part[kind], part[1], len(path)
        scalar = _SCALARS.get(kind)
        if scalar is None:
            value = _PUNCTUATION[text]
        else:
            value = Token(scalar, text if self._is_plain else escape_hiding(text))
        bracket = _BRACKETS.get(kind, "")
        has_comma = self._text.startswith(",", part.end())
        tail = (value, _COMMA) if has_comma else (value,)
        if key is not None:
            tail = (self._keys[key][0], _COLON, *tail)
        return Line((indent_of(depth), *tail) if depth else tail, path, bracket)

    def _read_key(self, key: str) -> tuple[Token, str]:
        name = json.loads(key, strict=False) if "\\" in key else key[1:-1]
        shown = key if self._is_plain else escape_hiding(key)
        found = self._keys[key] = (Token("key", shown), name)
        return found


def indent_of(depth: int) -> Token:
    return _INDENTS[depth] if depth < len(_INDENTS) else Token("space", "  " * depth)
