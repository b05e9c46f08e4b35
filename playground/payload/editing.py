"""Changes to a draft that a person makes as a whole: another row, one row less."""

from __future__ import annotations

import dataclasses

from playground.contract.workflows import Workflow
from playground.payload.drafts import BLANK, LaunchDraft, RowDraft


def add_row(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """One more blank row at the end, with a number that no other row has."""
    number = max((row.number for row in draft.rows), default=-1) + 1
    row = RowDraft(number=number, entries=dict.fromkeys(workflow.inputs, BLANK))
    return dataclasses.replace(draft, rows=(*draft.rows, row))


def remove_row(draft: LaunchDraft, number: str) -> LaunchDraft:
    """Without the row of that number, as it stands in the field names; unknown ones are ignored."""
    rows = tuple(row for row in draft.rows if str(row.number) != number)
    return dataclasses.replace(draft, rows=rows)
