"""Buttons of the launch form that change the form itself, and where the focus is afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from playground.contract.workflows import Workflow
from playground.credentials.kinds import needs_of
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import editing, stored
from playground.payload.edit.reading import UnableToReadPayload
from playground.row_sets.formats.files import Table, read_file
from playground.row_sets.tables import ReadAs
from playground.services.launches import filling, repairs, stored_rows
from playground.services.launches import preview as launch_preview
from playground.services.row_sets.errors import RowSetError
from playground.services.row_sets.reading import Source
from playground.web import numbers
from playground.web.field_ids import field_id
from playground.web.launches import field_names
from playground.web.launches.form import LaunchForm

ADD_ROW_BUTTON, NEW_COLUMN_FIELD, CELLS_FIELD = "add-row", "new-column", "cells"
TABLE = "open-table"
FILL_CELLS = "fill-cells"
# More rows than somebody wants to look through as fields are kept as a table on the server.
MOST_FIELD_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The draft as it is then. `focus` is the id of what appeared, or of what is next to it;
    empty where the focus may stay. `notice` says what else there is to know. A `new_column`
    leaves its field when it `is_column_made`, and so do copied cells that are `are_filled_in`;
    `rows_notice` says what became of the rows; with `can_undo` it can be taken back. When something
    `is_repaired`, the page looks what else there is."""

    draft: LaunchDraft
    new_column: str
    is_column_made: bool = False
    focus: str = ""
    notice: str = ""
    are_filled_in: bool = False
    rows_notice: str = ""
    can_undo: bool = False
    is_repaired: bool = False


def apply(workflow: Workflow, form: LaunchForm, now: dt.datetime) -> Edited:
    """What the pressed button does; one that is not known does nothing."""
    action, _, argument = form.action.partition(":")
    if action in _WITH_FORM:
        return _WITH_FORM[action](workflow, form, now)
    edit = _EDITS.get(action, _nothing)
    return edit(workflow, Edited(draft=form.to_draft(), new_column=form.new_column), argument)


def put_back_id(number: str) -> str:
    """The id of the button that puts a row back that was left out."""
    return f"put-back-{number}"


def use_in_all_id(step_uid: str) -> str:
    """The id of the button that takes a step's accounts over to the steps like it."""
    return f"use-in-all-{step_uid}"


def _nothing(_workflow: Workflow, before: Edited, _argument: str) -> Edited:
    return before


def _add_row(workflow: Workflow, before: Edited, _argument: str) -> Edited:
    draft = editing.add_row(workflow, before.draft)
    return replace(before, draft=draft, focus=_first_cell(draft, len(draft.rows) - 1))


def _remove_row(_workflow: Workflow, before: Edited, number: str) -> Edited:
    position = _position(before.draft, number)
    draft = editing.remove_row(before.draft, number)
    return replace(
        before, draft=draft, focus=_first_cell(draft, min(position, len(draft.rows) - 1))
    )


def _clear_rows(workflow: Workflow, before: Edited, _argument: str) -> Edited:
    draft = editing.clear_rows(workflow, before.draft)
    rows = numbers.counted(len(before.draft.rows), "row")
    notice = f"{rows} removed. Accounts, parameters and all else stay as they are."
    return replace(
        before, draft=draft, focus=_first_cell(draft, 0), rows_notice=notice, can_undo=True
    )


def _add_column(workflow: Workflow, before: Edited, _argument: str) -> Edited:
    """What makes no column stays in its field."""
    key = before.new_column.strip()
    draft = editing.add_column(workflow, before.draft, key)
    if draft == before.draft:
        return replace(before, focus=NEW_COLUMN_FIELD)
    cell = field_names.input_cell(draft.rows[0].number, key)
    return replace(before, draft=draft, is_column_made=True, focus=field_id(cell))


def _fill_cells(workflow: Workflow, form: LaunchForm, now: dt.datetime) -> Edited:
    """What was copied from a spreadsheet, from the cell on into which it was pasted; or a file;
    else behind the last row that has something. Many rows become a table on the server."""
    draft = form.to_draft()
    before = Edited(draft=draft, new_column=form.new_column, focus=CELLS_FIELD)
    number, key = form.cells_at
    is_there = any(str(row.number) == number for row in draft.rows)
    first = _position(draft, number) if is_there else _behind_last(draft)
    try:
        # How many there are beyond those that fields are for does not matter.
        table = _table_of(form, MOST_FIELD_ROWS + 1)
        if len(table.rows) > MOST_FIELD_ROWS or draft.stored is not None:
            return _keep_table(workflow, form, before, now)
        filled = filling.fill_in(workflow, draft, table, first=first, key=key)
    except (filling.UnableToReadRows, UnableToReadPayload, RowSetError) as error:
        return replace(before, rows_notice=f"Nothing was filled in. {error.sentence}")
    return replace(
        before,
        draft=filled.draft,
        are_filled_in=bool(filled.keys),
        focus=_first_cell(filled.draft, filled.first, filled.keys),
        rows_notice=filled.notice,
        can_undo=bool(filled.keys),
    )


def _table_of(form: LaunchForm, most: int | None = None) -> Table:
    """What was pasted, or what is in the file: all of it, or `most` of its rows. Raises
    `UnableToReadRows`."""
    if form.file is None:
        return filling.copied_table(form.cells, form.cells_html)
    return read_file(form.file_bytes, form.sheet, most)


def _keep_table(workflow: Workflow, form: LaunchForm, before: Edited, now: dt.datetime) -> Edited:
    """The rows as a table on the server: with those that the form has, if any."""
    draft = before.draft
    is_empty = draft.stored is None and all(row.is_left_out for row in draft.rows)
    if is_empty and form.file is not None:
        name = form.file.name or "File"
        source = Source(name=name, data=form.file_bytes, how=ReadAs(sheet=form.sheet))
    elif is_empty:
        source = Source(
            name="Pasted rows",
            data=form.cells.encode(errors="replace"),
            html=form.cells_html,
            is_copied=True,
        )
    else:
        source = stored_rows.joined(workflow, draft, _table_of(form))
    kept = stored_rows.keep(form.user, workflow, draft, source, now)
    stored = kept.stored
    rows = numbers.counted(stored.count if stored else 0, "row")
    notice = f"{rows} kept as a table: look whether its columns went where they belong."
    if stored and stored.problem:
        notice = stored.problem
    return replace(
        before, draft=kept, are_filled_in=True, focus=TABLE, rows_notice=notice, can_undo=True
    )


def _remove_selected(workflow: Workflow, form: LaunchForm, _now: dt.datetime) -> Edited:
    """Without the rows that are ticked; a blank one stays where none is left."""
    draft = form.to_draft()
    chosen = [row for row in draft.rows if str(row.number) in form.selected]
    before = Edited(draft=draft, new_column=form.new_column, focus=ADD_ROW_BUTTON)
    if not chosen:
        return replace(before, rows_notice="Tick the rows that are to go, at their numbers.")
    first = draft.rows.index(chosen[0])
    left = tuple(row for row in draft.rows if row not in chosen)
    made = replace(draft, rows=left) if left else editing.clear_rows(workflow, draft)
    return replace(
        before,
        draft=made,
        focus=_first_cell(made, min(first, len(made.rows) - 1)),
        rows_notice=f"{numbers.counted(len(chosen), 'row')} removed.",
        can_undo=True,
    )


def _rows_as_table(workflow: Workflow, form: LaunchForm, now: dt.datetime) -> Edited:
    """The rows of the fields as a table on the server."""
    draft = form.to_draft()
    before = Edited(draft=draft, new_column=form.new_column, focus=ADD_ROW_BUTTON)
    source = stored_rows.source_of(draft)
    if draft.stored is not None or all(row.is_left_out for row in draft.rows):
        return replace(before, rows_notice="There are no rows to keep as a table.")
    kept = stored_rows.keep(form.user, workflow, draft, source, now)
    aside = sum(row.is_set_aside for row in draft.rows)
    notice = "Rows that are set aside are not in the table." if aside else ""
    return replace(before, draft=kept, focus=TABLE, rows_notice=notice, can_undo=True)


def _rows_as_fields(workflow: Workflow, form: LaunchForm, _now: dt.datetime) -> Edited:
    """The rows of the table as fields, if they are few enough. The table stays where it is."""
    draft = form.to_draft()
    before = Edited(draft=draft, new_column=form.new_column, focus=TABLE)
    try:
        shown = stored_rows.as_fields(workflow, draft)
    except UnableToReadPayload as error:
        return replace(before, rows_notice=error.sentence)
    return replace(before, draft=shown, focus=_first_cell(shown, 0))


def _take_table_out(workflow: Workflow, form: LaunchForm, _now: dt.datetime) -> Edited:
    """Without the table, which stays among the person's tables."""
    draft = stored.without_rows(workflow, form.to_draft())
    return Edited(
        draft=draft,
        new_column=form.new_column,
        focus=_first_cell(draft, 0),
        rows_notice="The table is not used here any more. It stays among your rows.",
        can_undo=True,
    )


def _behind_last(draft: LaunchDraft) -> int:
    used = [at for at, row in enumerate(draft.rows) if row.is_set_aside or not row.is_left_out]
    return used[-1] + 1 if used else 0


def _leave_out(workflow: Workflow, before: Edited, _argument: str) -> Edited:
    draft = launch_preview.leave_out_incomplete(workflow, before.draft)
    aside = [
        row.number
        for row, was in zip(draft.rows, before.draft.rows, strict=True)
        if row.is_set_aside and not was.is_set_aside
    ]
    return replace(before, draft=draft, focus=put_back_id(str(aside[0])) if aside else "")


def _put_back(_workflow: Workflow, before: Edited, number: str) -> Edited:
    draft = editing.put_row_back(before.draft, number)
    return replace(before, draft=draft, focus=_first_cell(draft, _position(draft, number)))


def _use_in_all(workflow: Workflow, before: Edited, step_uid: str) -> Edited:
    steps = editing.steps_alike(workflow, step_uid)
    draft = editing.use_accounts_in_all(workflow, before.draft, step_uid)
    chosen = numbers.counted(len(set(draft.step(step_uid).accounts)), "account")
    kind = " or ".join(needs_of(slug).title for slug in steps[0].integration_slugs) if steps else ""
    notice = f"{chosen} of this step now chosen in all {len(steps)} {kind} steps."
    if not draft.step(step_uid).accounts:
        notice = "Choose an account in this step first: it has none to use in the others."
    return replace(before, draft=draft, focus=use_in_all_id(step_uid), notice=notice)


def _repair(workflow: Workflow, before: Edited, key: str) -> Edited:
    draft = repairs.apply(workflow, before.draft, key)
    notice = "Repaired. Look it over: nothing was sent." if draft != before.draft else ""
    return replace(before, draft=draft, notice=notice, is_repaired=True)


def _position(draft: LaunchDraft, number: str) -> int:
    return next((at for at, row in enumerate(draft.rows) if str(row.number) == number), 0)


def _first_cell(draft: LaunchDraft, position: int, keys: Sequence[str] = ()) -> str:
    """Of these keys, if any. The button that adds a row, where there is no such row."""
    row = draft.rows[position] if 0 <= position < len(draft.rows) else None
    key = next(iter(keys or row.entries), None) if row else None
    if row is None or key is None:
        return ADD_ROW_BUTTON
    return field_id(field_names.input_cell(row.number, key))


_WITH_FORM: dict[str, Callable[[Workflow, LaunchForm, dt.datetime], Edited]] = {
    FILL_CELLS: _fill_cells,
    "remove-selected": _remove_selected,
    "rows-as-table": _rows_as_table,
    "rows-as-fields": _rows_as_fields,
    "take-table-out": _take_table_out,
}
_EDITS: dict[str, Callable[[Workflow, Edited, str], Edited]] = {
    "add-row": _add_row,
    "remove-row": _remove_row,
    "clear-rows": _clear_rows,
    "add-column": _add_column,
    "leave-out": _leave_out,
    "put-back": _put_back,
    "use-in-all": _use_in_all,
    "repair": _repair,
}
