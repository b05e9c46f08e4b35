"""The rows of a draft that are kept on the server: found, and made of what a form has."""

from __future__ import annotations

import dataclasses
import datetime as dt

import msgspec

from playground.contract.workflows import Workflow
from playground.models import RowSet
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import stored
from playground.payload.stored_rows import StoredRows
from playground.payload.texts import shorten
from playground.row_sets.formats.files import Table
from playground.services.launches import filling
from playground.services.launches.preview import check_cells
from playground.services.permissions import Person
from playground.services.row_sets import reading, store
from playground.services.row_sets.errors import NoSuchRowSet
from playground.services.row_sets.reading import Source


def find(user: Person, number: int, workflow: Workflow) -> StoredRows:
    """The person's rows of this number. Where there are none to launch, they say why."""
    try:
        row_set = store.find(user, number)
    except NoSuchRowSet as error:
        return store.missing_rows(number, "These rows", error.sentence)
    if row_set.is_reading:
        sentence = f"{shorten(row_set.name)} is still being read: launch it when that is done."
        return store.missing_rows(number, row_set.name, sentence, is_waiting=True)
    if not row_set.is_ready:
        sentence = f"{shorten(row_set.name)} was not read. {row_set.sentence}"
        return store.missing_rows(number, row_set.name, sentence)
    return store.stored_rows(row_set, workflow)


def keep(
    user: Person, workflow: Workflow, draft: LaunchDraft, source: Source, now: dt.datetime
) -> LaunchDraft:
    """The draft with the rows of this source kept on the server in place of its own."""
    row_set = reading.make(user, workflow, source, now=now)
    return with_row_set(user, workflow, draft, row_set)


def with_row_set(
    user: Person, workflow: Workflow, draft: LaunchDraft, row_set: RowSet
) -> LaunchDraft:
    return dataclasses.replace(draft, rows=(), stored=find(user, row_set.pk, workflow))


def source_of(draft: LaunchDraft) -> Source:
    """The rows that a form has in fields, as the source of a table: as they would be sent."""
    return Source(name="Rows of the form", data=msgspec.json.encode(stored.inputs_of(draft)))


def joined(workflow: Workflow, draft: LaunchDraft, table: Table) -> Source:
    """The rows that the draft has, and behind them those of a table whose columns are taken by
    their names, else by their order; a column without a key of its own is left out."""
    if draft.stored is not None:
        draft = stored.as_fields(workflow, draft, draft.stored.count)
    first = len(draft.rows)
    filled = filling.fill_in(workflow, draft, table, first=first, is_bounded=False)
    return source_of(filled.draft)


def as_fields(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """The draft with its kept rows in fields. Raises `UnableToReadPayload` for too many."""
    if draft.stored is None:
        return draft
    keys = set(workflow.inputs).union(*draft.stored.head)
    check_cells(draft.stored.count, len(keys))
    return stored.as_fields(workflow, draft, draft.stored.count)


def mark_used(user: Person, draft: LaunchDraft, now: dt.datetime) -> None:
    """They were launched: they are kept for longer."""
    if draft.stored is not None and not draft.stored.problem:
        store.touch(store.find(user, draft.stored.number), now)
