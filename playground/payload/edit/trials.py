"""A launch of the first rows only: to try with three what is meant for many.

The trial may run on another server that has a twin of the workflow: the same steps under other
UIDs, with accounts of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from playground.contract.accounts import Account
from playground.contract.folding import fold
from playground.contract.workflows import Step, Workflow
from playground.payload.drafts import BLANK, Entry, LaunchDraft, StepDraft
from playground.payload.edit import stored

MOST_ROWS = 100
AccountsOf = Mapping[str, tuple[Account, ...]]


def first_rows(workflow: Workflow, draft: LaunchDraft, count: int) -> LaunchDraft:
    """The draft with its first `count` rows that hold anything, at once, once, and named so.

    Nothing else changes. Schedule and delay are left out: a trial is to end while one waits.
    """
    if draft.stored is not None:
        draft = stored.as_fields(workflow, draft, count)
    rows = tuple(row for row in draft.rows if not row.is_left_out)[:count]
    return dataclasses.replace(
        draft,
        job_name=_named(draft.job_name, workflow, len(rows)),
        rows=rows,
        schedule_type=BLANK,
        schedule_value=BLANK,
        schedule_extra=BLANK,
        delay=BLANK,
    )


def find_twin(workflow: Workflow, candidates: Iterable[Workflow]) -> Workflow | None:
    """The candidate that does the same: step by step the same automations, else the same name
    and as many steps. None when there is none."""
    known = tuple(candidates)
    wanted = _permalinks(workflow)
    if all(wanted):
        for candidate in known:
            if _permalinks(candidate) == wanted:
                return candidate
    for candidate in known:
        is_named_so = fold(candidate.name) == fold(workflow.name)
        if is_named_so and len(candidate.steps) == len(workflow.steps):
            return candidate
    return None


def translate(
    workflow: Workflow, twin: Workflow, draft: LaunchDraft, accounts: AccountsOf
) -> LaunchDraft:
    """The draft as a draft of `twin`. A step that has accounts gets as many valid ones there."""
    pairs = zip(workflow.ordered_steps, twin.ordered_steps, strict=True)
    steps = {
        there.step_uid: _step(draft.step(here.step_uid), there, accounts) for here, there in pairs
    }
    return dataclasses.replace(draft, steps=steps, unknown_steps=BLANK)


def _step(draft: StepDraft, there: Step, accounts: AccountsOf) -> StepDraft:
    valid = tuple(
        account.uid
        for slug in there.integration_slugs
        for account in accounts.get(slug, ())
        if account.is_valid is not False
    )
    chosen = valid[: len(dict.fromkeys(draft.accounts))]
    return dataclasses.replace(draft, step_uid=there.step_uid, accounts=chosen)


def _permalinks(workflow: Workflow) -> tuple[str, ...]:
    return tuple(step.permalink or "" for step in workflow.ordered_steps)


def _named(name: Entry, workflow: Workflow, count: int) -> Entry:
    rows = "first row" if count == 1 else f"first {count} rows"
    if name.kind not in ("auto", "text"):
        return name
    text = name.text.strip() or workflow.name
    return Entry(f"{text} ({rows})")
