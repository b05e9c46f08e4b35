"""The rows of a draft that are kept on the server: found, and made of what a form has."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import msgspec

from playground.contract.workflows import Workflow
from playground.models import Launch, RowSet
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import stored
from playground.payload.stored_rows import StoredRows
from playground.payload.texts import shorten
from playground.row_sets.formats.files import Table
from playground.services.launches import filling, preview
from playground.services.launches.preview import check_cells
from playground.services.permissions import Person
from playground.services.row_sets import reading, store
from playground.services.row_sets.errors import NoSuchRowSet, UnableToMakeRowSet
from playground.services.row_sets.reading import Source

_NO_INPUTS = "That launch has no rows of inputs to begin with. Choose another, or a file."


def find(user: Person, number: int, workflow: Workflow) -> StoredRows:
    """The person's rows of this number. Where there are none to launch, they say why."""
    try:
        row_set = store.find(user, number)
    except NoSuchRowSet as error:
        return store.missing_rows(number, "These rows", error.sentence)
    if row_set.is_reading:
        doing = store.doing(store.facts_of(row_set))
        sentence = f"{shorten(row_set.name)} is still being {doing}: launch it when that is done."
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
    return _source("Rows of the form", stored.inputs_of(draft))


def read_without_rows(workflow: Workflow, payload: bytes) -> LaunchDraft:
    """The draft of a recorded payload, but for its rows. Raises `UnableToReadPayload`."""
    value = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    value["inputs"] = msgspec.Raw(b"[]")
    return dataclasses.replace(preview.read_draft(workflow, msgspec.json.encode(value)), rows=())


def source_of_launch(launch: Launch, *, keeps_all: bool = False) -> Source:
    """The inputs of a launch as the rows of a table; with `keeps_all` to be sent just so again.
    Raises `UnableToMakeRowSet` where there are none."""
    # As it was sent, letter by letter: no number is read and written anew.
    payload = msgspec.json.decode(bytes(launch.payload), type=dict[str, msgspec.Raw])
    inputs = bytes(payload.get("inputs", b"")).strip()
    if not inputs.startswith(b"[") or inputs.strip(b"[] \r\n\t") == b"":
        raise UnableToMakeRowSet(_NO_INPUTS)
    name = f"Launch {launch.pk}: {launch.title}"
    return Source(name=name, data=inputs, is_inputs=True, keeps_all=keeps_all)


def keep_rows_of(user: Person, workflow: Workflow, launch: Launch, now: dt.datetime) -> RowSet:
    """The rows of a launch as a table, just as they were sent. Raises `UnableToMakeRowSet`."""
    return reading.make(user, workflow, source_of_launch(launch, keeps_all=True), now=now)


def _source(name: str, inputs: list[Any]) -> Source:
    data = msgspec.json.encode(inputs)
    return Source(name=name, data=data, is_inputs=True, keeps_all=True)


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


def inputs_of(workflow: Workflow, draft: LaunchDraft) -> list[dict[str, Any]]:
    """All rows that would be sent, also those that are kept."""
    if draft.stored is not None:
        draft = stored.as_fields(workflow, draft, draft.stored.count)
    return stored.inputs_of(draft)


def mark_used(user: Person, draft: LaunchDraft, now: dt.datetime) -> None:
    """They were launched: they are kept for longer."""
    if draft.stored is not None and not draft.stored.problem:
        store.touch(store.find(user, draft.stored.number), now)
