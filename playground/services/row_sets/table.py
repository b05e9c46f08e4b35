"""A page of a row set's table: all rows, those that need attention, or those that repeat others."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

from msgspec import Raw

from playground.models import RowChunk, RowSet
from playground.payload.texts import shorten
from playground.row_sets import chunks, repeated
from playground.row_sets.chunks import StoredRow
from playground.row_sets.facts import TableFacts
from playground.row_sets.judging import NEEDS_ATTENTION, Problem
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.row_sets import store
from playground.services.row_sets.errors import ChangedMeanwhile

PAGE_ROWS = 50
View = Literal["", "attention", "duplicates"]
# What is told of a row that is not beside one of its shown cells.
_MOST_NOTES = 5
# Of what is changed while it is looked at.
_MOST_TRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """`column` counts from 0; `problem` is a sentence. `is_json` for what is sent as it is."""

    column: int
    text: str
    problem: str = ""
    is_json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """`position` is its place among the rows, from 1; `place` that in the source. `problem` is a
    sentence of what concerns none of the `cells`."""

    position: int
    place: int
    cells: tuple[ShownCell, ...]
    problem: str = ""
    repeats: tuple[int, ...] = ()

    @property
    def has_problem(self) -> bool:
        return bool(self.problem) or any(cell.problem for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """`count` are the rows of the view, of which `rows` are those of page `number` (from 1)."""

    facts: TableFacts
    rows: tuple[ShownRow, ...]
    view: View
    number: int
    count: int

    @property
    def page_count(self) -> int:
        return max(1, -(-self.count // PAGE_ROWS))


def look(
    user: Person,
    row_set: RowSet,
    *,
    number: int = 1,
    view: View = "",
    columns: range | None = None,
) -> TablePage:
    """The page of this number, or the last one, with these `columns` or all. Reads only the chunks
    that it shows. Raises `ChangedMeanwhile` when somebody changes them all the time."""
    permissions.require(user, "use row set", row_set)
    return _at_rest(row_set, lambda: _look(row_set, number, view, columns))


def _look(row_set: RowSet, number: int, view: View, columns: range | None) -> TablePage:
    places = _places(row_set)
    groups = find_repeated(row_set) if view == "duplicates" else []
    positions = [at for group in groups for at in group]
    count = sum(one.attention if view == "attention" else one.rows for one in places)
    count = len(positions) if view == "duplicates" else count
    number = min(max(1, number), max(1, -(-count // PAGE_ROWS)))
    first, end = (number - 1) * PAGE_ROWS, min(number * PAGE_ROWS, count)
    wanted: Sequence[int] = range(first, end)
    if view == "duplicates":
        wanted = positions[first:end]
    elif view == "attention":
        wanted = _of_attention(row_set, places, first, end)
    repeats = {at: tuple(group) for group in groups for at in group}
    shower = _Shower(row_set, places, columns, repeats)
    rows = shower.show(wanted)
    return TablePage(facts=shower.facts, rows=rows, view=view, number=number, count=count)


def look_at(
    user: Person, row_set: RowSet, positions: Iterable[int], columns: range | None = None
) -> tuple[ShownRow, ...]:
    """The rows at these positions (from 0), as far as there are such."""
    permissions.require(user, "use row set", row_set)
    wanted = sorted(at for at in set(positions) if 0 <= at < row_set.rows)

    def show() -> tuple[ShownRow, ...]:
        shower = _Shower(row_set, _places(row_set), columns, {})
        return shower.show(wanted)

    return _at_rest(row_set, show)


def texts_at(user: Person, row_set: RowSet, positions: Iterable[int]) -> dict[tuple[int, int], str]:
    """The text of each cell of these rows, by row and column (from 0)."""
    rows = look_at(user, row_set, positions)
    return {(row.position - 1, cell.column): cell.text for row in rows for cell in row.cells}


class _Moved(Exception):
    """Another tab changed the rows while they were looked at."""


def _at_rest(row_set: RowSet, read: Callable[[], T]) -> T:
    """What is read while nobody changes the rows."""
    for _ in range(_MOST_TRIES):
        try:
            return read()
        except _Moved:
            row_set.refresh_from_db()
    raise ChangedMeanwhile(row_set)


def find_repeated(row_set: RowSet) -> list[list[int]]:
    """Positions (from 0) of rows that are nearly the same, at least two a group."""
    if not row_set.duplicates:
        return []
    # Who turns pages asks again and again.
    return _kept(
        "repeated",
        row_set,
        lambda: repeated.find_groups(store.digests_of(row_set.pk), "similar"),
    )


def samples(row_set: RowSet) -> list[tuple[str, ...]]:
    """The first values of each column that are not blank, among the first rows."""
    return _kept("samples", row_set, lambda: _samples(row_set))


def _samples(row_set: RowSet) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[] for _ in store.facts_of(row_set).columns]
    first = RowChunk.objects.filter(row_set=row_set).order_by("number")
    packed = first.values_list("cells", flat=True).first()
    for raw in chunks.split_rows(bytes(packed))[:_MOST_SAMPLED] if packed else ():
        for texts, cell in zip(found, chunks.read_row(raw)[1:], strict=False):
            if len(texts) < _SAMPLES and (text := chunks.text_of(cell)).strip():
                texts.append(shorten(text, _LONGEST_SAMPLE))
    return [tuple(texts) for texts in found]


# So many values of a column are shown, found among so many rows.
_SAMPLES, _MOST_SAMPLED, _LONGEST_SAMPLE = 3, 100, 40
_MOST_KEPT = 16
_known: OrderedDict[tuple[str, int, int, dt.datetime], Any] = OrderedDict()


def _kept(what: str, row_set: RowSet, find: Callable[[], T]) -> T:
    """What is found of a row set, which is the same as long as its version is."""
    key = (what, row_set.pk, row_set.version, row_set.changed_at)
    if key not in _known:
        _known[key] = find()
        while len(_known) > _MOST_KEPT:
            _known.popitem(last=False)
    found: T = _known[key]
    return found


class _Place(NamedTuple):
    """Where the rows of a chunk stand among all."""

    number: int
    first: int
    rows: int
    attention: int


def _places(row_set: RowSet) -> list[_Place]:
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    places, first = [], 0
    for number, rows, attention in found.values_list("number", "rows", "attention"):
        places.append(_Place(number, first, rows, attention))
        first += rows
    return places


def _of_attention(row_set: RowSet, places: Sequence[_Place], first: int, end: int) -> list[int]:
    """Positions of the rows that need attention, from the `first` of them on."""
    before, wanted = 0, []
    for place in places:
        if place.attention and before < end and before + place.attention > first:
            wanted.append(place.number)
        before += place.attention
    found = RowChunk.objects.filter(row_set=row_set, number__in=wanted)
    packed = dict(found.values_list("number", "problems"))
    positions: list[int] = []
    before = 0
    for place in places:
        if place.number in packed:
            problems = store.problems_of(bytes(packed[place.number]))
            rows = sorted({one.row for one in problems if one.code in NEEDS_ATTENTION})
            positions += [place.first + row for row in rows[max(0, first - before) : end - before]]
        before += place.attention
    return positions


class _Shower:
    """Shows rows of some positions, reading each chunk once."""

    def __init__(
        self,
        row_set: RowSet,
        places: Sequence[_Place],
        columns: range | None,
        repeats: Mapping[int, tuple[int, ...]],
    ) -> None:
        self.facts = store.facts_of(row_set)
        self._row_set, self._places, self._repeats = row_set, places, repeats
        self._columns = range(len(self.facts.columns)) if columns is None else columns
        self._judge = store.judge_of(store.workflow_of(row_set), self.facts)
        self._chunks: dict[int, _Chunk] = {}

    def show(self, positions: Sequence[int]) -> tuple[ShownRow, ...]:
        places = [self._place_of(position) for position in positions]
        self._load({place.number for place in places})
        return tuple(map(self._show, positions, places))

    def _place_of(self, position: int) -> _Place:
        for place in self._places:
            if place.first <= position < place.first + place.rows:
                return place
        raise _Moved

    def _load(self, numbers: Iterable[int]) -> None:
        found = RowChunk.objects.filter(row_set=self._row_set, number__in=numbers)
        for number, cells, problems in found.values_list("number", "cells", "problems"):
            of_row: dict[int, list[Problem]] = {}
            for problem in store.problems_of(bytes(problems)):
                of_row.setdefault(problem.row, []).append(problem)
            self._chunks[number] = _Chunk(chunks.split_rows(bytes(cells)), of_row)

    def _show(self, position: int, place: _Place) -> ShownRow:
        chunk = self._chunks.get(place.number)
        if chunk is None or len(chunk.rows) != place.rows:
            raise _Moved
        row = chunks.read_row(chunk.rows[position - place.first])
        told, notes = self._explained(row, chunk.problems.get(position - place.first, ()))
        cells = tuple(
            ShownCell(
                column=at,
                text=chunks.text_of(row[at + 1]),
                problem=told.get(at, ""),
                is_json=isinstance(row[at + 1], dict),
            )
            for at in self._columns
        )
        others = tuple(at + 1 for at in self._repeats.get(position, ()) if at != position)
        return ShownRow(
            position=position + 1,
            place=row[0],
            cells=cells,
            problem=" ".join(notes[:_MOST_NOTES]),
            repeats=others,
        )

    def _explained(
        self, row: StoredRow, problems: Iterable[Problem]
    ) -> tuple[dict[int, str], list[str]]:
        """Sentences by the column that they are beside, and those that are beside none."""
        told: dict[int, str] = {}
        notes = []
        for problem in problems:
            sentence = self._judge.explain(row, problem)
            column = self._column_of(problem.key)
            if column is not None and column in self._columns:
                told[column] = f"{told[column]} {sentence}" if column in told else sentence
            elif column is not None:
                notes.append(f"{shorten(self.facts.columns[column])}: {sentence}")
            else:
                notes.append(sentence)
        return told, notes

    def _column_of(self, key: str) -> int | None:
        mapping = self.facts.mapping
        return mapping.index(key) if key in mapping else None


class _Chunk(NamedTuple):
    rows: list[Raw]
    problems: dict[int, list[Problem]]
