"""What no longer fits of a draft, by the workflow and the accounts as they are known now."""

from __future__ import annotations

from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import repairs
from playground.payload.edit.repairs import Repair
from playground.services.accounts import lookup as account_lookup

ALL = "all"


def find(workflow: Workflow, draft: LaunchDraft) -> tuple[Repair, ...]:
    """Asks the upstream for nothing."""
    listed = account_lookup.peek(workflow.integration_slugs)
    known = {slug: listed.by_integration[slug] for slug in listed.whole}
    return repairs.find_repairs(workflow, draft, known)


def apply(workflow: Workflow, draft: LaunchDraft, key: str) -> LaunchDraft:
    """The draft with the repair of this key, or with each of them. One that is not proposed any
    more does nothing."""
    for repair in find(workflow, draft)[::-1]:
        if key in (repair.key, ALL):
            draft = repair.apply(draft)
    return draft
