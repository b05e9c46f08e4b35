"""Rows from fields to a table that is kept on the server, and back: nothing is lost on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from playground.contract.workflows import Workflow
from playground.payload.build.values import read_entry
from playground.payload.drafts import BLANK, LaunchDraft
from playground.payload.edit.editing import clear_rows
from playground.payload.edit.reading import read_payload
from playground.payload.stored_rows import StoredRows


def inputs_of(draft: LaunchDraft) -> list[dict[str, Any]]:
    """The rows of the fields that would be sent, by their keys. What cannot be read is its text."""
    return [
        {
            key: read_entry(entry, "text" if entry.kind == "auto" else "any").value
            for key, entry in row.entries.items()
            if not entry.is_left_out
        }
        for row in draft.rows
        if not row.is_left_out
    ]


def as_fields(workflow: Workflow, draft: LaunchDraft, count: int) -> LaunchDraft:
    """The draft with the first `count` of its stored rows in fields, and no others."""
    inputs = list(islice(_inputs(draft.stored), count)) if draft.stored else []
    rows = read_payload(workflow, {"inputs": inputs}).rows
    blank = dict.fromkeys(workflow.inputs, BLANK)
    with_columns = tuple(dataclasses.replace(row, entries={**blank, **row.entries}) for row in rows)
    return dataclasses.replace(draft, rows=with_columns, stored=None)


def without_rows(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """The draft without its stored rows, with one blank row to type into."""
    return clear_rows(workflow, dataclasses.replace(draft, rows=(), stored=None))


def _inputs(stored: StoredRows) -> Iterator[dict[str, Any]]:
    for part in stored.parts():
        if part:
            yield from msgspec.json.decode(b"[" + part + b"]")
