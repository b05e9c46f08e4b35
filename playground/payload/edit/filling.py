"""Cells that were copied from a spreadsheet → rows of a draft, from one cell on or by columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft
from playground.payload.edit.editing import add_rows

Cells = Sequence[Sequence[Entry]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`first` and `keys` are the position of the first filled row and the filled columns.
    `left_out` are cells with text that had no column, as many as there are."""

    draft: LaunchDraft
    first: int
    row_count: int
    keys: tuple[str, ...]
    left_out: int


def column_keys(workflow: Workflow, draft: LaunchDraft) -> tuple[str, ...]:
    """The input keys of the table, in its order: the workflow's, then those that rows have."""
    used = dict.fromkeys(key for row in draft.rows for key in row.entries)
    return tuple(dict.fromkeys((*workflow.inputs, *used)))


def fill_cells(
    workflow: Workflow, draft: LaunchDraft, cells: Cells, keys: Sequence[str | None], first: int
) -> Filled:
    """The draft with `cells` in the columns `keys`, from row `first` (from 0) on.

    Rows are added as it takes. What stood in a filled cell is replaced, also by nothing. Cells of
    a column without a key, or behind the last one, are left out, and so are rows of blank cells at
    the end. A row that was left out is to be sent again.
    """
    rows = list(_without_blank_end(cells))
    draft = add_rows(workflow, draft, first + len(rows) - len(draft.rows))
    made, left_out, filled = list(draft.rows), 0, set()
    for at, row in enumerate(rows, start=first):
        entries = dict(made[at].entries)
        for column, entry in enumerate(row):
            key = keys[column] if column < len(keys) else None
            if key is None:
                left_out += not entry.is_left_out
            else:
                entries[key] = entry
                filled.add(key)
        made[at] = dataclasses.replace(made[at], entries=entries, is_set_aside=False)
    return Filled(
        draft=dataclasses.replace(draft, rows=tuple(_with_all(made, filled))),
        first=first,
        row_count=len(rows),
        keys=tuple(key for key in keys if key in filled and key is not None),
        left_out=left_out,
    )


def _without_blank_end(cells: Cells) -> Cells:
    end = len(cells)
    while end and all(entry.is_left_out for entry in cells[end - 1]):
        end -= 1
    return cells[:end]


def _with_all(rows: Sequence[RowDraft], keys: set[str]) -> Sequence[RowDraft]:
    """Every row has every filled column, blank where it has none."""
    return [
        row
        if keys <= row.entries.keys()
        else dataclasses.replace(
            row, entries={**row.entries, **{key: BLANK for key in keys if key not in row.entries}}
        )
        for row in rows
    ]
