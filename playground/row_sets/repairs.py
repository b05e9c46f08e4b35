"""Changes to the cells of a table that a person makes, each of which can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from playground.payload.build.values import read_json
from playground.payload.texts import bare_text
from playground.payload.words import counted
from playground.row_sets.chunks import StoredCell, StoredRow, text_of
from playground.row_sets.repeated import RepeatKind

Action = Literal["set", "set-cells", "fill-down", "replace", "trim", "remove"]


class Repair(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="repair"):
    """`column` counts from 0; None stands for every column. `rows` are positions from 0; None
    stands for every row. `text` is what a cell gets, `find` what is looked for in it; `cells` are
    single ones with their texts: row and column (from 0), text."""

    action: Action
    column: int | None = None
    rows: frozenset[int] | None = None
    text: str = ""
    find: str = ""
    whole_cell: bool = False
    cells: tuple[tuple[int, int, str], ...] = ()


class RemoveFailing(msgspec.Struct, frozen=True, tag="remove-failing"):
    """Every row that needs attention goes."""


class RemoveRepeated(msgspec.Struct, frozen=True, kw_only=True, tag="remove-repeated"):
    """Of rows that are the same the first is kept, or the last."""

    kind: RepeatKind
    keeps_last: bool


class TakeBack(msgspec.Struct, frozen=True, tag="take-back"):
    """The last repair that was not taken back is undone."""


class CheckAgain(msgspec.Struct, frozen=True, kw_only=True, tag="check-again"):
    """All rows are checked anew with this mapping, of which a person is told what was `offered`;
    if there is a `workflow` (packed), for that one."""

    mapping: tuple[str | None, ...]
    offered: str = ""
    workflow: bytes = b""


# What is to be done with the rows of a table.
Order: TypeAlias = Repair | RemoveFailing | RemoveRepeated | TakeBack | CheckAgain


class UnableToRepair(Exception):
    """The cells would become more than a table may have; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def set_cells(cells: Mapping[tuple[int, int], str]) -> Repair:
    """The repair that gives each of these cells its text."""
    columns = {column for _, column in cells}
    return Repair(
        action="set-cells",
        column=next(iter(columns)) if len(columns) == 1 else None,
        rows=frozenset(row for row, _ in cells),
        cells=tuple((row, column, text) for (row, column), text in cells.items()),
    )


class Repairer:
    """Applies one repair to chunk after chunk. `changed` counts cells, or removed rows.

    Raises `UnableToRepair` for a cell that would have more than `longest` characters, and when all
    together would have over `room` more than before.
    """

    def __init__(self, repair: Repair, *, longest: int, room: int) -> None:
        self._repair, self._longest, self._room = repair, longest, room
        self._cells = {(row, column): text for row, column, text in repair.cells}
        self._above: StoredCell = None
        self.changed = 0

    def apply(self, rows: list[StoredRow], first: int) -> list[StoredRow]:
        """The rows of a chunk whose first row is at position `first`, as they are then. The very
        same list where nothing changes."""
        if self._repair.action == "remove":
            return self._remove(rows, first)
        made: list[StoredRow] | None = None
        for index, row in enumerate(rows):
            changed = self._row(row, first + index)
            if changed is not row:
                made = list(rows) if made is None else made
                made[index] = changed
        return rows if made is None else made

    def _remove(self, rows: list[StoredRow], first: int) -> list[StoredRow]:
        chosen = self._repair.rows
        left = [
            row for at, row in enumerate(rows) if chosen is not None and first + at not in chosen
        ]
        self.changed += len(rows) - len(left)
        return rows if len(left) == len(rows) else left

    def _row(self, row: StoredRow, position: int) -> StoredRow:
        repair = self._repair
        is_chosen = repair.rows is None or position in repair.rows
        columns = range(1, len(row)) if repair.column is None else (repair.column + 1,)
        made = row
        for at in columns:
            cell = row[at]
            new = self._cell(cell, (position, at - 1), is_chosen=is_chosen)
            if new != cell:
                made = list(row) if made is row else made
                made[at] = new
                self.changed += 1
                self._refuse_long(cell, new, position)
        return made

    def _refuse_long(self, cell: StoredCell, new: StoredCell, position: int) -> None:
        length = len(text_of(new))
        grows = length - len(text_of(cell))
        if grows > 0 and length > self._longest:
            raise UnableToRepair(
                f"The cell in row {position + 1:,} would have {length:,} characters, and may have "
                f"at most {self._longest:,}. Nothing was changed."
            )
        self._room -= grows
        if self._room < 0:
            raise UnableToRepair(
                "The table would have many times the text that it has now, which is more than it "
                "may have. Nothing was changed: put in something shorter."
            )

    def _cell(self, cell: StoredCell, place: tuple[int, int], *, is_chosen: bool) -> StoredCell:
        repair = self._repair
        if repair.action == "set-cells":
            return _with_text(cell, self._cells[place]) if place in self._cells else cell
        if repair.action == "fill-down":
            is_blank = not text_of(cell).strip()
            if is_blank and is_chosen:
                return cell if self._above is None else self._above
            self._above = self._above if is_blank else cell
            return cell
        return _CHANGES[repair.action](repair, cell) if is_chosen else cell


def _set(repair: Repair, cell: StoredCell) -> StoredCell:
    return _with_text(cell, repair.text)


def _with_text(cell: StoredCell, text: str) -> StoredCell:
    """A value of JSON that is no text stays one, as long as what it gets is one."""
    if text == text_of(cell):
        return cell
    if not isinstance(cell, dict):
        return text
    read = read_json(text)
    return text if read.problem or isinstance(read.value, str) else {"json": text.strip()}


def _replace(repair: Repair, cell: StoredCell) -> StoredCell:
    if not isinstance(cell, str) or not repair.find:
        return cell
    if repair.whole_cell:
        return repair.text if cell == repair.find else cell
    return cell.replace(repair.find, repair.text)


def _trim(_repair: Repair, cell: StoredCell) -> StoredCell:
    return bare_text(cell) if isinstance(cell, str) else cell


_CHANGES: dict[str, Callable[[Repair, StoredCell], StoredCell]] = {
    "set": _set,
    "replace": _replace,
    "trim": _trim,
}


def tell(repair: Repair, changed: int, columns: Sequence[str]) -> str:
    """What a repair did, in a sentence."""
    if repair.action == "remove":
        return f"{counted(changed, 'row')} removed."
    if repair.action == "set-cells" and repair.column is None:
        return f"{counted(changed, 'cell')} changed."
    named = columns[repair.column] if repair.column is not None else "all columns"
    did = {
        "set": "changed",
        "set-cells": "changed",
        "fill-down": "filled from above",
        "replace": "replaced",
        "trim": "trimmed",
    }[repair.action]
    return f"{counted(changed, 'cell')} of {named} {did}."
