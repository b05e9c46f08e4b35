"""Changes to a draft that a person makes as a whole: another row, one row less."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from playground.contract.workflows import Step, Workflow
from playground.payload.drafts import BLANK, LaunchDraft, RowDraft


def add_row(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """One more blank row at the end, with a number that no other row has."""
    return add_rows(workflow, draft, 1)


def add_rows(workflow: Workflow, draft: LaunchDraft, count: int) -> LaunchDraft:
    """The same of so many rows; none where the count is below one."""
    first = max((row.number for row in draft.rows), default=-1) + 1
    entries = dict.fromkeys(workflow.inputs, BLANK)
    rows = (RowDraft(number=first + at, entries=entries) for at in range(count))
    return dataclasses.replace(draft, rows=(*draft.rows, *rows))


def add_column(workflow: Workflow, draft: LaunchDraft, key: str) -> LaunchDraft:
    """One more input key in every row, blank; there is a row for it in any case.

    A key that is there already, is blank, or that no form could carry changes nothing.
    """
    key = key.strip()
    if not key or any(char in key for char in "\x00\r\n"):
        return draft
    with_row = draft if draft.rows else add_row(workflow, draft)
    rows = tuple(
        dataclasses.replace(row, entries={**row.entries, key: row.entries.get(key, BLANK)})
        for row in with_row.rows
    )
    return dataclasses.replace(with_row, rows=rows)


def steps_alike(workflow: Workflow, step_uid: str) -> tuple[Step, ...]:
    """The steps that take accounts of the same integrations as this one, itself among them."""
    of = {step.step_uid: frozenset(step.integration_slugs) for step in workflow.ordered_steps}
    wanted = of.get(step_uid)
    return tuple(one for one in workflow.ordered_steps if wanted and of[one.step_uid] == wanted)


def use_accounts_in_all(workflow: Workflow, draft: LaunchDraft, step_uid: str) -> LaunchDraft:
    """With the accounts of this step also in those that are like it, behind the ones they have.

    Nothing that was chosen is lost. Steps that are left out stay as they are.
    """
    chosen = draft.step(step_uid).accounts
    changed = {}
    for step in steps_alike(workflow, step_uid):
        of_step = draft.step(step.step_uid)
        more = tuple(uid for uid in dict.fromkeys(chosen) if uid not in of_step.accounts)
        if more and not of_step.is_left_out:
            accounts = (*of_step.accounts, *more)
            changed[step.step_uid] = dataclasses.replace(of_step, accounts=accounts)
    return dataclasses.replace(draft, steps={**draft.steps, **changed})


def set_rows_aside(draft: LaunchDraft, numbers: Collection[int]) -> LaunchDraft:
    """With these rows not to be sent. They stay where they are, with all that they hold."""
    rows = tuple(
        dataclasses.replace(row, is_set_aside=row.is_set_aside or row.number in numbers)
        for row in draft.rows
    )
    return dataclasses.replace(draft, rows=rows)


def put_row_back(draft: LaunchDraft, number: str) -> LaunchDraft:
    """With the row of that number to be sent again; unknown ones are ignored."""
    rows = tuple(
        dataclasses.replace(row, is_set_aside=False) if str(row.number) == number else row
        for row in draft.rows
    )
    return dataclasses.replace(draft, rows=rows)


def clear_rows(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """With one blank row in place of all, that has their columns."""
    keys = dict.fromkeys(key for row in draft.rows for key in row.entries)
    blank = add_row(workflow, dataclasses.replace(draft, rows=()))
    (row,) = blank.rows
    entries = {**row.entries, **dict.fromkeys(keys, BLANK)}
    return dataclasses.replace(blank, rows=(dataclasses.replace(row, entries=entries),))


def remove_row(draft: LaunchDraft, number: str) -> LaunchDraft:
    """Without the row of that number; unknown ones are ignored."""
    rows = tuple(row for row in draft.rows if str(row.number) != number)
    return dataclasses.replace(draft, rows=rows)
