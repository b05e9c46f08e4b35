"""Which workflow a pasted text is of: by its address, its steps, or the names of its rows."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.folding import find_uid
from playground.contract.workflows import Workflow
from playground.payload.edit.paste.found import Pasted
from playground.payload.edit.paste.mismatches import KnownStep
from playground.row_sets.columns import ColumnNames
from playground.services.upstream_cache import parallel
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup

# Workflows that are asked for their steps and inputs, and seconds that are waited for them.
_MOST_ASKED, _PATIENCE = 60, 3.0
# Rows, and characters of a table, that tell which names there are.
_MOST_ROWS, _LONGEST_HEAD = 50, 5_000


def find(pasted: Pasted, here: Workflow | None = None) -> Workflow | None:
    """The workflow that the address or the steps tell; None where neither does. The one that is
    `here` is looked at first; for others the listing is asked, if it was not lately."""
    uid, uids = pasted.workflow_uid, _step_uids_of(pasted.payload)
    if here is not None:
        own = {step.step_uid for step in here.steps}
        if uid == here.uid or (not uid and own.intersection(uids)):
            return here
    if not uid and not uids:
        return None
    with contextlib.suppress(UnableToReachUpstream):
        workflow_lookup.list_workflows()
    listed = {one.uid for one in workflow_lookup.peek_workflows()}
    steps = known_steps()
    told = [uid] if uid in listed else [steps[one].workflow_uid for one in uids if one in steps]
    if not told:
        return workflow_lookup.peek_workflow(uid) if uid else None
    try:
        return workflow_lookup.get_known_workflow(max(told, key=told.count))
    except UnableToReachUpstream:
        return None


def _step_uids_of(payload: Mapping[str, Any] | None) -> tuple[str, ...]:
    steps = payload.get("steps") if payload else None
    given = steps if isinstance(steps, list) else []
    uids = [one.get("step_uid") for one in given if isinstance(one, dict)]
    return tuple(find_uid(uid) or uid for uid in uids if isinstance(uid, str))


def known_steps() -> dict[str, KnownStep]:
    """The steps of every workflow that this process knows, by their UIDs."""
    found: dict[str, KnownStep] = {}
    for summary in workflow_lookup.peek_workflows():
        workflow = workflow_lookup.peek_workflow(summary.uid)
        for step in workflow.steps if workflow else ():
            one = KnownStep(step.name, step.permalink or "", summary.uid, summary.name)
            found.setdefault(step.step_uid, one)
        for listed in summary.steps or ():
            one = KnownStep(str(listed.name or ""), "", summary.uid, summary.name)
            for uid in (listed.step_uid, listed.uid):
                if isinstance(uid, str):
                    found.setdefault(uid, one)
    return found


def known_workflows() -> tuple[Workflow, ...]:
    known = (workflow_lookup.peek_workflow(one.uid) for one in workflow_lookup.peek_workflows())
    return tuple(workflow for workflow in known if workflow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A workflow that a text may be of, and how many names of the text it knows."""

    workflow: Workflow
    known: int


def look_up_all() -> None:
    """Ask for what is not known yet of the workflows, as long as somebody waits for a page.
    Raises `UnableToReachUpstream` where not even their listing is known."""
    listed = workflow_lookup.list_workflows()
    unknown = [one.uid for one in listed if workflow_lookup.peek_workflow(one.uid) is None]
    flights = [workflow_lookup.look_up_workflow(uid) for uid in unknown[:_MOST_ASKED]]
    parallel.wait(flights, _PATIENCE)


def rank(pasted: Pasted) -> tuple[Candidate, ...]:
    """The workflows that know most names of the text first; of those that know none, none."""
    names, parameters = _names_of(pasted), _parameters_of(pasted.payload)
    found = []
    for workflow in known_workflows():
        columns = ColumnNames(workflow)
        known = sum(columns.find(name) is not None for name in names)
        own = {one.name for step in workflow.steps for one in step.parameters}
        known += len(parameters & own)
        found.append(Candidate(workflow=workflow, known=known))
    return tuple(sorted((one for one in found if one.known), key=lambda one: -one.known))


def _names_of(pasted: Pasted) -> tuple[str, ...]:
    inputs: Any = pasted.rows
    if pasted.payload is not None:
        inputs = pasted.payload.get("inputs")
    rows: Iterable[Any] = inputs if isinstance(inputs, list) else ()
    keys = [key for row in list(rows)[:_MOST_ROWS] if isinstance(row, dict) for key in row]
    head = pasted.table[:_LONGEST_HEAD].partition("\n")[0] if pasted.table else ""
    if pasted.raw:
        keys += re.findall(
            r'"([^"\\]{1,100})"\s*:', pasted.raw[:_LONGEST_HEAD].decode("utf-8", "replace")
        )
    return tuple(dict.fromkeys((*keys, *(one.strip() for one in re.split(r"[\t,;|]", head)))))


def _parameters_of(payload: Mapping[str, Any] | None) -> set[str]:
    steps = payload.get("steps") if payload else None
    listed = steps if isinstance(steps, list) else []
    given = [one.get("parameters") for one in listed if isinstance(one, dict)]
    return {name for one in given if isinstance(one, dict) for name in one}
