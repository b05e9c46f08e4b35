"""A JSON array of objects, a payload, or an object a line → rows with the names of their columns.

The text is walked object by object, so that a long one takes no more memory than its text, and one
that breaks off has the rows before that.
"""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import msgspec

from playground.contract.launches import META_KEY
from playground.payload.texts import clean_text
from playground.payload.typed_json import (
    RepeatedKey,
    UnableToReadJson,
    find_repeated,
    read_typed,
    tell_repeated,
)


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


# Of one row, of all rows, and of keys that are different: far more than any table has.
LONGEST_ROW = 1_000_000
MOST_ROWS = 200_000
_MOST_NAMES = 5_000
# Keys that are there twice: with their lines the first are told, and so many are counted.
_MOST_LOCATED, _MOST_REPEATED = 20, 10_000
_SHOWN_BEHIND = 200
# How a value begins that is no object.
_OTHER_VALUES = '["-0123456789tfn'
_META = f"{META_KEY}."

_TEXT = r'"(?:[^"\\]++|\\.)*+"'
_flat_object = re.compile(rf'\{{(?:[^{{}}\[\]"]++|{_TEXT})*+\}}', re.DOTALL).match
# A text that is not closed is one as well: else each of its quotes would be tried to the end.
_tokens = re.compile(r'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[{}\[\]]', re.DOTALL).finditer
_array_behind = re.compile(r"\s*:\s*\[").match
_next_object = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=\{)").match
_blank = re.compile(r"[ \t\r\n\ufeff]*").match


class _Found(NamedTuple):
    """An object of the text: its place among the rows, and where it begins and ends."""

    place: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRows:
    """`notices` tell what of the text is not in the rows, a sentence each. `is_lines`: an object
    follows the other, and the place of each is its line; else it is its number."""

    names: tuple[str, ...]
    is_lines: bool
    notices: tuple[str, ...]
    _text: str
    # The place, the beginning and the end of each object.
    _objects: tuple[array[int], array[int], array[int]]
    _splits_meta: bool

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Each with its place and a cell for each of the names, as often as they are asked for."""
        text, names, splits = self._text, self.names, self._splits_meta
        for place, begin, end in zip(*self._objects, strict=True):
            cells = _cells(text[begin:end], splits_meta=splits)
            yield place, tuple(map(cells.get, names))


def read_json(text: str, *, splits_meta: bool = False) -> JsonRows:
    """Raises `UnableToReadRows`. Of a payload the `inputs` are read; one object is one row.

    With `splits_meta` the keys of the objects under `meta` are columns of their own, `meta.<key>`,
    unless one has something else there.
    """
    text = clean_text(text)
    walk, names, told = _Walk(text), _Names(), []
    objects = (array("q"), array("q"), array("q"))
    try:
        for found in walk.objects():
            names.add(text, found)
            for numbers, number in zip(objects, found, strict=True):
                numbers.append(number)
    except _BrokenOff as error:
        if not names.count:
            raise UnableToReadRows(f"This is no JSON. {error}") from None
        told.append(f"{error} The rows before it were read.")
    splits = splits_meta and names.has_meta_objects
    return JsonRows(
        names=names.listed(splits_meta=splits),
        is_lines=walk.is_lines,
        notices=(*tell_repeated(tuple(names.repeated)), *told),
        _text=text,
        _objects=objects,
        _splits_meta=splits,
    )


class _BrokenOff(Exception):
    """The text is no JSON from here on."""


class _Walk:
    """The objects of a text one after the other, each as far as its brackets tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        begin = _behind_blank(text, 0)
        inputs = None if text.startswith("[", begin) else _find_inputs(text, begin)
        self._is_array = text.startswith("[", begin) or inputs is not None
        self._is_whole = inputs is None
        self._begin = begin if inputs is None else inputs
        self.is_lines = False
        if not self._is_array and (end := _end_of_object(text, begin)):
            self.is_lines = self._behind_comma(end) < len(text)

    def objects(self) -> Iterator[_Found]:
        """Raises `_BrokenOff`, and `UnableToReadRows` for what is no object."""
        line, counted_to = 1, 0
        at = self._first() if self._is_array else self._begin
        for number in itertools.count(1):
            if at is None:
                return
            if number > MOST_ROWS:
                raise UnableToReadRows(f"It has more than {MOST_ROWS:,} rows. Split it.")
            if self.is_lines:
                line, counted_to = line + self.text.count("\n", counted_to, at), at
            place = line if self.is_lines else number
            end = self._end(at, place)
            yield _Found(place, at, end)
            at = self._next(at, end)

    def _first(self) -> int | None:
        at = _behind_blank(self.text, self._begin + 1)
        return None if self._is_over(at) else at

    def _end(self, at: int, place: int) -> int:
        sign = self.text[at : at + 1]
        if sign and sign in _OTHER_VALUES:
            what = "Line" if self.is_lines else "Row"
            raise UnableToReadRows(f"{what} {place:,} is no object of keys and values.")
        end = _end_of_object(self.text, at) if sign == "{" else None
        if end is None:
            raise _BrokenOff(_tell_problem(self.text, at, at + LONGEST_ROW))
        return end

    def _next(self, begin: int, end: int) -> int | None:
        """Where the object after the one that ends here begins; None for the last."""
        text = self.text
        if not self._is_array:
            at = self._behind_comma(end)
            return None if at == len(text) else at
        if found := _next_object(text, end):
            return found.end()
        at = _behind_blank(text, end)
        if text.startswith(",", at):
            return _behind_blank(text, at + 1)
        if self._is_over(at):
            return None
        raise _BrokenOff(_tell_problem(text, begin, at + _SHOWN_BEHIND, "["))

    def _is_over(self, at: int) -> bool:
        """Whether the array ends here. Behind the inputs of a payload there may be anything."""
        is_over = self.text.startswith("]", at)
        if is_over and self._is_whole and _behind_blank(self.text, at + 1) < len(self.text):
            raise _BrokenOff(_tell_problem(self.text, at, at + _SHOWN_BEHIND, "["))
        return is_over

    def _behind_comma(self, at: int) -> int:
        """Some write a comma behind each of the lines."""
        at = _behind_blank(self.text, at)
        return _behind_blank(self.text, at + 1) if self.text.startswith(",", at) else at


def _tell_problem(text: str, begin: int, end: int, before: str = "") -> str:
    line = text.count("\n", 0, begin) + 1
    column = begin - text.rfind("\n", 0, begin) - 1
    try:
        read_typed(before + text[begin:end])
    except UnableToReadJson as error:
        problem = error.problem
        if problem.line == 1:
            problem = replace(problem, column=problem.column + column - len(before))
        return replace(problem, line=problem.line + line - 1).sentence
    return (
        f"Line {line:,}, column {column + 1:,}: what follows the row that begins here is no JSON."
    )


def _behind_blank(text: str, at: int) -> int:
    found = _blank(text, at)
    assert found  # noqa: S101 - there may be none
    return found.end()


def _end_of_object(text: str, at: int) -> int | None:
    """Where the object that begins here ends; None for one that does not. Raises
    `UnableToReadRows` for one that is longer than a row may be."""
    if flat := _flat_object(text, at, at + LONGEST_ROW):
        return flat.end()
    depth = 0
    for token in _tokens(text, at, at + LONGEST_ROW):
        sign = text[token.start()]
        depth += (sign in "{[") - (sign in "}]")
        if not depth:
            return token.end()
    _refuse_longer(text, at)
    return None


def _find_inputs(text: str, at: int) -> int | None:
    """Where the array `inputs` of the object that begins here begins; None where it has none."""
    depth = 0
    for token in _tokens(text, at, at + LONGEST_ROW):
        sign = text[token.start()]
        if depth == 1 and token[0] == '"inputs"' and (array := _array_behind(text, token.end())):
            return array.end() - 1
        depth += (sign in "{[") - (sign in "}]")
        if not depth:
            return None
    _refuse_longer(text, at)
    return None


def _refuse_longer(text: str, at: int) -> None:
    if len(text) > at + LONGEST_ROW:
        line = text.count("\n", 0, at) + 1
        raise UnableToReadRows(
            f"The row that begins in line {line:,} is longer than {LONGEST_ROW:,} characters, "
            "which no row may be."
        )


@dataclass(slots=True)
class _Names:
    """The keys of all objects, those of `meta` apart, and which of them an object has twice."""

    count: int = 0
    has_meta_objects: bool = True
    repeated: list[RepeatedKey] = field(default_factory=list)
    _names: dict[str, None] = field(default_factory=dict)
    _of_meta: dict[str, None] = field(default_factory=dict)

    def add(self, text: str, found: _Found) -> None:
        row = text[found.begin : found.end]
        try:
            value = msgspec.json.decode(row)
        except (msgspec.DecodeError, RecursionError):
            raise _BrokenOff(_tell_problem(text, found.begin, found.end)) from None
        self.count += 1
        if not value.keys() <= self._names.keys():
            self._names.update(dict.fromkeys(value))
        if META_KEY in value:
            meta = value[META_KEY]
            self.has_meta_objects = self.has_meta_objects and isinstance(meta, dict)
            self._of_meta.update(dict.fromkeys(meta if isinstance(meta, dict) else ()))
        if len(self._names) + len(self._of_meta) > _MOST_NAMES:
            raise UnableToReadRows(f"Its objects have more than {_MOST_NAMES:,} different keys.")
        if len(self.repeated) < _MOST_REPEATED and (repeated := find_repeated(row, value)):
            self._add_repeated(text, found.begin, repeated)

    def _add_repeated(self, text: str, begin: int, repeated: tuple[RepeatedKey, ...]) -> None:
        lines = text.count("\n", 0, begin) if len(self.repeated) < _MOST_LOCATED else None
        for key in repeated:
            there = () if lines is None else tuple(lines + line for line in key.lines)
            self.repeated.append(replace(key, lines=there))

    def listed(self, *, splits_meta: bool) -> tuple[str, ...]:
        if not splits_meta:
            return tuple(self._names)
        of_meta = [f"{_META}{name}" for name in self._of_meta]
        names: list[str] = []
        for name in self._names:
            names += of_meta if name == META_KEY else [name]
        return tuple(dict.fromkeys(names))


def _cells(text: str, *, splits_meta: bool) -> Mapping[str, Cell]:
    values: dict[str, Any] = msgspec.json.decode(text)
    if all(type(value) is str for value in values.values()):
        return values
    raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    if splits_meta and META_KEY in raw:
        meta = msgspec.json.decode(raw.pop(META_KEY), type=dict[str, msgspec.Raw])
        raw = {f"{_META}{name}": value for name, value in meta.items()} | raw
    return {name: _cell(bytes(value)) for name, value in raw.items()}


def _cell(value: bytes) -> str:
    """Text; else the JSON as it is written there, without blanks: 1e5 and 1.0 are no 100000."""
    if value.startswith(b'"'):
        return msgspec.json.decode(value, type=str)
    return JsonText(msgspec.json.format(value, indent=-1).decode())
