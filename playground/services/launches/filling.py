"""Copied cells, or a file, into the rows of a draft; and what there is to know about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.payload.drafts import BLANK, Entry, LaunchDraft
from playground.payload.edit import filling
from playground.payload.words import counted, cut_list
from playground.row_sets.columns import ColumnNames
from playground.row_sets.formats import clipboard
from playground.row_sets.formats.files import Table
from playground.row_sets.formats.json_rows import Cell, JsonText, UnableToReadRows
from playground.services.launches.preview import check_cells

__all__ = ["FilledIn", "UnableToReadRows", "copied_table", "fill_in"]

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """`first` is the position of the first filled row, `keys` are the filled columns; `notice`
    tells what was done, and what was left out."""

    draft: LaunchDraft
    first: int
    keys: tuple[str, ...]
    notice: str


def copied_table(text: str, html: str) -> Table:
    """What was copied: the text, unless only the HTML that came along has a table."""
    cells = clipboard.read_text(text)
    is_table = len(cells) > 1 or any(len(row) > 1 for row in cells)
    return Table(rows=cells if is_table or not html else clipboard.read_html(html) or cells)


def fill_in(
    workflow: Workflow,
    draft: LaunchDraft,
    table: Table,
    *,
    first: int,
    key: str = "",
    is_bounded: bool = True,
) -> FilledIn:
    """The draft with the table's rows from row `first` (from 0) on.

    Columns that have names go to the inputs they name, others to the columns of the form in their
    order, from `key` on. Raises `UnableToReadRows` for a table without text, and
    `UnableToReadPayload` for more than a page can show, unless it is not to be shown.
    """
    keys = filling.column_keys(workflow, draft)
    known = ColumnNames(workflow, keys)
    rows, names = table.rows, table.names
    if not names and (len(rows) > 1 or table.found) and known.is_header(_texts(rows[0])):
        rows, names = rows[1:], _texts(rows[0])
    if not any(cell and cell.strip() for row in rows for cell in row):
        raise UnableToReadRows("There is nothing in it to fill in.")
    if is_bounded:
        check_cells(len(rows), 1)
    start = keys.index(key) if key in keys else 0
    entries = [[_entry(cell) for cell in row] for row in rows]
    to = known.keys(names) if names else keys[start:]
    filled = filling.fill_cells(workflow, draft, entries, to, first)
    if is_bounded:
        check_cells(len(filled.draft.rows), len(filling.column_keys(workflow, filled.draft)))
    told = (table.found, _told(filled, names, to), *table.notices)
    return FilledIn(
        draft=filled.draft, first=first, keys=filled.keys, notice=" ".join(filter(None, told))
    )


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell or "" for cell in row)


def _entry(cell: Cell) -> Entry:
    """Text stands for itself. In JSON a blank text is a value, and so is all that is no text."""
    if cell is None or cell == "":
        return BLANK
    if isinstance(cell, JsonText):
        return Entry("", "null") if cell == "null" else Entry(cell, "json")
    return Entry(cell)


def _told(filled: filling.Filled, names: Sequence[str], to: Sequence[str | None]) -> str:
    if not filled.keys:
        return "None of its columns is one of this workflow: nothing was filled in."
    columns = cut_list(filled.keys, _MOST_NAMED)
    rows = counted(filled.row_count, "row")
    told = f"{rows} filled in, from row {filled.first + 1:,} on: {columns}."
    if names:
        told += " The columns were taken by their names."
    unknown = [name for name, key in zip(names, to, strict=False) if key is None and name.strip()]
    if unknown:
        told += f" Left out, as no column here has the name: {cut_list(unknown, _MOST_NAMED)}."
    elif filled.left_out:
        told += f" {counted(filled.left_out, 'value')} had no column here and stayed out."
    return f"{told}{' To take them along, add a column by its key first.' * bool(filled.left_out)}"
