"""A payload as lines of pretty JSON, each of which knows the form field it comes from.

Joined by line feeds the lines are a JSON text of exactly the value that is sent. Characters that
hide or reorder others are written as escapes, so that what is read is what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Literal, NamedTuple

import msgspec

from playground.payload.build import origins
from playground.payload.build.builder import Built
from playground.payload.build.origins import NOWHERE, Origin
from playground.payload.texts import escape_hiding, json_string

TokenKind = Literal["key", "string", "number", "literal", "punctuation", "space"]


# Named tuples: a payload has thousands of tokens, and dataclasses take three times as long.
class Token(NamedTuple):
    kind: TokenKind
    text: str


class Line(NamedTuple):
    """One line. `field` is a form field's name, empty when it comes from none."""

    tokens: tuple[Token, ...]
    field: str
    label: str

    @property
    def text(self) -> str:
        return "".join([token[1] for token in self.tokens])


Tokens = tuple[Token, ...]
OfKey = Callable[[str], Origin]
_NO_INNER: Mapping[str, OfKey] = {}


class Part(NamedTuple):
    """A value to render. Without `of_key` its members come from where it comes from itself.

    `inner` says the same for members that are objects, by their key.
    """

    value: Any
    origin: Origin
    of_key: OfKey | None = None
    inner: Mapping[str, OfKey] = _NO_INNER


_COLON, _COMMA = Token("punctuation", ": "), (Token("punctuation", ","),)
_NULL, _TRUE, _FALSE = (Token("literal", text) for text in ("null", "true", "false"))
_BRACKETS = {
    dict: (Token("punctuation", "{"), Token("punctuation", "}"), Token("punctuation", "{}")),
    list: (Token("punctuation", "["), Token("punctuation", "]"), Token("punctuation", "[]")),
}


def render_lines(built: Built) -> tuple[Line, ...]:
    return tuple(iterate_lines(built))


def render_head(built: Built, most_lines: int) -> tuple[Line, ...]:
    """The first lines, without rendering the rest."""
    return tuple(islice(iterate_lines(built), most_lines))


def render_value(value: Any) -> tuple[Line, ...]:
    """Any JSON value as lines that come from no field: a payload that was sent long ago."""
    return tuple(_Renderer().render_value(value))


def json_text(built: Built) -> str:
    """The same text as the lines of `render_lines`, joined by line feeds."""
    return escape_hiding(msgspec.json.format(built.body, indent=2).decode())


def text_of(lines: Iterable[Line]) -> str:
    """The JSON text that the lines are."""
    return "\n".join([line.text for line in lines])


def iterate_lines(built: Built) -> Iterator[Line]:
    return _Renderer().render(built)


class _Renderer:
    """Renders one payload. Keys and indents come again and again, so their tokens are kept."""

    def __init__(self) -> None:
        self._keys: dict[str, Token] = {}
        self._indents = [Token("space", "  " * depth) for depth in range(8)]

    def render(self, built: Built) -> Iterator[Line]:
        yield Line((_BRACKETS[dict][0],), *NOWHERE)
        last = len(built.value) - 1
        for at, (key, value) in enumerate(built.value.items()):
            head, tail = self._head(1, key), _COMMA if at < last else ()
            if key == "inputs" and value:
                yield from self._entries(head, _row_parts(built), len(value), tail, key)
            elif key == "steps" and value:
                yield from self._entries(head, _step_parts(built), len(value), tail, key)
            else:
                of_key = origins.of_schedule if key == "repeat_option" else None
                part = Part(value, origins.of_top(key), of_key)
                yield from self._lines(head, part, tail, 1)
        yield Line((_BRACKETS[dict][1],), *NOWHERE)

    def render_value(self, value: Any) -> list[Line]:
        return self._lines((), Part(value, NOWHERE), (), 0)

    def _entries(
        self, head: Tokens, parts: Iterator[Part], count: int, tail: Tokens, key: str
    ) -> Iterator[Line]:
        origin, (opening, closing, _) = origins.of_top(key), _BRACKETS[list]
        yield Line((*head, opening), *origin)
        for at, part in enumerate(parts, start=1):
            yield from self._lines((self._indent(2),), part, _COMMA if at < count else (), 2)
        yield Line((self._indent(1), closing, *tail), *origin)

    def _lines(self, head: Tokens, part: Part, tail: Tokens, depth: int) -> list[Line]:
        lines: list[Line] = []
        self._add(lines, head, part, tail, depth)
        return lines

    def _add(self, lines: list[Line], head: Tokens, part: Part, tail: Tokens, depth: int) -> None:
        value, origin, of_key, inner = part
        kind = type(value)
        if kind is not dict and kind is not list:
            lines.append(Line((*head, _scalar(value), *tail), *origin))
            return
        opening, closing, empty = _BRACKETS[kind]
        if not value:
            lines.append(Line((*head, empty, *tail), *origin))
            return
        lines.append(Line((*head, opening), *origin))
        last, below = len(value) - 1, depth + 1
        if kind is dict:
            for at, (key, item) in enumerate(value.items()):
                child = Part(item, of_key(key) if of_key else origin, inner.get(key), _NO_INNER)
                self._add(lines, self._head(below, key), child, _COMMA if at < last else (), below)
        else:
            indent = (self._indent(below),)
            for at, item in enumerate(value):
                child = Part(item, origin)
                self._add(lines, indent, child, _COMMA if at < last else (), below)
        lines.append(Line((self._indent(depth), closing, *tail), *origin))

    def _head(self, depth: int, key: str) -> Tokens:
        token = self._keys.get(key)
        if token is None:
            token = self._keys[key] = Token("key", json_string(key))
        return (self._indent(depth), token, _COLON)

    def _indent(self, depth: int) -> Token:
        if depth < len(self._indents):
            return self._indents[depth]
        return Token("space", "  " * depth)


def _row_parts(built: Built) -> Iterator[Part]:
    for source, row in zip(built.rows, built.value["inputs"], strict=True):
        yield Part(row, origins.of_row(source), partial(origins.of_cell, source))


def _step_parts(built: Built) -> Iterator[Part]:
    for source, step in zip(built.steps, built.value["steps"], strict=True):
        if source is None:
            yield Part(step, origins.UNKNOWN_STEPS)
            continue
        inner = {"parameters": partial(origins.of_parameter, source)}
        of_key = partial(origins.of_step_key, source)
        yield Part(step, origins.of_step(source), of_key, inner)


def _scalar(value: Any) -> Token:
    if isinstance(value, str):
        return Token("string", json_string(value))
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    return Token("number", msgspec.json.encode(value).decode())
