"""What a pasted payload has that its workflow does not: each told, with what it may be instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playground.contract.workflows import Step, Workflow
from playground.payload.texts import shorten
from playground.payload.words import cut_list

# Sentences of one kind; names of parameters in one of them; names that are compared.
_MOST_TOLD, _MOST_NAMED, _MOST_COMPARED = 5, 5, 200
_LONGEST_COMPARED = 100


class KnownStep(NamedTuple):
    """A step of some workflow; `permalink` is empty where only its name is known."""

    name: str
    permalink: str
    workflow_uid: str
    workflow_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAround:
    """What is known besides the workflow: `steps` of others by their UIDs; `accounts` by their
    UIDs, each with its integration and its name."""

    steps: Mapping[str, KnownStep] = field(default_factory=dict)
    accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def explain_mismatches(
    workflow: Workflow, payload: Mapping[str, Any], around: KnownAround
) -> tuple[str, ...]:
    """A sentence for each step, parameter and account that is not the workflow's."""
    steps = payload.get("steps")
    given = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
    own = {step.step_uid: step for step in workflow.ordered_steps}
    named = {uid for one in given if isinstance(uid := one.get("step_uid"), str) and uid in own}
    free = [step for uid, step in own.items() if uid not in named]
    told: list[str] = []
    for kind in (
        _foreign_steps(given, own, free, around),
        _unknown_parameters(given, own),
        _foreign_accounts(given, own, around),
    ):
        sentences = list(kind)
        told += sentences[:_MOST_TOLD]
        if more := len(sentences) - _MOST_TOLD:
            told += [f"So it is with {more:,} more."] if more > 0 else []
    return tuple(told)


def _foreign_steps(
    given: list[dict[str, Any]], own: Mapping[str, Step], free: list[Step], around: KnownAround
) -> Iterator[str]:
    for at, item in enumerate(given):
        uid = item.get("step_uid")
        if not isinstance(uid, str) or uid in own:
            continue
        elsewhere = around.steps.get(uid)
        where = ""
        if elsewhere:
            name, of = shorten(elsewhere.name), shorten(elsewhere.workflow_name)
            where = f": it is “{name}” of “{of}”"
        meant = _meant(item, at, elsewhere, list(own.values()), free)
        may_be = " It is kept and sent as it is."
        if meant:
            may_be = f" It may be “{shorten(meant.name)}” here, {meant.step_uid}."
        yield f"Step {shorten(uid)} is not of this workflow{where}.{may_be}"


def _meant(
    item: Mapping[str, Any],
    at: int,
    elsewhere: KnownStep | None,
    ordered: list[Step],
    free: list[Step],
) -> Step | None:
    """Which step of the workflow: the one of the same automation or name, of the same
    parameters, or in the same place; of those that the payload does not name by themselves."""
    name = elsewhere.name if elsewhere else item.get("step_name")
    for step in free:
        if elsewhere and elsewhere.permalink and step.permalink == elsewhere.permalink:
            return step
    for step in free:
        if isinstance(name, str) and name and step.name.casefold() == name.casefold():
            return step
    given = item.get("parameters")
    parameters = set(given) if isinstance(given, dict) else set()
    alike = [step for step in free if parameters & {one.name for one in step.parameters}]
    if len(alike) == 1:
        return alike[0]
    is_in_place = at < len(ordered) and ordered[at] in free
    return ordered[at] if is_in_place and not elsewhere else None


def _unknown_parameters(given: list[dict[str, Any]], own: Mapping[str, Step]) -> Iterator[str]:
    for item in given:
        uid, parameters = item.get("step_uid"), item.get("parameters")
        step = own.get(uid) if isinstance(uid, str) else None
        if step is None or not isinstance(parameters, dict):
            continue
        known = [one.name for one in step.parameters]
        unknown = [name for name in parameters if name not in known]
        shown = [_with_meant(name, known) for name in unknown[:_MOST_COMPARED]]
        if shown:
            word = "parameter" if len(shown) == 1 else "parameters"
            yield f"“{shorten(step.name)}” has no {word} {cut_list(shown, _MOST_NAMED)}."


def _with_meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name[:_LONGEST_COMPARED], known[:_MOST_COMPARED], 1, 0.6)
    return f"{shorten(name)} (did you mean {close[0]}?)" if close else shorten(name)


def _foreign_accounts(
    given: list[dict[str, Any]], own: Mapping[str, Step], around: KnownAround
) -> Iterator[str]:
    for item in given:
        uid, accounts = item.get("step_uid"), item.get("accounts")
        step = own.get(uid) if isinstance(uid, str) else None
        if step is None or not isinstance(accounts, list):
            continue
        for account in dict.fromkeys(one for one in accounts if isinstance(one, str)):
            found = around.accounts.get(account)
            if found and found[0] not in step.integration_slugs:
                takes = "no account"
                if slugs := step.integration_slugs:
                    takes = f"those of {cut_list(slugs, _MOST_NAMED)}"
                yield (
                    f"“{shorten(found[1] or account)}” is an account of {found[0]}, and "
                    f"“{shorten(step.name)}” takes {takes}."
                )
