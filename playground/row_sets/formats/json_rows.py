"""A JSON array of objects, or an object a line → rows with the names of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground.contract import wire
from playground.payload.typed_json import RepeatedKey, UnableToReadJson, read_typed, tell_repeated


class JsonText(str):
    """The text of a JSON value that is no text itself: a number, `null`, an object …"""

    __slots__ = ()


# Text stands for itself; None is a key that an object does not have.
Cell = str | None


class UnableToReadRows(Exception):
    """The text is no table; the sentence says why, and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRows:
    """`notices` tell what of the text is not in the rows, a sentence each. `places` are the
    lines of the rows where each has one of its own, else their numbers."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notices: tuple[str, ...]
    places: tuple[int, ...]


def read_array(text: str) -> JsonRows:
    """Raises `UnableToReadRows`. Of a payload the `inputs` are read; one object is one row."""
    value, repeated = _parse(text)
    if isinstance(value, dict):
        value = value.get("inputs", [value])
    if not isinstance(value, list):
        raise UnableToReadRows("This is no JSON array of rows.")
    for number, one in enumerate(value, start=1):
        if not isinstance(one, dict):
            raise UnableToReadRows(f"Row {number:,} is no object of keys and values.")
    return _table(value, repeated)


def read_lines(text: str) -> JsonRows:
    """The same of JSON Lines. Empty lines are none."""
    values, repeated, lines = [], [], []
    for at, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        value, more = _parse(line, at)
        if not isinstance(value, dict):
            raise UnableToReadRows(f"Line {at:,} is no object of keys and values.")
        values.append(value)
        lines.append(at)
        repeated += [replace(one, lines=(at,)) for one in more]
    return replace(_table(values, repeated), places=tuple(lines))


def _parse(text: str, line: int = 1) -> tuple[Any, tuple[RepeatedKey, ...]]:
    try:
        return read_typed(text)
    except UnableToReadJson as error:
        problem = replace(error.problem, line=error.problem.line + line - 1)
        raise UnableToReadRows(f"This is no JSON. {problem.sentence}") from None


def _table(values: Sequence[dict[str, Any]], repeated: Sequence[RepeatedKey]) -> JsonRows:
    names = tuple(dict.fromkeys(name for value in values for name in value))
    rows = tuple(
        tuple(_cell(value[name]) if name in value else None for name in names) for value in values
    )
    return JsonRows(
        names=names,
        rows=rows,
        notices=tell_repeated(tuple(repeated)),
        places=tuple(range(1, len(rows) + 1)),
    )


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else JsonText(wire.encode(value).decode())
