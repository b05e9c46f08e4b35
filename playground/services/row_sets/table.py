"""A page of a row set's table: all rows, those that need attention, or those that repeat others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.models import RowChunk, RowSet
from playground.row_sets import chunks, repeated
from playground.row_sets.chunks import StoredRow
from playground.row_sets.facts import TableFacts
from playground.row_sets.judging import NEEDS_ATTENTION, Problem, RowJudge
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.row_sets import store

PAGE_ROWS = 50
View = Literal["", "attention", "duplicates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """`column` counts from 0; `problem` is a sentence."""

    column: int
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """`position` is its place among the rows, from 1; `place` that in the source. `problem` is a
    sentence of what concerns no cell."""

    position: int
    place: int
    cells: tuple[ShownCell, ...]
    problem: str = ""
    repeats: tuple[int, ...] = ()


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


def look(user: Person, row_set: RowSet, *, number: int = 1, view: View = "") -> TablePage:
    """The page of this number, or the last one. Reads only the chunks that it shows."""
    permissions.require(user, "use row set", row_set)
    facts = store.facts_of(row_set)
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    counts = list(found.values_list("number", "rows", "attention"))
    groups = (
        repeated.find_groups(store.digests_of(row_set.pk), "similar")
        if view == "duplicates"
        else []
    )
    repeats = {at: tuple(group) for group in groups for at in group}
    if view == "duplicates":
        positions: Sequence[int] = [at for group in groups for at in group]
    elif view == "attention":
        positions = _positions_of_attention(row_set, counts)
    else:
        positions = range(sum(rows for _, rows, _ in counts))
    pages = max(1, -(-len(positions) // PAGE_ROWS))
    number = min(max(1, number), pages)
    wanted = positions[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    return TablePage(
        facts=facts,
        rows=tuple(_Shower(row_set, facts, counts, repeats).show(wanted)),
        view=view,
        number=number,
        count=len(positions),
    )


def samples(row_set: RowSet, count: int = 3) -> list[tuple[str, ...]]:
    """The first values of each column that are not blank."""
    chunk = RowChunk.objects.filter(row_set=row_set).order_by("number").first()
    columns = store.facts_of(row_set).columns
    if chunk is None:
        return [() for _ in columns]
    rows = store.rows_of(chunk)
    found: list[tuple[str, ...]] = []
    for at in range(1, len(columns) + 1):
        texts = (text for row in rows if (text := chunks.text_of(row[at])).strip())
        found.append(tuple(text for text, _ in zip(texts, range(count), strict=False)))
    return found


def _positions_of_attention(row_set: RowSet, counts: Sequence[tuple[int, int, int]]) -> list[int]:
    positions: list[int] = []
    first = 0
    found = RowChunk.objects.filter(row_set=row_set, attention__gt=0)
    packed = dict(found.values_list("number", "problems"))
    for number, rows, attention in counts:
        if attention:
            problems = store.problems_of(bytes(packed[number]))
            chosen = {one.row for one in problems if one.code in NEEDS_ATTENTION}
            positions += [first + row for row in sorted(chosen)]
        first += rows
    return positions


class _Shower:
    """Shows rows of some positions, reading each chunk once."""

    def __init__(
        self,
        row_set: RowSet,
        facts: TableFacts,
        counts: Sequence[tuple[int, int, int]],
        repeats: Mapping[int, tuple[int, ...]],
    ) -> None:
        self._row_set, self._facts, self._repeats = row_set, facts, repeats
        self._judge = RowJudge(store.workflow_of(row_set), facts.mapping)
        self._firsts: list[tuple[int, int, int]] = []
        first = 0
        for number, rows, _ in counts:
            self._firsts.append((first, first + rows, number))
            first += rows
        self._chunks: dict[int, tuple[list[StoredRow], list[Problem]]] = {}

    def show(self, positions: Sequence[int]) -> list[ShownRow]:
        return [self._show(position) for position in positions]

    def _show(self, position: int) -> ShownRow:
        first, _, number = next(one for one in self._firsts if one[0] <= position < one[1])
        rows, problems = self._chunk(number)
        row = rows[position - first]
        told: dict[int, list[str]] = {}
        alone: list[str] = []
        for problem in problems:
            if problem.row != position - first:
                continue
            sentence = self._judge.explain(row, problem)
            column = self._column_of(problem.key)
            (alone if column is None else told.setdefault(column, [])).append(sentence)
        cells = tuple(
            ShownCell(
                column=at, text=chunks.text_of(row[at + 1]), problem=" ".join(told.get(at, ()))
            )
            for at in range(len(self._facts.columns))
        )
        others = tuple(at + 1 for at in self._repeats.get(position, ()) if at != position)
        return ShownRow(
            position=position + 1,
            place=row[0],
            cells=cells,
            problem=" ".join(alone),
            repeats=others,
        )

    def _column_of(self, key: str) -> int | None:
        mapping = self._facts.mapping
        return next((at for at, target in enumerate(mapping) if target == key), None)

    def _chunk(self, number: int) -> tuple[list[StoredRow], list[Problem]]:
        if number not in self._chunks:
            chunk = RowChunk.objects.get(row_set=self._row_set, number=number)
            self._chunks[number] = (store.rows_of(chunk), store.problems_of(bytes(chunk.problems)))
        return self._chunks[number]
