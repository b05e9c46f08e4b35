"""Pasted rows of JSON → rows of a draft. The rest of the draft stays as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from playground.contract.workflows import Workflow
from playground.payload.drafts import BLANK, LaunchDraft, RowDraft
from playground.payload.edit.reading import read_payload


def add_rows(workflow: Workflow, draft: LaunchDraft, rows: list[dict[str, Any]]) -> LaunchDraft:
    """The draft with these rows behind its last one that has something. Unknown keys are kept.
    Raises `UnableToReadPayload`."""
    read = read_payload(workflow, {"inputs": rows}).rows
    used = [at for at, row in enumerate(draft.rows) if row.is_set_aside or not row.is_left_out]
    before = draft.rows[: used[-1] + 1] if used else ()
    number = max([-1, *(row.number for row in before)]) + 1
    # Each row has every column of the form, in the form's order.
    columns: Mapping[str, Any] = dict.fromkeys(
        (*workflow.inputs, *(key for row in draft.rows for key in row.entries)), BLANK
    )
    added: list[RowDraft] = [
        dataclasses.replace(row, number=number + at, entries={**columns, **row.entries})
        for at, row in enumerate(read)
    ]
    return dataclasses.replace(draft, rows=(*before, *added))
