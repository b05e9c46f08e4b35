"""The value of a pasted payload → a draft, and what there is to know about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from playground.contract.folding import find_uid
from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft
from playground.payload.edit.reading import read_payload
from playground.payload.uids import clean_list, tell_cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedPayload:
    """`notices` tell what is not in the draft as it was pasted, one sentence each."""

    draft: LaunchDraft
    notices: tuple[str, ...] = ()


def make_draft(workflow: Workflow, value: Any) -> PastedPayload:
    """Raises `UnableToReadPayload`, whatever the value is. UIDs in it are cleaned in place."""
    known = {step.step_uid for step in workflow.ordered_steps}
    cleaned = _clean_uids(value, known)
    return PastedPayload(draft=read_payload(workflow, value), notices=cleaned)


def _clean_uids(value: Any, known: Collection[str]) -> tuple[str, ...]:
    """Write UIDs of steps and accounts as the upstream does, in place, and say which."""
    cleaned = []
    steps = value.get("steps") if isinstance(value, dict) else None
    for step in steps if isinstance(steps, list) else ():
        if not isinstance(step, dict):
            continue
        uid = step.get("step_uid")
        found = find_uid(uid) if isinstance(uid, str) and uid not in known else ""
        if found and found in known:
            cleaned.append(found)
            step["step_uid"] = found
        named = step.get("accounts")
        accounts: list[Any] = named if isinstance(named, list) else []
        cleaned += clean_list(accounts)
    return tell_cleaned(cleaned)
