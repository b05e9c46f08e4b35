"""What no longer fits of a draft that was kept for a while, each with a repair that is proposed.

Nothing is repaired by itself, and nothing dropped: a person presses a button for each.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from playground.contract.accounts import Account
from playground.contract.workflows import Step, Workflow
from playground.payload.build import values
from playground.payload.drafts import BLANK, Entry, LaunchDraft, StepDraft
from playground.payload.edit.reading import UnableToReadPayload, read_payload
from playground.payload.texts import shorten

_KEY_DIGITS = 12
# How alike two names of a parameter are, of 1, so that one may have become the other.
_ALIKE = 0.6
_word = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """`sentence` says what does not fit, `label` what is proposed, which `apply` does. `key` names
    it in a form."""

    sentence: str
    label: str
    apply: Callable[[LaunchDraft], LaunchDraft]

    @property
    def key(self) -> str:
        text = f"{self.sentence} {self.label}".encode(errors="replace")
        return hashlib.sha256(text).hexdigest()[:_KEY_DIGITS]


def find_repairs(
    workflow: Workflow, draft: LaunchDraft, accounts: Mapping[str, Sequence[Account]]
) -> tuple[Repair, ...]:
    """In the order of the page. `accounts` are those of integrations of which all are known."""
    return (
        *_of_foreign_steps(workflow, draft),
        *(
            repair
            for number, step in enumerate(workflow.ordered_steps, start=1)
            for repair in (
                *_of_parameters(step, number, draft.step(step.step_uid)),
                *_of_accounts(step, number, draft.step(step.step_uid), accounts),
            )
        ),
    )


def _of_parameters(step: Step, number: int, entered: StepDraft) -> Iterator[Repair]:
    names = [one.name for one in step.parameters]
    free = [one for one in names if entered.parameters.get(one, BLANK).is_left_out]
    for name, entry in entered.parameters.items():
        if name in names or entry.is_left_out:
            continue
        told = f"{_label(step, number)} has no parameter {shorten(name)}."
        other = _alike(name, free)
        yield Repair(
            sentence=f"{told} Did you mean {shorten(other)}?" if other else told,
            label=f"Use it for {shorten(other)}" if other else f"Take {shorten(name)} out",
            apply=partial(_renamed, step_uid=step.step_uid, name=name, other=other),
        )


def _of_accounts(
    step: Step, number: int, entered: StepDraft, accounts: Mapping[str, Sequence[Account]]
) -> Iterator[Repair]:
    slugs = step.integration_slugs
    if not slugs or not accounts.keys() >= set(slugs):
        return
    by_uid = {one.uid: one for slug in slugs for one in accounts[slug]}
    others = [
        one for one in by_uid.values() if one.is_valid is True and one.uid not in entered.accounts
    ]
    for uid in entered.accounts:
        known = by_uid.get(uid)
        if known is not None and known.is_valid is not False:
            continue
        what = "is gone" if known is None else "is not valid any more"
        name = known.name if known and isinstance(known.name, str) else uid
        other = others.pop(0) if others else None
        label = f"Use {_name(other)} in its place" if other else "Take it out"
        yield Repair(
            sentence=f"{_label(step, number)}: the account {shorten(name)} {what}.",
            label=label,
            apply=partial(
                _with_account,
                step_uid=step.step_uid,
                uid=uid,
                other=other.uid if other else "",
            ),
        )


def _of_foreign_steps(workflow: Workflow, draft: LaunchDraft) -> Iterator[Repair]:
    for at, item in enumerate(_foreign(draft)):
        if not isinstance(item, dict):
            continue
        found = _stand_in(workflow, draft, item)
        told = f"The step {shorten(str(item.get('step_uid', '')))} is not one of this workflow."
        if found is None:
            label = "Take it out"
        else:
            label = f"Put what it held into {_label(found[1], found[0])}"
        yield Repair(
            sentence=told,
            label=label,
            apply=partial(_placed, workflow=workflow, at=at, to=found[1] if found else None),
        )


def _stand_in(
    workflow: Workflow, draft: LaunchDraft, item: dict[str, Any]
) -> tuple[int, Step] | None:
    """The step into which nothing was entered yet that takes most of what this one holds."""
    parameters = item.get("parameters")
    names = set(parameters) if isinstance(parameters, dict) else set()
    best: tuple[int, int, Step] | None = None
    for number, step in enumerate(workflow.ordered_steps, start=1):
        if not _is_free(draft.step(step.step_uid)):
            continue
        taken = 2 * len(names.intersection(one.name for one in step.parameters))
        taken += bool(item.get("accounts")) and bool(step.integration_slugs)
        if taken and (best is None or taken > best[0]):
            best = (taken, number, step)
    return best[1:] if best else None


def _placed(draft: LaunchDraft, workflow: Workflow, at: int, to: Step | None) -> LaunchDraft:
    foreign = _foreign(draft)
    if at >= len(foreign):
        return draft
    item = foreign[at]
    left = [*foreign[:at], *foreign[at + 1 :]]
    rest = Entry(json.dumps(left, ensure_ascii=False)) if left else BLANK
    draft = dataclasses.replace(draft, unknown_steps=rest)
    if to is None:
        return draft
    try:
        read = read_payload(workflow, {"steps": [{**item, "step_uid": to.step_uid}]})
    except UnableToReadPayload:
        return draft
    steps = {**draft.steps, to.step_uid: read.step(to.step_uid)}
    return dataclasses.replace(draft, steps=steps)


def _alike(name: str, others: Sequence[str]) -> str:
    """The one that this name may have become; empty where none is like it."""
    found = difflib.get_close_matches(name, others, 1, _ALIKE)
    if found:
        return found[0]
    words = set(_word.findall(name.casefold()))
    shared = [(len(words.intersection(_word.findall(one.casefold()))), one) for one in others]
    most, other = max(shared, key=lambda pair: pair[0], default=(0, ""))
    return other if most else ""


def _renamed(draft: LaunchDraft, step_uid: str, name: str, other: str) -> LaunchDraft:
    step = draft.step(step_uid)
    parameters = {key: one for key, one in step.parameters.items() if key != name}
    if other and name in step.parameters:
        parameters[other] = step.parameters[name]
    return _with_step(draft, dataclasses.replace(step, parameters=parameters))


def _with_account(draft: LaunchDraft, step_uid: str, uid: str, other: str) -> LaunchDraft:
    step = draft.step(step_uid)
    chosen = [other if one == uid else one for one in step.accounts]
    accounts = tuple(dict.fromkeys(filter(None, chosen)))
    return _with_step(draft, dataclasses.replace(step, accounts=accounts))


def _with_step(draft: LaunchDraft, step: StepDraft) -> LaunchDraft:
    return dataclasses.replace(draft, steps={**draft.steps, step.step_uid: step})


def _foreign(draft: LaunchDraft) -> Sequence[Any]:
    entry = draft.unknown_steps
    if entry.is_left_out or entry.kind == "null":
        return []
    read, problem = values.read_json(entry.text)
    return read if not problem and isinstance(read, list) else []


def _is_free(step: StepDraft) -> bool:
    return not step.accounts and all(one.is_left_out for one in step.parameters.values())


def _name(account: Account) -> str:
    return shorten(account.name if isinstance(account.name, str) else account.uid)


def _label(step: Step, number: int) -> str:
    return f"Step {number} “{shorten(step.name)}”"
